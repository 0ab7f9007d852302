from __future__ import annotations

import pytest

from mbc_voice.errors import ContentError
from mbc_voice.understand.templates import MAX_PHRASES, expand


@pytest.mark.parametrize(
    ("template", "phrases"),
    [
        ("stop", ("stop",)),
        ("[please] stop", ("please stop", "stop")),
        ("stop [it|that]", ("stop it", "stop that", "stop")),
        ("(go|read) on", ("go on", "read on")),
        ("(go [straight]|read) on", ("go straight on", "go on", "read on")),
        ("volume {number}", ("volume {number}",)),
        ("hush|shush", ("hush", "shush")),
        ("[a] [a]", ("a a", "a", "")),
    ],
)
def test_a_template_stands_for_its_phrases(template: str, phrases: tuple[str, ...]) -> None:
    """Options and alternatives are written out, each phrase once, in order."""
    assert expand(template) == phrases


@pytest.mark.parametrize("template", ["[a", "a]", "(a|b", "a)", "(a]", "{name}", "{", "a}"])
def test_a_malformed_template_is_named(template: str) -> None:
    """A template with a wrong bracket or slot raises an error that quotes it."""
    with pytest.raises(ContentError, match="in '"):
        expand(template)


def test_a_template_can_not_explode() -> None:
    """A template that stands for too many phrases is refused before they are made."""
    with pytest.raises(ContentError, match=str(MAX_PHRASES)):
        expand("(a|b|c|d|e|f|g|h)" * 40)

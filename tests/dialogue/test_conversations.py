"""Whole conversations, as tables in ``conversations/``; their first line says what they show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from script import Talk

from small_library import small_library

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.txt"))


def moments(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each thing that happens with the lines expected of it."""
    happens, expected = "", list[str]()
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            expected.append(line.strip())
            continue
        if happens:
            yield happens, expected
        happens, expected = line, []
    yield happens, expected


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_word_for_word_as_written(path: Path) -> None:
    """Every event of the conversation leads to exactly the lines under it."""
    text = path.read_text(encoding="utf-8")
    talk = Talk(small_library(), "kiosk" if "\n# profile: kiosk\n" in text else "home")
    written = list(moments(text))
    played = [(happens, talk.line(happens)) for happens, _ in written]
    assert played == written

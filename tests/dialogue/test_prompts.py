from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mbc_voice import toml_lines
from mbc_voice.dialogue import prompts
from mbc_voice.dialogue.commands import KNOWN
from mbc_voice.library import Sentence
from small_library import PROMPTS, small_library
from small_library import prompts as real_prompts

LIBRARY = small_library()


def with_prompt(name: str, *texts: str) -> list[str]:
    return prompts.check(replace(LIBRARY, prompts={**LIBRARY.prompts, name: texts}))


def test_the_english_pack_has_all_prompts() -> None:
    """Every prompt the dialogue uses is there, with the placeholders it knows."""
    assert prompts.check(LIBRARY) == []


def test_the_english_pack_has_no_prompt_in_vain() -> None:
    """Every prompt of the pack is used by the dialogue: a misspelled name is noticed."""
    assert set(real_prompts()) == set(prompts.required())


def test_every_command_of_the_english_pack_can_be_done() -> None:
    """No command can be said that the dialogue doesn't know."""
    text = PROMPTS.with_name("commands.toml").read_text(encoding="utf-8")
    assert {entry["id"] for entry in toml_lines.parse(text)["command"]} <= KNOWN


def test_a_missing_prompt_is_named() -> None:
    """A prompt that isn't there is a problem, named."""
    assert with_prompt("greeting") == ["the prompt 'greeting' is missing"]


def test_an_unknown_placeholder_is_named_with_those_it_may_have() -> None:
    """A misspelled placeholder is a problem, and the right ones are told."""
    assert with_prompt("choice", "{numbr}: {title}.") == [
        "the prompt 'choice' has the unknown placeholder {numbr}; it may have: {number}, {title}"
    ]


def test_a_prompt_for_three_tries_needs_three_texts() -> None:
    """Help that should grow must not be the same each time."""
    assert with_prompt("no-match", "Sorry?") == ["the prompt 'no-match' needs 3 different texts"]
    assert with_prompt("no-match", "A.", "A.", "B.") == [
        "the prompt 'no-match' needs 3 different texts"
    ]


def test_an_empty_text_is_a_problem() -> None:
    """A prompt made of spaces says nothing."""
    assert with_prompt("goodbye", "  ") == ["the prompt 'goodbye' has an empty text"]


def test_a_prompt_becomes_sentences_numbered_through_its_texts() -> None:
    """Each sentence has an id of its own, also in the second and third text."""
    library = replace(LIBRARY, prompts={"x": ("One. Two {a}!", "Three?")})
    assert prompts.render(library, "x", 0, a="b") == (
        Sentence("prompt.x.1", "One."),
        Sentence("prompt.x.2", "Two b!"),
    )
    assert prompts.render(library, "x", 1) == (Sentence("prompt.x.3", "Three?"),)
    assert prompts.render(library, "x", 7) == prompts.render(library, "x", 1)


def test_a_title_that_ends_in_a_question_mark_gets_no_full_stop() -> None:
    """Signs never stand twice, and a sentence begins with a capital."""
    assert prompts.render(LIBRARY, "title", title="is there a cure?") == (
        Sentence("prompt.title.1", "Is there a cure?"),
    )


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_rendering_never_raises(text: str, values: dict[str, str]) -> None:
    """Whatever stands in a prompt, and whatever is filled in, it becomes sentences."""
    library = replace(LIBRARY, prompts={"x": (text,)})
    values = {name: value for name, value in values.items() if name not in ("library", "name")}
    values.pop("attempt", None)
    assert all(
        prompts.is_prompt(sentence) for sentence in prompts.render(library, "x", 0, **values)
    )

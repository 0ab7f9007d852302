from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mbc_voice import toml_lines
from mbc_voice.dialogue import prompts
from mbc_voice.dialogue.commands import KNOWN, SOUND
from mbc_voice.dialogue.state import begin
from mbc_voice.library import SILENT, Sentence
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
    names = {name for name in real_prompts() if not prompts.is_variant(name)}
    assert names == set(prompts.required())


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


UNTRUE = re.compile(
    r"\b(say|says|said|speak|speaks|hear|heard|listening|louder|softer|slower|faster|loud|quiet"
    r"|volume|aloud|read|talk)\b",
    re.IGNORECASE,
)
"""Words of the mouth and the ear, which need a reason where people type and read."""

TRUE_IN_PRINT = {
    "no-sound": "your screen reader speaks",
    "greeting-push": "press to talk, and then ask",
    "greeting-wake": "say {phrase}, and then ask",
    "silence-push": "press to talk",
    "silence-wake": "say {phrase}",
    "microphone-lost": "I can't hear you now",
    "microphone-back": "I can hear you again",
    "tour": "read all to get the rest at once",
}
"""Prompts that speak of it and are true: of the reader itself, of a microphone, of a command."""

NEVER_IN_PRINT = SOUND | {
    *("speed-range", "volume-highest", "volume-lowest", "one-voice", "no-such-voice"),
}
"""Prompts about the sound itself: all commands about it get one answer beside a screen reader."""


def test_whoever_types_and_reads_is_not_told_to_say_or_hear() -> None:
    """Without sound no prompt speaks of the mouth or the ear, but for those with a reason."""
    silent = prompts.printed(LIBRARY).prompts
    told = {
        name
        for name, texts in silent.items()
        if name not in NEVER_IN_PRINT and UNTRUE.search(" ".join(texts))
    }
    assert told == set(TRUE_IN_PRINT)
    for name, words in TRUE_IN_PRINT.items():
        assert words.lower() in " ".join(silent[name]).lower()


def test_every_variant_says_something_else() -> None:
    """A variant that is the same as its prompt is one text too many to look after."""
    for name in filter(prompts.is_variant, real_prompts()):
        assert real_prompts()[name] != real_prompts()[name.removesuffix(SILENT)], name


def test_variants_come_in_only_where_nothing_sounds() -> None:
    """Where it speaks, the library is untouched; beside a screen reader it is the printed one."""
    assert begin(LIBRARY).library is LIBRARY
    silent = begin(LIBRARY, silent=True).library
    assert silent.prompts["choose-which"] == LIBRARY.prompts["choose-which-silent"]
    assert silent.prompts["declined"] == LIBRARY.prompts["declined"]


@given(
    st.dictionaries(
        st.sampled_from(["a", "a-silent", "b", "b-silent", "c-silent"]),
        st.lists(st.text(), min_size=1).map(tuple),
    )
)
def test_variants_stand_in_for_their_prompts_and_only_once(
    known: dict[str, tuple[str, ...]],
) -> None:
    """Printed twice is printed once; each prompt has its variant's text, or else its own."""
    once = prompts.printed(replace(LIBRARY, prompts=known))
    assert prompts.printed(once).prompts == once.prompts
    assert once.prompts == {
        name: known.get(f"{name}-silent", known[name]) for name in ("a", "b") if name in known
    }


def test_a_variant_needs_as_many_texts_as_its_prompt() -> None:
    """Help that grows does so in print too; the tour, which is shorter there, must be there."""
    assert with_prompt("no-match-silent", "Sorry?") == [
        "the prompt 'no-match-silent' needs 3 different texts"
    ]
    assert with_prompt("tour-silent") == ["the prompt 'tour-silent' is missing"]
    fewer = {name: texts for name, texts in real_prompts().items() if name != "start-over"}
    fewer = {name: texts for name, texts in fewer.items() if name != "choose-which-silent"}
    assert prompts.check(replace(LIBRARY, prompts=fewer)) == ["the prompt 'start-over' is missing"]


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_rendering_never_raises(text: str, values: dict[str, str]) -> None:
    """Whatever stands in a prompt, and whatever is filled in, it becomes sentences."""
    library = replace(LIBRARY, prompts={"x": (text,)})
    values = {name: value for name, value in values.items() if name not in ("library", "name")}
    values.pop("attempt", None)
    assert all(
        prompts.is_prompt(sentence) for sentence in prompts.render(library, "x", 0, **values)
    )

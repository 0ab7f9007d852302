from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.dialogue import wording
from small_library import small_library

LIBRARY = small_library()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (3, "three"),
        (13, "thirteen"),
        (28, "twenty-eight"),
        (40, "forty"),
        (100, "one hundred"),
        (160, "one hundred sixty"),
        (999, "nine hundred ninety-nine"),
        (1000, "1000"),
        (-1, "-1"),
    ],
)
def test_numbers_are_said_in_words(value: int, words: str) -> None:
    """A number below a thousand is said in words."""
    assert wording.number(value) == words


@pytest.mark.parametrize(
    ("title", "inside"),
    [
        ("Symptoms in the lungs", "symptoms in the lungs"),
        ("HER2-positive cancer", "HER2-positive cancer"),
        ("ER-positive cancer", "ER-positive cancer"),
        ("Ibrance", "Ibrance"),
        ("Is there a cure?", "is there a cure"),
        ("", ""),
    ],
)
def test_a_title_inside_a_sentence_begins_small_unless_it_is_a_name(
    title: str, inside: str
) -> None:
    """Names and abbreviations keep their capitals."""
    assert wording.within(LIBRARY, title) == inside


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a or b"),
        (["a", "b", "c"], "a, b, or c"),
        (["signs in the bones", "signs in the lungs"], "signs in the bones or lungs"),
        (["treatment", "treatment goals"], "treatment or treatment goals"),
    ],
)
def test_what_titles_begin_with_together_is_said_once(names: list[str], said: str) -> None:
    """Titles that begin alike are listed briefly, and none of them vanishes."""
    assert wording.either(names) == said


@pytest.mark.parametrize(
    ("word", "letters", "code_words"),
    [
        ("Ab", "a. b", "a as in Alfa, b as in Bravo"),
        ("HER2", "h. e. r. two", "h as in Hotel, e as in Echo, r as in Romeo, two"),
        ("CDK4/6", "c. d. k. four. six", None),
        ("a-b", "a. dash. b", "a as in Alfa, dash, b as in Bravo"),
        ("/ ?", "", ""),
    ],
)
def test_words_are_spelled(word: str, letters: str, code_words: str | None) -> None:
    """A word is spelled letter by letter, digits as words, and again with code words."""
    assert wording.letters(word) == letters
    if code_words is not None:
        assert wording.code_words(word) == code_words


def test_every_letter_has_a_code_word() -> None:
    """The radio alphabet is complete."""
    assert "".join(wording.CODE_WORDS) == "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ibrance is a pill called palbociclib, once a day.", "palbociclib"),
        ("Through the bloodstream.", "bloodstream"),
        ("", ""),
    ],
)
def test_the_hard_word_is_the_last_one_with_a_pronunciation(text: str, word: str) -> None:
    """A word staff gave a pronunciation for is the one to spell; else the longest."""
    assert wording.hard_word(LIBRARY, text) == word


@given(st.text(), st.integers(), st.lists(st.text()))
def test_nothing_raises(text: str, value: int, names: list[str]) -> None:
    """Any text, number or list of titles gives words."""
    assert isinstance(wording.number(value) + wording.either(names), str)
    assert isinstance(wording.letters(text) + wording.code_words(text), str)
    assert isinstance(wording.hard_word(LIBRARY, text) + wording.within(LIBRARY, text), str)


@pytest.mark.parametrize(
    ("asked", "word", "coded"),
    [
        ("palbociclib with code words", "palbociclib", True),
        ("that in code words", "", True),
        ("it again with the radio alphabet", "", True),
        ("HER2", "HER2", False),
        ("with", "with", False),
        ("", "", False),
    ],
)
def test_code_words_can_be_asked_for_at_once(asked: str, word: str, coded: bool) -> None:
    """What to spell is told apart from how."""
    assert wording.coded(asked) == (word, coded)

"""Which written word is heard: laid beside what was said."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.speak.words import SaidWord, align, stretched, written_words


def heard(text: str, said: str) -> list[tuple[str, int]]:
    """Return the written words with the number of the said word each begins with."""
    words = [SaidWord(word, index) for index, word in enumerate(said.split())]
    return [(text[word.start : word.end], word.sample) for word in align(text, words)]


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("A cough, then.", "A cough, then.", [("A", 0), ("cough", 1), ("then", 2)]),
        ("Is it HER2+?", "is it her two positive", [("Is", 0), ("it", 1), ("HER2+", 2)]),
        ("At 25 of 30.", "at twenty five of thirty", [("At", 0), ("25", 1), ("of", 3), ("30", 4)]),
        ("“Palbociclib” (Ibrance) helps", "pal-bo-cye-klib eye-brance helps",
         [("Palbociclib", 0), ("Ibrance", 1), ("helps", 2)]),
        ("one 2 3 four", "one twothree four", [("one", 0), ("2 3", 1), ("four", 2)]),
        ("A — b", "a b", [("A", 0), ("b", 1)]),
        ("not said", "", []),
    ],
)  # fmt: skip
def test_written_words_are_found(text: str, said: str, expected: list[tuple[str, int]]) -> None:
    """Numbers, respelt and joined words keep their neighbours in place."""
    assert heard(text, said) == expected


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=12))
def test_words_stay_in_order(text: str, said: list[str]) -> None:
    """Whatever was said, the words found follow one another in the text and in time."""
    words = align(text, [SaidWord(word, index * 10) for index, word in enumerate(said)])
    for word, following in itertools.pairwise(words):
        assert word.end <= following.start
        assert word.sample < following.sample
    for word in words:
        assert 0 <= word.start < word.end <= len(text)


@given(st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=1, max_size=20))
def test_what_is_said_as_written_is_found_whole(said: list[str]) -> None:
    """Where nothing is changed, every word has its own time."""
    text = " ".join(said)
    assert heard(text, text) == [(word, index) for index, word in enumerate(said)]
    assert [text[start:end] for start, end in written_words(text)] == said


def test_stretching_moves_the_words() -> None:
    """Twice as fast, a word comes in half the time."""
    words = align("a b", [SaidWord("a", 100), SaidWord("b", 300)])
    assert [word.sample for word in stretched(words, 2.0)] == [50, 150]

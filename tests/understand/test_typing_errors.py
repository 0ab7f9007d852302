"""Mistyped words are read as what was meant, where that is plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.understand.typing_errors import TypingErrors

ENGLISH = frozenset({"live", "dose", "does", "where", "trails", "sells"})
MEANT = {"liver": 40, "lives": 2, "spread": 50, "hormone": 30, "what": 90, "bone": 30, "cell": 9}


@pytest.fixture
def typing() -> TypingErrors:
    return TypingErrors(MEANT, ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("waht", "what"),
        ("spred to the livr", "spread to the liver"),
        ("hormoan", "hormone"),
        ("hromone", "hormone"),
    ],
)
def test_a_letter_too_many_too_few_or_out_of_place(
    typing: TypingErrors, typed: str, meant: str
) -> None:
    """One letter may be wrong in a short word and two in a long one; of several, the usual word."""
    assert typing.mend(typed) == meant


@pytest.mark.parametrize("typed", ["dose", "live sells", "trails", "bne", "kidneys", "x1", "spr"])
def test_real_words_short_words_and_other_words_stay(typing: TypingErrors, typed: str) -> None:
    """What is English, too short, or far from every word of the library is left alone."""
    assert typing.mend(typed) == typed


def test_another_language_is_not_mended(typing: TypingErrors) -> None:
    """A word that happens to be near one of ours means nothing among words that are not."""
    assert typing.mend("lorem ipsum wahd") == "lorem ipsum wahd"


def test_without_a_list_of_english_nothing_is_mended() -> None:
    """Who doesn't know which words are real can't tell which are mistyped."""
    assert TypingErrors(MEANT, None).mend("spred") == "spred"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1)))
def test_as_many_words_come_out_and_mending_is_done_once(words: list[str]) -> None:
    """No word is lost or split, and what was mended needs no mending."""
    typing = TypingErrors(MEANT, ENGLISH.__contains__)
    mended = typing.mend(" ".join(words))
    assert len(mended.split()) == len(" ".join(words).split())
    assert typing.mend(mended) == mended

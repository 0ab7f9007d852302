"""How hard a text is to follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.content.readability import grade, syllables, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[
            (word, 1)
            for word in ("the", "are", "one", "bones", "brain", "breathe", "lungs", "used")
        ],
        *[(word, 2) for word in ("cancer", "liver", "doctor", "treated", "someone", "careful")],
        *[
            (word, 3)
            for word in ("medicine", "radiance", "recurrence", "area", "nausea", "estrogen")
        ],
        *[(word, 4) for word in ("radiation", "receptively", "information", "society")],
        *[(word, 5) for word in ("abdominally", "communication", "determination")],
        ("can't", 1),
        ("doesn't", 2),
        ("MRI", 1),
        ("7", 1),
    ],
)
def test_syllables_are_counted_by_spelling(word: str, count: int) -> None:
    """Common words have the syllables one says."""
    assert count == syllables(word)


def test_the_grade_is_kincaids() -> None:
    """Ten one-syllable words in two sentences have the grade of the formula."""
    assert grade(["The cat sat on it.", "He is not at home."]) == pytest.approx(
        0.39 * 5 + 11.8 * 1 - 15.59
    )


def test_names_the_listener_came_for_do_not_count_as_long() -> None:
    """The name of a drug does not make an answer hard."""
    text = ["Ask for trastuzumab."]
    assert grade(text, {"trastuzumab"}) < grade(text)
    assert grade(["Trastuzumab."], {"trastuzumab"}) == 0.0


@given(st.text())
def test_any_text_has_a_grade(text: str) -> None:
    """No text is too strange: every word has a syllable, and nothing has grade 0."""
    assert all(syllables(word) >= 1 for word in words(text))
    assert grade([text]) == 0.0 or words(text)

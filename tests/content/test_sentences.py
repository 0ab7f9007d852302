"""Cutting prose into sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.content.sentences import split

WORDS = st.sampled_from(
    ["The", "end.", "end", "Dr.", "U.S.", "e.g.", "2", "1/2", "2.5", "no.", "No.", "what?", "3"]
).flatmap(
    lambda word: st.sampled_from(
        [word, '"Yes."', "(It", "is.)", "vitamin", "D.", "Food", "...", "Really?!", "p.m.", "…"]
    )
)
PROSE = st.one_of(st.lists(WORDS).map(" ".join), st.text())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ()),
        ("   ", ()),
        ("One", ("One",)),
        ("One. Two? Three!", ("One.", "Two?", "Three!")),
        ("Dr. Lee said so. Mrs. Ray too.", ("Dr. Lee said so.", "Mrs. Ray too.")),
        ("The U.S. Food and Drug Administration.", ("The U.S. Food and Drug Administration.",)),
        ("It is sold in the U.S. The price is high.", None),
        ("Eat 2 1/2 cups a day. 3 is better.", ("Eat 2 1/2 cups a day.", "3 is better.")),
        ("About 2.5 cups, e.g. Apples. Eat.", ("About 2.5 cups, e.g. Apples.", "Eat.")),
        ("The answer is no. But wait.", ("The answer is no.", "But wait.")),
        ("See No. 5 for more.", ("See No. 5 for more.",)),
        ("Take vitamin D. It helps.", ("Take vitamin D.", "It helps.")),
        ("J. Smith wrote it.", ("J. Smith wrote it.",)),
        ('She said "Stop." Then she left.', ('She said "Stop."', "Then she left.")),
        ("(It is rare.) Ask.", ("(It is rare.)", "Ask.")),
        ("Wait... what? Really?! Yes.", ("Wait... what?", "Really?!", "Yes.")),
        ("At 5 p.m. we close. At 6 p.m. The end.", None),
        ("There are two:", ("There are two:",)),
        ("  Two\n lines.  Here. ", ("Two lines.", "Here.")),
    ],
)
def test_prose_is_cut_where_a_reader_would_breathe(
    text: str, sentences: tuple[str, ...] | None
) -> None:
    """Abbreviations, decimals, initials and quotes don't end a sentence; marks do."""
    if sentences is None:
        assert len(split(text)) == 2 + text.count("we close")
    else:
        assert sentences == split(text)


@given(PROSE)
def test_nothing_is_lost_and_nothing_is_empty(text: str) -> None:
    """The sentences joined are the text, and none of them is empty."""
    sentences = split(text)
    assert " ".join(text.split()) == " ".join(sentences)
    assert all(sentence == sentence.strip() != "" for sentence in sentences)


@given(PROSE)
def test_a_sentence_is_one_sentence(text: str) -> None:
    """Cutting a sentence again gives that sentence."""
    assert all(split(sentence) == (sentence,) for sentence in split(text))

"""Our own words, told from a person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.hear.echo import MEMORY_S, OwnWords


def saying(*sentences: str) -> OwnWords:
    """Return what was said, one sentence a second, silent after the last."""
    own = OwnWords()
    for second, text in enumerate(sentences):
        own.saying(text, float(second))
    own.silent(float(len(sentences)))
    return own


@pytest.mark.parametrize(
    "heard",
    [
        "You can say stop at any time.",
        "stop at any time",
        "Stop.",
        "say topics to hear what I know you can say stop",
        "you can say stopp at any times",
    ],
)
def test_our_own_voice_is_known(heard: str) -> None:
    """What we said comes back whole, in part, across sentences, or a little misheard."""
    own = saying("Or say topics to hear what I know.", "You can say stop at any time.")
    assert own.echoes(heard, since=0.0)


@pytest.mark.parametrize("heard", ["Stop.", "slower please", "I can't breathe", "what about me"])
def test_other_words_are_a_person(heard: str) -> None:
    """What we did not say comes from somebody else."""
    assert not saying("A cough that won't go away.", "Chest pain.").echoes(heard, since=0.0)


def test_what_was_said_long_before_does_not_count() -> None:
    """Only words that sounded since the given time are ours."""
    own = saying("You can say stop at any time.", "Where it spreads.", "The bones.")
    assert own.echoes("stop", since=0.5)
    assert not own.echoes("stop", since=1.5)


def test_a_word_said_over_our_voice_is_left_over() -> None:
    """A person's word amid our own is what is left when ours are taken away."""
    own = saying("It may cause these symptoms.")
    assert own.left_over("may cause these stop symptoms", since=0.0) == "stop"


def test_silence_is_no_echo() -> None:
    """No words at all are nobody's."""
    assert not saying("The bones.").echoes("...", since=0.0)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8), st.text(max_size=30))
def test_any_text_is_survived(sentences: list[str], heard: str) -> None:
    """Whatever was said and heard, an answer comes, and our own sentence is our own."""
    own = saying(*sentences)
    own.echoes(heard, since=0.0)
    assert own.echoes(sentences[-1], since=0.0) or not own.left_over(sentences[-1], 1e9)


def test_memory_is_bounded() -> None:
    """Sentences older than any segment are forgotten."""
    own = OwnWords()
    for second in range(1000):
        own.saying(f"sentence {second}", float(second))
    assert len(own._said) <= MEMORY_S + 2

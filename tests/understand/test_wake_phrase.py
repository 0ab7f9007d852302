from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.understand.wake_phrase import WakePhrase

HELLO_NURSE = WakePhrase("hello nurse")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Hello nurse.", ""),
        ("Hello, nurse, where does it spread to?", "where does it spread to?"),
        ("Um, hello nurse what is HER2", "what is HER2"),
        ("Hullo nurse. Stop.", "Stop."),
        ("Hello, Norse. Is there a cure?", "Is there a cure?"),
        ("Hello.", None),
        ("Hello there, how are you?", None),
        ("The nurse said hello.", None),
        ("Hello, Mrs. Turner.", None),
        ("Hello Nora, over here!", None),
        ("My nurse is lovely.", None),
        ("", None),
    ],
)
def test_the_phrase_is_found_at_the_beginning(text: str, rest: str | None) -> None:
    """What sounds like the phrase is the phrase, and what follows it is the question."""
    assert HELLO_NURSE.rest(text) == rest


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text: str) -> None:
    """What follows is always the end of the text, whatever was heard."""
    rest = HELLO_NURSE.rest(text)
    assert rest is None or " ".join(text.split()).endswith(rest)

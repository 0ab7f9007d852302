from __future__ import annotations

import pytest

from mbc_voice.events import Answer, Choose, Command, NotCovered, NothingHeard, Outcome, Urgent
from mbc_voice.understand.interpret import Interpreter
from mbc_voice.understand.second_reading import READINGS, urgent_among, wants_second_reading


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (Answer("symptoms-bone", 0.95), False),
        (Answer("symptoms-bone", 0.72), True),
        (Choose(("symptoms-bone", "symptoms-liver"), 0.8), True),
        (NotCovered("cost", 0.9), True),
        (NothingHeard(), True),
        (Command("stop"), False),
        (Urgent("breathing"), False),
    ],
)
def test_only_a_doubtful_outcome_is_read_again(outcome: Outcome, wanted: bool) -> None:
    """Orders, alarms and sure answers stand as they were first read."""
    assert wants_second_reading(outcome) == wanted


def test_an_emergency_among_the_readings_is_heard(small: Interpreter) -> None:
    """The urgent sign of a later reading counts."""
    found = urgent_among(("where is the train", "a new tree", "I can't breathe"), small.interpret)
    assert found == "I can't breathe"


@pytest.mark.parametrize(
    "readings",
    [
        (),
        ("symptoms in the bones", "symptoms in the liver", "stop"),
        ("can it make me short of breath", "does it cause chest pain"),
        (*["what is that"] * READINGS, "I can't breathe"),
    ],
)
def test_nothing_else_is_taken_from_them(small: Interpreter, readings: tuple[str, ...]) -> None:
    """Topics, orders, questions about signs, and what is too unlikely are left alone."""
    assert urgent_among(readings, small.interpret) is None


@pytest.mark.parametrize("text", ["my leg of lamb", "can't move my car"])
def test_a_few_words_of_something_else_are_no_sign(small: Interpreter, text: str) -> None:
    """A word that no report of a sign holds takes the alarm from a short likeness."""
    assert not isinstance(small.interpret(text), Urgent)

"""Who may break in on what is being said."""

from __future__ import annotations

from typing import Literal

import pytest

from mbc_voice.events import Answer, Choose, Command, NotCovered, Outcome, Urgent
from mbc_voice.interrupting import LONGEST_ORDER, MOST_FALSE_ALARMS, GivingWay, interrupts

Priority = Literal["safety", "answer", "notice"]


@pytest.mark.parametrize("priority", ["safety", "answer", "notice"])
@pytest.mark.parametrize("outcome", [Urgent("breathing"), Command("stop"), Command("slower")])
def test_orders_and_emergencies_always_break_in(outcome: Outcome, priority: Priority) -> None:
    """Nobody has to wait with them."""
    assert interrupts(outcome, 2, priority)


@pytest.mark.parametrize(
    ("outcome", "words", "priority", "breaks_in"),
    [
        (Answer("lung", 0.95), 5, "answer", True),
        (Answer("lung", 0.95), 5, "notice", True),
        (Answer("lung", 0.95), 5, "safety", False),
        (Answer("lung", 0.95), 1, "answer", False),
        (Answer("lung", 0.7), 5, "answer", False),
        (Choose(("lung", "liver"), 0.9), 5, "answer", False),
        (NotCovered(None, 0.9), 5, "answer", False),
        (Command("stop", score=0.7), 1, "answer", False),
        (Command("stop"), LONGEST_ORDER + 1, "answer", False),
    ],
)
def test_only_what_is_surely_meant_for_us_breaks_in(
    outcome: Outcome, words: int, priority: Priority, breaks_in: bool
) -> None:
    """A sure question does, except while somebody is told what to do; talk among others doesn't."""
    assert interrupts(outcome, words, priority) is breaks_in


@pytest.mark.parametrize("name", ["yes", "no"])
def test_a_yes_is_an_answer_only_to_a_question(name: str) -> None:
    """Amid an answer nobody says yes or no to us; when we ask, they may do so early."""
    assert not interrupts(Command(name), 1, "answer")
    assert interrupts(Command(name), 1, "answer", asking=True)


def test_it_gives_way_again_to_whoever_is_meant() -> None:
    """Some false alarms in a row end it; one word for us, or another answer, begins anew."""
    giving = GivingWay()
    for _ in range(MOST_FALSE_ALARMS):
        assert giving.gives_way
        giving.was_not_for_us()
    assert not giving.gives_way
    giving.was_for_us()
    assert giving.gives_way
    giving.was_not_for_us()
    giving.begin()
    assert giving.gives_way

"""What counts as an interruption: who may break in on what is being said, and how it gives way.

Pure; used by the assistant's loop. Needs sound without our own voice in it (`hear/echo_canceller`).
"""

from __future__ import annotations

from typing import Literal

from mbc_voice.events import Answer, Command, Outcome, Urgent

LONGEST_ORDER = 8
"""Words of an order that gets through while we speak; more is talk that isn't meant for us."""
SURE = 0.85
"""Chance from which a question over our voice is believed: 3 % wrong among held-out wordings."""
REPLIES = ("yes", "no")
"""What nobody says to a sentence that asks nothing, and what the rest of an echo sounds like."""
LEAST_WORDS = 2
"""A question over our voice has at least so many: single words come out of coughs and laughs."""
MOST_FALSE_ALARMS = 2
"""After so many in a row we go on at full volume in spite of voices: they don't mean us."""


def interrupts(
    outcome: Outcome,
    words: int,
    priority: Literal["safety", "answer", "notice"],
    *,
    asking: bool = False,
) -> bool:
    """Return whether this, heard in so many words while we spoke, is meant for us.

    Orders and emergencies always are; a yes or no only if we are `asking`; a question only if it is
    surely understood, and never while somebody is told what to do in an emergency.
    """
    match outcome:
        case Urgent():
            return True
        case Command(name=name) if name in REPLIES and not asking:
            return False
        case Command(score=score):
            return score == 1.0 and words <= LONGEST_ORDER
        case Answer(score=score):
            return score >= SURE and words >= LEAST_WORDS and priority != "safety"
        case _:
            return False


class GivingWay:
    """Whether to lower our voice when somebody begins to speak, given how that turned out."""

    def __init__(self) -> None:
        self._false_alarms = 0

    @property
    def gives_way(self) -> bool:
        """Whether to lower our voice for the next who speaks."""
        return self._false_alarms < MOST_FALSE_ALARMS

    def was_for_us(self) -> None:
        """What was said was meant for us."""
        self._false_alarms = 0

    def was_not_for_us(self) -> None:
        """What was said was a cough, a television, or talk among others."""
        self._false_alarms += 1

    def begin(self) -> None:
        """Something else is being said now."""
        self._false_alarms = 0

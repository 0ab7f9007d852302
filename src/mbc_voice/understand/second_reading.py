"""Other readings of the same sound: believed only where one of them is an emergency.

Owns the rule for what a recognizer thought likely besides its first transcript. Noise turns "I
can't breathe" into other words; the next best readings still hold it at times. Everything else that
they say is left alone, because what is heard amiss in a question gives a false answer
(`benchmarks/second_reading.py` has the figures). Pure; the recognizer's thread calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from mbc_voice.events import Answer, Command, Outcome, Urgent

SURE = 0.8
"""Chance from which an answer needs no second reading."""

READINGS = 5
"""Readings at most that are looked at."""


def wants_second_reading(outcome: Outcome) -> bool:
    """Return whether the first reading leaves doubt: it is no order, alarm or sure answer."""
    return not (
        isinstance(outcome, Command | Urgent)
        or (isinstance(outcome, Answer) and outcome.score >= SURE)
    )


def urgent_among(readings: Iterable[str], interpret: Callable[[str], Outcome]) -> str | None:
    """Return the first reading, likeliest first, that `interpret` finds an urgent sign in.

    Ask only where `wants_second_reading` holds for the first of them.
    """
    likeliest = islice(readings, READINGS)
    return next((text for text in likeliest if isinstance(interpret(text), Urgent)), None)

"""Other readings of the same sound: what is believed of them where the first leaves doubt.

Owns the rule for what a recognizer thought likely besides its first transcript. Noise turns "I
can't breathe" into other words, "help" into "health", and the next best readings still hold what
was said at times. An emergency among them always counts. While we are silent an exact order and a
very sure answer count, too; what is heard amiss may give a false answer, so nothing less does
(`benchmarks/second_reading.py` and `benchmarks/noise.py` have the figures). Pure; the recognizer's
thread calls it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeGuard

from mbc_voice.events import SILENCING, Answer, Command, NotCovered, NothingHeard, Outcome, Urgent

SURE = 0.8
"""Chance from which an answer needs no second reading."""
VERY_SURE = 0.9
"""Chance from which an answer to another reading is believed."""
REFERRED = 0.85
"""Chance from which a question that we send elsewhere stays what it was first read as."""

READINGS = 5
"""Readings at most that are looked at, of one speed."""
SPEEDS = (1.0, 1.11)
"""Noise hides other words at another speed. Slower ones, and 1.25, find too much that nobody said
(`benchmarks/results.md`)."""

MISTAKEN = ("start-over", "goodbye")
"""Orders that those to be silent are misheard as: "start", "bye"."""
TOO_SHORT = ("yes", "no", "goodbye", "choose-number")
"""Orders that are found in any sound."""


def wants_second_reading(outcome: Outcome) -> bool:
    """Return whether the first reading leaves doubt: it is no order, alarm or sure answer."""
    if isinstance(outcome, Command):
        return outcome.name in MISTAKEN
    return not (
        isinstance(outcome, Urgent) or (isinstance(outcome, Answer) and outcome.score >= SURE)
    )


def speeds(first: Outcome, *, over_us: bool = False) -> tuple[float, ...]:
    """Return at which speeds the sound is worth another reading, the likeliest to help first.

    Where nothing but an emergency or "stop" would be believed, the speed that it came at is enough.
    """
    as_it_is = isinstance(first, Command) or _only_alarms(first, over_us)
    return (1.0,) if as_it_is else SPEEDS


def better_among(
    first: Outcome,
    readings: Iterable[str],
    interpret: Callable[[str], Outcome],
    *,
    over_us: bool = False,
) -> str | None:
    """Return the reading, likeliest first, to believe in place of the first; None for none.

    `first` is what the first one means; `over_us` is whether it was said over our own voice, where
    more has to speak for an order than that it might have been one. Ask only where
    `wants_second_reading` holds.
    """
    meant = [(text, interpret(text)) for text in islice(readings, READINGS)]
    urgent = _first(meant, lambda outcome: isinstance(outcome, Urgent))
    if urgent is not None:
        return urgent
    if isinstance(first, Command):
        return _first(meant, lambda outcome: _is_order(outcome) and outcome.name in SILENCING)
    if _only_alarms(first, over_us):
        return None
    order = _first(meant, lambda outcome: _is_order(outcome) and outcome.name not in TOO_SHORT)
    return order if order is not None else _answered(meant)


def _only_alarms(first: Outcome, over_us: bool) -> bool:
    """Return whether only an emergency may take the place of the first reading."""
    if isinstance(first, NotCovered) and first.referral is not None and first.score >= REFERRED:
        return True
    return over_us or isinstance(first, NothingHeard)


def _answered(meant: list[tuple[str, Outcome]]) -> str | None:
    """Return the first reading whose answer most of those that have a very sure one agree on."""
    sure = [
        (text, outcome.topic)
        for text, outcome in meant
        if isinstance(outcome, Answer) and outcome.score >= VERY_SURE
    ]
    if not sure:
        return None
    topic, _ = Counter(topic for _, topic in sure).most_common(1)[0]
    return next(text for text, answer in sure if answer == topic)


def _first(meant: list[tuple[str, Outcome]], wanted: Callable[[Outcome], bool]) -> str | None:
    return next((text for text, outcome in meant if wanted(outcome)), None)


def _is_order(outcome: Outcome) -> TypeGuard[Command]:
    return isinstance(outcome, Command) and outcome.score == 1.0

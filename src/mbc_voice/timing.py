"""Marks in time: what happened when, for whoever measures how quick the program is.

Any thread may `mark`; it costs next to nothing while nobody is `watching`. A mark carries a name
and never a word that somebody said.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple, TypeAlias

Name: TypeAlias = Literal["turn ended", "heard", "understood", "rendered"]
"""``turn ended``: the speaker is taken to have finished; ``heard``: there is a transcript;
``understood``: there is an outcome; ``rendered``: a sentence is on its way to the player."""


class Mark(NamedTuple):
    """Something that happened."""

    name: Name
    at: float
    """Seconds on the clock of `time.monotonic`."""


_watchers: list[list[Mark]] = []


def mark(name: Name) -> None:
    """Tell everyone who watches that this happened now."""
    for marks in _watchers:
        marks.append(Mark(name, time.monotonic()))


@contextmanager
def watching() -> Iterator[list[Mark]]:
    """Give the list that all marks made meanwhile are added to, in the order of time."""
    marks: list[Mark] = []
    _watchers.append(marks)
    try:
        yield marks
    finally:
        _watchers[:] = [one for one in _watchers if one is not marks]

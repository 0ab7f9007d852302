"""Emergencies that visitors told of, for the staff: which sign and when, and no word of anybody.

The assistants' loops `tell`; the server's threads read. Kept in memory alone, for an hour or until
somebody of the staff has seen it; the log gets the sign's id.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

KEPT_SECONDS = 3600.0
MOST = 50
"""No more are kept; the newest count."""


@dataclass(frozen=True, slots=True)
class Told:
    """One emergency, as a visitor told of it."""

    sign: str
    """Id of the urgent sign."""
    minutes: int
    """How long ago, in whole minutes."""


class Alerts:
    """What the staff have not seen yet."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: list[tuple[float, str]] = []
        self._lock = threading.Lock()

    def tell(self, sign: str) -> None:
        """A visitor told of this."""
        log.warning("a visitor told of an emergency: %s", sign)
        with self._lock:
            self._told = [*self._told, (self._clock(), sign)][-MOST:]

    @property
    def unseen(self) -> tuple[Told, ...]:
        """What was told in the last hour and not seen yet, the newest first."""
        now = self._clock()
        with self._lock:
            self._told = [one for one in self._told if now - one[0] < KEPT_SECONDS]
            return tuple(Told(sign, int((now - at) // 60)) for at, sign in reversed(self._told))

    def seen(self) -> None:
        """Somebody of the staff has seen all of it."""
        with self._lock:
            self._told = []

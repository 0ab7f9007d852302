"""What the loudspeaker is playing, told to whoever must take its echo out of what is heard.

Neither hearing nor speaking knows the other: both know this. One thread writes (PortAudio's
callback of the loudspeaker), one reads (the listener); nobody waits for the other.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from mbc_voice.audio import Samples

MOST_RUNS = 3_000
"""About 30 s of 10 ms each: as much as waits for a listener that is busy; older ones are lost."""


class Run(NamedTuple):
    """Samples that were handed over at once, silence included."""

    samples: Samples
    rate: int
    """Hz."""
    handed_over: float
    """When, in seconds on `time.monotonic`; they are heard a device's delay later."""


class Played:
    """A queue of all that a loudspeaker was given, in order."""

    def __init__(self) -> None:
        self._runs: deque[Run] = deque(maxlen=MOST_RUNS)

    def tell(self, samples: Samples, rate: int, now: float) -> None:
        """Add what the loudspeaker has just been given; the samples must not change any more."""
        self._runs.append(Run(samples, rate, now))

    def take(self) -> list[Run]:
        """Return what was added since the last call, the oldest first."""
        taken = []
        while self._runs:
            taken.append(self._runs.popleft())
        return taken

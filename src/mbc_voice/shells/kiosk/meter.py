"""How loud the microphone is, told beside what it hears. Runs on the listener's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mbc_voice.audio import Samples, rms_dbfs
from mbc_voice.hear.altered import Altered
from mbc_voice.hear.microphone import Arrived, Lost, Source

QUIET_DBFS, LOUD_DBFS = -60.0, -15.0
"""Shown as nothing, and as all."""


def level(samples: Samples) -> float:
    """Return how loud these samples are, from 0 to 1, evenly in dB."""
    if not len(samples):
        return 0.0
    share = (rms_dbfs(samples) - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS)
    return float(min(1.0, max(0.0, share)))


class Meter(Altered):
    """A `Source` that tells its level to `show`."""

    def __init__(self, source: Source, show: Callable[[float], None]) -> None:
        super().__init__(source)
        self._show = show

    def blocks(self) -> Iterator[Arrived]:
        """Yield what the source yields."""
        for arrived in self._source.blocks():
            self._show(0.0 if isinstance(arrived, Lost) else level(arrived.samples))
            yield arrived

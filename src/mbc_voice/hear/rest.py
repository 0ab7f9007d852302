"""A rest in which nothing may begin: what was being said has been dealt with, and lingers.

Pure: counts samples. Used by `turns` alone.
"""

from __future__ import annotations

import math

from mbc_voice.audio import SAMPLE_RATE, Block, rms_dbfs

REST_MS = 96
"""Nothing begins before so much quiet. After a change of what is listened for, what was being said
then (the end of our own voice, mostly) is nobody's question; after an order, voice activity lingers
on what is known already."""
LONGEST_REST_MS = 2_000
"""But in steady noise we don't wait for quiet longer than this."""


class Rest:
    """Begins when it is told to, and is over by itself."""

    def __init__(self) -> None:
        self.lasts = False
        """Whether nothing may begin yet."""
        self._rested = self._quiet = 0
        """Samples since it began, and since the last speech."""
        self._below_dbfs = math.inf

    def begin(self, below_dbfs: float = math.inf) -> None:
        """Let nothing begin before it has been quiet, but sound that is as loud as this."""
        self.lasts = True
        self._rested = self._quiet = 0
        self._below_dbfs = below_dbfs

    def end(self) -> None:
        """Let anything begin at once."""
        self.lasts = False

    def takes(self, frame: Block, *, speech: bool) -> bool:
        """Return whether this frame, in which somebody speaks or not, belongs to the rest."""
        if self.lasts and rms_dbfs(frame.samples) >= self._below_dbfs:
            self.lasts = False
        if not self.lasts:
            return False
        self._rested += len(frame.samples)
        self._quiet = 0 if speech else self._quiet + len(frame.samples)
        longest, enough = (each * SAMPLE_RATE // 1000 for each in (LONGEST_REST_MS, REST_MS))
        self.lasts = self._quiet < enough and self._rested < longest
        return True

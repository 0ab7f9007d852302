"""A rest in which nothing may begin: what was being said has been dealt with, and lingers.

Pure: counts samples. Used by `turns` alone.
"""

from __future__ import annotations

from mbc_voice.audio import SAMPLE_RATE

REST_MS = 96
"""After a change of what is listened for, nothing begins before so much quiet: what was being said
then (the end of our own voice, mostly) is nobody's question."""
LONGEST_REST_MS = 2_000
"""But in steady noise we don't wait for quiet longer than this."""


class Rest:
    """Begins when it is told to, and is over by itself."""

    def __init__(self) -> None:
        self.lasts = False
        """Whether nothing may begin yet."""
        self._rested = self._quiet = 0
        """Samples since it began, and since the last speech."""

    def begin(self) -> None:
        """Let nothing begin before it has been quiet."""
        self.lasts = True
        self._rested = self._quiet = 0

    def end(self) -> None:
        """Let anything begin at once."""
        self.lasts = False

    def pass_by(self, samples: int, *, speech: bool) -> None:
        """Let so many samples pass, in which somebody speaks or not."""
        self._rested += samples
        self._quiet = 0 if speech else self._quiet + samples
        longest, enough = (each * SAMPLE_RATE // 1000 for each in (LONGEST_REST_MS, REST_MS))
        self.lasts = self._quiet < enough and self._rested < longest

"""Whoever speaks loudest is the one who asks: a television or people behind them are not.

Voice activity alone takes a television for a person who never stops, so that a question would
neither begin nor end. Two pure parts: `Foreground` takes speech that is much softer than what was
said a moment ago for quiet, and `foremost` cuts what is much softer off both ends of a segment.
Used by one thread at a time.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples, rms_dbfs
from mbc_voice.hear.voice_activity import FRAME

FRAME_S = FRAME / SAMPLE_RATE
SOFTER_DB = 9.0
"""Speech so much softer than the loudest of late is somebody else. People's own voices fall by less
towards the end of a sentence, measured over `HOLD_S`."""
HOLD_S = 0.25
"""The level at a moment is the loudest of so much before it: syllables come and go."""
FADE_DB_PER_S = 1.0
"""How loud somebody was counts for less with every second: people begin louder than they go on."""
FORGET_AFTER_S = 2.5
FORGET_DB_PER_S = 4.0
"""After so long without a word even more: who speaks next may be softer."""
SPEECH = 0.5
"""From this probability on, a frame counts as speech when the loudest is looked for."""
BACKGROUND = 0.2
"""What is left of a probability in the background."""
ROOM_S = 0.3
"""Room kept around the foremost speech."""
LEAST_CUT_S = 0.5
"""Less than this isn't worth cutting."""
STEP = SAMPLE_RATE // 50
"""Samples over which `foremost` measures levels (20 ms)."""
SILENT_DBFS = -120.0


class Foreground:
    """Follows how loud people speak, frame by frame."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=round(HOLD_S / FRAME_S))
        self._loudest = SILENT_DBFS
        self._since = 0.0
        """Seconds since the loudest person spoke."""

    def weigh(self, frame: Samples, probability: float) -> float:
        """Return how likely a frame is speech of the loudest person, given that it is speech."""
        level = rms_dbfs(frame)
        self._levels.append(level)
        self._since += FRAME_S
        fades = FORGET_DB_PER_S if self._since > FORGET_AFTER_S else FADE_DB_PER_S
        self._loudest -= fades * FRAME_S
        if probability >= SPEECH:
            self._loudest = max(self._loudest, level)
        if max(self._levels) < self._loudest - SOFTER_DB:
            return probability * BACKGROUND
        if probability >= SPEECH:
            self._since = 0.0
        return probability

    def forget(self) -> None:
        """Forget the frames before: a new stream begins."""
        self._levels.clear()
        self._loudest, self._since = SILENT_DBFS, 0.0


def foremost(samples: Samples) -> Samples:
    """Return a segment without what is much softer than the rest, at its beginning and its end.

    ``(n,) float32`` at 16 kHz, as is what is returned; shorter segments stay whole.
    """
    count = len(samples) // STEP
    if len(samples) < 2 * LEAST_CUT_S * SAMPLE_RATE:
        return samples
    steps = samples[: count * STEP].reshape(count, STEP)
    levels = 10 * np.log10(np.mean(np.square(steps, dtype=np.float64), axis=1) + 1e-12)
    side = round(HOLD_S * SAMPLE_RATE / STEP) // 2
    padded = np.pad(levels, side, constant_values=SILENT_DBFS)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * side + 1).max(axis=1)
    loud = np.flatnonzero(around >= around.max() - SOFTER_DB)
    room, least = round(ROOM_S * SAMPLE_RATE), round(LEAST_CUT_S * SAMPLE_RATE)
    begin = int(loud[0]) * STEP - room
    end = (int(loud[-1]) + 1) * STEP + room
    return samples[begin if begin >= least else 0 : end if end <= len(samples) - least else None]

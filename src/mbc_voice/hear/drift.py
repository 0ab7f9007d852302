"""How much faster the microphone's clock runs than the loudspeaker's.

Two devices never agree quite: 50 millionths are usual, nearly a sample a second, and a canceller
that has to learn a moving echo never gets it right. Pure numpy; one thread at a time. The echo as
the canceller expects it lags behind the true one by a little while clocks drift apart; from the
slope of the phase between the two that little is known to a fraction of a sample. A control loop
that integrates it (a phase-locked loop of the second order, the canceller's own learning being the
first) comes to the drift within some seconds of our own voice.
"""

from __future__ import annotations

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples

WINDOW = 512
"""Samples that are compared at once (32 ms)."""
STEPS = 16
"""The drift is set anew after so many of them that were mostly echo: half a second."""
BAND = slice(8, 112)
"""Of their spectrum, 250 to 3500 Hz: where voices are, and a lag of two samples is still plain."""
CLEAR = 10 ** (4 / 10)
"""Where less than so much was taken off (4 dB), somebody else speaks, or nothing is learnt yet."""
SILENT = 10 ** (-60 / 10)
"""Mean square below which the echo tells nothing."""
GAIN = 1.0
"""Samples a second by which the drift is changed for each sample of lag and second."""
MOST = 500e-6
"""No clock is farther off than this."""
FARTHEST = 2.0
"""A longer lag (in samples) is no drift."""


class Drift:
    """Follows the microphone's clock against the loudspeaker's. `share` is 5e-5 for 50 ppm."""

    def __init__(self) -> None:
        self.share = 0.0
        """By how much of itself the microphone's clock is faster."""
        self._heard: list[Samples] = []
        self._left: list[Samples] = []
        self._length = 0
        self._likeness = np.zeros(WINDOW // 2 + 1, np.complex128)
        self._steps = 0
        self._window = np.hanning(WINDOW).astype(np.float32)

    def follow(self, heard: Samples, left: Samples) -> None:
        """Take what was heard, and what a linear canceller left of it; ``(n,) float32`` each."""
        self._heard.append(heard)
        self._left.append(left)
        self._length += len(heard)
        if self._length < WINDOW:
            return
        both = np.concatenate(self._heard)[:WINDOW], np.concatenate(self._left)[:WINDOW]
        self._heard, self._left, self._length = [], [], 0
        self._compare(*both)

    def _compare(self, heard: Samples, left: Samples) -> None:
        echo = heard - left
        loud, rest = float(np.mean(echo**2)), float(np.mean(left**2))
        if loud < SILENT or float(np.mean(heard**2)) < rest * CLEAR:
            return
        spectra = np.fft.rfft(np.stack([heard, echo]) * self._window)
        self._likeness += spectra[0] * np.conj(spectra[1]) / loud
        self._steps += 1
        if self._steps == STEPS:
            self._correct()

    def _correct(self) -> None:
        """Set the drift anew by the lag of what was heard behind what was expected."""
        likeness = self._likeness[BAND]
        angle = 2 * np.pi * np.arange(WINDOW // 2 + 1)[BAND] / WINDOW
        weight = np.abs(likeness)
        lag = -float(np.sum(weight * angle * np.angle(likeness)) / np.sum(weight * angle**2))
        if abs(lag) <= FARTHEST:
            seconds = STEPS * WINDOW / SAMPLE_RATE
            change = GAIN * lag * seconds / SAMPLE_RATE
            self.share = float(np.clip(self.share + change, -MOST, MOST))
        self._likeness = np.zeros_like(self._likeness)
        self._steps = 0

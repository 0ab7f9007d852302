"""Learns how the loudspeaker sounds in the microphone, and takes just that away.

Pure numpy; one thread at a time. A canceller that also suppresses (such as WebRTC's) leaves less of
the echo, and takes the words of whoever speaks over it along; this one leaves people as they are,
which recognizers need, and a rest of the echo 10 to 25 dB down.

A Kalman filter in the frequency domain, in partitions of one frame: G. Enzner and P. Vary,
"Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free telephones",
Signal Processing 86 (2006); partitioned as F. Kuech, E. Mabande and G. Enzner, "State-space
architecture of the partitioned-block-based acoustic echo controller", ICASSP 2014. It learns within
seconds and is not thrown off by people who speak meanwhile, because it knows how sure it is of each
frequency.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import SAMPLE_RATE, Samples

FRAME = SAMPLE_RATE // 100
"""Samples in one step (10 ms)."""
PARTITIONS = 40
"""Frames of echo that are learnt (400 ms): the devices' delays and the room."""
FORGETTING = 0.999
"""How much of what was learnt still holds a frame later: rooms change when people move."""
FIRST_DOUBT = 0.02
"""Variance of what is not known yet."""
NOISE_SMOOTHING = 0.8
"""How slowly the level of everything but the echo is followed, from frame to frame."""
SILENCE = 1e-12
"""Mean square below which the loudspeaker is silent."""

Spectra = npt.NDArray[np.complex64]


class LinearCanceller:
    """Takes the echo of what was played out of what was heard; 400 ms of it."""

    def __init__(self) -> None:
        bins = FRAME + 1
        self._weights: Spectra = np.zeros((PARTITIONS, bins), np.complex64)
        self._doubt = np.full((PARTITIONS, bins), FIRST_DOUBT, np.float32)
        self._played: Spectra = np.zeros((PARTITIONS, bins), np.complex64)
        self._noise = np.full(bins, 1e-3, np.float32)
        self._last: Samples = np.zeros(FRAME, np.float32)

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """Return what was heard without the echo of what was played; all ``(FRAME,) float32``."""
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = np.fft.rfft(np.concatenate([self._last, played]))
        self._last = played
        power = np.square(np.abs(self._played))
        if float(power.sum()) < SILENCE * FRAME * FRAME * PARTITIONS:
            return heard
        echo = np.fft.irfft((self._weights * self._played).sum(axis=0))[FRAME:]
        left = np.asarray(heard - echo, np.float32)
        self._learn(left, power)
        return left

    def learn_again(self) -> None:
        """Doubt what was learnt as much as at first, but go on from there."""
        np.maximum(self._doubt, FIRST_DOUBT, out=self._doubt)

    def _learn(self, left: Samples, power: npt.NDArray[np.float32]) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(FRAME, np.float32), left]))
        self._noise += (1 - NOISE_SMOOTHING) * (np.square(np.abs(error)) - self._noise)
        expected = 0.5 * (self._doubt * power).sum(axis=0) + self._noise + 1e-9
        step = self._doubt / expected
        change = np.fft.irfft(step * np.conj(self._played) * error, axis=1)
        change[:, FRAME:] = 0
        keep = FORGETTING**2
        self._weights = np.asarray(
            FORGETTING * (self._weights + np.fft.rfft(change, axis=1)), np.complex64
        )
        self._doubt = np.asarray(
            keep * (1 - 0.5 * step * power) * self._doubt
            + (1 - keep) * np.square(np.abs(self._weights)),
            np.float32,
        )

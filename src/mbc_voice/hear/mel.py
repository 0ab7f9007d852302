"""The picture of sound that Whisper reads: a log-mel spectrogram, in plain numpy.

Pure; any thread. Same figures as OpenAI's reference (25 ms Hann windows every 10 ms, 80 bands on
Slaney's mel scale up to 8 kHz), but of any length, where the reference always fills up to 30 s.
"""

from __future__ import annotations

import functools
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import SAMPLE_RATE, Samples

WINDOW = 400
"""Samples in one analysis window (25 ms)."""
HOP = 160
"""Samples from one frame to the next (10 ms)."""
BANDS = 80

Spectrum: TypeAlias = npt.NDArray[np.float32]
"""``(BANDS, frames) float32``."""


def log_mel(samples: Samples) -> Spectrum:
    """Return the log-mel spectrogram, ``(BANDS, len(samples) // HOP) float32``.

    Needs at least `WINDOW` samples. A constant offset (DC) is taken out first.
    """
    centred = samples - np.mean(samples, dtype=np.float64).astype(np.float32)
    padded = np.pad(centred, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    spectrum = np.fft.rfft(frames[: len(samples) // HOP] * _hann(), axis=1)
    power = np.square(np.abs(spectrum)).astype(np.float32)
    bands = np.log10(np.maximum(_mel_filters() @ power.T, 1e-10))
    bands = np.maximum(bands, bands.max() - 8.0)
    return np.ascontiguousarray((bands + 4.0) / 4.0, dtype=np.float32)


@functools.cache
def _hann() -> Samples:
    return np.asarray(np.hanning(WINDOW + 1)[:-1], dtype=np.float32)


@functools.cache
def _mel_filters() -> Spectrum:
    """Return triangular filters of equal area, ``(BANDS, WINDOW // 2 + 1) float32``."""
    edges = _mel_to_hertz(np.linspace(0.0, _hertz_to_mel(SAMPLE_RATE / 2), BANDS + 2))
    bins = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)
    left, centre, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (bins - left) / (centre - left)
    falling = (right - bins) / (right - centre)
    filters = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (right - left)
    return np.asarray(filters, dtype=np.float32)


def _hertz_to_mel(hertz: float) -> float:
    """Slaney's scale: linear up to 1 kHz, logarithmic above (Auditory Toolbox, 1998)."""
    if hertz < 1000.0:
        return hertz * 3.0 / 200.0
    return float(15.0 + 27.0 * np.log(hertz / 1000.0) / np.log(6.4))


def _mel_to_hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < 15.0, mel * 200.0 / 3.0, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27))

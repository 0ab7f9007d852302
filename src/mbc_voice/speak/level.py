"""Make all voices equally loud, with the same short silence at their edges.

Pure and thread-free; every voice passes what its engine made through `finish`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import Samples, decibels_to_gain
from mbc_voice.speak.synthesizer import Rendering, Word

LEAD_MS = 20
"""Silence before the first sound of a rendering."""

TAIL_MS = 40
"""Silence after the last sound of a rendering."""

SPEECH_DBFS = -20.0
"""Level of the speech itself, its pauses left out: usual for speech, with room for its peaks."""

FRAME_MS = 10
QUIETEST_SPEECH_DB = -45.0
"""Below the loudest frame by so much is silence; the hiss of an "f" lies some 35 dB below."""

ACTIVE_DB = -25.0
"""Frames within so much of the loudest one count for the level."""

KNEE = 0.7
CEILING = 0.97
"""Peaks above the knee are bent so that they never reach the ceiling."""


def finish(samples: npt.ArrayLike, sample_rate: int, words: Sequence[Word] = ()) -> Rendering:
    """Return what an engine made, trimmed to `LEAD_MS` and `TAIL_MS` and at `SPEECH_DBFS`.

    `words` are moved with the sound.

    Silence alone gives an empty rendering. Samples that are not numbers become 0.
    """
    raw = np.nan_to_num(np.asarray(samples, dtype=np.float32).reshape(-1), posinf=1.0, neginf=-1.0)
    frame = max(1, sample_rate * FRAME_MS // 1000)
    levels = _frame_levels(raw, frame)
    loudest = float(levels.max(initial=-120.0))
    if loudest <= -90.0:
        return Rendering(np.zeros(0, dtype=np.float32), sample_rate)
    sounding = np.flatnonzero(levels > loudest + QUIETEST_SPEECH_DB)
    speech = _trim(raw, sounding, frame)
    power = 10.0 ** (levels[levels > loudest + ACTIVE_DB] / 10.0)
    active_dbfs = 10.0 * float(np.log10(power.mean()))
    levelled = _soften_peaks(speech * np.float32(decibels_to_gain(SPEECH_DBFS - active_dbfs)))
    moved = sample_rate * LEAD_MS // 1000 - int(sounding[0]) * frame
    heard = tuple(replace(word, sample=max(0, word.sample + moved)) for word in words)
    return Rendering(_with_edges(levelled, sample_rate), sample_rate, heard)


def _frame_levels(samples: Samples, frame: int) -> npt.NDArray[np.float64]:
    """Return the level of each frame in dBFS; the last one may be padded with silence."""
    count = -(-len(samples) // frame)
    padded = np.zeros(count * frame, dtype=np.float64)
    padded[: len(samples)] = samples
    mean_square = np.square(padded.reshape(count, frame)).mean(axis=1)
    return np.asarray(10.0 * np.log10(mean_square + 1e-12), dtype=np.float64)


def _trim(samples: Samples, sounding: npt.NDArray[np.intp], frame: int) -> Samples:
    return samples[int(sounding[0]) * frame : (int(sounding[-1]) + 1) * frame]


def _soften_peaks(samples: Samples) -> Samples:
    """Return the samples with everything above `KNEE` bent smoothly below `CEILING`."""
    size = np.abs(samples)
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    return np.asarray(np.where(size > KNEE, np.sign(samples) * bent, samples), dtype=np.float32)


def _with_edges(samples: Samples, sample_rate: int) -> Samples:
    lead, tail = (np.zeros(sample_rate * ms // 1000, np.float32) for ms in (LEAD_MS, TAIL_MS))
    return np.concatenate([lead, samples, tail])

"""A judge of spoken sound: what Whisper writes down, and how much of a text is in it."""

from __future__ import annotations

import functools
import re

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples, Segment, resample
from mbc_voice.events import Silence
from mbc_voice.hear.recognizer import transcribe
from mbc_voice.hear.whisper import WhisperRecognizer
from mbc_voice.models import place, verify
from mbc_voice.speak.synthesizer import Rendering

WINDOW_SECONDS = 25
"""Whisper takes thirty seconds at most."""
FRAME = SAMPLE_RATE // 50
QUIET = 1e-3
"""Root mean square of a frame in a pause; full scale is 1."""
PAUSE_FRAMES = 10


@functools.cache
def _ear() -> WhisperRecognizer:
    return WhisperRecognizer(verify.require("whisper-base", place.models_folder()), beam=5)


def written_down(samples: Samples) -> str:
    """Return what is said in samples at `SAMPLE_RATE`, however long; "" for silence."""
    texts = []
    for start in range(0, len(samples), WINDOW_SECONDS * SAMPLE_RATE):
        window = np.asarray(samples[start : start + WINDOW_SECONDS * SAMPLE_RATE], np.float32)
        said = transcribe(_ear(), Segment(window, start, start + len(window)))
        if not isinstance(said, Silence):
            texts.append(said.text)
    return " ".join(texts)


def written_down_by_pauses(samples: Samples) -> str:
    """Return what is said between one pause and the next, each stretch heard by itself.

    Now and then Whisper takes the first pause for the end, and drops what follows.
    """
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > QUIET)
    stretches = np.split(loud, np.flatnonzero(np.diff(loud) > PAUSE_FRAMES) + 1)
    texts = [
        written_down(samples[max(0, one[0] - 5) * FRAME : (one[-1] + 6) * FRAME])
        for one in stretches
        if len(one)
    ]
    return " ".join(text for text in texts if text)


def words(text: str) -> list[str]:
    """Return the words alone, in lower case."""
    return re.findall(r"[a-z']+", text.lower())


def share_heard(text: str, heard: str) -> float:
    """Return which share of the different words of a text were written down."""
    wanted = set(words(text))
    return len(wanted & set(words(heard))) / len(wanted)


def heard(rendering: Rendering) -> str:
    """Return what a listener writes down of a rendering, as lower-case words."""
    samples = resample(rendering.samples, rendering.sample_rate, SAMPLE_RATE)
    return " ".join(words(written_down(samples)))

"""Sentences as one stretch of sound, for a file: no device, no thread of its own."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mbc_voice.audio import Samples, resample
from mbc_voice.library import Sentence
from mbc_voice.speak.saying import gap_seconds
from mbc_voice.speak.synthesizer import Synthesizer

FALLBACK_RATE = 24_000
"""Hz of an empty result."""


def render_all(
    sentences: Iterable[Sentence], synthesizer: Synthesizer, words_per_minute: int
) -> tuple[Samples, int]:
    """Return the sentences one after another, with the speaker's pauses, and the rate in Hz.

    All of it is at the rate of the first sentence. Raises `VoiceError` if a sentence can't be
    said: a file with a hole in it would be worse than none.
    """
    parts: list[Samples] = []
    rate = 0
    gap = 0.0
    for sentence in sentences:
        rendering = synthesizer.render(sentence.text, words_per_minute)
        rate = rate or rendering.sample_rate
        parts.append(np.zeros(round(gap * rate), dtype=np.float32))
        parts.append(resample(rendering.samples, rendering.sample_rate, rate))
        gap = gap_seconds(sentence.text, words_per_minute)
    if not parts:
        return np.zeros(0, dtype=np.float32), FALLBACK_RATE
    return np.concatenate(parts), rate

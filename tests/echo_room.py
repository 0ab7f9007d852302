"""A room with a loudspeaker, a microphone that hears its echo, and people: all simulated.

Time passes only as the microphone's blocks are read, so a talk of minutes takes seconds, and the
same talk gives the same samples. The times that the devices state jitter as real ones do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import soxr

from mbc_voice.audio import SAMPLE_RATE, Block, Samples, decibels_to_gain
from mbc_voice.speak.player import Pull

BLOCK = 512
"""Samples in a block of the microphone (32 ms)."""
PULL = 160
"""The loudspeaker asks for so much at once, in samples at 16 kHz (10 ms)."""
DEVICE_DELAY_S = 0.04
"""From handing over to sounding."""
JITTER_S = 0.008
DIES_AWAY_S = 0.35
"""Until the room's echo is 60 dB down."""
DIRECT = 6.0
"""How much stronger the first sound is than the beginning of the room's echo."""


def response(level_db: float, delay_ms: float, seed: int = 0) -> Samples:
    """Return what the room makes of a click: silence, a click, and noise that dies away.

    Its energy is `level_db`.
    """
    random = np.random.default_rng(seed)
    time = np.arange(int(DIES_AWAY_S * SAMPLE_RATE)) / SAMPLE_RATE
    tail = random.standard_normal(len(time)) * 10.0 ** (-3.0 * time / DIES_AWAY_S)
    tail[0] = DIRECT
    tail *= decibels_to_gain(level_db) / np.sqrt(np.sum(tail**2))
    silence = np.zeros(int(delay_ms * SAMPLE_RATE / 1000))
    return np.concatenate([silence, tail]).astype(np.float32)


class EchoRoom:
    """The room; `loudspeaker` is a `Sink`, `microphone` a `Source`.

    `seconds` is how long the microphone hears. The echo is `level_db` below what is played and
    `delay_ms` later than it sounds; `overdrive` is how far the loudspeaker distorts (0 not at all),
    `drift_ppm` how much faster the microphone's clock runs. `noise_db` is the room's own noise.
    """

    def __init__(
        self,
        seconds: float,
        *,
        level_db: float = -12.0,
        delay_ms: float = 60.0,
        rate: int = 24_000,
        overdrive: float = 0.0,
        drift_ppm: float = 0.0,
        noise_db: float = -75.0,
        seed: int = 0,
    ) -> None:
        self._random = np.random.default_rng(seed)
        self._response = response(level_db, delay_ms + DEVICE_DELAY_S * 1000, seed)
        self._overdrive = overdrive
        noise = self._random.standard_normal(int(seconds * SAMPLE_RATE))
        self.people: Samples = np.asarray(noise * decibels_to_gain(noise_db), dtype=np.float32)
        """What is in the room beside the echo."""
        room = len(self.people) + len(self._response) + SAMPLE_RATE
        self.echo: Samples = np.zeros(room, dtype=np.float32)
        """What of the loudspeaker reaches the microphone."""
        self.sounded: list[Samples] = []
        """What the loudspeaker was given, at `rate`."""
        self.now = 0.0
        self.loudspeaker = _Loudspeaker(self, rate)
        self.microphone = _Microphone(self)
        self._to_16k = soxr.ResampleStream(
            rate, SAMPLE_RATE * (1 + drift_ppm * 1e-6), 1, dtype="float32"
        )
        self._echoed = 0

    def say(self, samples: Samples, at: int) -> None:
        """Let somebody say this from a sample of the microphone's on."""
        part = samples[: max(0, len(self.people) - at)]
        self.people[at : at + len(part)] += part

    def jitter(self) -> float:
        """Return by how much a device's time is off, in seconds."""
        return float(self._random.uniform(0, JITTER_S))

    def pass_time(self, until: float) -> None:
        """Let the loudspeaker play until then (s)."""
        while self.now + PULL / SAMPLE_RATE <= until:
            sound = self.loudspeaker.sound()
            self.now += PULL / SAMPLE_RATE
            self.sounded.append(sound)
            if self._overdrive:
                sound = np.tanh(sound * self._overdrive) / np.float32(self._overdrive)
            self._add_echo(np.asarray(self._to_16k.resample_chunk(sound), dtype=np.float32))

    def _add_echo(self, sound: Samples) -> None:
        if not len(sound):
            return
        length = len(sound) + len(self._response) - 1
        size = 1 << (length - 1).bit_length()
        spectrum = np.fft.rfft(sound, size) * np.fft.rfft(self._response, size)
        part = np.fft.irfft(spectrum, size)[: min(length, len(self.echo) - self._echoed)]
        self.echo[self._echoed : self._echoed + len(part)] += part.astype(np.float32)
        self._echoed += len(sound)


class _Loudspeaker:
    def __init__(self, room: EchoRoom, rate: int) -> None:
        self._room = room
        self._rate = rate
        self._pull: Pull | None = None

    def open(self, pull: Callable[[int], Pull]) -> int:
        self._pull = pull(self._rate)
        return self._rate

    def close(self) -> None:
        self._pull = None

    def time(self) -> float:
        return self._room.now + self._room.jitter()

    @property
    def alive(self) -> bool:
        return self._pull is not None

    def sound(self) -> Samples:
        frames = PULL * self._rate // SAMPLE_RATE
        if self._pull is None:
            return np.zeros(frames, dtype=np.float32)
        return self._pull(frames, self._room.now + DEVICE_DELAY_S)


class _Microphone:
    def __init__(self, room: EchoRoom) -> None:
        self._room = room
        self.position = 0
        self._closed = threading.Event()
        self.done = threading.Event()
        """Set when all has been heard."""

    def open(self) -> None:
        self._closed.clear()

    def close(self) -> None:
        self._closed.set()

    def blocks(self) -> Iterator[Block]:
        room = self._room
        while self.position + BLOCK <= len(room.people) and not self._closed.is_set():
            start, end = self.position, self.position + BLOCK
            room.pass_time(end / SAMPLE_RATE)
            self.position = end
            heard = room.people[start:end] + room.echo[start:end]
            yield Block(heard, start, end / SAMPLE_RATE + room.jitter())
        self.done.set()
        self._closed.wait(20)

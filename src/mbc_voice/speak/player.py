"""The one player: clips in, sound out, and what has really been heard.

`Player` may be used by any thread and never waits, except in `open` and `close`. The sink's own
thread pulls the samples. "Heard" means that the loudspeaker's clock has passed the sample, not that
it was handed over.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from mbc_voice.audio import Samples, resample
from mbc_voice.played import Played
from mbc_voice.speak.playback import FADE_MS, Mark, Playback, volume_gain

WAKE_MS = 100
"""Silence right after the device was opened: one that has slept swallows so much."""

LOST_SECONDS = 2.0
"""A sink that has not asked for samples for so long is gone."""

Pull: TypeAlias = Callable[[int, float], Samples]
"""``pull(frames, due)`` gives the next samples; `due` is when the first one will be heard."""


class Sink(Protocol):
    """Where sound goes: a loudspeaker, or a test."""

    def open(self, pull: Callable[[int], Pull]) -> int:
        """Begin to pull, by what ``pull(sample_rate)`` returns; return the sample rate in Hz.

        Raises `DeviceError` if that is impossible. May be called again after `close`.
        """

    def close(self) -> None:
        """Stop pulling; returns within about a second. Harmless when closed."""

    def time(self) -> float:
        """Return the time, in seconds, on the clock that `due` is given in."""

    @property
    def alive(self) -> bool:
        """Whether it is open and has asked for samples within `LOST_SECONDS`."""


class Position(NamedTuple):
    """What is being heard."""

    clip: int
    sample: int
    """Within the clip, at the player's sample rate."""


class Plays(Protocol):
    """What the speaker asks of its player. Any thread may call it; nothing waits but `reopen`."""

    @property
    def sample_rate(self) -> int:
        """Hz, of `position`."""

    @property
    def alive(self) -> bool:
        """Whether sound is still taken."""

    @property
    def position(self) -> Position | None:
        """What is being heard right now, or was heard last; None before the first clip."""

    def reopen(self) -> bool:
        """Try again after sound was not taken; return whether what waits goes on.

        Raises `DeviceError`.
        """

    def close(self) -> None:
        """Be silent, and let the device go."""

    def play(self, samples: Samples, sample_rate: int) -> int:
        """Play a clip behind what is already waiting; return its number, which rises."""

    def pause(self) -> None:
        """Be silent, and keep the place."""

    def resume(self) -> None:
        """Go on with the sample after the last one played."""

    def stop(self) -> None:
        """Be silent and forget all clips, even when paused."""

    def duck(self) -> None:
        """Go on at a fraction of the volume, until `restore` or `stop`."""

    def restore(self) -> None:
        """Go on at the usual volume."""

    def cue(self, samples: Samples, sample_rate: int) -> None:
        """Sound something short at once, without touching the clips; it is not reported."""

    def set_volume(self, level: int) -> None:
        """Change the volume at once, 0 to 10."""

    def heard(self) -> list[Mark]:
        """Return, once each and in order, the beginnings and ends heard until now."""


class Player:
    """Plays clips one after another into one sink, which stays open.

    `open` comes first. Clips are numbered from 1 in the order they were given. All that the sink
    was given is told to `played`, for whoever must take its echo out of what is heard.
    """

    def __init__(
        self,
        sink: Sink,
        *,
        fade_ms: float = FADE_MS,
        wake_ms: float = WAKE_MS,
        played: Played | None = None,
    ) -> None:
        self._sink = sink
        self._played = played
        self._fade_ms = fade_ms
        self._wake_ms = wake_ms
        self._playback: Playback | None = None
        self._sample_rate = 0
        self._waking = 0
        self._gain = 1.0
        self._numbers = itertools.count(1)

    def open(self) -> None:
        """Open the sink. Raises `DeviceError`."""
        self._sink.open(self._begin)

    def reopen(self) -> bool:
        """Open the sink again after it was lost. Raises `DeviceError`.

        Returns whether what was not played yet goes on; it is forgotten where the new device has
        another sample rate.
        """
        before = self._playback
        self._sink.close()
        self._sink.open(self._begin)
        return self._playback is before

    def close(self) -> None:
        """Be silent and close the sink."""
        self.stop()
        self._sink.close()

    @property
    def sample_rate(self) -> int:
        """Hz; 0 before `open`."""
        return self._sample_rate

    @property
    def alive(self) -> bool:
        """Whether the sink still takes samples."""
        return self._sink.alive

    def play(self, samples: Samples, sample_rate: int) -> int:
        """Play a clip behind what is already waiting; return its number.

        An empty clip is played as one silent sample, so that it too begins and ends.
        """
        clip = next(self._numbers)
        fitting = resample(samples, sample_rate, self._sample_rate)
        self._ready.play(clip, fitting if len(fitting) else np.zeros(1, dtype=np.float32))
        return clip

    def pause(self) -> None:
        """Be silent within `FADE_MS`, and keep the place."""
        self._ready.pause()

    def resume(self) -> None:
        """Go on with the sample after the last one played."""
        self._ready.resume()

    def stop(self) -> None:
        """Be silent within `FADE_MS` and forget all clips, even when paused."""
        if self._playback is not None:
            self._playback.stop()

    def duck(self) -> None:
        """Go on at a fraction of the volume, because somebody speaks; until `restore` or `stop`."""
        self._ready.duck()

    def restore(self) -> None:
        """Go on at the usual volume."""
        self._ready.restore()

    def cue(self, samples: Samples, sample_rate: int) -> None:
        """Sound something short at once, without touching the clips; it is not reported."""
        self._ready.cue(resample(samples, sample_rate, self._sample_rate))

    def set_volume(self, level: int) -> None:
        """Change the volume at once: 0 to 10 in steps of 3 dB, 10 is full."""
        self._gain = volume_gain(level)
        if self._playback is not None:
            self._playback.set_gain(self._gain)

    def heard(self) -> list[Mark]:
        """Return, once each and in order, the beginnings and ends heard until now."""
        now = self._sink.time()
        marks = self._ready.marks
        due: list[Mark] = []
        while marks and marks[0].due <= now:
            due.append(marks.popleft())
        return due

    @property
    def position(self) -> Position | None:
        """What is being heard right now, or was heard last; None before the first clip."""
        now = self._sink.time()
        latest = None
        for head in list(self._ready.heads):
            if head.due <= now or latest is None:
                latest = head
        if latest is None:
            return None
        since = max(0, round((now - latest.due) * self._sample_rate))
        return Position(latest.clip, latest.sample + min(since, latest.length))

    @property
    def _ready(self) -> Playback:
        if self._playback is None:
            raise RuntimeError("open the player first")
        return self._playback

    def _begin(self, sample_rate: int) -> Pull:
        """Return what the sink is to pull from; kept over a reopening at the same rate."""
        if self._playback is None or sample_rate != self._sample_rate:
            self._sample_rate = sample_rate
            self._playback = Playback(sample_rate, self._fade_ms)
            self._playback.set_gain(self._gain)
        self._waking = round(sample_rate * self._wake_ms / 1000)
        return self._pull

    def _pull(self, frames: int, due: float) -> Samples:
        sound = self._next(frames, due)
        if self._played is not None:
            self._played.tell(sound, self._sample_rate, self._sink.time())
        return sound

    def _next(self, frames: int, due: float) -> Samples:
        silent = min(frames, self._waking)
        self._waking -= silent
        if silent == frames:
            return np.zeros(frames, dtype=np.float32)
        playback = self._ready
        sound = playback.pull(frames - silent, due + silent / self._sample_rate)
        return sound if not silent else np.concatenate([np.zeros(silent, np.float32), sound])

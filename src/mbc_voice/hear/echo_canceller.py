"""Takes our own voice out of what the microphone hears, so that people can talk over it.

Owns the alignment of two clocks, what the loudspeaker was given and what the microphone sent, and
the order of two cancellers: `linear_canceller` for words, then WebRTC's AEC3 (by pywebrtc-audio)
for whether anybody speaks. AEC3 alone takes the words of whoever speaks over us along with the
echo; the linear one alone leaves echo that looks like speech. Runs on the listener's thread, inside
the `Source` that it wraps; the rest of hearing doesn't know that there was an echo.

Both streams are counted in samples, which is exact; when they run against each other is only known
from the times at which devices asked for samples or sent them, which jitter by tens of
milliseconds. So the shift between the streams is a median over seconds, and is held until it is
clearly wrong: cancellers find the true delay by themselves (up to 0.4 s), but have to learn anew
when what they are given jumps. A sample is handed over before it is heard and arrives after it was
heard, so the delay is never negative. How fast the two clocks run apart is heard from the echo
itself (`drift`), and made up for in the reference.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import soxr

from mbc_voice.audio import SAMPLE_RATE, Block, Samples, decibels_to_gain
from mbc_voice.hear.altered import Altered
from mbc_voice.hear.drift import Drift
from mbc_voice.hear.microphone import Arrived, Source
from mbc_voice.played import Played, Run

FRAME = SAMPLE_RATE // 100
"""Samples in one step of the canceller (10 ms)."""
RUNS, BLOCKS = 200, 64
"""How many times of each stream the shift is taken from: about two seconds."""
FEWEST_RUNS, FEWEST_BLOCKS = 10, 3
"""Before there are so many, nothing is cancelled."""
TOLERANCE = SAMPLE_RATE * 30 // 1000
"""The shift is set anew when it is wrong by more (30 ms): a device has run dry or was reopened."""
LEAD = SAMPLE_RATE // 100
"""What was played is taken so much older (10 ms) than the shift says, so that it is there."""
MEMORY = 40 * SAMPLE_RATE
"""Samples kept of what was played; a listener is at most 30 s late."""
GAP_SECONDS = 0.5
"""A loudspeaker that asked for nothing for so long begins a new stream."""
DIES_AWAY = SAMPLE_RATE
"""Samples after which a sound has died away in any room, however late its echo (1 s)."""
LONGEST_HOLD = SAMPLE_RATE // 5
"""Sound of the microphone waits at most so long (200 ms) for what was played meanwhile."""
MOSTLY_ECHO = 10 ** (9 / 10)
"""Where the first canceller took off so much (9 dB), what is left is the rest of the echo: somebody
as loud as the echo loses 2 dB, and at most 5."""
LEARNING = 2 * SAMPLE_RATE
"""Samples of our own voice (2 s) that both cancellers need before what they leave tells anything:
the first sentence of a talk. Whoever speaks over that is not noticed; keys are obeyed."""
SETTLED_SECONDS = 0.5
"""After so much silence the resampler holds nothing else: more of it needs no work."""
LONG_SILENCE_SECONDS = 30.0
"""After so long, clocks that are followed are out by about a sample in any case."""
SOUNDING = decibels_to_gain(-50.0)
"""Root mean square from which on a frame that was played teaches the cancellers something."""
PACE = 0.25
"""How fast both levels are followed, from frame to frame."""
NEXT_TO_NOTHING = decibels_to_gain(-30.0)
"""What the rest of the echo is multiplied by."""
CANCELLED = re.compile(r"echo.?cancel", re.IGNORECASE)
"""How PulseAudio and PipeWire name a source whose echo the system itself cancels."""


class Canceller(Protocol):
    """Takes the echo of one sound out of another."""

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """Return what was heard without what was played; all ``(FRAME,) float32``."""

    def learn_again(self) -> None:
        """Take note that what is played has moved against what is heard."""


def is_cancelled_already(microphone: str) -> bool:
    """Return whether a microphone of this name has its echo cancelled by the system."""
    return bool(CANCELLED.search(microphone))


class Aec3:
    """WebRTC's third echo canceller, which suppresses what it can't cancel; 0.8 % of a core."""

    def __init__(self) -> None:
        from pywebrtc_audio import EchoCanceller

        self._canceller = EchoCanceller(sample_rate=SAMPLE_RATE)

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """Return what was heard without what was played; all ``(FRAME,) float32``."""
        return np.asarray(self._canceller.process(heard, played), dtype=np.float32)

    def learn_again(self) -> None:
        """Do nothing: it looks for the delay all the time."""


class Remnant:
    """Quietens the rest of an echo, which can be as clear as somebody who whispers."""

    def __init__(self) -> None:
        self._heard = self._left = 0.0
        self._gain = 1.0
        self._learnt = 0
        """Samples that the cancellers learnt from, so far."""

    def quieten(self, heard: Samples, played: Samples, left: Samples, voice: Samples) -> Samples:
        """Return the voice of one frame, or next to nothing of it if `left` is mostly echo."""
        self._heard += PACE * (_energy(heard) - self._heard)
        self._left += PACE * (_energy(left) - self._left)
        echo = self._heard > self._left * MOSTLY_ECHO
        if self._learnt < LEARNING:
            echo = True
            self._learnt += len(played) if _energy(played) > SOUNDING**2 else 0
        before, self._gain = self._gain, NEXT_TO_NOTHING if echo else 1.0
        return voice * np.linspace(before, self._gain, len(voice), dtype=np.float32)


class EchoFree(Altered):
    """A `Source` without the echo of what was played.

    `words` makes what recognizers hear: it may leave some of the echo, as long as it leaves people
    alone. `voice` goes on from there to what tells whether anybody speaks at all (`Block.voice`),
    and may take people's words along with the echo; at the beginning, while both are learning, it
    is told of silence. Blocks without a time of arrival, and all blocks while nothing sounds, pass
    unchanged. They come out up to 10 ms later, cut anew.
    """

    def __init__(self, source: Source, played: Played, words: Canceller, voice: Canceller) -> None:
        super().__init__(source)
        self._words = words
        self._voice = voice
        self._remnant = Remnant()
        self._drift = Drift()
        self._reference = Reference(played)
        self._shift: int | None = None
        """Of the reference, when last something was cancelled."""

    def blocks(self) -> Iterator[Arrived]:
        """Yield blocks until `close`, or `Lost` as the last thing."""
        held: Block | None = None
        self._reference.forget_microphone()
        for arrived in self._source.blocks():
            if not isinstance(arrived, Block):
                yield arrived
                continue
            self._reference.heard(arrived)
            if held is not None and held.start + len(held.samples) == arrived.start:
                both = np.concatenate([held.samples, arrived.samples])
                arrived = replace(arrived, samples=both, start=held.start)
            elif held is not None:
                yield held
            clean, held = self._clean(arrived)
            if len(clean.samples):
                yield clean

    def _clean(self, block: Block) -> tuple[Block, Block | None]:
        """Return the part that could be cancelled, and the rest that waits."""
        if self._reference.is_unaligned(block):
            return replace(block, voice=np.zeros_like(block.samples)), None
        if not self._reference.is_playing(block):
            return block, None
        if self._reference.shift != self._shift:
            self._shift = self._reference.shift
            self._words.learn_again()
            self._voice.learn_again()
        words: list[Samples] = []
        voice: list[Samples] = []
        at, length = 0, len(block.samples)
        while at + FRAME <= length:
            late = length - at > LONGEST_HOLD
            played = self._reference.at(block.start + at, missing_is_silence=late)
            if played is None:
                break
            heard = block.samples[at : at + FRAME]
            left = self._words.cancel(heard, played)
            words.append(left)
            self._drift.follow(heard, left)
            rest = self._voice.cancel(left, played)
            voice.append(self._remnant.quieten(heard, played, left, rest))
            at += FRAME
        self._reference.drift = self._drift.share
        held = replace(block, samples=block.samples[at:], start=block.start + at)
        clean = replace(block, samples=_join(words), voice=_join(voice))
        return clean, held if at < length else None


def _energy(samples: Samples) -> float:
    return float(np.mean(np.square(samples, dtype=np.float64)))


def _join(frames: list[Samples]) -> Samples:
    return np.concatenate([np.zeros(0, np.float32), *frames])


class Reference:
    """What was played, as one stream at 16 kHz beside that of the microphone."""

    def __init__(self, played: Played) -> None:
        self.drift = 0.0
        """By how much of itself the microphone's clock is faster than the loudspeaker's."""
        self._played = played
        self._rate = 0
        self._resampler = _resampler(SAMPLE_RATE)
        self._silent = 0
        """Samples of silence that the loudspeaker was given last, at its rate."""
        self._owed = 0.0
        """Part of a sample by which the counted silence is longer than what was made of it."""
        self._ring: Samples = np.zeros(MEMORY, dtype=np.float32)
        self._end = 0
        """Index, since the first run, of the sample after the stream's last."""
        self._sounded = 0
        """Index of the sample after the last run that was no silence."""
        self._next_at = 0.0
        """When the next run is due, in seconds."""
        self._given = 0.0
        """Length of all runs so far, in samples at 16 kHz."""
        self._handed_over: deque[float] = deque(maxlen=RUNS)
        """When the stream would have begun, as each run says it; in samples."""
        self._arrived: deque[float] = deque(maxlen=BLOCKS)
        """The same for the microphone's stream, as each block says it."""
        self._shift: int | None = None

    @property
    def shift(self) -> int | None:
        """The index in this stream minus that in the microphone's, in samples; None if unknown."""
        return self._shift

    def forget_microphone(self) -> None:
        """A new stream of the microphone begins."""
        self._arrived.clear()
        self._shift = None

    def heard(self, block: Block) -> None:
        """Take note of when a block of the microphone arrived, and of what was played by then."""
        for run in self._played.take():
            self._add(run)
        if block.at is None:
            return
        self._arrived.append(block.at * SAMPLE_RATE - block.start - len(block.samples))
        self._align()

    def is_unaligned(self, block: Block) -> bool:
        """Return whether something sounds now, and it is not known yet beside what."""
        if self._shift is not None or self._sounded == 0 or block.at is None:
            return False
        return block.at < self._next_at + GAP_SECONDS

    def is_playing(self, block: Block) -> bool:
        """Return whether the shift is known, and something sounded shortly before this block."""
        if self._shift is None:
            return False
        first = block.start + self._shift - LEAD
        return first < min(self._sounded + DIES_AWAY, self._end + LONGEST_HOLD)

    def at(self, start: int, *, missing_is_silence: bool = False) -> Samples | None:
        """Return what was played beside the `FRAME` samples of the microphone from `start` on.

        None if it hasn't been handed over yet; what is too old counts as silence.
        """
        assert self._shift is not None
        first = start + self._shift - LEAD
        if first + FRAME > self._end and not missing_is_silence:
            return None
        places = np.arange(first, first + FRAME)
        there = (places >= max(0, self._end - MEMORY)) & (places < self._end)
        return np.where(there, self._ring[places % MEMORY], np.float32(0.0))

    def _add(self, run: Run) -> None:
        if run.rate != self._rate or abs(run.handed_over - self._next_at) > GAP_SECONDS:
            self._begin_again(run.rate)
        self._next_at = run.handed_over + len(run.samples) / run.rate
        self._handed_over.append(run.handed_over * SAMPLE_RATE - self._given)
        rate = SAMPLE_RATE * (1 + self.drift)
        self._given += len(run.samples) * rate / run.rate
        self._silent = 0 if run.samples.any() else self._silent + len(run.samples)
        fitting = self._fitted(run, rate)[-MEMORY:]
        self._ring[np.arange(self._end, self._end + len(fitting)) % MEMORY] = fitting
        self._end += len(fitting)
        if not self._silent:
            self._sounded = self._end

    def _fitted(self, run: Run, rate: float) -> Samples:
        """Return a run at the microphone's `rate`.

        Long silence is counted, not resampled: that took half of all work while nothing happens.
        Only what makes whole samples is left out, so that what sounds next falls where it would;
        where clocks drift apart, it may fall a part of a sample beside that.
        """
        left_out = 0
        if rate != SAMPLE_RATE and self._silent > LONG_SILENCE_SECONDS * run.rate:
            left_out = len(run.samples)
        elif rate == SAMPLE_RATE and self._silent > SETTLED_SECONDS * run.rate:
            step = run.rate // math.gcd(run.rate, SAMPLE_RATE)
            left_out = len(run.samples) // step * step
        counted = self._owed + left_out * rate / run.rate
        silence = np.zeros(round(counted), dtype=np.float32)
        self._owed = counted - len(silence)
        if left_out == len(run.samples):
            return silence
        self._resampler.set_io_ratio(run.rate, rate)
        rest = self._resampler.resample_chunk(run.samples[left_out:])
        return np.concatenate([silence, np.asarray(rest, dtype=np.float32)])

    def _begin_again(self, rate: int) -> None:
        """Begin a new stream: the loudspeaker was opened, or stood still."""
        self._rate = rate
        self._resampler = _resampler(rate)
        self._end, self._sounded, self._given, self._shift = 0, 0, 0.0, None
        self._silent = 0
        self._handed_over.clear()

    def _align(self) -> None:
        """Set the shift anew, if it is clearly wrong."""
        if len(self._handed_over) < FEWEST_RUNS or len(self._arrived) < FEWEST_BLOCKS:
            return
        shift = round(float(np.median(self._arrived) - np.median(self._handed_over)))
        if self._shift is None or abs(shift - self._shift) > TOLERANCE:
            self._shift = shift


def _resampler(rate: int) -> Any:
    """Return what brings one stream to 16 kHz, or nearly, as clocks demand."""
    return soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", vr=True)

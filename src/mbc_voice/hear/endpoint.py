"""Where speech begins and ends: a machine of four states that counts samples, never clocks.

Pure: the same frames and probabilities give the same segments, however fast they arrive and
however the sound was cut into blocks. Used by one thread at a time.

    quiet ──speech──▶ starting ──enough of it──▶ speaking ──pause──▶ stopping ──long enough──▶ quiet
      ▲                  │                           ▲                   │
      └────it was a click┘                           └──speech goes on───┘

Only frames count that have a probability: the time a detector needs to warm up is neither speech
nor silence. The idea of four states that count audio is pipecat's.

A detector is sure that speech is over only some 90 ms after the last sound. Where that sound could
be told from the quiet behind it by its level, the pause is counted from there. Where words may fade
before they end, that would cut them off; there quiet by either sign only brings an early look
(`Paused.early`), whatever the detector still says, and the usual one follows.

How long a pause must be to end a segment depends on what was said. Early in a pause it tells where
speech stopped (`Paused`); whoever has looked at the words by then may ask for a shorter or longer
wait with `end_after`, which holds until speech goes on.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Block, Samples, Segment, rms_dbfs

State: TypeAlias = Literal["quiet", "starting", "speaking", "stopping"]

FADED_DB = 26.0
"""Frames so much softer than the loudest of the segment hold no sound of it."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """When speech counts as begun and as ended."""

    start_probability: float = 0.5
    """From this probability on, speech may be beginning."""
    stay_probability: float = 0.35
    """Down to this probability, speech that has begun goes on."""
    min_speech_ms: int = 96
    """This much speech on end has begun; less is a click. A "yes" has about 250 ms."""
    end_pause_ms: int = 800
    """A pause this long ends a segment, unless `Endpoint.end_after` says otherwise."""
    look_ms: int = 96
    """This early in a pause it tells `Paused`: time to look at what was said so far. The last
    consonant is in by then, because the detector lags."""
    lag_ms: int = 96
    """So much quiet before the detector noticed it counts for the pause, at most."""
    early_ms: int = 0
    """After so much quiet, by level or by the detector, it tells `Paused.early`; 0 is never."""
    room_ms: int = 300
    """Room before the first and after the last speech: soft consonants escape the detector."""
    longest_ms: int = 30_000
    """A segment this long ends by itself: steady noise, or somebody who talks on."""


@dataclass(frozen=True, slots=True, eq=False)
class SpeechBegan:
    """Somebody is speaking; the samples reach back a little before the first word."""

    samples: Samples
    start: int
    """Index of the first of these samples since the stream began."""


@dataclass(frozen=True, slots=True, eq=False)
class SpeechWentOn:
    """More samples of the same segment."""

    samples: Samples


@dataclass(frozen=True, slots=True)
class Paused:
    """Speech has stopped for a moment; perhaps it was all. Once a pause, or twice if `early`."""

    speech_end: int
    """As in the `Segment` that this may become; speech that goes on has a later one. Of an early
    one, the end of the last sound (`Endpoint.sound_end`)."""
    early: bool = False
    """Whether this is so early that there is another one if the pause lasts."""


EndpointEvent: TypeAlias = SpeechBegan | SpeechWentOn | Paused | Segment
"""The samples of a `SpeechBegan` and the `SpeechWentOn`s after it, joined, are those of the
`Segment` that ends them."""


class Endpoint:
    """Finds the segments in a stream of frames."""

    def __init__(self, settings: EndpointSettings | None = None) -> None:
        self.settings = settings or EndpointSettings()
        self.state: State = "quiet"
        self._before: deque[Block] = deque()
        """The latest frames that belong to no segment; the room before the next one."""
        self._segment: list[Block] = []
        self._held: list[Block] = []
        """Frames of a pause that are no part of the segment unless speech goes on."""
        self._speech = 0
        """Samples of speech while starting."""
        self._pause = 0
        """Samples of pause while stopping."""
        self._loudest_dbfs = -math.inf
        """Level of the loudest frame of the segment."""
        self._faded = 0
        """Samples since the last frame that was not faded, while speaking."""
        self._quiet = 0
        """Samples since the last frame that was speech and not faded."""
        self._told = False
        """Whether it has told of this pause."""
        self._enough: int | None = None
        """Samples of pause that end the segment this time, if not the usual number."""
        self.speech_end = 0
        """Index of the sample after the last one that was speech, so far."""
        self.sound_end = 0
        """Index of the sample after the last one that was speech and had not faded, so far."""

    @property
    def faded_dbfs(self) -> float:
        """Level from which on a frame holds sound of the segment in progress."""
        return self._loudest_dbfs - FADED_DB

    def hear(self, frame: Block, probability: float) -> tuple[EndpointEvent, ...]:
        """Take the next frame and how likely it is speech; return what happened."""
        if self.state in ("quiet", "starting"):
            return self._wait(frame, probability)
        return self._follow(frame, probability)

    def end_after(self, pause_ms: int) -> tuple[EndpointEvent, ...]:
        """Let this pause end the segment once it is so long; return what that brings at once."""
        if self.state != "stopping":
            return ()
        self._enough = _samples(pause_ms)
        return self._end_if_quiet()

    def finish(self) -> tuple[EndpointEvent, ...]:
        """The stream ends or breaks here: return the segment in progress, if there is one."""
        if self.state in ("speaking", "stopping"):
            return self._end()
        self.forget()
        return ()

    def forget(self, settings: EndpointSettings | None = None) -> None:
        """Drop everything heard so far, and go on with these settings if given."""
        self.settings = settings or self.settings
        self.state = "quiet"
        self._before.clear()
        self._segment, self._held = [], []
        self._speech = self._pause = self._faded = self._quiet = 0
        self._loudest_dbfs = -math.inf
        self._enough, self._told = None, False

    def _wait(self, frame: Block, probability: float) -> tuple[EndpointEvent, ...]:
        settings = self.settings
        starting = self.state == "starting"
        enough = settings.stay_probability if starting else settings.start_probability
        self._before.append(frame)
        if probability < enough:
            self.state, self._speech = "quiet", 0
            self._keep_room()
            return ()
        self.state = "starting"
        self._speech += len(frame.samples)
        if self._speech < _samples(settings.min_speech_ms):
            return ()
        return self._begin()

    def _begin(self) -> tuple[EndpointEvent, ...]:
        self._segment = list(self._before)
        self._before.clear()
        self.state, self._speech, self._pause = "speaking", 0, 0
        self.speech_end = self.sound_end = _end_of(self._segment[-1])
        self._loudest_dbfs = max(rms_dbfs(frame.samples) for frame in self._segment)
        self._faded = self._quiet = 0
        return (SpeechBegan(_join(self._segment), self._segment[0].start), *self._end_if_too_long())

    def _follow(self, frame: Block, probability: float) -> tuple[EndpointEvent, ...]:
        level = rms_dbfs(frame.samples)
        self._loudest_dbfs = max(self._loudest_dbfs, level)
        faded = level < self.faded_dbfs
        if probability >= self.settings.stay_probability:
            events = self._speak_on(frame, faded=faded)
        else:
            events = self._pause_on(frame)
        return (*events, *self._look_early(frame, quiet=faded or self._pause > 0))

    def _speak_on(self, frame: Block, *, faded: bool) -> tuple[EndpointEvent, ...]:
        self._faded = self._faded + len(frame.samples) if faded else 0
        self.state, self._pause, self._enough, self._told = "speaking", 0, None, False
        self.speech_end = _end_of(frame)
        return self._go_on([*self._held, frame])

    def _pause_on(self, frame: Block) -> tuple[EndpointEvent, ...]:
        settings = self.settings
        self._pause += len(frame.samples)
        if self.state == "speaking":
            self._pause += min(self._faded, _samples(settings.lag_ms))
        self.state, self._faded = "stopping", 0
        if self._pause <= _samples(settings.room_ms):
            events = self._go_on([frame])
        else:
            self._held.append(frame)
            events = ()
        if (
            self.state == "stopping"
            and not self._told
            and self._pause >= _samples(settings.look_ms)
        ):
            self._told = True
            events = (*events, Paused(self.speech_end))
        return (*events, *self._end_if_quiet())

    def _look_early(self, frame: Block, *, quiet: bool) -> tuple[EndpointEvent, ...]:
        """Return whether it is time for an early look; what ended the segment needs none."""
        if self.state not in ("speaking", "stopping"):
            return ()
        if not quiet:
            self._quiet, self.sound_end = 0, _end_of(frame)
            return ()
        before, self._quiet = self._quiet, self._quiet + len(frame.samples)
        early = _samples(self.settings.early_ms)
        return (Paused(self.sound_end, early=True),) if before < early <= self._quiet else ()

    def _go_on(self, frames: list[Block]) -> tuple[EndpointEvent, ...]:
        self._held = []
        self._segment += frames
        return (SpeechWentOn(_join(frames)), *self._end_if_too_long())

    def _end_if_too_long(self) -> tuple[EndpointEvent, ...]:
        length = sum(len(frame.samples) for frame in self._segment)
        return self._end() if length >= _samples(self.settings.longest_ms) else ()

    def _end_if_quiet(self) -> tuple[EndpointEvent, ...]:
        usual = _samples(self.settings.end_pause_ms)
        enough = usual if self._enough is None else self._enough
        return self._end() if self.state == "stopping" and self._pause >= enough else ()

    def _end(self) -> tuple[EndpointEvent, ...]:
        segment = Segment(_join(self._segment), self._segment[0].start, self.speech_end)
        held = self._held
        self.forget()
        self._before.extend(held)
        self._keep_room()
        return (segment,)

    def _keep_room(self) -> None:
        room = _samples(self.settings.room_ms)
        length = sum(len(frame.samples) for frame in self._before)
        while self._before and length - len(self._before[0].samples) >= room:
            length -= len(self._before.popleft().samples)


def _samples(milliseconds: int) -> int:
    return milliseconds * SAMPLE_RATE // 1000


def _end_of(frame: Block) -> int:
    return frame.start + len(frame.samples)


def _join(frames: list[Block]) -> Samples:
    return np.concatenate([frame.samples for frame in frames])

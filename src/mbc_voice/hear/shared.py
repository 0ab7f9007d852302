"""One recognizer for several listeners, who take turns.

Each `SharedRecognizer` belongs to one listener; all hold the same `SharedEngine`. A segment is kept
until it is asked for, and then decoded in one go, so that no two are mixed, and nothing of one
listener's is left in the engine for the next. Where many wait, whoever said little is let in before
whoever said much a moment earlier: "stop" is not to wait for questions. What nobody wants any more
is not waited for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.recognizer import ReadsAgain, Recognizer, glance

_Found = TypeVar("_Found")

LONGEST_WAIT_SECONDS = 60.0
"""Nobody waits longer for their turn; then this segment is lost."""
HANG_SECONDS = 30.0
"""An engine that is busy with one segment for so long hangs."""


class GivenUpError(Exception):
    """Nobody wants this any more."""


@dataclass(slots=True, eq=False)
class Place:
    """Somebody's place in the line."""

    due: float
    """When they came, and as much later as they spoke, in seconds."""
    given_up: bool = False


class Line:
    """Lets in one at a time, the one who is due first; nobody waits for ever, whoever comes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[Place] = []
        self._inside = False

    def join(self, seconds: float) -> Place:
        """Take a place for so many seconds of speech."""
        place = Place(self._clock() + seconds)
        with self._changed:
            self._waiting.append(place)
        return place

    @contextmanager
    def turn(self, place: Place) -> Iterator[None]:
        """Wait for one's turn, and have it. Raises `TimeoutError` and `GivenUpError`."""

        def is_next() -> bool:
            first = min(self._waiting, key=lambda one: one.due)
            return place.given_up or (not self._inside and place is first)

        with self._changed:
            came = self._changed.wait_for(is_next, LONGEST_WAIT_SECONDS)
            self._waiting.remove(place)
            self._changed.notify_all()
            if place.given_up:
                raise GivenUpError
            if not came:
                raise TimeoutError("the recognizer is never free")
            self._inside = True
        try:
            yield
        finally:
            with self._changed:
                self._inside = False
                self._changed.notify_all()

    def give_up(self, place: Place) -> None:
        """Let a place go that is still waited at."""
        with self._changed:
            place.given_up = True
            self._changed.notify_all()


class SharedEngine:
    """A recognizer that several threads use, one segment at a time."""

    def __init__(self, recognizer: Recognizer, clock: Callable[[], float] = time.monotonic) -> None:
        self._recognizer = recognizer
        self._clock = clock
        self.line = Line(clock)
        self._busy_since: float | None = None

    @property
    def hangs(self) -> bool:
        """Whether it has been at one segment for longer than any takes."""
        since = self._busy_since
        return since is not None and self._clock() - since > HANG_SECONDS

    def decode(
        self,
        phrases: Sequence[str] | None,
        fed: Sequence[Samples],
        place: Place,
        begun: Callable[[], None] = lambda: None,
    ) -> Transcript | Silence:
        """Return what was said in a segment; calls `begun` when its turn has come."""
        return self._use(phrases, fed, place, begun, self._recognizer.end)

    def glance(
        self,
        phrases: Sequence[str] | None,
        fed: Sequence[Samples],
        place: Place,
        begun: Callable[[], None] = lambda: None,
        *,
        rather: str = "",
    ) -> Transcript | Silence:
        """Return what was said so far in a segment, by the first search alone."""
        return self._use(phrases, fed, place, begun, partial(glance, self._recognizer, rather))

    def alternatives(
        self,
        fed: Sequence[Samples],
        place: Place,
        begun: Callable[[], None] = lambda: None,
        *,
        speed: float = 1.0,
    ) -> Sequence[str]:
        """Return the best readings of a segment, which is fed anew: others came between."""
        ear = self._recognizer
        if not isinstance(ear, ReadsAgain):
            return ()
        return self._use(None, fed, place, begun, partial(ear.alternatives, speed))

    def _use(
        self,
        phrases: Sequence[str] | None,
        fed: Sequence[Samples],
        place: Place,
        begun: Callable[[], None],
        ask: Callable[[], _Found],
    ) -> _Found:
        """Return what is asked of a segment, when its turn has come; leave nothing behind."""
        with self.line.turn(place):
            begun()
            self._busy_since = self._clock()
            try:
                self._recognizer.begin(phrases)
                for samples in fed:
                    self._recognizer.feed(samples)
                return ask()
            finally:
                self._recognizer.begin()
                self._busy_since = None


class SharedRecognizer:
    """Satisfies `Recognizer` by an engine that others use too."""

    def __init__(self, engine: SharedEngine) -> None:
        self._engine = engine
        self._phrases: Sequence[str] | None = None
        self._fed: list[Samples] = []
        self._place: Place | None = None
        self.waiting = False
        """Whether it waits for its turn: that is no time of its own."""

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        """Start a segment, forgetting an unfinished one."""
        self._phrases, self._fed = phrases, []

    def feed(self, samples: Samples) -> str:
        """Keep the samples; there is no partial text."""
        self._fed.append(samples)
        return ""

    def look(self) -> Transcript | Silence:
        """Return what was said so far; the segment goes on."""
        return self._decode(self._engine.decode)

    def glance(self, rather: str = "") -> Transcript | Silence:
        """Return what was said so far, by the first search alone; `rather` may count as heard."""
        return self._decode(partial(self._engine.glance, rather=rather))

    def end(self) -> Transcript | Silence:
        """Return what was said in the segment."""
        try:
            return self._decode(self._engine.decode)
        finally:
            self._fed = []

    def alternatives(self, speed: float = 1.0) -> Sequence[str]:
        """Return the best readings of what was fed, at this speed; none if it was given up."""
        return self._wait(
            lambda place: self._engine.alternatives(self._fed, place, self._begun, speed=speed), ()
        )

    def give_up(self) -> None:
        """Wait no longer for what was asked last: nobody wants it. Any thread may call this."""
        place = self._place
        if place is not None:
            self._engine.line.give_up(place)

    def _decode(self, decode: Callable[..., Transcript | Silence]) -> Transcript | Silence:
        phrases = self._phrases
        nothing: Transcript | Silence = Silence("silence")
        return self._wait(lambda place: decode(phrases, self._fed, place, self._begun), nothing)

    def _wait(self, ask: Callable[[Place], _Found], given_up: _Found) -> _Found:
        self._place = self._engine.line.join(sum(map(len, self._fed)) / SAMPLE_RATE)
        self.waiting = True
        try:
            return ask(self._place)
        except GivenUpError:
            return given_up
        finally:
            self.waiting = False
            self._place = None

    def _begun(self) -> None:
        self.waiting = False

"""One recognizer for several listeners, who take turns.

Each `SharedRecognizer` belongs to one listener; all hold the same `SharedEngine`. A segment is kept
until it is asked for, and then decoded in one go, so that no two are mixed, and nothing of one
listener's is left in the engine for the next.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from mbc_voice.audio import Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.recognizer import ReadsAgain, Recognizer

_Found = TypeVar("_Found")

LONGEST_WAIT_SECONDS = 60.0
"""Nobody waits longer for their turn; then this segment is lost."""
HANG_SECONDS = 30.0
"""An engine that is busy with one segment for so long hangs."""


class SharedEngine:
    """A recognizer that several threads use, one segment at a time."""

    def __init__(self, recognizer: Recognizer, clock: Callable[[], float] = time.monotonic) -> None:
        self._recognizer = recognizer
        self._clock = clock
        self._turn = threading.Lock()
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
        begun: Callable[[], None] = lambda: None,
    ) -> Transcript | Silence:
        """Return what was said in a segment; calls `begun` when its turn has come."""
        return self._use(phrases, fed, begun, self._recognizer.end)

    def alternatives(
        self, fed: Sequence[Samples], begun: Callable[[], None] = lambda: None
    ) -> Sequence[str]:
        """Return the best readings of a segment, which is decoded anew: others came between."""
        ear = self._recognizer
        if not isinstance(ear, ReadsAgain):
            return ()

        def ask(ear: ReadsAgain = ear) -> Sequence[str]:
            ear.look()
            return ear.alternatives()

        return self._use(None, fed, begun, ask)

    def _use(
        self,
        phrases: Sequence[str] | None,
        fed: Sequence[Samples],
        begun: Callable[[], None],
        ask: Callable[[], _Found],
    ) -> _Found:
        """Return what is asked of a segment, when its turn has come; leave nothing behind."""
        if not self._turn.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise TimeoutError("the recognizer is never free")
        try:
            begun()
            self._busy_since = self._clock()
            self._recognizer.begin(phrases)
            for samples in fed:
                self._recognizer.feed(samples)
            return ask()
        finally:
            self._recognizer.begin()
            self._busy_since = None
            self._turn.release()


class SharedRecognizer:
    """Satisfies `Recognizer` by an engine that others use too."""

    def __init__(self, engine: SharedEngine) -> None:
        self._engine = engine
        self._phrases: Sequence[str] | None = None
        self._fed: list[Samples] = []
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
        return self._decode()

    def end(self) -> Transcript | Silence:
        """Return what was said in the segment."""
        try:
            return self._decode()
        finally:
            self._fed = []

    def alternatives(self) -> Sequence[str]:
        """Return the best readings of what `look` was about."""
        self.waiting = True
        try:
            return self._engine.alternatives(self._fed, self._begun)
        finally:
            self.waiting = False

    def _decode(self) -> Transcript | Silence:
        self.waiting = True
        try:
            return self._engine.decode(self._phrases, self._fed, self._begun)
        finally:
            self.waiting = False

    def _begun(self) -> None:
        self.waiting = False

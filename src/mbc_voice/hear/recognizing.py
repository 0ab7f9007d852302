"""A recognizer at work, so that listening never waits for it; guarded against errors and hangs.

`Recognizing` owns the recognizer and the one thread that uses it. `begin`, `feed` and `watch`
belong to the listener's thread; `glance`, `look`, `end` and `forget` to whoever holds its lock, on
either. What was heard comes back through `done`, on the recognizer's thread, with the number it was
asked under. A recognizer that throws loses this segment and no other. One that hangs is left behind
with its thread, once, for a new one; the second time the program should end.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.recognizer import GivesUp, Recognizer, glance

log = logging.getLogger(__name__)

Said: TypeAlias = Transcript | Silence
Done: TypeAlias = Callable[[int, Said], None]

HANG_SECONDS = 12.0
HANG_FACTOR = 3.0
"""A recognizer hangs if one piece of work takes longer than this and so many times the segment."""
LOAD_SECONDS = 60.0
"""A new recognizer may take so long to load."""
MOST_FAILURES = 3
"""A recognizer that fails in so many segments in a row is broken: the program ends."""
HANGS = "Understanding speech hangs. Start again."
FAILS = "Understanding speech failed again and again. Start again."


@dataclass(frozen=True, slots=True)
class _Begin:
    phrases: Sequence[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Feed:
    samples: Samples


@dataclass(frozen=True, slots=True)
class _Ask:
    number: int
    what: Literal["glance", "look", "end"]


_Work: TypeAlias = _Begin | _Feed | _Ask


@dataclass
class _Worker:
    """One recognizer, what it still has to do, and since when it has been busy."""

    recognizer: Recognizer | None
    """None while it is being loaded."""
    work: queue.SimpleQueue[_Work | None] = field(default_factory=queue.SimpleQueue)
    busy_since: float | None = None
    doing: int | None = None
    """The number that it is being asked under."""
    well: bool = True
    """Whether it has not failed in this segment."""


class Recognizing:
    """Asks a recognizer in the background, one segment after the other.

    `renew` makes another recognizer in place of one that hangs; without it the first hang is the
    last. `on_death` is told in one line that speech can't be understood any more. `inline` does all
    work on the caller's thread at once, for sound that doesn't come in real time.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        done: Done,
        on_death: Callable[[str], None],
        *,
        renew: Callable[[], Recognizer] | None = None,
        inline: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._done = done
        self._on_death = on_death
        self._renew = renew
        self._inline = inline
        self._clock = clock
        self._worker = _Worker(recognizer)
        self._asked: dict[int, bool] = {}
        """Numbers that wait for an answer, in order."""
        self._fed = 0
        """Samples of this segment."""
        self._failures = 0
        """Segments in a row in which it failed."""

    def start(self) -> None:
        """Start the thread, unless the work is done inline."""
        if not self._inline:
            self._start(self._worker)

    def close(self) -> None:
        """Let the thread end after what it is doing; doesn't wait."""
        self._worker.work.put(None)

    def begin(self, phrases: Sequence[str] | None) -> None:
        """A segment begins; held to `phrases` if given."""
        self._fed = 0
        self._put(_Begin(phrases))

    def feed(self, samples: Samples) -> None:
        """More of the segment, ``(n,) float32``."""
        self._fed += len(samples)
        self._put(_Feed(samples))

    def glance(self, number: int) -> None:
        """Ask quickly what was said so far; the segment goes on."""
        self._asked[number] = True
        self._put(_Ask(number, "glance"))

    def look(self, number: int) -> None:
        """Ask what was said so far; the segment goes on."""
        self._asked[number] = True
        self._put(_Ask(number, "look"))

    def end(self, number: int) -> None:
        """Ask what was said in the whole segment, which is over."""
        self._asked[number] = True
        self._put(_Ask(number, "end"))

    def forget(self, number: int) -> None:
        """Nobody wants this answer any more; work that has not begun is left out."""
        self._asked.pop(number, None)
        worker = self._worker
        if worker.doing == number and isinstance(worker.recognizer, GivesUp):
            worker.recognizer.give_up()

    def watch(self) -> None:
        """See whether the recognizer hangs; call this again and again.

        The time that a shared one waits for its turn doesn't count.
        """
        worker = self._worker
        since = worker.busy_since
        if since is None:
            return
        if getattr(worker.recognizer, "waiting", False):
            worker.busy_since = self._clock()
            return
        patience = LOAD_SECONDS
        if worker.recognizer is not None:
            patience = HANG_SECONDS + HANG_FACTOR * self._fed / SAMPLE_RATE
        if self._clock() - since > patience:
            self._replace()

    def _replace(self) -> None:
        log.warning("the recognizer hangs")
        renew, self._renew = self._renew, None
        if renew is None:
            self._worker.busy_since = None
            self._on_death(HANGS)
            return
        worker = _Worker(None, busy_since=self._clock(), well=False)
        self._worker = worker
        self._start(worker, renew)
        for number in tuple(self._asked):
            self._answer(number, Silence("unclear"))

    def _start(self, worker: _Worker, renew: Callable[[], Recognizer] | None = None) -> None:
        threading.Thread(
            target=self._run, args=(worker, renew), name="recognizer", daemon=True
        ).start()

    def _run(self, worker: _Worker, renew: Callable[[], Recognizer] | None) -> None:
        try:
            if renew is not None:
                worker.recognizer = renew()
                worker.busy_since = None
            while (work := worker.work.get()) is not None and worker is self._worker:
                self._do(worker, work)
        except BaseException as error:  # the thread must not die unnoticed, whatever it was
            log.info("the recognizer's thread died", exc_info=True)
            self._on_death(f"Understanding speech failed ({type(error).__name__}). Start again.")

    def _put(self, work: _Work) -> None:
        if self._inline:
            self._do(self._worker, work)
        else:
            self._worker.work.put(work)

    def _do(self, worker: _Worker, work: _Work) -> None:
        if isinstance(work, _Ask) and work.number not in self._asked:
            return
        was_well = worker.well
        worker.busy_since = self._clock()
        worker.doing = work.number if isinstance(work, _Ask) else None
        said = _attempt(worker, work)
        worker.doing = worker.busy_since = None
        if worker is not self._worker:
            return
        if was_well and not worker.well:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                self._on_death(FAILS)
        if isinstance(work, _Ask):
            self._failures = 0 if worker.well else self._failures
            self._answer(work.number, said)

    def _answer(self, number: int, said: Said) -> None:
        if self._asked.pop(number, False):
            self._done(number, said)


def _attempt(worker: _Worker, work: _Work) -> Said:
    """Do one piece of work; return what was heard, or "unclear" if the recognizer throws."""
    said: Said = Silence("unclear")
    recognizer = worker.recognizer
    if isinstance(work, _Begin):
        worker.well = True
    if recognizer is None or not worker.well:
        return said
    try:
        match work:
            case _Begin(phrases=phrases):
                recognizer.begin(phrases)
            case _Feed(samples=samples):
                recognizer.feed(samples)
            case _Ask(what="glance"):
                said = glance(recognizer)
            case _Ask(what="look"):
                said = recognizer.look()
            case _Ask():
                said = recognizer.end()
    except Exception as error:
        worker.well = False
        log.info("the recognizer failed: %s", type(error).__name__)
    return said

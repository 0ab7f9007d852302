"""One talk on any number of pages: each sees the same snapshots, each may steer it.

`Board.show` runs on the assistant's loop, everything else on the server's thread.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from mbc_voice import events
from mbc_voice.events import (
    Answer,
    Command,
    Pointed,
    Snapshot,
    Started,
    StillHere,
    Understood,
)
from mbc_voice.parts import Posted, Typed
from mbc_voice.shells.kiosk import protocol, stops
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.protocol import (
    CommandGiven,
    FocusMoved,
    Message,
    PlaceAsked,
    Played,
    TalkPressed,
    TextTyped,
    TopicAsked,
    VisitAsked,
)
from mbc_voice.shells.kiosk.shown import Shown

LEVEL_SECONDS = 0.1
"""The level is shown at most so often."""
LOUDEST_SECONDS = 10.0


def meaning(message: Message, shown: Shown, now: Snapshot) -> Posted | None:
    """Return what a message puts into the assistant's inbox. Pure."""
    match message:
        case CommandGiven(name=name, number=number, word=word):
            return Understood(Command(name, number, word), by="key")
        case TextTyped(text=text):
            return Typed(text)
        case TopicAsked(id=topic):
            return Understood(Answer(topic, 1.0), by="key")
        case PlaceAsked(id=id):
            topic = next(place.topic for place in shown.library.places if place.id == id)
            return Understood(Answer(topic, 1.0), by="key")
        case TalkPressed(open=opened):
            return events.TalkPressed(opened)
        case VisitAsked(what="start"):
            return Started()
        case VisitAsked(what="end"):
            return Understood(Command("goodbye"), by="key")
        case VisitAsked():
            return StillHere()
        case FocusMoved(id=id):
            said = stops.sentences(shown.library, id, now)
            return Pointed(said) if said else None
        case Played():
            return None


class Board:
    """Where a talk's snapshots are shown, and pages read them."""

    def __init__(self, shown: Shown, clock: Callable[[], float] = time.monotonic) -> None:
        self.shown = shown
        self._clock = clock
        self._now = self._given = Snapshot("ready")
        self._deadline: float | None = None
        self._pages: list[Mailbox] = []
        self._level_at = -math.inf
        self._levels: deque[tuple[float, float]] = deque(maxlen=1_000)
        self._lock = threading.Lock()

    @property
    def now(self) -> Snapshot:
        """What is shown at present."""
        return self._now

    def show(self, snapshot: Snapshot) -> None:
        """Show this on every page."""
        with self._lock:
            if snapshot == self._given:
                return
            if snapshot.visit == "waiting":
                self._forget()
            self._now = self._given = snapshot
            left = snapshot.seconds_left
            self._deadline = None if left is None else self._clock() + left
            self._put_all()

    def tick(self) -> None:
        """Count down where a visit is about to end; call it about once a second."""
        with self._lock:
            if self._deadline is None:
                return
            left = max(0, math.ceil(self._deadline - self._clock()))
            if left != self._now.seconds_left:
                self._now = replace(self._now, seconds_left=left)
                self._put_all()

    @property
    def loudest(self) -> float:
        """How loud it was at most in the last `LOUDEST_SECONDS`, 0 to 1."""
        since = self._clock() - LOUDEST_SECONDS
        return max((value for at, value in tuple(self._levels) if at >= since), default=0.0)

    def level(self, value: float) -> None:
        """Show how loud the microphone is, 0 to 1."""
        self._levels.append((self._clock(), value))
        if self._clock() - self._level_at < LEVEL_SECONDS:
            return
        self._level_at = self._clock()
        text = protocol.frame("level", value=round(min(1.0, max(0.0, value)), 2))
        with self._lock:
            for page in self._pages:
                page.put_level(text)

    def join(self, page: Mailbox) -> None:
        """Welcome a page, and show it what there is from now on."""
        page.put(self.shown.welcome())
        with self._lock:
            self._pages.append(page)
            page.put(self.shown.snapshot(self._now), _key(self._now))

    def leave(self, page: Mailbox) -> None:
        """Show this page nothing any more."""
        with self._lock:
            self._pages = [one for one in self._pages if one is not page]

    def say_goodbye(self, text: str) -> None:
        """Tell all pages that the assistant ends."""
        with self._lock:
            for page in self._pages:
                page.end(protocol.frame("gone", text=text))

    def _forget(self) -> None:
        """Let slow pages not be shown any more what a visitor, now gone, has said."""
        for page in self._pages:
            page.forget()

    def _put_all(self) -> None:
        if not self._pages:
            return
        text, key = self.shown.snapshot(self._now), _key(self._now)
        for page in self._pages:
            page.put(text, key)


def _key(now: Snapshot) -> tuple[object, ...]:
    """Return what no page may miss; of snapshots with the same one only the newest counts."""
    return (now.caption, now.heard, now.topic, now.visit)

"""One talk for all pages, with this computer's microphone and loudspeaker.

The server's threads use `OneTalk`; what pages ask for is posted to the assistant.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from mbc_voice import __version__
from mbc_voice.audio import Samples
from mbc_voice.events import Snapshot, TimerEnded
from mbc_voice.parts import Posted
from mbc_voice.shells.kiosk.app import FullError
from mbc_voice.shells.kiosk.board import Board, meaning
from mbc_voice.shells.kiosk.counts import Counts
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.protocol import Known, Message
from mbc_voice.shells.kiosk.shown import Shown

MOST_PAGES = 32
ASK_SECONDS, STUCK_SECONDS = 2.0, 20.0
"""How often the loop is asked for a sign of life, and when it is stuck without one."""


class OneTalk:
    """All pages see and steer the same talk; satisfies `app.Talks`."""

    def __init__(
        self,
        shown: Shown,
        post: Callable[[Posted], None],
        *,
        picture: Callable[[str], bytes | None] = lambda _: None,
        gone_sound: Callable[[], bytes | None] = lambda: None,
        counts: Counts | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.known: Known = shown.known
        self.board = Board(shown, clock)
        self.picture = picture
        self.gone_sound = gone_sound
        self._post = post
        self._counts = counts
        self._clock = clock
        self._asked = -math.inf
        self._lived = clock()
        self._pages = 0
        self._counting = threading.Lock()

    def show(self, snapshot: Snapshot) -> None:
        """Show this on every page. Runs on the assistant's loop."""
        self._lived = self._clock()
        if self._counts is not None:
            self._counts.visit(self.board.now, snapshot)
        self.board.show(snapshot)

    def join(self, page: Mailbox) -> Guest:
        """Welcome a page. Raises `FullError`."""
        with self._counting:
            if self._pages >= MOST_PAGES:
                raise FullError
            self._pages += 1
        self.board.join(page)
        return Guest(self, page)

    def leave(self, page: Mailbox) -> None:
        """A page is gone; the talk goes on."""
        self.board.leave(page)
        with self._counting:
            self._pages -= 1

    def take(self, message: Message) -> None:
        """Do what a page asks for."""
        item = meaning(message, self.board.shown, self.board.now)
        if item is not None:
            self._post(item)

    def tick(self) -> None:
        """Count down where that is shown, and ask the loop for a sign of life."""
        self.board.tick()
        now = self._clock()
        if now - self._asked >= ASK_SECONDS:
            self._asked = now
            self._post(TimerEnded("still alive?"))

    def health(self) -> dict[str, object]:
        """Return whether the assistant's loop runs, and what there is to know."""
        now = self.board.now
        return {
            "ok": self._clock() - self._lived < STUCK_SECONDS and now.phase != "ended",
            "version": __version__,
            "microphone": now.microphone,
            "loudest": round(self.board.loudest, 2),
            "visit": now.visit,
            "pages": self._pages,
        }


class Guest:
    """One page of many; satisfies `app.Visitor`."""

    def __init__(self, talk: OneTalk, page: Mailbox) -> None:
        self._talk = talk
        self._page = page

    def take(self, message: Message) -> None:
        """Do what a message asks for."""
        self._talk.take(message)

    def hear(self, samples: Samples) -> None:
        """Nothing is heard by the page here."""

    def leave(self) -> None:
        """The page is gone."""
        self._talk.leave(self._page)

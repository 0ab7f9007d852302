"""A microphone that is a page's: blocks come over the network. Satisfies `hear.microphone.Source`.

The server's thread calls `hear`, the listener's thread `blocks`.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Iterator

from mbc_voice.audio import Block, Samples
from mbc_voice.errors import DeviceError
from mbc_voice.hear.microphone import LOST_SECONDS, Arrived, Lost

FIRST_SECONDS = 8.0
"""Once somebody has touched the page, its first sound may take so long: browsers ask first."""
MOST_BLOCKS = 1_500
"""30 s of 20 ms each: as much as waits for a recognizer that is busy; more is dropped."""


class PageMicrophone:
    """The microphone of one page."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        lost_seconds: float = LOST_SECONDS,
        first_seconds: float = FIRST_SECONDS,
    ) -> None:
        self._clock = clock
        self._lost_seconds = lost_seconds
        self._first_seconds = first_seconds
        self._touched_at: float | None = None
        self._arrived = 0
        self._heard_at: float | None = None
        self._blocks: queue.Queue[Block | None] = queue.Queue(MOST_BLOCKS)
        self._opened = False

    @property
    def position(self) -> int:
        """Samples that have arrived, read or not."""
        return self._arrived

    def touched(self) -> None:
        """Somebody uses the page: browsers give it no microphone before that."""
        if self._touched_at is None:
            self._touched_at = self._clock()

    def hear(self, samples: Samples) -> None:
        """Take what the page heard, at 16 kHz; never waits."""
        block = Block(samples, self._arrived)
        self._arrived += len(samples)
        self._heard_at = self._clock()
        with contextlib.suppress(queue.Full):
            self._blocks.put_nowait(block)

    def open(self) -> None:
        """Begin; once it was lost, only when the page sends again. Raises `DeviceError`."""
        if self._opened and not self._sends():
            raise DeviceError("The page sends no sound.")
        self._opened = True

    def blocks(self) -> Iterator[Arrived]:
        """Yield what arrives until `close`; after a while without anything, `Lost`."""
        while True:
            try:
                block = self._blocks.get(timeout=self._lost_seconds)
            except queue.Empty:
                if self._is_awaited():
                    continue
                yield Lost()
                return
            if block is None:
                return
            yield block

    def close(self) -> None:
        """End `blocks`."""
        while True:
            try:
                self._blocks.put_nowait(None)
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    self._blocks.get_nowait()
            else:
                return

    def _is_awaited(self) -> bool:
        """Return whether the page could not send anything so far."""
        if self._heard_at is not None:
            return False
        since = self._touched_at
        return since is None or self._clock() - since < self._first_seconds

    def _sends(self) -> bool:
        return self._heard_at is not None and self._clock() - self._heard_at < self._lost_seconds

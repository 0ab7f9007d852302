"""What waits to be sent to one page: filled by the talk's threads, emptied by the server's.

A slow page misses states that were replaced by newer ones, but no sentence and no question: of
snapshots in a row that show the same sentence and question only the newest waits. A page that falls
hopelessly behind is `full`, and the server lets it go.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import TypeAlias

Frame: TypeAlias = str | bytes

MOST_FRAMES = 256
"""Text frames that may wait: about an hour of sentences."""


class Mailbox:
    """Frames for one page. Any thread may put, one takes; `wake` is called after each put."""

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        self._wake = wake
        self._texts: deque[tuple[Hashable, str]] = deque()
        self._sounds: deque[bytes] = deque()
        self._level = ""
        self._lock = threading.Lock()
        self.full = False
        """Whether more had to wait than a page can ever catch up with."""
        self.over = False
        """Whether what waits is the last there is."""

    def put(self, text: str, key: Hashable = None) -> None:
        """Add a frame; it replaces the last one if both have the same key, other than None."""
        with self._lock:
            if self.over:
                return
            if key is not None and self._texts and self._texts[-1][0] == key:
                self._texts.pop()
            if len(self._texts) >= MOST_FRAMES:
                self.full = True
            else:
                self._texts.append((key, text))
        self._wake()

    def put_level(self, text: str) -> None:
        """Show this level; an older one that still waits is forgotten."""
        with self._lock:
            self._level = text
        self._wake()

    def put_sound(self, frame: bytes) -> None:
        """Add sound behind all other sound; what is to be done with it goes by `put`, at once."""
        with self._lock:
            self._sounds.append(frame)
        self._wake()

    def drop_sound(self) -> None:
        """Forget the sound that waits."""
        with self._lock:
            self._sounds.clear()

    def end(self, text: str) -> None:
        """Add the last frame: after it the connection closes, and nothing is added any more."""
        self.put(text)
        self.over = True
        self._wake()

    def forget(self) -> None:
        """Let go of the snapshots that wait: the visit they belong to is over."""
        with self._lock:
            self._texts = deque(item for item in self._texts if item[0] is None)

    def take(self) -> Frame | None:
        """Return what is to be sent next, or None: text before sound, the level at last."""
        with self._lock:
            if self._texts:
                return self._texts.popleft()[1]
            if self._sounds:
                return self._sounds.popleft()
            level, self._level = self._level, ""
            return level or None

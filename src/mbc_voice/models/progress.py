"""Shows progress on a terminal as a bar, elsewhere as a few plain lines.

Owns what was last shown. One thread at a time. A screen reader that follows the terminal is not
flooded: the bar is redrawn at most once per percent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

WIDTH = 30
"""Characters of the bar."""
STEP = 25
"""Per cent between two plain lines."""


class Progress:
    """Call it with what is being done, how much is done and how much there is; `close` at the end.

    `amount` says in words how much there is; without it, they are bytes.
    """

    def __init__(self, stream: TextIO, amount: Callable[[int], str] | None = None) -> None:
        """Write to `stream`; a bar if it is a terminal."""
        self._stream = stream
        self._amount = amount or _megabytes
        self._terminal = stream.isatty()
        self._what = ""
        self._shown = -1
        self._open_line = False

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show it, if it differs enough from what is shown."""
        if what != self._what:
            self.close()
            self._what, self._shown = what, -1
            if total <= 0:
                self._write(f"  {what} …\n")
        if total <= 0:
            return
        percent = min(100, done * 100 // total)
        if self._terminal:
            self._bar(what, percent, total)
        elif percent // STEP > self._shown // STEP or self._shown < 0:
            self._write(f"  {what}: {percent} % of {self._amount(total)}\n")
            self._shown = percent

    def close(self) -> None:
        """End the line of a bar, so that what follows starts on its own."""
        if self._open_line:
            self._write("\n")
            self._open_line = False

    def _bar(self, what: str, percent: int, total: int) -> None:
        if percent == self._shown:
            return
        self._shown = percent
        filled = WIDTH * percent // 100
        bar = "█" * filled + "░" * (WIDTH - filled)
        self._write(f"\r  {what} {bar} {percent:3d} % of {self._amount(total)}")
        self._open_line = True

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
        except UnicodeEncodeError:
            self._stream.write(text.encode("ascii", "replace").decode())
        self._stream.flush()


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1_000_000))} MB"

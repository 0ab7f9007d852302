"""What is heard and said as clean lines, for a screen reader to speak: one sentence a line.

Nothing is wrapped, drawn again or made bold, and there are no empty lines. While a question is
being typed, new lines wait, so that nothing breaks into the words. Any thread may call it.
"""

from __future__ import annotations

import threading
from typing import TextIO

from mbc_voice.events import Snapshot
from mbc_voice.shells.captions import PHASES, keystroke


class Lines:
    """Prints what is heard and said, in the order in which it happened."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = Snapshot(phase="ready")
        self._said: list[str] = []
        """Sentences that wait for the snapshot that belongs to them."""
        self._waiting: list[str] = []
        """Lines that wait for the end of typing."""
        self._typing: str | None = None
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Take a sentence; it is printed with the next snapshot, after the question to it."""
        self._said.append(" ".join(text.split()))

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new: the question, what is said to it, and whose turn it is."""
        last, self._last = self._last, snapshot
        said, self._said = self._said, []
        if snapshot.heard and (snapshot.heard, snapshot.asked) != (last.heard, last.asked):
            self.line(f"You: {snapshot.heard}")
        for text in said:
            self.line(text)
        if snapshot.phase != last.phase and PHASES.get(snapshot.phase):
            self.line(PHASES[snapshot.phase])

    def line(self, text: str) -> None:
        """Print one line, now or after the typing."""
        with self._lock:
            if self._typing is not None:
                self._waiting.append(text)
            else:
                self._print(text)

    def typed(self, text: str | None) -> None:
        """Echo a question being typed; None when it was sent or left."""
        with self._lock:
            before, self._typing = self._typing, text
            if text is None:
                waiting, self._waiting = self._waiting, []
                self._print(*([] if before is None else [""]), *waiting)
            else:
                self._out.write(keystroke(before, text))
            self._out.flush()

    def _print(self, *lines: str) -> None:
        self._out.write("".join(f"{line}\n" for line in lines))
        self._out.flush()

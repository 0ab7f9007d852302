"""Everything that is said, printed as plain lines: large gaps, short lines, no tricks.

Lines are only ever added, never redrawn, so that a screen reader or a braille display can follow.
"""

from __future__ import annotations

import shutil
import textwrap
import threading
from typing import TextIO

from mbc_voice.events import Snapshot

WIDEST = 60
"""Characters a line: WCAG 2.2 asks for at most 80; large print wants fewer."""

TYPE_HERE = "Your question, then Enter: "

PHASES = {"listening": "(listening)", "choosing": "(listening)", "paused": "(paused)"}
"""What is printed when the assistant falls silent in one of these phases."""


class Captions:
    """Prints what is heard and said, as it happens."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._bold = ("\x1b[1m", "\x1b[0m") if out.isatty() else ("", "")
        self._last = Snapshot(phase="ready")
        self._typing: str | None = None
        self._lock = threading.Lock()

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new in this snapshot."""
        last, self._last = self._last, snapshot
        if snapshot.heard and (snapshot.heard, snapshot.asked) != (last.heard, last.asked):
            self.line(f"You: {snapshot.heard}")
        if snapshot.caption and _begins(snapshot, last):
            self.say(snapshot.caption.text)
        if snapshot.microphone != last.microphone and snapshot.microphone == "lost":
            self.line("(the microphone is gone: press Enter and type your question)")
        if snapshot.phase != last.phase and PHASES.get(snapshot.phase):
            self.line(PHASES[snapshot.phase])

    def say(self, text: str) -> None:
        """Print one spoken sentence."""
        on, off = self._bold
        self._print(f"{on}{self._wrap(text)}{off}")

    def line(self, text: str) -> None:
        """Print one line of our own."""
        self._print(self._wrap(text))

    def typed(self, text: str | None) -> None:
        """Echo a question being typed; None when it was sent or left."""
        with self._lock:
            before, self._typing = self._typing, text
            if text is None:
                self._out.write("\n\n")
            else:
                self._out.write(keystroke(before, text))
            self._out.flush()

    def _wrap(self, text: str) -> str:
        width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
        return textwrap.fill(text, max(20, width))

    def _print(self, text: str) -> None:
        with self._lock:
            if self._typing is not None:
                self._out.write("\n")
            self._out.write(f"{text}\n\n")
            if self._typing is not None:
                self._out.write(f"{TYPE_HERE}{self._typing}")
            self._out.flush()


def keystroke(before: str | None, text: str) -> str:
    """Return what to write so that a question being typed reads `text`; None was no question."""
    if before is None:
        return f"{TYPE_HERE}{text}"
    if text.startswith(before):
        return text[len(before) :]
    return "\b \b" * (len(before) - len(text))


def _begins(snapshot: Snapshot, last: Snapshot) -> bool:
    """Return whether the caption is a new sentence, or the last one from its beginning again."""
    if snapshot.caption != last.caption:
        return True
    return snapshot.saying != last.saying and snapshot.spoken is None

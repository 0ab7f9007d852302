"""Keys of a terminal, decoded: bytes in, key names and typed questions out. Pure, no thread.

A key is named as in the library's commands (``space``, ``up``, ``plus``, ``r``). Enter starts a
typed question and Enter sends it; while one is being typed, every key is a letter, and Escape
leaves it unsent.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

SEQUENCES: dict[str, str] = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
    "\x1b[H": "home",
    "\x1bOH": "home",
    "\x1b[1~": "home",
    "\x1b[F": "end",
    "\x1bOF": "end",
    "\x1b[4~": "end",
    "\x1b[5~": "page-up",
    "\x1b[6~": "page-down",
}
"""What terminals send for keys without a letter (ECMA-48 and the VT220's own)."""

NAMES: dict[str, str] = {" ": "space", "+": "plus", "-": "minus", "\t": "tab"}

LONGEST_QUESTION = 500
"""Characters of a typed question; more are not taken."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed."""

    name: str


REPEAT_SECONDS = 0.12
"""A key that comes again so soon is held down, or stuck; nobody presses so fast."""
TOGGLES = {"space": 0.7, "tab": 0.7}
"""Keys that do the opposite the second time wait until a keyboard would have begun to repeat."""


class HeldKeys:
    """Tells a key that is held down from one that is pressed again. Time is an argument."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = ""
        self._at = 0.0

    def repeats(self, name: str) -> bool:
        """Take note of a key; return whether it is only the one before, held down."""
        now = self._clock()
        soon = now - self._at < TOGGLES.get(name, REPEAT_SECONDS)
        repeated = name == self._last and soon
        self._last, self._at = name, now
        return repeated


@dataclass(frozen=True, slots=True)
class TypingStarted:
    """Enter was pressed: letters are taken as a question from now on."""


@dataclass(frozen=True, slots=True)
class TypingChanged:
    """The question so far."""

    text: str


@dataclass(frozen=True, slots=True)
class TypingLeft:
    """Typing was left without a question."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was typed and sent."""

    text: str


Pressed: TypeAlias = Key | TypingStarted | TypingChanged | TypingLeft | Question


@dataclass
class KeyDecoder:
    """Turns what a terminal in character mode sends into `Pressed` items."""

    typing: str | None = None
    """The question being typed, or None."""
    _pending: str = ""
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("ignore")
    )

    def feed(self, data: bytes) -> list[Pressed]:
        """Return what these bytes complete; bytes of an unfinished sequence are kept."""
        self._pending += self._decoder.decode(data)
        pressed: list[Pressed] = []
        while self._pending:
            token = self._token()
            if token is None:
                break
            pressed.extend(self._take(token))
        return pressed

    def flush(self) -> list[Pressed]:
        """Take what is kept as it is: call it when no more bytes came for a moment.

        A lone Escape can only be told from the start of a sequence by waiting.
        """
        token, self._pending = self._pending, ""
        return self._take(token) if token else []

    def _token(self) -> str | None:
        text = self._pending
        if text[0] != "\x1b":
            self._pending = text[1:]
            return text[0]
        for sequence in SEQUENCES:
            if text.startswith(sequence):
                self._pending = text[len(sequence) :]
                return sequence
        if len(text) > 1 and text[1] not in "[O":
            self._pending = text[1:]
            return "\x1b"
        end = next((i for i, c in enumerate(text[2:], start=2) if c.isalpha() or c == "~"), None)
        if end is None:
            return None
        self._pending = text[end + 1 :]
        return text[: end + 1]

    def _take(self, token: str) -> list[Pressed]:
        if self.typing is not None:
            return self._type(token, self.typing)
        if token in "\r\n":
            self.typing = ""
            return [TypingStarted()]
        if token.startswith("\x1b"):
            name = SEQUENCES.get(token, "escape" if token == "\x1b" else "")
            return [Key(name)] if name else []
        if token in NAMES:
            return [Key(NAMES[token])]
        return [Key(token)] if token.isprintable() else []

    def _type(self, token: str, typed: str) -> list[Pressed]:
        if token in "\r\n":
            self.typing = None
            question = " ".join(typed.split())
            return [Question(question)] if question else [TypingLeft()]
        if token == "\x1b":
            self.typing = None
            return [TypingLeft()]
        if token in "\x7f\b":
            self.typing = typed[:-1]
        elif token == "\x15":
            self.typing = ""
        elif len(token) == 1 and token.isprintable() and len(typed) < LONGEST_QUESTION:
            self.typing = typed + token
        return [TypingChanged(self.typing or "")]

"""One entry of the library before it is checked: its keys, their values and their lines.

Both front matter (YAML) and tables (TOML) become an `Entry`, so that a missing key, an unknown
one or a wrong date is told in the same words everywhere. Pure; any thread.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, NoReturn

from mbc_voice.errors import ContentError

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What an id looks like: ``symptoms-lung``."""


class Text(NamedTuple):
    """A piece of text and the line it stands on (1-based)."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Value:
    """What a key holds: a text, a list of texts, or something else the reader found there."""

    line: int
    content: Text | tuple[Text, ...] | None
    """None if it is neither a text nor a list of texts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The keys of one topic, referral, sign, command or word."""

    path: Path
    line: int
    values: Mapping[str, Value]

    def line_of(self, key: str) -> int:
        """Return the line of a key, or the entry's own where the key is absent."""
        return self.values[key].line if key in self.values else self.line

    def fail(self, key: str, reason: str) -> NoReturn:
        """Raise `ContentError` at the key."""
        raise ContentError(self.path, self.line_of(key), reason)

    def allow(self, keys: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Raise `ContentError` for a key that is unknown, and for one that is missing."""
        for key in self.values:
            if key not in keys and key not in optional:
                raise ContentError(self.path, self.line_of(key), unknown(key, (*keys, *optional)))
        for key in keys:
            if key not in self.values:
                raise ContentError(self.path, self.line, f"the key {key!r} is missing: add it")

    def text(self, key: str, default: str = "") -> str:
        """Return a key's text, its white space collapsed; `default` where the key is absent."""
        if key not in self.values:
            return default
        content = self.values[key].content
        if not isinstance(content, Text):
            self.fail(key, f"{key!r} must be one text, not a list or a number")
        text = " ".join(content.text.split())
        if not text:
            self.fail(key, f"{key!r} is empty: fill it in")
        return text

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[Text, ...]:
        """Return a key's list of texts; empty where the key is absent."""
        if key not in self.values:
            return ()
        content = self.values[key].content
        if not isinstance(content, tuple) or isinstance(content, Text):
            self.fail(key, f"{key!r} must be a list of texts: [one, two]")
        found = tuple(Text(" ".join(item.text.split()), item.line) for item in content)
        for item in found:
            if not item.text:
                raise ContentError(self.path, item.line, f"an item of {key!r} is empty: fill it in")
        if not found and not may_be_empty:
            self.fail(key, f"the list {key!r} is empty: add at least one item")
        return found

    def plain_texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """Return a key's list of texts without their lines."""
        return tuple(item.text for item in self.texts(key, may_be_empty=may_be_empty))

    def id(self) -> str:
        """Return the entry's id; raises `ContentError` unless it looks like ``symptoms-lung``."""
        text = self.text("id")
        if not ID.fullmatch(text):
            self.fail("id", f"the id {text!r} may only hold a-z, 0-9 and single hyphens")
        return text

    def day(self, key: str) -> date:
        """Return a key's date, written as 2026-11-01."""
        text = self.text(key)
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            self.fail(key, f"{key!r} is not a date: write it as 2026-11-01")


def unknown(key: str, known: Sequence[str]) -> str:
    """Return what to say of a key nobody knows, with the nearest known one."""
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}"
    return f"unknown key {key!r}: {hint}"

"""What the page may send, checked, and what it is sent: ``docs/page-protocol.md`` as code.

Pure: no clock, no socket; any thread. What a person typed is in a message and nowhere else; no
reason of a refusal repeats it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, cast

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples

VERSION = 1
"""Of the protocol; raised when a page of before would no longer work."""

MOST_CHARACTERS = 4096
"""Of a text frame from the page."""
MOST_BYTES = 6400
"""Of a block of the microphone: 200 ms."""
LEAST_BYTES = 320
"""10 ms."""
LONGEST_TEXT = 500
LONGEST_WORD = 60
LONGEST_NUMBER = 999
MOST_SAMPLES = 2**40
"""More than any clip has."""


class RefusedError(ValueError):
    """A frame from the page that is none of the known ones; its text is one line."""


# ---------------------------------------------------------------- from the page


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """A button or key for a command."""

    name: str
    number: int | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class TextTyped:
    """A question in writing."""

    text: str


@dataclass(frozen=True, slots=True)
class TopicAsked:
    """A button for a topic."""

    id: str


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """A place of the body was touched."""

    id: str


@dataclass(frozen=True, slots=True)
class TalkPressed:
    """The button to talk was pressed, or let go."""

    open: bool


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """A visit is to begin, to go on, or to end."""

    what: Literal["start", "extend", "end"]


@dataclass(frozen=True, slots=True)
class FocusMoved:
    """Somebody came by key to something on the page."""

    id: str


@dataclass(frozen=True, slots=True)
class Played:
    """So much of a clip was heard."""

    clip: int
    sample: int


Message: TypeAlias = (
    CommandGiven
    | TextTyped
    | TopicAsked
    | PlaceAsked
    | TalkPressed
    | VisitAsked
    | FocusMoved
    | Played
)


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that a page may name."""

    commands: frozenset[str]
    topics: frozenset[str]
    places: frozenset[str]
    stops: frozenset[str] = frozenset()
    """What somebody can come to by key."""


def parse(text: str, known: Known) -> Message:
    """Return the message that a text frame is. Raises `RefusedError`, and nothing else."""
    if len(text) > MOST_CHARACTERS:
        raise RefusedError(f"a message has at most {MOST_CHARACTERS} characters")
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RefusedError("a message is one JSON object") from None
    if not isinstance(data, dict):
        raise RefusedError("a message is one JSON object")
    kind = data.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise RefusedError(f"the kinds of a message are {', '.join(_KINDS)}")
    fields = _Fields(kind, data)
    message = _KINDS[kind](fields, known)
    fields.end()
    return message


def _command(fields: _Fields, known: Known) -> Message:
    name = fields.one_of("name", known.commands)
    number = fields.number("number", LONGEST_NUMBER) if fields.has("number") else None
    word = fields.text("word", LONGEST_WORD) if fields.has("word") else ""
    return CommandGiven(name, number, word)


def _visit(fields: _Fields, _: Known) -> Message:
    what = fields.one_of("what", frozenset(("start", "extend", "end")))
    return VisitAsked(cast(Literal["start", "extend", "end"], what))


def _played(fields: _Fields, _: Known) -> Message:
    return Played(fields.number("clip", MOST_SAMPLES), fields.number("sample", MOST_SAMPLES))


_KINDS: Mapping[str, Callable[[_Fields, Known], Message]] = MappingProxyType(
    {
        "command": _command,
        "text": lambda fields, _: TextTyped(fields.text("text", LONGEST_TEXT)),
        "topic": lambda fields, known: TopicAsked(fields.one_of("id", known.topics)),
        "place": lambda fields, known: PlaceAsked(fields.one_of("id", known.places)),
        "talk": lambda fields, _: TalkPressed(fields.truth("open")),
        "visit": _visit,
        "focus": lambda fields, known: FocusMoved(fields.one_of("id", known.stops)),
        "played": _played,
    }
)


class _Fields:
    """The fields of one message, taken out one by one."""

    def __init__(self, kind: str, data: dict[str, Any]) -> None:
        self._kind = kind
        self._data = data

    def has(self, name: str) -> bool:
        return name in self._data

    def one_of(self, name: str, allowed: frozenset[str]) -> str:
        value = self._data.pop(name, None)
        if not isinstance(value, str) or value not in allowed:
            raise RefusedError(f"{self._kind}: unknown {name}")
        return value

    def text(self, name: str, longest: int) -> str:
        value = self._data.pop(name, None)
        if not isinstance(value, str) or len(value) > longest:
            raise RefusedError(f"{self._kind}: {name} is a text of at most {longest} characters")
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in value):
            raise RefusedError(f"{self._kind}: {name} holds control characters")
        if not value.strip():
            raise RefusedError(f"{self._kind}: {name} is empty")
        return " ".join(value.split())

    def number(self, name: str, largest: int) -> int:
        value = self._data.pop(name, None)
        if type(value) is not int or not 0 <= value <= largest:
            raise RefusedError(f"{self._kind}: {name} is a whole number from 0 to {largest}")
        return value

    def truth(self, name: str) -> bool:
        value = self._data.pop(name, None)
        if not isinstance(value, bool):
            raise RefusedError(f"{self._kind}: {name} is true or false")
        return value

    def end(self) -> None:
        if self._data:
            raise RefusedError(f"{self._kind}: too many fields")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def microphone_block(data: bytes) -> Samples:
    """Return what a block of the page's microphone holds, ``(n,) float32`` at 16 kHz.

    Raises `RefusedError`.
    """
    if not LEAST_BYTES <= len(data) <= MOST_BYTES or len(data) % 2:
        raise RefusedError(f"a block has {LEAST_BYTES} to {MOST_BYTES} bytes, an even number")
    samples: Samples = np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32768.0)
    return samples


# ---------------------------------------------------------------- to the page

MICROPHONE_RATE = SAMPLE_RATE
SOUND_RATE = 24_000
"""Hz, of sound from and to the page."""
FRAME_SAMPLES = 4_800
"""At most so many samples a frame."""
LAST, CUE = 1, 2
"""Flags of a frame of sound."""


def frame(kind: str, **fields: object) -> str:
    """Return a text frame."""
    return json.dumps({"kind": kind, **fields}, ensure_ascii=False, separators=(",", ":"))


def sound_frame(clip: int, first: int, samples: Samples, flags: int = 0) -> bytes:
    """Return a frame of sound: samples of a clip from `first` on, at `SOUND_RATE`."""
    header = np.array([clip, first], dtype="<u4").tobytes() + bytes((flags, 0, 0, 0))
    return header + (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()

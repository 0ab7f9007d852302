"""The little language in which commands are written: ``[please] (slow|slower) [down|{number}]``.

Owns the expansion of a template into all its phrases. Pure; any thread may call it.
"""

from __future__ import annotations

import re
from pathlib import Path

from mbc_voice.errors import ContentError

SLOTS = ("{number}", "{word}")
"""Places for a number and for one or more words."""

MAX_PHRASES = 4_000
"""Phrases one template may stand for."""

_PIECE = re.compile(r"[\[\]()|]|\{[^{}]*\}|[^\[\](){}|]+|[{}]")


def expand(template: str) -> tuple[str, ...]:
    """Return every phrase that `template` stands for, each once, in order.

    ``[a|b]`` is a, b or nothing, ``(a|b)`` is a or b; slots stay as they are. Raises
    `ContentError` for unbalanced brackets, an unknown slot or more than `MAX_PHRASES` phrases.
    """
    pieces = _PIECE.findall(template)
    for piece in pieces:
        if piece[0] in "{}" and piece not in SLOTS:
            raise _wrong(template, f"there is no slot {piece}; use {' or '.join(SLOTS)}")
    phrases, rest = _alternatives(template, pieces, closing="")
    if rest:
        raise _wrong(template, f"a {rest[0]} too many")
    return tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))


def _alternatives(template: str, pieces: list[str], closing: str) -> tuple[list[str], list[str]]:
    """Read up to the bracket that closes; return the phrases and the pieces that are left."""
    done: list[str] = []
    phrases = [""]
    while pieces and pieces[0] not in ("]", ")"):
        piece, pieces = pieces[0], pieces[1:]
        if piece == "|":
            done, phrases = done + phrases, [""]
            continue
        inner = [piece]
        if piece in ("[", "("):
            wanted = "]" if piece == "[" else ")"
            inner, pieces = _alternatives(template, pieces, wanted)
            if not pieces or pieces[0] != wanted:
                raise _wrong(template, f"a {piece} is not closed by {wanted}")
            pieces = pieces[1:]
            inner = [*inner, ""] if piece == "[" else inner
        if len(phrases) * len(inner) + len(done) > MAX_PHRASES:
            raise _wrong(template, f"it stands for more than {MAX_PHRASES} phrases")
        phrases = [start + end for start in phrases for end in inner]
    if pieces and pieces[0] != closing:
        raise _wrong(template, f"a {pieces[0]} too many" if not closing else f"a {closing} missing")
    return done + phrases, pieces


def _wrong(template: str, reason: str) -> ContentError:
    return ContentError(Path("commands.toml"), None, f"in {template!r}: {reason}.")

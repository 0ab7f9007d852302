"""Cutting prose into sentences, the unit of reading, captions and repeat.

Pure; any thread.
"""

from __future__ import annotations

import re
from itertools import pairwise

_QUOTES_OPEN = "\"'(\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"
_QUOTES_CLOSE = "\"')\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"

_END = re.compile(rf"[.!?…]+[{_QUOTES_CLOSE}]*(?=\s+[{_QUOTES_OPEN}]*(?P<next>\w+))")
"""A possible end: marks, closing quotes, then a word after white space."""

_NEVER_LAST = frozenset(["Dr", "Mr", "Mrs", "Ms", "Prof", "St", "vs", "e.g", "i.e", "approx"])
"""Abbreviations that something always follows."""

_BEFORE_NUMBERS = frozenset(["No", "Nos", "no", "nos", "Fig", "fig"])
"""Abbreviations only if a number follows."""

_OPENERS = re.compile(
    "An?|And|Ask|At|But|For|He|Her|His|If|In|It|Its|Many|Most|No|Not|On|One|Other|Our|She|So|Some"
    "|That|The|Their|There|These|They|This|To|We|What|When|Where|Who|You|Your"
)
"""After a dotted abbreviation such as ``U.S.`` or a lone letter, only these begin a sentence."""


def split(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`, in order, each stripped and none empty.

    Joined by single spaces they give the text back (with its white space collapsed), and each of
    them splits into itself.
    """
    text = " ".join(text.split())
    cuts = [found.end() for found in _END.finditer(text) if _ends_sentence(text, found)]
    bounds = [0, *cuts, len(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(bounds))
    return tuple(piece for piece in pieces if piece)


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    following = end["next"]
    if not (following[0].isupper() or following[0].isdigit()):
        return False
    if not end.group().startswith(".") or end.group().startswith(".."):
        return True
    word = text[: end.start()].rsplit(" ", 1)[-1].lstrip(_QUOTES_OPEN)
    if word in _NEVER_LAST or (word in _BEFORE_NUMBERS and following[0].isdigit()):
        return False
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]|[A-Z]", word):
        return _OPENERS.fullmatch(following) is not None
    return True

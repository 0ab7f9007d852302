"""What one can come to by key on the page, and what is said there. Pure; any thread."""

from __future__ import annotations

from mbc_voice import page_words
from mbc_voice.content.sentences import split
from mbc_voice.events import Snapshot
from mbc_voice.library import Library, Sentence

MOST_CHOICES = 40


def ids(library: Library) -> frozenset[str]:
    """Return the id of everything that one can come to."""
    choices = (f"choice:{number}" for number in range(1, MOST_CHOICES + 1))
    return frozenset((*page_words.texts(library), *choices))


def sentences(library: Library, id: str, now: Snapshot) -> tuple[Sentence, ...]:
    """Return what is said at a stop; nothing where there is nothing now."""
    kind, _, number = id.partition(":")
    if kind == "choice":
        text = _choice(library, int(number), now)
        parts: tuple[str, ...] = (text,) if text else ()
    else:
        parts = split(page_words.texts(library).get(id, ""))
    if len(parts) == 1:
        return (Sentence(f"page.{id}", parts[0]),)
    return tuple(Sentence(f"page.{id}.{at}", part) for at, part in enumerate(parts, start=1))


def _choice(library: Library, number: int, now: Snapshot) -> str:
    if not 1 <= number <= len(now.options):
        return ""
    return page_words.choice(library, number, now.options[number - 1])

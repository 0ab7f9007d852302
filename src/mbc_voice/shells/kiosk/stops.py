"""What one can come to by key on the page, and what is said there. Pure; any thread.

The words on the page are the library's `labels`; topics, groups and places have their titles, and a
key of the keyboard on the screen its letter. So what is said at a stop is what stands there.
"""

from __future__ import annotations

import string

from mbc_voice.events import Snapshot
from mbc_voice.library import Library, Sentence
from mbc_voice.shells.kiosk.phrase import simplest

KEYS = {
    "'": "apostrophe",
    "-": "dash",
    "/": "slash",
    ".": "full stop",
    ",": "comma",
    "?": "question mark",
}
"""What is said for a key that has no name of its own."""
MOST_CHOICES = 40


def ids(library: Library) -> frozenset[str]:
    """Return the id of everything that one can come to."""
    choices = (f"choice:{number}" for number in range(1, MOST_CHOICES + 1))
    return frozenset((*_texts(library), *choices))


def sentence(library: Library, id: str, now: Snapshot) -> Sentence | None:
    """Return what is said at a stop; None where there is nothing now."""
    kind, _, number = id.partition(":")
    text = _choice(library, int(number), now) if kind == "choice" else _texts(library).get(id, "")
    return Sentence(f"page.{id}", text) if text else None


def _choice(library: Library, number: int, now: Snapshot) -> str:
    if not 1 <= number <= len(now.options):
        return ""
    form = library.labels.get("choice", "{number}: {title}")
    title = now.options[number - 1]
    return form.replace("{number}", str(number)).replace("{title}", title)


def _texts(library: Library) -> dict[str, str]:
    words = {id: text for id, text in library.labels.items() if "{" not in text}
    orders = {
        name: simplest(command.phrases[0])
        for name, command in library.commands.items()
        if command.phrases
    }
    return {
        **orders,
        **words,
        **{f"topic:{topic.id}": topic.title for topic in library.topics.values()},
        **{f"group:{group.id}": group.title for group in library.sections},
        **{f"place:{place.id}": place.name for place in library.places},
        **{f"key:{key}": key for key in string.ascii_lowercase + string.digits},
        **{f"key:{key}": name for key, name in KEYS.items()},
    }

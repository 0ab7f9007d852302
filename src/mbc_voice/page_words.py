"""The words on the page that are also said: buttons, titles, choices, the keys of its keyboard.

Pure; any thread. The words are the library's `labels`; topics, groups and places have their titles.
So what is said where somebody comes by key is what stands there.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from mbc_voice.content.sentences import split
from mbc_voice.library import Library

KEYS = {
    "'": "apostrophe",
    "-": "dash",
    "/": "slash",
    ".": "full stop",
    ",": "comma",
    "?": "question mark",
}
"""What is said for a key that has no name of its own."""
AT_ONCE = 3
"""Topics on offer where it isn't clear which was meant."""


def texts(library: Library) -> dict[str, str]:
    """Return what is said at everything that one can come to, by its id on the page.

    A lone letter ends in a full stop: else voices take "a" for the article.
    """
    words = {id: text for id, text in library.labels.items() if "{" not in text}
    orders = {
        name: simplest(re.sub(r"\{\w+\}", "", command.phrases[0]))
        for name, command in library.commands.items()
        if command.phrases
    }
    return {
        **orders,
        **words,
        **{f"topic:{topic.id}": topic.title for topic in library.topics.values()},
        **{f"group:{group.id}": group.title for group in library.sections},
        **{f"place:{place.id}": place.name for place in library.places},
        **{f"key:{key}": f"{key}." for key in string.ascii_lowercase},
        **{f"key:{key}": key for key in string.digits},
        **{f"key:{key}": name for key, name in KEYS.items()},
    }


def choice(library: Library, number: int, title: str) -> str:
    """Return what is said at one of the things on offer."""
    form = library.labels.get("choice", "{number}: {title}")
    return form.replace("{number}", str(number)).replace("{title}", title)


def sentences(library: Library) -> Iterator[str]:
    """Yield every sentence that is said at something on the page, as far as it is known ahead."""
    for text in texts(library).values():
        yield from split(text)
    for number in range(1, AT_ONCE + 1):
        for topic in library.topics.values():
            yield choice(library, number, topic.title)
    for number, group in enumerate(library.sections, start=1):
        yield choice(library, number, group.title)


def simplest(template: str) -> str:
    """Return one short thing to say of a command's template: "stop" for ``stop [it|that]``."""
    before = None
    while before != template:
        before = template
        template = re.sub(r"\[[^\[\]]*\]", "", template)
        template = re.sub(r"\(([^()|]*)[^()]*\)", r"\1", template)
    return " ".join(template.split())

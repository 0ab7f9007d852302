"""Topics by name: their titles, and the words by which one title differs from the others.

Owns both tables. Read-only after construction; any thread may ask it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from mbc_voice.library import Library
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.vocabulary import FUNCTION_WORDS, content_words, stem

_LEADS = re.compile(
    r"^(?:(?:can|could|would) you |please )*(?:tell me (?:more )?|talk |read |explain |"
    r"i (?:want|would like|need) to (?:know|hear) |what do you know |information |info |"
    r"what is |what are |how about |what about )(?:about |on )?"
)
_MANY = 3


class Titles:
    """The titles of a library's topics."""

    def __init__(self, library: Library) -> None:
        """Index the titles of all topics."""
        self._words = {
            topic.id: frozenset(_stems(normalize(topic.title))) for topic in library.topics.values()
        }
        counts = Counter(word for words in self._words.values() for word in words)
        self._shared = {word for word, count in counts.items() if count >= _MANY}
        self._subjects = {
            topic.id: _subject(normalize(topic.title), self._shared)
            for topic in library.topics.values()
        }
        whole = Counter(self._words.values())
        self._whole = {words: id for id, words in self._words.items() if whole[words] == 1}

    def named(self, words: str) -> str | None:
        """Return the topic whose title normalised `words` are, small words and lead-in aside."""
        for said in (words, _LEADS.sub("", words)):
            topic = self._whole.get(frozenset(_stems(said)))
            if topic:
                return topic
        return None

    def subject(self, topic: str) -> str:
        """Return what sets a topic's title apart: "the bones" of "Symptoms in the bones"."""
        return self._subjects.get(topic, "")

    def among(self, words: str, choices: Iterable[str]) -> list[str]:
        """Return the choices that normalised `words` name by something that sets them apart."""
        offered = [choice for choice in choices if choice in self._words]
        common = Counter(word for choice in offered for word in self._words[choice])
        said = set(_stems(words))
        return [
            choice
            for choice in offered
            if said & {word for word in self._words[choice] if common[word] == 1}
        ]

    def sibling(self, words: str, topic: str) -> str | None:
        """Return the topic that is beside `topic` and that normalised `words` name.

        Its title is the same but for one thing: "the liver" after "Symptoms in the bones".
        """
        own = self._words.get(topic, frozenset())
        kept = own & self._shared
        said = set(_stems(words))
        found = [
            other
            for other, title in self._words.items()
            if other != topic and kept and kept <= title and said & (title - own - self._shared)
        ]
        return found[0] if len(found) == 1 else None


def _stems(words: str) -> list[str]:
    return [stem(word) for word in content_words(words)]


def _subject(title: str, shared: set[str]) -> str:
    words = [
        word for word in title.split() if word not in FUNCTION_WORDS and stem(word) not in shared
    ]
    return " ".join(words) or title

"""The library's own hard words: drugs and other names, and which topics speak of them.

Owns the list of terms and where they stand in an utterance. Read-only after construction; any
thread may ask it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mbc_voice.library import Library, Topic
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.wordings import topic_texts

COMMON = 6
"""A term that this many topics speak of tells nothing about which one is meant..."""

MAIN_SHARE = 0.4
"""...unless one topic has this much of all that is said of it."""

_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A term in an utterance: words from `start` up to, but not including, `end`."""

    term: str
    start: int
    end: int


class Terms:
    """The terms that have a pronunciation in the library."""

    def __init__(self, library: Library) -> None:
        """Find out which topics speak of each term."""
        names = dict.fromkeys(normalize(entry.word) for entry in library.pronunciations)
        spoken = {topic.id: _spoken_of(topic) for topic in library.topics.values()}
        self.topics: dict[str, tuple[str, ...]] = {
            name: _speaking_of(name, spoken) for name in names if name
        }
        """Each term, normalised, and the topics that speak of it, most often first."""
        self._share = {name: _main_share(name, spoken) for name in names if name}

    def find(self, words: str) -> list[Found]:
        """Return the terms in normalised `words`, longest first at each place."""
        spoken = words.split()
        found: list[Found] = []
        place = 0
        while place < len(spoken):
            for length in range(min(_LONGEST, len(spoken) - place), 0, -1):
                candidate = " ".join(spoken[place : place + length])
                if candidate in self.topics:
                    found.append(Found(candidate, place, place + length))
                    place += length - 1
                    break
            place += 1
        return found

    def pointed_to(self, words: str) -> list[str]:
        """Return the topic that speaks most of each telling term in normalised `words`."""
        names = dict.fromkeys(item.term for item in self.find(words))
        topics = (self.topics[name][0] for name in names if self.is_telling(name))
        return list(dict.fromkeys(topics))

    def is_telling(self, term: str) -> bool:
        """Return whether a term points to some topics rather than to all or none."""
        topics = len(self.topics.get(term, ()))
        return 0 < topics < COMMON or self._share.get(term, 0.0) >= MAIN_SHARE


def _main_share(name: str, spoken: dict[str, str]) -> float:
    """Return how much of all that is said of a term the topic that says most of it has."""
    times = [words.count(f" {name} ") for words in spoken.values()]
    return max(times) / sum(times) if any(times) else 0.0


def _speaking_of(name: str, spoken: dict[str, str]) -> tuple[str, ...]:
    times = {topic: words.count(f" {name} ") for topic, words in spoken.items()}
    return tuple(sorted((topic for topic in times if times[topic]), key=lambda id: -times[id]))


def _spoken_of(topic: Topic) -> str:
    return " ".join(
        f" {normalize(text)} " for text in (topic.title, *topic.ask, *topic_texts(topic))
    )

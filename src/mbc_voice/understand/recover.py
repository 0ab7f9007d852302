"""Hard names that came back garbled, recovered by sound: "pal bo cyclib", "her septin".

Owns the list of the library's terms by how they sound, and the search for them in what was heard.
A window of words is taken for a term only if it sounds like it and holds a word that the library's
questions never use, or if it sounds the same and a word follows that follows the term ("her to
positive") or the utterance ends there ("what is her to"); an alias from ``pronunciation.toml`` is
taken wherever it stands. Read-only after construction; any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mbc_voice.library import Library, Pronunciation
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.sounds import sound_of
from mbc_voice.understand.vocabulary import FUNCTION_WORDS, words_of

WINDOW = 4
"""Words a term can fall into."""

ALIKE = 0.83
"""Likeness of sound from which a window is taken for a long term; a short one must agree."""

_SHORT_SOUND = 6
_LEAST_SOUND = 5
_READ_WORDS = 60
_NAMING = words_of("is are about being called named with and or mean means of am")
"""Words before a name that ends an utterance: "what is her to"."""
_SHORT_WORD = 3
_BEFORE_NAME = _NAMING | words_of(
    "on take takes taking took have having had get getting got of for does do my the start started "
    "starting stop stopped use using used tell say drug pill tablet medicine injection does is"
)


@dataclass(frozen=True, slots=True)
class Recovered:
    """A term, and what was heard in its place."""

    term: str
    heard: str


class HeardTerms:
    """The library's terms, by sound and by alias."""

    def __init__(self, library: Library, known: frozenset[str], texts: Iterable[str]) -> None:
        """Index every pronunciation.

        `known` are the words of questions and orders; `texts` show which words follow a term.
        """
        self._known = known | FUNCTION_WORDS
        self._aliases: dict[str, str] = {}
        self._sounds: dict[str, str] = {}
        self._terms: set[str] = set()
        for entry in library.pronunciations:
            term = normalize(entry.word)
            if not term:
                continue
            self._terms.add(term)
            self._aliases.update({normalize(alias): term for alias in entry.spoken})
            for sound in _sounds(entry):
                if len(sound) >= _LEAST_SOUND:
                    self._sounds.setdefault(sound, term)
        self._spoken = tuple(self._sounds)
        self._after = _words_after(self._terms, texts)

    def recover(self, words: str) -> tuple[str, tuple[Recovered, ...]]:
        """Return normalised `words` with garbled terms put right, and which these were."""
        spoken = words.split()
        found: list[Recovered] = []
        place = 0
        while place < min(len(spoken), _READ_WORDS):
            best = max(self._terms_at(spoken, place), default=None)
            if best is None:
                place += 1
                continue
            _, length, term = best
            found.append(Recovered(term, " ".join(spoken[place : place + length])))
            spoken[place : place + length] = term.split()
            place += len(term.split())
        return " ".join(spoken), tuple(found)

    def _terms_at(self, spoken: list[str], place: int) -> Iterator[tuple[float, int, str]]:
        """Yield likeness, length and term for every window that begins at `place`."""
        for length in range(1, min(WINDOW, len(spoken) - place) + 1):
            window = spoken[place : place + length]
            heard = " ".join(window)
            if heard in self._aliases and self._aliases[heard] != heard:
                yield 2.0, length, self._aliases[heard]
            if heard in self._terms:
                continue
            if all(word in self._known for word in window):
                after = spoken[place + length] if place + length < len(spoken) else ""
                term = self._sounds.get(sound_of(heard), "")
                ends = not after and place and spoken[place - 1] in _NAMING
                if term and length > 1 and (ends or after in self._after.get(term, ())):
                    yield 1.0, length, term
                continue
            found = self._sounding(sound_of(heard))
            if found and _is_spread(window, found[0]):
                continue
            if found and _is_weak(window) and not _is_named(spoken, place, length):
                continue
            if found and not self._better_inside(window, found):
                yield found[1], length, found[0]

    def _better_inside(self, window: list[str], found: tuple[str, float]) -> bool:
        """Return whether the term sounds as well without a small word at an edge."""
        for inner, edge in ((window[1:], window[0]), (window[:-1], window[-1])):
            if inner and edge in FUNCTION_WORDS:
                alone = self._sounding(sound_of(" ".join(inner)))
                if alone and alone[1] >= found[1]:
                    return True
        return False

    def _sounding(self, sound: str) -> tuple[str, float] | None:
        """Return the term nearest to a sound, and how near, if that is near enough."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(sound) < _LEAST_SOUND:
            return None
        wanted = 1.0 if len(sound) <= _SHORT_SOUND else ALIKE
        found = process.extractOne(
            sound, self._spoken, scorer=OSA.normalized_similarity, score_cutoff=wanted
        )
        return (self._sounds[found[0]], float(found[1])) if found else None


def _is_spread(window: list[str], term: str) -> bool:
    """Return whether a term of several words would fall into more than one word more."""
    return " " in term and len(window) > len(term.split()) + 1


def _is_weak(window: list[str]) -> bool:
    """Return whether the words are several and all short: little to know a name by."""
    return len(window) > 1 and all(len(word) <= _SHORT_WORD for word in window)


def _is_named(spoken: list[str], place: int, length: int) -> bool:
    """Return whether a name may stand there: alone, or after "called", "taking" and the like."""
    return spoken[place - 1] in _BEFORE_NAME if place else length == len(spoken)


def _words_after(terms: Iterable[str], texts: Iterable[str]) -> dict[str, set[str]]:
    """Return the telling words that follow each term of several words: "positive" after HER2."""
    after: dict[str, set[str]] = {term: set() for term in terms if " " in term}
    for text in texts:
        for term, words in after.items():
            _, found, rest = f" {text} ".partition(f" {term} ")
            word = rest.partition(" ")[0]
            if found and word and word not in FUNCTION_WORDS:
                words.add(word)
    return after


def _sounds(entry: Pronunciation) -> Iterator[str]:
    """Yield how a term sounds: as written, as respelled, and as its aliases."""
    for form in (entry.word, entry.say.replace("-", ""), *entry.spoken):
        yield sound_of(normalize(form))

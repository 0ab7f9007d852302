"""Urgent signs: words that describe an emergency, whoever has it and however it is put.

Owns the rules compiled from the library's signs; the likeness to the signs' example phrases is the
matcher's part. Read-only after construction; any thread may ask it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mbc_voice.events import Evidence, Urgent
from mbc_voice.library import Library
from mbc_voice.understand.everyday import PEOPLE, everyday_to_plain
from mbc_voice.understand.frames import (
    Span,
    is_about,
    is_denied,
    says_none,
    with_unheard_not,
    without_denial,
)
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.past import is_past, is_supposed
from mbc_voice.understand.sounds import sound_of
from mbc_voice.understand.vocabulary import stem, words_of

WINDOW = 16
"""Words within which all groups of a sign must stand, so that a long story sets off no alarm."""

_PASSED_OVER = words_of(
    "the a an my her his your our their this that some really very so just quite too all pretty "
    "bit terribly awfully extremely totally completely kind of"
)
_TELLING = words_of("too all")
"""Passed over too, but not where a sign's own words hold them: "took all my pills"."""
_SOUND_LETTERS = 5
_MOST = 32

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    sign: str
    groups: tuple[tuple[_Words, ...], ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """An utterance without the words that are passed over, and where each word stood."""

    stems: tuple[str, ...]
    sounds: tuple[str, ...]
    places: tuple[int, ...]
    where: Mapping[str, list[int]]
    """Where each stem, and each sound, stands in the two lists above."""

    @staticmethod
    def of(words: str, known: frozenset[str], passed_over: frozenset[str]) -> _Heard:
        """Read normalised words; those that are `known` are not taken for others by sound."""
        spoken = words.split()
        places = [place for place, word in enumerate(spoken) if word not in passed_over]
        kept = [spoken[place] for place in places]
        sounds = [
            sound_of(stem(word)) if len(word) >= _SOUND_LETTERS and word not in known else ""
            for word in kept
        ]
        stems = [stem(word) for word in kept]
        where: dict[str, list[int]] = {}
        for number, forms in enumerate(zip(stems, sounds, strict=True)):
            for form in filter(None, dict.fromkeys(forms)):
                where.setdefault(form, []).append(number)
        return _Heard(tuple(stems), tuple(sounds), tuple(places), where)


class UrgentSigns:
    """The library's urgent signs, compiled once."""

    def __init__(self, library: Library, asked: frozenset[str] = frozenset()) -> None:
        """Compile the signs.

        `asked` are words of questions: these and the signs' own are never taken for mis-heard ones.
        """
        self._rules = [
            _Rule(sign.id, tuple(_group(group) for group in groups))
            for sign in library.urgent.values()
            for groups in sign.signs
        ]
        self._phrases = {
            normalize(phrase): sign.id
            for sign in reversed(list(library.urgent.values()))
            for phrase in sign.phrases
        }
        self._known = asked | {
            word
            for sign in library.urgent.values()
            for phrase in (
                *sign.phrases,
                *(one for rule in sign.signs for group in rule for one in group),
            )
            for word in normalize(phrase).split()
        }
        self._unless = {
            sign.id: tuple(f" {normalize(phrase)} " for phrase in sign.unless)
            for sign in library.urgent.values()
        }

    def find(self, words: str) -> Urgent | None:
        """Return the first sign, in the library's order, that normalised `words` report."""
        if words in self._phrases:
            return _urgent(self._phrases[words], "an example phrase, word for word", 1.0)
        plain = everyday_to_plain(words)
        return (
            self._by_rule(words)
            or (self._by_rule(plain) if plain != words else None)
            or self._unheard_not(words)
        )

    def is_like(self, sign: str, words: str) -> bool:
        """Return whether words that are like a sign's examples may report it.

        Not if they ask, or speak of the past, or if the sign's own words are there and taken back:
        "no chest pain so far".
        """
        whole = Span(0, len(words.split()))
        affirmed = without_denial(words)
        return not (
            says_none(words)
            or self.is_taken_back(sign, words, whole)
            or self._stands_in(sign, words)
            or (affirmed is not None and self._stands_in(sign, affirmed))
        )

    def _stands_in(self, sign: str, words: str) -> bool:
        """Return whether the sign's own words are there, taken back or not."""
        return any(rule.sign == sign for rule, _ in self._places(words))

    def _by_rule(self, words: str) -> Urgent | None:
        for rule, span in self._places(words):
            if not self.is_taken_back(rule.sign, words, span):
                said = " ".join(words.split()[span.start : span.end])
                return _urgent(rule.sign, f"the words {said!r}", 1.0)
        return None

    def _places(self, words: str) -> Iterator[tuple[_Rule, Span]]:
        """Yield every rule whose groups stand in normalised `words`, and where."""
        heard = _Heard.of(words, self._known, _PASSED_OVER)
        to_the_letter = _Heard.of(words, self._known, _PASSED_OVER - _TELLING)
        for rule in self._rules:
            span = _place(rule, heard, to_the_letter)
            if span:
                yield rule, span

    def _unheard_not(self, words: str) -> Urgent | None:
        """Return the sign of "I can breathe": who says so out of the blue said "can't".

        Recognizers lose the end of "can't", nobody tells a machine that they can breathe, and a
        needless alarm costs little.
        """
        with_not = with_unheard_not(words)
        found = self._by_rule(with_not) if with_not else None
        if found is None:
            return None
        return _urgent(found.sign, f"the words {words!r}, taken for {with_not!r}", 0.9)

    def is_taken_back(self, sign: str, words: str, span: Span) -> bool:
        """Return whether the sign is asked about, denied, feared, past or excepted."""
        spaced = f" {words} "
        return (
            is_about(words, span)
            or is_denied(words, span)
            or is_past(words)
            or is_supposed(words)
            or any(phrase in spaced for phrase in self._unless.get(sign, ()))
        )


def _urgent(sign: str, why: str, score: float) -> Urgent:
    return Urgent(sign, score, (Evidence("urgent", f"{sign}: {why}", score),))


def _group(alternatives: Sequence[str]) -> tuple[_Words, ...]:
    """Return the stems of each alternative; where "she" and "he" may stand, so may anyone."""
    said = [normalize(alternative) for alternative in alternatives]
    for form in ("{}", "{} is", "{} has"):
        if {form.format("she"), form.format("he")} <= set(said):
            said += [form.format(person) for person in PEOPLE]
    return tuple(words for words in dict.fromkeys(map(_stems, said)) if words)


def _stems(words: str) -> _Words:
    kept = [word for word in words.split() if word not in _PASSED_OVER - _TELLING]
    return tuple(stem(word) for word in (kept or words.split()))


def _place(rule: _Rule, heard: _Heard, to_the_letter: _Heard) -> Span | None:
    """Return where the rule's groups stand, or None: nearest to each other, first to last."""
    found: list[list[Span]] = []
    for group in rule.groups:
        places = [
            span
            for words in group
            for span in _occurrences(
                words, heard if _TELLING.isdisjoint(words) else to_the_letter, rule
            )
        ]
        if not places:
            return None
        found.append(places)
    for first in sorted(span for spans in found for span in spans):
        chosen = [min(spans, key=lambda span: abs(span.start - first.start)) for spans in found]
        start, end = min(span.start for span in chosen), max(span.end for span in chosen)
        if end - start <= WINDOW:
            return Span(start, end)
    return None


def _occurrences(words: _Words, heard: _Heard, rule: _Rule) -> list[Span]:
    """Return where the words stand in a row; a lone word that is a whole rule must be exact."""
    sounds = [
        sound_of(word)
        if len(word) >= _SOUND_LETTERS and (len(rule.groups) > 1 or words[1:])
        else ""
        for word in words
    ]
    starts = {*heard.where.get(words[0], ()), *heard.where.get(sounds[0], ())}
    return [
        Span(heard.places[start], heard.places[start + len(words) - 1] + 1)
        for start in sorted(starts)[:_MOST]
        if start + len(words) <= len(heard.stems)
        and all(
            heard.stems[start + step] == word
            or (sounds[step] and heard.sounds[start + step] == sounds[step])
            for step, word in enumerate(words)
        )
    ]

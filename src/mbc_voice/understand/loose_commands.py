"""Commands in looser words: other order, small additions, mis-heard, or known by one telling word.

Owns what `commands` falls back on. Its rules never take a question for an order: they refuse words
that ask, and words that the library's answers are about. Read-only after construction; any thread.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from mbc_voice.understand.everyday import PEOPLE
from mbc_voice.understand.politeness import (
    asks,
    plain_order,
    strip_politeness,
    strip_wishes,
)
from mbc_voice.understand.sounds import likeness, sound_of
from mbc_voice.understand.vocabulary import (
    FUNCTION_WORDS,
    QUESTION_WORDS,
    content_words,
    stem,
    words_of,
)

LONGEST = 9
"""Words of the longest order that is known by a telling word."""

_NOISE = words_of(
    "the a an your you yourself it to me my myself that this these those so very much of for from "
    "in on at with and but i is are was be have do does can could would will by as or if please "
    "thank thanks dear further any some all one"
)
_IDLE = words_of(
    "nice good great lovely talking talk chat chatting again bye kind helpful helping want wanted "
    "need needed"
)
_NEAR_WORDS = 4
_NEAR_LETTERS = 4
_SAME_SPELLING = 0.8
_TELLING_LETTERS = 4
_CLOSING_LETTERS = 3
_KNOWN = 0.6
_KNOWN_OF_IDLE = 0.5
_WITHIN_WORDS = 14
_OPENING_WORDS = 3
_UNMISTAKABLE = 2
_HALTS = ("wait", "hold on", "hang on", "hang about", "one moment", "one second", "pause", "stop")
"""Orders of few words after which people say why: "wait i need to write this down"."""
_GOES_ON = words_of(
    "but and so it thank thanks that i we because now this you okay people someone somebody my he "
    "she they there if no with without in from or for as since before while until the"
)
_OF_ME = re.compile(
    r"(?:i|we) (?:(?:really|just|so|still|also) )*"
    r"(?:(?:can|could|do|did|will|would|should|have|had|am|was|feel|felt|not|want|wanted|need|like|"
    r"to|been|just|really|the|a|my|any|so) )+"
)
"""How people begin to say how they are or what they want; the next word tells what it is."""
_OF_OTHERS = re.compile(
    rf"(?:(?:so|and|but) )?(?:my )?(?:{'|'.join(PEOPLE)}|they|we (?:said|told|went|lost|had))"
    r"\b(?! stop)"
)
_TO_US = re.compile(r"\b(?:with|hold|leave|love|hug|need|miss) (?:me|us|my hand|her|him|you)\b")
_PERSONS = words_of("i you we he she they people")
_THANKS = words_of("thank thanks okay great alright well good that")


class LooseCommands:
    """The phrases of all commands, by what they have in common with looser words."""

    def __init__(
        self,
        phrases: Mapping[str, str],
        spelling: Iterable[str],
        asked: frozenset[str],
        often: frozenset[str],
    ) -> None:
        """Index normalised `phrases` (phrase to command).

        `spelling` are the commands that take a word; `asked` the words of the library's questions,
        `often` those that many of them hold.
        """
        self._asked, self._often = asked, often
        self._stripped = dict(phrases)
        self._spelling = frozenset(spelling)
        self._plain = _owned((plain_order(phrase), name) for phrase, name in phrases.items())
        self._bags: dict[frozenset[str], str] = {}
        self._sounds: dict[str, str] = {}
        self._vocabulary: dict[str, set[str]] = defaultdict(set)
        owners: dict[str, set[str]] = defaultdict(set)
        self._heads: dict[str, set[str]] = defaultdict(set)
        for phrase, name in phrases.items():
            opening = _OF_ME.match(phrase)
            after = phrase[opening.end() :].split() if opening else []
            self._heads[name].update(stem(word) for word in after[:1])
            content = content_words(phrase, _NOISE)
            if len(content) > 1:
                self._bags.setdefault(frozenset(content), name)
            if len(phrase) >= _NEAR_LETTERS and len(phrase.split()) <= _NEAR_WORDS:
                self._sounds.setdefault(sound_of(phrase), name)
            for word in content:
                self._vocabulary[name].add(stem(word))
                owners[word].add(name)
        self._owner = {word: next(iter(names)) for word, names in owners.items() if len(names) == 1}
        self._telling = {
            word: name
            for word, name in self._owner.items()
            if len(word) >= _TELLING_LETTERS and word not in asked | FUNCTION_WORDS
        }

    def find(self, words: str) -> tuple[str, str, float] | None:
        """Return the command that normalised `words` come to, why, and how surely; or None."""
        spoken = words.split()
        content = content_words(words, _NOISE)
        if not content or _opens_a_question(spoken):
            return None
        bag = self._bags.get(frozenset(content))
        if bag:
            return bag, "the same words", 0.95
        told = self._told(spoken, content)
        if told:
            return told
        if len(words) < _NEAR_LETTERS or len(spoken) > _NEAR_WORDS or self._asked & set(spoken):
            return None
        return self._sounding_like(words)

    def reworded(self, words: str) -> tuple[str, str, float] | None:
        """Return the one command that has the same plain form (see `plain_order`), or None."""
        wished = words if asks(words) else strip_wishes(words)
        for said in (words, strip_politeness(words), wished, wished.removesuffix(" again")):
            name = self._plain.get(plain_order(said))
            if name:
                return name, "the same but for small words", 0.95
        return None

    def spelled(self, words: str) -> tuple[str, str] | None:
        """Return the command that takes a word, and the word, for "jaundice is spelled how"."""
        spoken = words.split()
        content = content_words(words, _NOISE | QUESTION_WORDS)
        names = {self._telling[word] for word in content if word in self._telling}
        rest = [word for word in content if word not in self._telling]
        name = next(iter(names), "")
        if len(names) != 1 or name not in self._spelling or len(spoken) > LONGEST:
            return None
        known = self._vocabulary[name] | {stem("tell"), stem("word"), stem("spelling")}
        rest = [word for word in rest if stem(word) not in known]
        return (name, " ".join(rest)) if 0 < len(rest) <= 2 else None

    def within(self, words: str) -> tuple[str, str, float] | None:
        """Return the command that stands whole at one end, with courtesies at the other."""
        spoken = words.split()
        if not spoken or len(spoken) > _WITHIN_WORDS or _opens_a_question(spoken):
            return None
        cuts = [
            (" ".join(spoken[:cut]), " ".join(spoken[cut:]))
            for cut in range(len(spoken) - 1, 0, -1)
        ]
        return self._twice(cuts) or self._opening(cuts) or self._closing(cuts)

    def _twice(self, cuts: list[tuple[str, str]]) -> tuple[str, str, float] | None:
        """Return the command of two orders in a row: the same one, or else the last one."""
        both = [
            (first, last)
            for first, last in ((self._whole(start), self._whole(end)) for start, end in cuts)
            if first and last
        ]
        if not both:
            return None
        same = [last for first, last in both if first == last]
        return (same or [both[0][1]])[0], "two orders in a row", 0.85

    def _opening(self, cuts: list[tuple[str, str]]) -> tuple[str, str, float] | None:
        for start, end in cuts:
            long_enough = start.count(" ") >= _OPENING_WORDS - 1 or start in _HALTS
            name = self._whole(start) if long_enough else None
            if name and self._adds_nothing(name, start, end.split()):
                return name, "said first, then courtesies", 0.85
        return None

    def _closing(self, cuts: list[tuple[str, str]]) -> tuple[str, str, float] | None:
        for start, end in cuts:
            idle = set(content_words(start, _NOISE)) <= _IDLE | _THANKS
            opens = start.split()[0] in _THANKS
            if opens and idle and len(end) >= _CLOSING_LETTERS and end in self._stripped:
                return self._stripped[end], "said last, after courtesies", 0.85
        return None

    def _adds_nothing(self, name: str, order: str, rest: list[str]) -> bool:
        """Return whether what follows an order is talk, or more words of that order.

        Where two words of the order are seldom asked, it is an order whatever follows.
        """
        seldom = (
            set(content_words(strip_politeness(order), _NOISE))
            - self._often
            - _IDLE
            - FUNCTION_WORDS
        )
        content = set(content_words(" ".join(rest), _NOISE)) - _IDLE
        other = {word for word in content if stem(word) not in self._vocabulary[name]}
        plainly = len(seldom) >= _UNMISTAKABLE or not self._often & other
        return not other or (rest[0] in _GOES_ON and plainly)

    def _whole(self, words: str) -> str | None:
        """Return the command that has these words for a phrase, or others that differ little."""
        found = self.reworded(words)
        return self._stripped.get(strip_politeness(words)) or (found[0] if found else None)

    def _told(self, spoken: list[str], content: list[str]) -> tuple[str, str, float] | None:
        """Return the only command whose telling words are there, if little else is."""
        if len(spoken) > LONGEST:
            return None
        words = [word for word in content if word in self._telling]
        names = {self._telling[word] for word in words}
        if len(names) != 1:
            return None
        name = names.pop()
        known = sum(stem(word) in self._vocabulary[name] for word in content)
        strangers = [word for word in content if stem(word) not in self._vocabulary[name]]
        before = content[max(content.index(words[0]) - 1, 0)]
        if self._owner.get(before, name) != name:
            return None
        asked = any(word in self._often for word in strangers)
        if known < (_KNOWN if asked else _KNOWN_OF_IDLE) * len(content):
            return None
        if self._confides(" ".join(spoken), name):
            return None
        return name, f"the telling word {words[0]!r}", 0.85

    def _confides(self, words: str, name: str) -> bool:
        """Return whether somebody speaks of themselves or of others rather than orders.

        "I can't do this anymore" holds a word of stop, but no phrase of it begins "I can't do".
        """
        if _TO_US.search(words) or _OF_OTHERS.match(words):
            return True
        opening = _OF_ME.match(words)
        if opening is None:
            return False
        after = words[opening.end() :].split()
        known = self._heads[name] | self._vocabulary[name] | {"you"}
        return not after or stem(after[0]) not in known

    def _sounding_like(self, words: str) -> tuple[str, str, float] | None:
        sound = sound_of(words)
        if len(sound) >= 3 and sound in self._sounds:
            return self._sounds[sound], "sounds the same", 0.9
        best, name = max(
            (
                (likeness(words, phrase), name)
                for phrase, name in self._stripped.items()
                if phrase[0] == words[0] and abs(len(phrase) - len(words)) <= 2
            ),
            default=(0.0, ""),
        )
        return (name, "almost the same letters", best) if best >= _SAME_SPELLING else None


def _opens_a_question(spoken: list[str]) -> bool:
    """Return whether the first words ask; "don't stop" is an order, "don't you stop" is not."""
    forbids = spoken[:2] == ["do", "not"] and _PERSONS.isdisjoint(spoken[2:3])
    return spoken[0] in QUESTION_WORDS and not forbids


def _owned(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the forms that belong to one command only, and that command."""
    owners: dict[str, set[str]] = defaultdict(set)
    for form, name in pairs:
        owners[form].add(name)
    return {form: names.pop() for form, names in owners.items() if form and len(names) == 1}

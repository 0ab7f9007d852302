"""Commands in looser words: other order, small additions, mis-heard, or known by one telling word.

Owns what `commands` falls back on. Its rules never take a question for an order: they refuse words
that ask, and words that the library's answers are about. Read-only after construction; any thread.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mbc_voice.understand.sounds import likeness, sound_of
from mbc_voice.understand.vocabulary import QUESTION_WORDS, content_words, stem, words_of

LONGEST = 9
"""Words of the longest order that is known by a telling word."""

_ASIDES = (
    "a little bit more",
    "a bit more",
    "a little bit",
    "a little",
    "a bit",
    "please",
    "exactly",
    "just",
    "really",
    "actually",
    "even",
    "now",
    "again please",
)
_NOISE = words_of(
    "the a an your you yourself it to me my myself that this these those so very much of for from "
    "in on at with and but i is are was be have do does can could would will by as or if please "
    "thank thanks dear further any some all one"
)
_IDLE = words_of("nice good great lovely talking talk chat chatting again bye kind helpful helping")
_NEAR_WORDS = 4
_NEAR_LETTERS = 4
_SAME_SPELLING = 0.8
_TELLING_LETTERS = 4
_CLOSING_LETTERS = 3
_KNOWN = 0.6
_KNOWN_OF_IDLE = 0.5
_WITHIN_WORDS = 14
_OPENING_WORDS = 3
_GOES_ON = words_of("but and so it thank thanks that i we because now this you okay")
_THANKS = words_of("thank thanks okay great alright well good that")


class LooseCommands:
    """The phrases of all commands, by what they have in common with looser words."""

    def __init__(
        self, phrases: Mapping[str, str], spelling: Iterable[str], asked: frozenset[str]
    ) -> None:
        """Index normalised `phrases` (phrase to command).

        `spelling` are the commands that take a word; `asked` the words of the library's questions.
        """
        self._asked = asked
        self._stripped = dict(phrases)
        self._spelling = frozenset(spelling)
        self._bags: dict[frozenset[str], str] = {}
        self._sounds: dict[str, str] = {}
        self._vocabulary: dict[str, set[str]] = defaultdict(set)
        owners: dict[str, set[str]] = defaultdict(set)
        for phrase, name in phrases.items():
            content = content_words(phrase, _NOISE)
            if len(content) > 1:
                self._bags.setdefault(frozenset(content), name)
            if len(phrase) >= _NEAR_LETTERS and len(phrase.split()) <= _NEAR_WORDS:
                self._sounds.setdefault(sound_of(phrase), name)
            for word in content:
                self._vocabulary[name].add(stem(word))
                owners[word].add(name)
        self._telling = {
            word: next(iter(names))
            for word, names in owners.items()
            if len(names) == 1 and len(word) >= _TELLING_LETTERS and word not in asked
        }

    def find(self, words: str) -> tuple[str, str, float] | None:
        """Return the command that normalised `words` come to, why, and how surely; or None."""
        spoken = words.split()
        content = content_words(words, _NOISE)
        if not content or spoken[0] in QUESTION_WORDS:
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
        if len(spoken) > _WITHIN_WORDS or spoken[0] in QUESTION_WORDS:
            return None
        for cut in range(len(spoken) - 1, 0, -1):
            start, end = " ".join(spoken[:cut]), " ".join(spoken[cut:])
            opens = cut >= _OPENING_WORDS and spoken[cut] in _GOES_ON and start in self._stripped
            if opens and not self._asked & set(content_words(end, _NOISE)) - _IDLE:
                return self._stripped[start], "said first, then courtesies", 0.85
            closes = spoken[0] in _THANKS and end in self._stripped
            idle = set(content_words(start, _NOISE)) <= _IDLE | _THANKS
            if closes and idle and len(end) >= _CLOSING_LETTERS:
                return self._stripped[end], "said last, after courtesies", 0.85
        return None

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
        asked = any(word in self._asked for word in strangers)
        if known < (_KNOWN if asked else _KNOWN_OF_IDLE) * len(content):
            return None
        return name, f"the telling word {words[0]!r}", 0.85

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


def without_asides(words: str) -> str:
    """Return normalised `words` without "a little", "exactly" and the like, wherever they stand."""
    spaced = f" {words} "
    for aside in _ASIDES:
        spaced = spaced.replace(f" {aside} ", " ")
    return spaced.strip() or words

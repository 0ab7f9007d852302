"""Commands: a closed set of phrases, found exactly first and nearly second.

Owns the set compiled from the library's templates. Read-only after construction; any thread may
ask it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mbc_voice.events import Command, Evidence
from mbc_voice.library import CommandWords, Library
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.sounds import likeness, sound_of
from mbc_voice.understand.spelling import read_number
from mbc_voice.understand.templates import SLOTS, expand
from mbc_voice.understand.vocabulary import QUESTION_WORDS, content_words, words_of

MAX_SPOKEN = 4_000
"""Phrases that a grammar-based recognizer gets."""

_LONGEST_WORD_SLOT = 4
_NUMBERS_SPOKEN = 30
_NEAR_WORDS = 4
_NEAR_LETTERS = 4
_SAME_SPELLING = 0.8


def _phrases_of(text: str) -> tuple[str, ...]:
    return tuple(normalize(phrase) for phrase in text.split(", "))


_LEADING = _phrases_of(
    "please, kindly, just, okay, right, well, so, now, then, and, hey, hi, hello, sorry, oh, "
    "alright, excuse me, can you, could you, would you, will you, can we, could we, can i, "
    "could i, may i, you can, you could, would you mind, do you mind, if you could, "
    "i want you to, i need you to, i would like you to, i'd like to, i want to, i need to, "
    "let me, let us, you need to, you have to, you should, go ahead and, try to, maybe, "
    "actually, computer, assistant, yes, no"
)
_TRAILING = _phrases_of(
    "please, now, right now, for me, to me, thanks, thank you, thank you very much, okay, "
    "then, a bit, a little, a little bit, a bit more, just a bit, if you can, if you could, "
    "if you would, will you, would you, can you, could you, so i can hear, already, there, "
    "dear, love, at once, for a moment, for a second, for a minute"
)
_NOISE = words_of("the your you it a an to me that this my so very much of")


@dataclass(frozen=True, slots=True)
class _Slotted:
    """A phrase around a slot: "spell" + word."""

    command: str
    before: str
    after: str
    slot: str


class Commands:
    """The library's commands, compiled once."""

    def __init__(self, library: Library, asked: frozenset[str] = frozenset()) -> None:
        """Compile every template of `library`.

        `asked` are the words of the library's questions, which are never taken for a mis-heard
        command. Raises `ContentError` for a malformed template.
        """
        self._asked = asked
        self._exact: dict[str, str] = {}
        self._stripped: dict[str, str] = {}
        self._bags: dict[frozenset[str], str] = {}
        self._sounds: dict[str, str] = {}
        self._slotted: list[_Slotted] = []
        for name, phrase in _phrases(library.commands):
            self._add(name, phrase)

    def _add(self, name: str, phrase: str) -> None:
        for slot in SLOTS:
            if slot in phrase:
                before, _, after = phrase.partition(slot)
                self._slotted.append(_Slotted(name, normalize(before), normalize(after), slot))
                return
        words = normalize(phrase)
        if not words:
            return
        self._exact.setdefault(words, name)
        self._stripped.setdefault(strip_politeness(words), name)
        if len(content_words(words, _NOISE)) > 1:
            self._bags.setdefault(frozenset(content_words(words, _NOISE)), name)
        if len(words) >= _NEAR_LETTERS and len(words.split()) <= _NEAR_WORDS:
            self._sounds.setdefault(sound_of(words), name)

    def find(self, words: str) -> Command | None:
        """Return the command that normalised `words` say exactly, politeness aside."""
        plain = strip_politeness(words)
        for candidate, table in ((words, self._exact), (plain, self._stripped)):
            if candidate in table:
                return _command(table[candidate], "said exactly", 1.0)
        return self._with_slot(words) or self._with_slot(plain)

    def _with_slot(self, words: str) -> Command | None:
        for slotted in self._slotted:
            inner = _between(words, slotted.before, slotted.after)
            if not inner:
                continue
            if slotted.slot == "{word}" and len(inner.split()) <= _LONGEST_WORD_SLOT:
                return _command(slotted.command, "said exactly", 1.0, word=inner)
            number = read_number(inner.split()) if slotted.slot == "{number}" else None
            if number is not None:
                return _command(slotted.command, "said exactly", 1.0, number=number)
        return None

    def near(self, words: str) -> Command | None:
        """Return the command that `words` say in other order, or that they sound like.

        Never for words that ask something or that the library's questions hold.
        """
        plain = strip_politeness(words)
        spoken = plain.split()
        if not spoken or spoken[0] in QUESTION_WORDS:
            return None
        bag = frozenset(content_words(plain, _NOISE))
        if bag in self._bags:
            return _command(self._bags[bag], "the same words", 0.95)
        if len(plain) < _NEAR_LETTERS or len(spoken) > _NEAR_WORDS or self._asked & set(spoken):
            return None
        return self._sounding_like(plain)

    def _sounding_like(self, plain: str) -> Command | None:
        sound = sound_of(plain)
        if len(sound) >= 3 and sound in self._sounds:
            return _command(self._sounds[sound], "sounds the same", 0.9)
        best, name = max(
            (
                (likeness(plain, phrase), name)
                for phrase, name in self._stripped.items()
                if phrase[0] == plain[0]
            ),
            default=(0.0, ""),
        )
        if best >= _SAME_SPELLING:
            return _command(name, "almost the same letters", best)
        return None

    def phrases(self, terms: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the closed set for a recognizer with a grammar, at most `MAX_SPOKEN` phrases.

        Slots are filled with the first thirty numbers and with `terms`.
        """
        spoken = dict.fromkeys(self._exact)
        for slotted in self._slotted:
            fillings = terms if slotted.slot == "{word}" else _spoken_numbers()
            for filling in fillings:
                phrase = f"{slotted.before} {filling} {slotted.after}"
                spoken.setdefault(" ".join(phrase.split()), None)
        return tuple(spoken)[:MAX_SPOKEN]


def phrases(library: Library) -> tuple[str, ...]:
    """Return everything a listener for commands alone should expect, as normalised phrases."""
    terms = tuple(
        normalize(alias)
        for entry in library.pronunciations
        for alias in (entry.spoken or (entry.word,))
    )
    return Commands(library).phrases(terms)


def strip_politeness(words: str) -> str:
    """Return `words` without what people wrap an order in; all of them if nothing else is left."""
    plain = words
    while True:
        shorter = _strip_once(plain)
        if shorter == plain or not shorter:
            return plain
        plain = shorter


def _strip_once(words: str) -> str:
    for phrase in _LEADING:
        if words.startswith(f"{phrase} "):
            return words[len(phrase) + 1 :]
    for phrase in _TRAILING:
        if words.endswith(f" {phrase}"):
            return words[: -len(phrase) - 1]
    return words


def _phrases(commands: Mapping[str, CommandWords]) -> Iterator[tuple[str, str]]:
    for command in commands.values():
        for template in command.phrases:
            for phrase in expand(template):
                yield command.id, phrase


def _between(words: str, before: str, after: str) -> str:
    """Return what stands between the two, or nothing."""
    start = f"{before} " if before else ""
    end = f" {after}" if after else ""
    if words.startswith(start) and words.endswith(end) and len(words) > len(start) + len(end):
        return words[len(start) : len(words) - len(end)]
    return ""


def _command(
    name: str, why: str, score: float, number: int | None = None, word: str = ""
) -> Command:
    evidence = (Evidence("commands", f"{name}: {why}", score),)
    return Command(name, number=number, word=word, score=score, evidence=evidence)


def _spoken_numbers() -> tuple[str, ...]:
    return tuple(normalize(str(number)) for number in range(1, _NUMBERS_SPOKEN + 1))

"""Commands: a closed set of phrases, found exactly first and nearly second.

Owns the set compiled from the library's templates. Read-only after construction; any thread may
ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mbc_voice.events import Command, Evidence
from mbc_voice.library import CommandWords, Library
from mbc_voice.understand.loose_commands import LooseCommands
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.politeness import (
    asks,
    strip_opening,
    strip_politeness,
    strip_wishes,
    without_asides,
)
from mbc_voice.understand.spelling import read_number
from mbc_voice.understand.templates import SLOTS, expand

MAX_SPOKEN = 4_000
"""Phrases that a grammar-based recognizer gets."""

_LONGEST_WORD_SLOT = 4
_NUMBERS_SPOKEN = range(13)
_SPEEDS_SPOKEN = range(100, 451, 50)


@dataclass(frozen=True, slots=True)
class _Slotted:
    """A phrase around a slot: "spell" + word."""

    command: str
    before: str
    after: str
    slot: str


class Commands:
    """The library's commands, compiled once."""

    def __init__(
        self,
        library: Library,
        asked: frozenset[str] = frozenset(),
        often: frozenset[str] | None = None,
    ) -> None:
        """Compile every template of `library`.

        `asked` are the words of the library's questions, which are never taken for a mis-heard
        command; those asked `often` (all, if not given) make an order around them doubtful. Raises
        `ContentError` for a malformed template.
        """
        self._exact: dict[str, str] = {}
        self._stripped: dict[str, str] = {}
        self._slotted: list[_Slotted] = []
        for name, phrase in _phrases(library.commands):
            self._add(name, phrase)
        spelling = [item.command for item in self._slotted if item.slot == "{word}"]
        self._loose = LooseCommands(
            self._stripped, spelling, asked, asked if often is None else often
        )

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

    def find(self, words: str) -> Command | None:
        """Return the command that normalised `words` say exactly, politeness aside."""
        plain = strip_politeness(words)
        wished = plain if asks(words) else strip_wishes(words)
        shorter = strip_politeness(without_asides(words))
        opened = strip_opening(words)
        for candidate in dict.fromkeys((words, opened, plain, shorter, wished)):
            name = self._exact.get(candidate) or self._stripped.get(candidate)
            if name:
                return _command(name, "said exactly", 1.0)
        return self._with_slot(plain) or self._with_slot(words) or self._with_number(wished)

    def _with_number(self, words: str) -> Command | None:
        found = self._with_slot(words)
        return found if found and found.number is not None else None

    def _with_slot(self, words: str) -> Command | None:
        for slotted in self._slotted:
            inner = _between(words, slotted.before, slotted.after)
            if not inner:
                continue
            if slotted.slot == "{word}" and len(inner.split()) <= _LONGEST_WORD_SLOT:
                return _command(slotted.command, "said exactly", 1.0, word=inner)
            number = _read_level(inner) if slotted.slot == "{number}" else None
            if number is not None:
                return _command(slotted.command, "said exactly", 1.0, number=number)
        return None

    def near(self, words: str) -> Command | None:
        """Return the command that `words` come to less exactly; never for a question."""
        plain = strip_politeness(words)
        spelled = self._loose.spelled(plain)
        if spelled:
            name, word = spelled
            return _command(name, "a telling word", 0.85, word=word)
        found = self._loose.reworded(words) or self._loose.find(plain) or self._loose.within(words)
        return _command(*found) if found else None

    def phrases(self, terms: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the closed set for a recognizer with a grammar: the `MAX_SPOKEN` of fewest words.

        Slots are filled with the first numbers, and, in each command's shortest phrase, with
        `terms`.
        """
        spoken = dict.fromkeys(self._exact)
        shortest: dict[str, _Slotted] = {}
        for slotted in sorted(self._slotted, key=lambda item: len(item.before + item.after)):
            if slotted.slot == "{number}":
                spoken.update(dict.fromkeys(_filled(slotted, _spoken_numbers(slotted))))
            else:
                shortest.setdefault(slotted.command, slotted)
        for slotted in shortest.values():
            spoken.update(dict.fromkeys(_filled(slotted, terms)))
        return tuple(sorted(spoken, key=lambda phrase: phrase.count(" ")))[:MAX_SPOKEN]


def phrases(library: Library) -> tuple[str, ...]:
    """Return everything a listener for commands alone should expect, as normalised phrases."""
    return Commands(library).phrases(spoken_terms(library))


def soonest(library: Library) -> str:
    """Return the order that must be found soonest: "stop", in its first wording; "" without it."""
    stop = library.commands.get("stop")
    return expand(stop.phrases[0])[0] if stop is not None else ""


def spoken_terms(library: Library) -> tuple[str, ...]:
    """Return the library's hard words as a recognizer may write them."""
    return tuple(
        normalize(alias)
        for entry in library.pronunciations
        for alias in (entry.spoken or (entry.word,))
    )


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


def _read_level(words: str) -> int | None:
    """Return the number that the words say; percents count on the scale from 0 to 10."""
    said = words.removesuffix(" percent").split()
    number = read_number(["one", *said[1:]] if said[:2] == ["a", "hundred"] else said)
    percent = words.endswith(" percent") and number is not None
    return min(round(number / 10), 10) if percent and number is not None else number


def _command(
    name: str, why: str, score: float, number: int | None = None, word: str = ""
) -> Command:
    evidence = (Evidence("commands", f"{name}: {why}", score),)
    return Command(name, number=number, word=word, score=score, evidence=evidence)


def _filled(slotted: _Slotted, fillings: Iterable[str]) -> Iterator[str]:
    for filling in fillings:
        yield normalize(f"{slotted.before} {filling} {slotted.after}")


def _spoken_numbers(slotted: _Slotted) -> tuple[str, ...]:
    numbers = _SPEEDS_SPOKEN if slotted.command == "speed" else _NUMBERS_SPOKEN
    return tuple(normalize(str(number)) for number in numbers)

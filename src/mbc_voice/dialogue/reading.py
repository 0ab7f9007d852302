"""A topic as a script: lines in the order they are read, cut into portions of a few sentences.

Portions are what is said in one go before an offer to go on. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mbc_voice.dialogue import wording
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import Length, Reading
from mbc_voice.library import Library, Passage, Sentence

AT_ONCE = 4
"""At most so many sentences, list items or choices in one go; more are given in threes."""
GROUP = 3
SHORT = 2
"""At most so many sentences in one go where short answers are wanted; lists stay as they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a script."""

    sentence: Sentence
    kind: Literal["title", "count", "grouping", "sentence", "item"]
    """``sentence`` and ``item`` are reviewed text; the others are made from prompts."""
    portion: int
    """Lines with the same number are said in one go."""
    passage: int = 0
    """Which passage of the topic it belongs to; the title belongs to the first."""

    @property
    def reviewed(self) -> bool:
        """Whether it comes from the library, and counts in "sentence 3 of 9"."""
        return self.kind in ("sentence", "item")


def groups(count: int, at_once: int = AT_ONCE, group: int = GROUP) -> list[int]:
    """Return the sizes in which so many things are given: all up to 4, else threes.

    The last group has two to four, so that nothing is left over alone.
    """
    sizes = []
    while count > at_once:
        sizes.append(group)
        count -= group
    return [*sizes, count] if count else sizes


def group_end(count: int, said: int) -> int:
    """Return where the group ends that begins after `said` of `count` things."""
    end = 0
    for size in groups(count):
        end += size
        if end > said:
            break
    return end


def script(library: Library, topic_id: str, answers: Length = "usual") -> tuple[Line, ...]:
    """Return all lines of a topic, from its title to its last sentence.

    `answers` changes only the portions: with long ones there is but one.
    """
    topic = library.topics[topic_id]
    at_once = SHORT if answers == "short" else AT_ONCE
    lines = [Line(title, "title", 0) for title in render(library, "title", title=topic.title)]
    lines += _passage(library, topic.short, 0, at_once)
    room = 0
    for number, passage in enumerate(topic.more, start=1):
        last = lines[-1].portion if lines else -1
        joins = not passage.items and len(passage.sentences) <= room
        found = _passage(library, passage, last if joins else last + 1, at_once)
        lines += [replace(line, passage=number) for line in found]
        room = 0 if passage.items else (room if joins else at_once) - len(passage.sentences)
    if answers == "long":
        return tuple(replace(line, portion=0) for line in lines)
    return tuple(lines)


def said(lines: Sequence[Line], start: int, end: int) -> tuple[int, ...]:
    """Return which lines to say from `start` to before `end`.

    That a list comes in groups is left out where all of it is said.
    """
    return tuple(
        index
        for index in range(start, end)
        if lines[index].kind != "grouping" or index == start or _list_end(lines, index) > end
    )


def passage_start(lines: Sequence[Line], passage: int) -> int | None:
    """Return the index of a passage's first line, or None if there is no such passage."""
    return next((i for i, line in enumerate(lines) if line.passage == passage), None)


def portion_end(lines: Sequence[Line], start: int) -> int:
    """Return the index after the portion that the line at `start` belongs to."""
    if start >= len(lines):
        return len(lines)
    portion = lines[start].portion
    return next((i for i in range(start, len(lines)) if lines[i].portion != portion), len(lines))


def position(lines: Sequence[Line], reading: Reading) -> tuple[int, int]:
    """Return which reviewed sentence is being or was last said, from 1, and how many there are."""
    length = sum(line.reviewed for line in lines)
    said = min(reading.place, max(0, reading.end - 1)) + 1
    return min(length, max(1, sum(line.reviewed for line in lines[:said]))), length


def _passage(library: Library, passage: Passage, portion: int, at_once: int) -> Iterator[Line]:
    for number, part in enumerate(_parts(passage.sentences, at_once)):
        portion += number > 0
        yield from (Line(sentence, "sentence", portion) for sentence in part)
    yield from _announcement(library, passage, portion)
    for number, part in enumerate(_parts(passage.items)):
        portion += number > 0
        yield from (Line(item, "item", portion) for item in part)


def _list_end(lines: Sequence[Line], index: int) -> int:
    end = index + 1
    while end < len(lines) and lines[end].kind == "item":
        end += 1
    return end


def _announcement(library: Library, passage: Passage, portion: int) -> Iterator[Line]:
    count = len(passage.items)
    if count < 2:
        return
    if not _says_number(passage.sentences, count):
        for sentence in render(library, "list-count", count=wording.number(count)):
            yield Line(sentence, "count", portion)
    if count > AT_ONCE:
        for sentence in render(library, "list-grouped", size=wording.number(GROUP)):
            yield Line(sentence, "grouping", portion)


def _says_number(sentences: Sequence[Sentence], count: int) -> bool:
    last = sentences[-1].text if sentences else ""
    return bool(re.search(rf"\b({wording.number(count)}|{count})\b", last, re.IGNORECASE))


def _parts(sentences: Sequence[Sentence], at_once: int = AT_ONCE) -> Iterator[Sequence[Sentence]]:
    start = 0
    for size in groups(len(sentences), at_once, min(at_once, GROUP)):
        yield sentences[start : start + size]
        start += size

"""A topic as a script: lines in the order they are read, cut into portions of a few sentences.

Portions are what is said in one go before an offer to go on. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mbc_voice.dialogue import wording
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import Reading
from mbc_voice.library import Library, Passage, Sentence

AT_ONCE = 4
"""At most so many sentences, list items or choices in one go; more are given in threes."""
GROUP = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a script."""

    sentence: Sentence
    kind: Literal["title", "count", "grouping", "sentence", "item"]
    """``sentence`` and ``item`` are reviewed text; the others are made from prompts."""
    portion: int
    """Lines with the same number are said in one go."""

    @property
    def reviewed(self) -> bool:
        """Whether it comes from the library, and counts in "sentence 3 of 9"."""
        return self.kind in ("sentence", "item")


def groups(count: int) -> list[int]:
    """Return the sizes in which so many things are given: all up to 4, else threes.

    The last group has two to four, so that nothing is left over alone.
    """
    sizes = []
    while count > AT_ONCE:
        sizes.append(GROUP)
        count -= GROUP
    return [*sizes, count] if count else sizes


def group_end(count: int, said: int) -> int:
    """Return where the group ends that begins after `said` of `count` things."""
    end = 0
    for size in groups(count):
        end += size
        if end > said:
            break
    return end


def script(library: Library, topic_id: str) -> tuple[Line, ...]:
    """Return all lines of a topic, from its title to its last sentence."""
    topic = library.topics[topic_id]
    lines = [Line(title, "title", 0) for title in render(library, "title", title=topic.title)]
    lines += _passage(library, topic.short, 0)
    room = 0
    for passage in topic.more:
        last = lines[-1].portion if lines else -1
        joins = not passage.items and len(passage.sentences) <= room
        lines += _passage(library, passage, last if joins else last + 1)
        room = 0 if passage.items else (room if joins else AT_ONCE) - len(passage.sentences)
    return tuple(lines)


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


def _passage(library: Library, passage: Passage, portion: int) -> Iterator[Line]:
    for number, part in enumerate(_parts(passage.sentences)):
        portion += number > 0
        yield from (Line(sentence, "sentence", portion) for sentence in part)
    yield from _announcement(library, passage, portion)
    for number, part in enumerate(_parts(passage.items)):
        portion += number > 0
        yield from (Line(item, "item", portion) for item in part)


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


def _parts(sentences: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    start = 0
    for size in groups(len(sentences)):
        yield sentences[start : start + size]
        start += size

"""What the files of a library say about one another, and whether it fits together.

Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mbc_voice.content.entry import Entry, Text
from mbc_voice.content.tables import PackTable
from mbc_voice.errors import ContentError
from mbc_voice.library import Topic


@dataclass(frozen=True, slots=True)
class Parts:
    """What was read, before it is one library."""

    pack: Entry
    """The place of the pack's own keys."""
    table: PackTable
    topics: Mapping[str, Topic]
    answers: Mapping[str, Entry]
    """Front matter of the answers by id."""
    referrals: Mapping[str, Entry]
    """Front matter of the referrals by id."""
    commands: Mapping[str, Entry]
    names: Collection[str]
    """Ids of all answers there are files for, those that can't be read included."""


def flaws(parts: Parts) -> Iterator[ContentError]:
    """Yield an error for everything in one file that another file contradicts."""
    yield from _sections(parts)
    yield from _facts(parts.answers)
    yield from _named_topics(parts.answers, "follow", parts.names)
    yield from _named_topics(parts.referrals, "nearest", parts.names)
    for name in sorted(set(parts.names) & set(parts.referrals)):
        entry = parts.referrals[name]
        reason = f"there is also an answer called {name!r}: give the referral another id"
        yield ContentError(entry.path, entry.line_of("id"), reason)
    yield from _order(parts)
    yield from _places(parts)
    wordings = [*parts.answers.values(), *parts.referrals.values()]
    yield from _twice(wordings, "ask", "the question")
    yield from _twice([*parts.commands.values()], "phrases", "the phrase")


def heard(text: str) -> str:
    """Return a wording as it compares with others: without case and punctuation."""
    return " ".join(re.findall(r"[\w\[\](){}|]+", text.casefold().replace("'", "")))


def _sections(parts: Parts) -> Iterator[ContentError]:
    known = [section.id for section in parts.table.sections]
    for name, entry in parts.answers.items():
        section = parts.topics[name].section
        if known and section not in known:
            reason = f"there is no section {section!r}: the sections are {', '.join(known)}"
            yield ContentError(entry.path, entry.line_of("section"), reason)


def _facts(answers: Mapping[str, Entry]) -> Iterator[ContentError]:
    for entry in answers.values():
        for fact in entry.texts("facts", may_be_empty=True):
            if not re.fullmatch(r"F\d{2,3}", fact.text):
                reason = f"{fact.text!r} is not the id of a fact: write it as F01"
                yield ContentError(entry.path, fact.line, reason)


def _named_topics(
    entries: Mapping[str, Entry], key: str, names: Collection[str]
) -> Iterator[ContentError]:
    for own, entry in entries.items():
        seen: set[str] = set()
        for topic in entry.texts(key, may_be_empty=True):
            if topic.text not in names:
                reason = (
                    f"the topic {topic.text!r} is named in {key!r}, "
                    f"but there is no file answers/{topic.text}.md"
                )
            elif topic.text == own and key == "follow":
                reason = f"{own!r} names itself in {key!r}: take it out"
            elif topic.text in seen:
                reason = f"{topic.text!r} stands twice in {key!r}: keep one"
            else:
                seen.add(topic.text)
                continue
            yield ContentError(entry.path, topic.line, reason)


def _order(parts: Parts) -> Iterator[ContentError]:
    seen: set[str] = set()
    for section, topic in parts.table.order:
        if topic.text not in parts.names:
            reason = f"there is no file answers/{topic.text}.md: correct the list of topics"
        elif topic.text in seen:
            reason = f"the topic {topic.text!r} is listed twice: keep one"
        elif topic.text in parts.topics and parts.topics[topic.text].section != section:
            there = parts.topics[topic.text].section
            reason = f"the topic {topic.text!r} is in the section {there!r}: list it there"
        else:
            seen.add(topic.text)
            continue
        yield ContentError(parts.pack.path, topic.line, reason)


def _places(parts: Parts) -> Iterator[ContentError]:
    for place, topic in parts.table.places:
        if topic.text not in parts.names:
            reason = f"there is no file answers/{topic.text}.md: correct the place {place.id!r}"
            yield ContentError(parts.pack.path, topic.line, reason)


def _twice(entries: list[Entry], key: str, what: str) -> Iterator[ContentError]:
    first: dict[str, tuple[Entry, Text]] = {}
    for entry in entries:
        for wording in entry.texts(key):
            before = first.setdefault(heard(wording.text), (entry, wording))
            if before != (entry, wording):
                where = f"{before[0].path.name}:{before[1].line}"
                reason = f"{what} {wording.text!r} stands in {where} too: keep it in one place"
                yield ContentError(entry.path, wording.line, reason)

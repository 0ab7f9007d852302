"""What is worth a second look in a library that loads: findings, each with its place.

Errors are facts nobody says or that do not exist; warnings are sentences that are hard to follow
by ear, old reviews, and words that a voice or a recognizer may not know. Pure: the day and the
recognizer's vocabulary are arguments. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from mbc_voice.content import readability
from mbc_voice.content.entry import Entry
from mbc_voice.content.load import Pack
from mbc_voice.library import Library, Referral, Sentence, Topic, UrgentSign

SHORT_WORDS = (20, 40)
"""Words of a short answer: what one takes in at a breath."""
SENTENCE_WORDS = 25
"""Longer sentences are lost on a listener."""
GRADE = 8.0
"""Reading grade an answer may have at most."""
REVIEW_MONTHS = 24
"""After this long a text should be reviewed again."""

_JARGON = re.compile(
    r"\b(?:audio|database|error|exception|input|intent|invalid|interface|metastatic|parameter|parse"
    r"|query|recognizer|syntax|timeout|transcript|utterance)\b"
)
"""Words our own prompts should not need."""

_DRUG = re.compile(
    r"\w+(?:ciclib|parib|tinib|lisib|sertib|mab|tansine|tecan|taxel|rubicin|platin|trozole|"
    r"estane|oxifene?|estrant|limus|dronate|dronic|relin|relide|bulin|citabine|elbine)\b",
    re.IGNORECASE,
)
"""Stems of the generic names of cancer drugs (WHO's international nonproprietary names)."""

_CAPITALS = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[A-Za-z]\w+(?:[-/]\w*[A-Z0-9]\w*)*|\b[A-Z]+\d\w*")
"""Acronyms: at least two capitals, or capitals and a number."""

_BRAND = re.compile(r"\(([A-Z][a-z]+)\)")
"""One capitalized word between brackets: a brand name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    severity: Literal["error", "warning"]
    path: Path
    line: int | None
    """Line in the file (1-based), or None for the file as a whole."""
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        kind = "" if self.severity == "error" else "(advice) "
        return f"{place}: {kind}{self.reason}"


def check(
    pack: Pack,
    today: date,
    facts: Mapping[str, str] | None = None,
    knows_word: Callable[[str], bool] | None = None,
) -> tuple[Finding, ...]:
    """Return what is worth a look, errors first, then by file and line.

    `facts` are those the answers must carry (None: a pack without such a list); `knows_word`
    tells whether the recognizer has a word, where one with a vocabulary is used.
    """
    found = list(_facts(pack, facts)) if facts is not None else []
    found += [*_hearing(pack), *_emergencies(pack), *_reviews(pack, today), *_names(pack)]
    found += _jargon(pack)
    if knows_word is not None:
        found += _unknown_words(pack, knows_word)
    return tuple(sorted(found, key=lambda one: (one.severity, str(one.path), one.line or 0)))


def reading_grade(library: Library, topic: Topic) -> float:
    """Return the reading grade of an answer; words of pronunciation.toml don't count as long."""
    familiar = {part.lower() for one in library.pronunciations for part in _parts(one.word)}
    return readability.grade([said.text for said in _all(topic)], familiar)


def _facts(pack: Pack, facts: Mapping[str, str]) -> Iterator[Finding]:
    said: set[str] = set()
    for topic in pack.library.topics.values():
        entry = pack.entries[f"topic.{topic.id}"]
        said.update(topic.facts)
        for fact in entry.texts("facts", may_be_empty=True):
            if fact.text not in facts:
                reason = f"there is no fact {fact.text}: see facts.toml"
                yield Finding("error", entry.path, fact.line, reason)
    for name, text in facts.items():
        if name not in said:
            reason = f"no answer says the fact {name}: {text}"
            yield Finding("error", pack.folder / "answers", None, reason)


def _hearing(pack: Pack) -> Iterator[Finding]:
    """Yield what is hard to follow by ear."""
    for topic in pack.library.topics.values():
        entry = pack.entries[f"topic.{topic.id}"]
        yield from _short_answer(pack, topic)
        sentences = _all(topic)
        grade = reading_grade(pack.library, topic)
        if grade > GRADE:
            reason = f"reading grade {grade:.1f}: shorten sentences and words (at most {GRADE:g})"
            yield Finding("warning", entry.path, None, reason)
        yield from _long_sentences(pack, [(said.id, said.text) for said in sentences])
    for referral in pack.library.referrals.values():
        yield from _long_sentences(pack, [(said.id, said.text) for said in referral.sentences])


def _emergencies(pack: Pack) -> Iterator[Finding]:
    """Yield what is too long in an emergency, and staff that nobody has at home."""
    for name, sign in pack.library.urgent.items():
        entry = pack.entries[f"urgent.{name}"]
        for key, sentences in (("say", sign.sentences), ("say_home", sign.at_home)):
            longest = max((len(readability.words(said.text)) for said in sentences), default=0)
            if longest > SENTENCE_WORDS:
                reason = f"a sentence of {longest} words in {key!r}: make two of it"
                yield Finding("warning", entry.path, entry.line_of(key), reason)
        if any("staff" in readability.words(said.text.lower()) for said in sign.at_home):
            reason = "at home there is no staff to tell: say there whom to call"
            yield Finding("warning", entry.path, entry.line_of("say_home"), reason)


def _short_answer(pack: Pack, topic: Topic) -> Iterator[Finding]:
    low, high = SHORT_WORDS
    prose = sum(len(readability.words(said.text)) for said in topic.short.sentences)
    listed = sum(len(readability.words(said.text)) for said in topic.short.items)
    path, line = pack.lines[topic.short.sentences[0].id]
    if prose > high:
        reason = f"the short answer has {prose} words: say it in {low} to {high}"
        yield Finding("warning", path, line, reason)
    elif prose + listed < low:
        reason = f"the short answer has only {prose + listed} words: say it in {low} to {high}"
        yield Finding("warning", path, line, reason)


def _long_sentences(pack: Pack, sentences: list[tuple[str, str]]) -> Iterator[Finding]:
    for name, text in sentences:
        count = len(readability.words(text))
        if count > SENTENCE_WORDS:
            path, line = pack.lines[name]
            reason = f"a sentence of {count} words: make two of it (at most {SENTENCE_WORDS})"
            yield Finding("warning", path, line, reason)


def _reviews(pack: Pack, today: date) -> Iterator[Finding]:
    for entry, page in _reviewed(pack):
        age = (today.year - page.reviewed.year) * 12 + today.month - page.reviewed.month
        age -= today.day < page.reviewed.day
        if age >= REVIEW_MONTHS:
            reason = f"reviewed {age} months ago: have it reviewed again"
        elif page.reviewed > today:
            reason = f"reviewed on {page.reviewed}, which is still to come: correct the date"
        else:
            continue
        yield Finding("warning", entry.path, entry.line_of("reviewed"), reason)


def _reviewed(pack: Pack) -> Iterator[tuple[Entry, Topic | Referral | UrgentSign]]:
    library = pack.library
    for name, topic in library.topics.items():
        yield pack.entries[f"topic.{name}"], topic
    for name, referral in library.referrals.items():
        yield pack.entries[f"referral.{name}"], referral
    for name, sign in library.urgent.items():
        yield pack.entries[f"urgent.{name}"], sign


def _names(pack: Pack) -> Iterator[Finding]:
    """Yield names and abbreviations that pronunciation.toml says nothing about."""
    known = {part.casefold() for one in pack.library.pronunciations for part in _parts(one.word)}
    known |= {one.word.casefold() for one in pack.library.pronunciations}
    told: set[str] = set()
    for name, text in _sentences(pack.library):
        names = [*_DRUG.findall(text), *_CAPITALS.findall(text), *_BRAND.findall(text)]
        for word in names:
            parts = {part.casefold() for part in _parts(word)}
            if word.casefold() in known | told or parts <= known:
                continue
            told.add(word.casefold())
            path, line = pack.lines.get(name, (pack.folder, None))
            reason = f"{word!r} is not in pronunciation.toml: add how it is said"
            yield Finding("warning", path, line, reason)


def _sentences(library: Library) -> Iterator[tuple[str, str]]:
    for topic in library.topics.values():
        yield from ((said.id, said.text) for said in _all(topic))
    for referral in library.referrals.values():
        yield from ((said.id, said.text) for said in referral.sentences)


def _jargon(pack: Pack) -> Iterator[Finding]:
    entry = pack.entries["prompts"]
    for name, texts in pack.library.prompts.items():
        for word in sorted(set(_JARGON.findall(" ".join(texts).lower()))):
            reason = f"the prompt {name!r} says {word!r}: use a word from daily life"
            yield Finding("warning", entry.path, entry.line_of(name), reason)


def _unknown_words(pack: Pack, knows_word: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield words people must be able to say that the recognizer can't hear."""
    spoken = {one.word.casefold() for one in pack.library.pronunciations if one.spoken}
    for key, entry in pack.entries.items():
        kind = key.partition(".")[0]
        if kind in {"command", "urgent"}:
            wordings = [(text.text, text.line) for text in entry.texts("phrases")]
        elif kind == "topic":
            wordings = [(entry.text("title"), entry.line_of("title"))]
        elif kind == "word":
            wordings = [(text.text, text.line) for text in entry.texts("spoken", may_be_empty=True)]
            wordings = wordings or [(entry.text("word"), entry.line)]
        else:
            continue
        for text, line in wordings:
            for word in _unheard(text, knows_word):
                if kind != "word" and word in spoken:
                    continue
                reason = f"the recognizer doesn't know {word!r}: give everyday words as 'spoken'"
                yield Finding("warning", entry.path, line, reason)


def _unheard(text: str, knows_word: Callable[[str], bool]) -> list[str]:
    plain = re.sub(r"\{\w+\}", " ", text.casefold())
    return [word for word in re.findall(r"[a-z']+", plain) if not knows_word(word)]


def _all(topic: Topic) -> list[Sentence]:
    passages = (topic.short, *topic.more)
    return [said for passage in passages for said in (*passage.sentences, *passage.items)]


def _parts(word: str) -> list[str]:
    return re.findall(r"\w+", word)

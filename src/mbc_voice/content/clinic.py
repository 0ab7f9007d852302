"""What a clinic says of itself: ``kiosk.toml``, checked, and the library with it.

The clinic's words take the place of the pack's, or come before them; nothing of the pack's files is
written. Pure but for reading the one file; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from mbc_voice import toml_lines
from mbc_voice.content.sentences import split
from mbc_voice.errors import ContentError
from mbc_voice.library import Library, Referral, Sentence, Topic, UrgentSign

PACK_NUMBER = "911"
"""The emergency number as the English pack has it."""

TEXTS = ("name", "hours", "welcome", "emergency_number", "take_away_url")
TABLES = ("hide", "referrals", "emergency", "keypad")
KEYPAD = ("previous", "next", "select", "back", "help", "switch")
"""The five keys with which the page can be used without sight, and the one for those who can press
no more than one."""
CAPITALS = (20, 200)
"""Fewest and most pixels a capital on the page may be high."""
MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Clinic:
    """One clinic's own words, and what it leaves out."""

    name: str = ""
    hours: str = ""
    """When somebody is there: shown on the page."""
    welcome: str = ""
    """Said before the greeting."""
    emergency_number: str = ""
    """Said in place of `PACK_NUMBER`; empty to leave it."""
    take_away_url: str = ""
    """Where a topic's text can be read at home; ``{topic}`` stands for its id."""
    counts: bool = True
    """Whether topics and outcomes are counted, without any words."""
    hide: Mapping[str, str] = field(default_factory=dict)
    """Topics that are left out, by id, and what is said to a question about them."""
    referrals: Mapping[str, str] = field(default_factory=dict)
    """What is said instead of a referral of the pack, by its id."""
    emergency: Mapping[str, str] = field(default_factory=dict)
    """What is said instead of an urgent sign's words, by its id."""
    keypad: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the clinic's keypad sends for each of `KEYPAD`, as browsers name it."""
    capital_px: int | None = None
    """So many of the screen's pixels are 7.3 mm; None to take it for a usual screen."""

    def take_away(self, topic: str) -> str | None:
        """Return the address of a topic's text, or None where there is none."""
        if not self.take_away_url:
            return None
        return self.take_away_url.replace("{topic}", topic)


def read(path: Path, library: Library | None = None) -> Clinic:
    """Return what the file says. Raises `ContentError` with the line of what is wrong.

    Its ids are checked against the library as the pack has it, if that is given.
    """
    return _File(path).clinic(library)


def apply(clinic: Clinic, library: Library) -> Library:
    """Return the library as this clinic wants it."""
    hidden = {id: library.topics[id] for id in clinic.hide}
    topics = {id: item for id, item in library.topics.items() if id not in hidden}
    referrals = {id: _reworded(item, clinic.referrals) for id, item in library.referrals.items()}
    referrals |= {id: _instead(topic, clinic.hide[id]) for id, topic in hidden.items()}
    return replace(
        library,
        topics={id: _without(item, hidden) for id, item in topics.items()},
        referrals={
            id: replace(item, nearest=_kept(item.nearest, hidden)) for id, item in referrals.items()
        },
        urgent=_urgent(clinic, library),
        prompts=_greeted(clinic, library.prompts),
        places=tuple(place for place in library.places if place.topic not in hidden),
    )


def _reworded(referral: Referral, texts: Mapping[str, str]) -> Referral:
    if referral.id not in texts:
        return referral
    return replace(referral, sentences=_numbered(f"referral.{referral.id}", texts[referral.id]))


def _instead(topic: Topic, text: str) -> Referral:
    """Return what a question about a hidden topic is answered with."""
    return Referral(
        id=topic.id,
        title=topic.title,
        source=topic.source,
        reviewed=topic.reviewed,
        reviewed_by=topic.reviewed_by,
        ask=topic.ask,
        nearest=(),
        sentences=_numbered(f"referral.{topic.id}", text),
    )


def _without(topic: Topic, hidden: Mapping[str, Topic]) -> Topic:
    return replace(topic, follow=_kept(topic.follow, hidden))


def _kept(ids: tuple[str, ...], hidden: Mapping[str, Topic]) -> tuple[str, ...]:
    return tuple(id for id in ids if id not in hidden)


def _urgent(clinic: Clinic, library: Library) -> dict[str, UrgentSign]:
    """Return the urgent signs in the clinic's words, with the clinic's number."""
    found = {}
    for id, sign in library.urgent.items():
        own = clinic.emergency.get(id)
        sentences = _numbered(f"urgent.{id}", own) if own else sign.sentences
        found[id] = replace(
            sign,
            sentences=_with_number(sentences, clinic.emergency_number),
            at_home=_with_number(sign.at_home, clinic.emergency_number),
        )
    return found


def _with_number(sentences: tuple[Sentence, ...], number: str) -> tuple[Sentence, ...]:
    if not number:
        return sentences
    return tuple(
        replace(item, text=re.sub(rf"\b{PACK_NUMBER}\b", number, item.text)) for item in sentences
    )


def _greeted(
    clinic: Clinic, prompts: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Return the prompts with the clinic's welcome before every greeting, in place of a hello."""
    if not clinic.welcome:
        return prompts
    return {
        name: tuple(f"{clinic.welcome} {text.removeprefix('Hello. ')}" for text in texts)
        if name.startswith("greeting")
        else texts
        for name, texts in prompts.items()
    }


def _numbered(prefix: str, text: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(f"{prefix}.{n}", item) for n, item in enumerate(split(text), start=1))


class _File:
    """One ``kiosk.toml``, with its lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            data = path.read_bytes()
            if len(data) > MOST_BYTES:
                raise ContentError(path, None, "this file is too large: a few pages are enough")
            text = data.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = "it can't be read: correct kiosk.clinic, or save it as UTF-8 text"
            raise ContentError(path, None, reason) from error
        try:
            self._data = toml_lines.parse(text)
        except toml_lines.TomlError as error:
            raise ContentError(path, error.line, f"not valid TOML: {error.reason}") from error
        self._lines = toml_lines.places(text)

    def clinic(self, library: Library | None) -> Clinic:
        """Return what the file says, checked against the library."""
        topics = library.topics if library is not None else None
        referrals = library.referrals if library is not None else None
        urgent = library.urgent if library is not None else None
        known = (*TEXTS, *TABLES, "counts", "capital_px")
        for key in self._data:
            if key not in known:
                self._fail(f"unknown key {key!r}: the keys are {', '.join(known)}", key)
        number, address = self._text("emergency_number"), self._text("take_away_url")
        if number and not re.fullmatch(r"[0-9 +-]{2,20}", number):
            self._fail("'emergency_number' is digits and spaces, such as 112", "emergency_number")
        if address and not re.fullmatch(r"https?://[^\s\"'<>]+", address):
            self._fail("'take_away_url' begins with https:// and has no spaces", "take_away_url")
        counts = self._data.get("counts", True)
        if not isinstance(counts, bool):
            self._fail("'counts' must be true or false", "counts")
        return Clinic(
            name=self._text("name"),
            hours=self._text("hours"),
            welcome=self._text("welcome"),
            emergency_number=number,
            take_away_url=address,
            counts=counts,
            hide=self._table("hide", topics, "topic"),
            referrals=self._table("referrals", referrals, "referral"),
            emergency=self._table("emergency", urgent, "urgent sign"),
            keypad=self._keypad(),
            capital_px=self._pixels("capital_px"),
        )

    def _text(self, *place: str) -> str:
        value: object = self._data
        for key in place:
            value = value.get(key, "") if isinstance(value, dict) else ""
        if not isinstance(value, str):
            self._fail(f"{place[-1]!r} must be a text in quotes", *place)
        return " ".join(value.split())

    def _table(self, name: str, known: Mapping[str, object] | None, what: str) -> dict[str, str]:
        table = self._data.get(name, {})
        if not isinstance(table, dict):
            self._fail(f"{name!r} is a table: write [{name}], and a line for each {what}", name)
        for id in table:
            if known is not None and id not in known:
                self._fail(f"there is no {what} {id!r}: correct its name", name, id)
            if not self._text(name, id):
                self._fail(f"{id!r} is empty: write something, or leave the line out", name, id)
        if name == "hide" and known is not None and len(table) == len(known):
            self._fail("all topics are hidden: leave at least one", name)
        return {id: self._text(name, id) for id in table}

    def _keypad(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the five keys; no key may mean two things."""
        keys = self._table("keypad", dict.fromkeys(KEYPAD), "key of the keypad")
        names = [name for text in keys.values() for name in text.split()]
        for role, text in keys.items():
            if any(names.count(name) > 1 for name in text.split()):
                self._fail(f"{text!r} stands at two of the keys", "keypad", role)
        return {role: tuple(text.split()) for role, text in keys.items()}

    def _pixels(self, name: str) -> int | None:
        value = self._data.get(name)
        least, most = CAPITALS
        if value is not None and (type(value) is not int or not least <= value <= most):
            self._fail(f"{name!r} is a whole number from {least} to {most}", name)
        return value

    def _fail(self, reason: str, *place: str) -> NoReturn:
        raise ContentError(self._path, toml_lines.find(self._lines, *place), reason)

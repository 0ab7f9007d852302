"""The library's TOML files: pack, urgent, commands, prompts, pronunciation and facts.

Pure but for the `Source` it is given; any thread.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mbc_voice import toml_lines
from mbc_voice.content import phrases
from mbc_voice.content.answers import numbered_sentences
from mbc_voice.content.entry import Entry, Text, Value, unknown
from mbc_voice.content.source import Source
from mbc_voice.errors import ContentError
from mbc_voice.library import SILENT, CommandWords, Place, Pronunciation, Section, UrgentSign

URGENT_KEYS = (
    ("id", "title", "source", "reviewed", "say", "phrases", "signs"),
    ("unless", "say_home"),
)
"""The keys of an urgent sign: those it must have, and those it may have."""

LONGEST_LABEL = 120
"""Characters of the words on a button or of a heading."""
LONGEST_SAID = 400
"""Characters of what is only said, about the keys."""
ONLY_SAID = ("five-keys", "one-key")


@dataclass(frozen=True, slots=True)
class PackTable:
    """What ``pack.toml`` says."""

    language: str
    title: str
    sections: tuple[Section, ...]
    order: tuple[tuple[str, Text], ...]
    """(section, topic) in the order they are listed."""
    places: tuple[tuple[Place, Text], ...] = ()
    """Each place with its topic and the line that names it."""


def read_pack_table(source: Source) -> PackTable:
    """Return the pack's language, title and sections; raises `ContentError`."""
    table = _Table(source)
    top = table.top(but=("section", "place"))
    top.allow(("language", "title"))
    language = top.text("language")
    if not re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", language):
        top.fail("language", f"{language!r} is not a language: write it as en-US")
    sections: list[Section] = []
    order: list[tuple[str, Text]] = []
    for entry in table.entries("section"):
        entry.allow(("id", "title"), ("topics",))
        sections.append(
            Section(_fresh_id(entry, [one.id for one in sections]), entry.text("title"))
        )
        order.extend((sections[-1].id, text) for text in entry.texts("topics"))
    places: list[tuple[Place, Text]] = []
    for entry in table.entries("place", optional=True):
        entry.allow(("id", "name", "topic"))
        id = _fresh_id(entry, [place.id for place, _ in places])
        topic = Text(entry.text("topic"), entry.line_of("topic"))
        places.append((Place(id, entry.text("name"), topic.text), topic))
    return PackTable(language, top.text("title"), tuple(sections), tuple(order), tuple(places))


def read_urgent(source: Source) -> tuple[dict[str, UrgentSign], dict[str, Entry]]:
    """Return the urgent signs, most urgent first, and their entries; raises `ContentError`."""
    table = _Table(source)
    table.top(but=("urgent",)).allow(())
    found: dict[str, UrgentSign] = {}
    entries: dict[str, Entry] = {}
    for index, entry in enumerate(table.entries("urgent")):
        entry.allow(*URGENT_KEYS)
        name = _fresh_id(entry, found)
        entries[name] = entry
        found[name] = UrgentSign(
            id=name,
            title=entry.text("title"),
            source=entry.text("source"),
            reviewed=entry.day("reviewed"),
            sentences=numbered_sentences(f"urgent.{name}", entry.text("say")),
            phrases=entry.plain_texts("phrases"),
            signs=_signs(entry, table.raw("urgent", index, "signs")),
            unless=entry.plain_texts("unless", may_be_empty=True),
            at_home=numbered_sentences(f"urgent.{name}.home", entry.text("say_home")),
        )
    return found, entries


def read_commands(source: Source) -> tuple[dict[str, CommandWords], dict[str, Entry]]:
    """Return the commands by id, and their entries; raises `ContentError`."""
    table = _Table(source)
    table.top(but=("command",)).allow(())
    found: dict[str, CommandWords] = {}
    entries: dict[str, Entry] = {}
    for entry in table.entries("command"):
        entry.allow(("id", "says", "phrases"), ("keys",))
        name = _fresh_id(entry, found)
        for phrase in entry.texts("phrases"):
            reason = phrases.flaw(phrase.text)
            if reason:
                raise ContentError(entry.path, phrase.line, f"{phrase.text!r}: {reason}")
        keys = entry.plain_texts("keys", may_be_empty=True)
        words = entry.plain_texts("phrases")
        found[name] = CommandWords(name, entry.text("says"), words, keys)
        entries[name] = entry
    return found, entries


def read_prompts(source: Source) -> tuple[dict[str, tuple[str, ...]], Entry]:
    """Return the prompts by name, each as its first, second, third try; raises `ContentError`."""
    top = _Table(source).top()
    found: dict[str, tuple[str, ...]] = {}
    for name, value in top.values.items():
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
            top.fail(name, f"a prompt can't be called {name!r}: use a-z, 0-9, '-' and '_'")
        one = isinstance(value.content, Text)
        texts = (Text(top.text(name), value.line),) if one else top.texts(name)
        for text in texts:
            if re.search(r"[{}]", re.sub(r"\{[a-z_]+\}", "", text.text)):
                reason = "a placeholder is written {like_this}: check the brackets"
                raise ContentError(source.path, text.line, reason)
        found[name] = tuple(text.text for text in texts)
    for name in found:
        flaw = _variant_flaw(name, found)
        if flaw:
            top.fail(name, flaw)
    return found, top


def _variant_flaw(name: str, prompts: Mapping[str, tuple[str, ...]]) -> str:
    """Return what is wrong between a silent variant and its prompt, or an empty text."""
    spoken = name.removesuffix(SILENT)
    if spoken == name:
        return ""
    if spoken not in prompts:
        close = difflib.get_close_matches(spoken, (n for n in prompts if not n.endswith(SILENT)), 1)
        meant = f"; did you mean {close[0] + SILENT!r}?" if close else ""
        return f"{name!r} stands in for {spoken!r}, and there is no such prompt{meant}"
    ours, theirs = (set(re.findall(r"\{\w+\}", " ".join(prompts[n]))) for n in (name, spoken))
    if ours == theirs:
        return ""
    wanted = ", ".join(sorted(theirs)) or "none"
    return f"{name!r} must have the placeholders of {spoken!r}: {wanted}"


def read_labels(source: Source) -> dict[str, str]:
    """Return the words on the page by id; raises `ContentError`."""
    top = _Table(source).top()
    found: dict[str, str] = {}
    for name in top.values:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            top.fail(name, f"nothing on the page is called {name!r}: use a-z, 0-9 and '-'")
        found[name] = top.text(name)
        if name in ONLY_SAID and len(found[name]) > LONGEST_SAID:
            top.fail(name, f"this is too long to listen to: at most {LONGEST_SAID} characters")
        if name not in ONLY_SAID and len(found[name]) > LONGEST_LABEL:
            top.fail(name, f"this is too long for a button: at most {LONGEST_LABEL} characters")
    return found


def read_pronunciations(source: Source) -> tuple[tuple[Pronunciation, ...], dict[str, Entry]]:
    """Return how words are said, and each word's entry; raises `ContentError`."""
    table = _Table(source)
    table.top(but=("word",)).allow(())
    found: list[Pronunciation] = []
    entries: dict[str, Entry] = {}
    aliases: dict[str, str] = {}
    for entry in table.entries("word"):
        entry.allow(("word", "say"), ("phonemes", "spoken"))
        word = entry.text("word")
        if word.casefold() in entries:
            entry.fail("word", f"the word {word!r} stands here twice: keep one")
        phonemes = entry.text("phonemes")
        if re.search(r"[/()\[\]]", phonemes):
            entry.fail("phonemes", "phonemes are written without slashes and brackets")
        entries[word.casefold()] = entry
        for alias in entry.texts("spoken", may_be_empty=True):
            if aliases.setdefault(alias.text.casefold(), word) != word:
                reason = f"{alias.text!r} is already taken for {aliases[alias.text.casefold()]!r}"
                raise ContentError(entry.path, alias.line, reason)
        spoken = entry.plain_texts("spoken", may_be_empty=True)
        found.append(Pronunciation(word, entry.text("say"), phonemes, spoken))
    return tuple(found), entries


def read_facts(source: Source) -> tuple[dict[str, str], Entry]:
    """Return the facts that the answers must carry, by id; raises `ContentError`."""
    top = _Table(source).top()
    for name in top.values:
        if not re.fullmatch(r"F\d{2,3}", name):
            top.fail(name, f"a fact can't be called {name!r}: write F01")
    return {name: top.text(name) for name in top.values}, top


def _fresh_id(entry: Entry, taken: Mapping[str, object] | Sequence[str]) -> str:
    name = entry.id()
    if name in taken:
        entry.fail("id", f"the id {name!r} stands here twice: choose another")
    return name


def _signs(entry: Entry, value: object) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the signs: a list of signs, each a list of groups, each a list of words."""
    signs = tuple(
        tuple(tuple(_words(entry, group)) for group in _items(entry, sign))
        for sign in _items(entry, value)
    )
    if not signs:
        entry.fail("signs", "the list 'signs' is empty: add at least one sign")
    return signs


def _items(entry: Entry, value: object) -> list[Any]:
    if not isinstance(value, list) or not value:
        entry.fail("signs", 'write signs as [[["chest"], ["pain", "pressure"]]]: lists of groups')
    return value


def _words(entry: Entry, value: object) -> Iterator[str]:
    for word in _items(entry, value):
        if not isinstance(word, str) or not word.strip():
            entry.fail("signs", "each group of a sign is a list of words in quotes")
        yield " ".join(word.split())


class _Table:
    """A TOML file's entries, with their lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        try:
            self._data = toml_lines.parse(source.text)
        except toml_lines.TomlError as error:
            reason = f"this can't be read: {error.reason}"
            raise ContentError(source.path, error.line, reason) from error
        self._lines = toml_lines.places(source.text)
        self._text_lines = source.text.split("\n")

    def top(self, but: Sequence[str] = ()) -> Entry:
        """Return the keys outside all tables, except those named."""
        wanted = [key for key in self._data if key not in but]
        if but:
            self._refuse_tables(wanted, but)
        values = {key: self._value(self._data[key], key) for key in wanted}
        return Entry(self._source.path, 1, values)

    def entries(self, name: str, *, optional: bool = False) -> list[Entry]:
        """Return the entries written ``[[name]]``; raises `ContentError` if one is missing."""
        tables = self._data.get(name, [] if optional else None)
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            line = toml_lines.find(self._lines, name) or 1
            reason = f"there is no [[{name}]] here: begin each entry with this line"
            raise ContentError(self._source.path, line, reason)
        return [self._entry(name, index, table) for index, table in enumerate(tables)]

    def raw(self, name: str, index: int, key: str) -> object:
        """Return a key's value as TOML gave it."""
        return self._data[name][index][key]

    def _refuse_tables(self, keys: Sequence[str], known: Sequence[str]) -> None:
        for key in keys:
            if isinstance(self._data[key], (dict, list)):
                line = toml_lines.find(self._lines, key)
                line = line or toml_lines.find(self._lines, key, 0)
                raise ContentError(self._source.path, line, unknown(key, known))

    def _entry(self, name: str, index: int, table: Mapping[str, object]) -> Entry:
        line = toml_lines.find(self._lines, name, index) or 1
        values = {key: self._value(value, name, index, key) for key, value in table.items()}
        return Entry(self._source.path, line, values)

    def _value(self, value: object, *place: str | int) -> Value:
        line = toml_lines.find(self._lines, *place) or 1
        if isinstance(value, str):
            return Value(line, Text(value, line))
        if isinstance(value, date):
            return Value(line, Text(value.isoformat(), line))
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return Value(line, tuple(self._text(item, line) for item in value))
        return Value(line, None)

    def _text(self, item: str, line: int) -> Text:
        return Text(item, toml_lines.line_of_text(self._text_lines, item, line))

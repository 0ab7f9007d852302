"""Loading a library: all of its files, or an error that names file and line.

Nothing half-loaded is ever returned. Any thread; a library is read once, when the program starts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mbc_voice.content import answers, links, tables
from mbc_voice.content.entry import Entry
from mbc_voice.content.source import Source, read_source
from mbc_voice.errors import ContentError
from mbc_voice.library import (
    CommandWords,
    Library,
    Pronunciation,
    Referral,
    Topic,
    UrgentSign,
)

T = TypeVar("T")
Found = TypeVar("Found", Topic, Referral)


@dataclass(frozen=True, slots=True)
class Pack:
    """A library and where its parts stand, for those who check it."""

    folder: Path
    library: Library
    entries: Mapping[str, Entry]
    """By ``topic.ID``, ``referral.ID``, ``urgent.ID``, ``command.ID``, ``word.WORD`` (folded),
    ``prompts`` and ``pack``."""
    lines: Mapping[str, tuple[Path, int]]
    """Where the sentences of answers and referrals stand, by their ids."""


def load_library(folder: Path) -> Library:
    """Return the content pack in this folder; raises `ContentError` if anything is malformed."""
    return load_pack(folder).library


def load_pack(folder: Path) -> Pack:
    """Return the content pack with its places; raises the first `ContentError` of `read_pack`."""
    pack, errors = read_pack(folder)
    if pack is None:
        raise errors[0]
    return pack


def read_pack(folder: Path) -> tuple[Pack | None, tuple[ContentError, ...]]:
    """Return the pack, or None and everything that is wrong with it: at most one error a file.

    What the files say about one another comes after what each says by itself.
    """
    reading = _Reading(folder)
    pack = reading.pack()
    return (None if reading.errors else pack), tuple(reading.errors)


class _Reading:
    """One reading of a folder: what was found, and what was wrong."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: list[Source] = []
        self._entries: dict[str, Entry] = {}
        self._lines: dict[str, tuple[Path, int]] = {}
        self.errors: list[ContentError] = []

    def pack(self) -> Pack | None:
        if not self._folder.is_dir():
            reason = "there is no such folder: correct the setting paths.content"
            self.errors.append(ContentError(self._folder, None, reason))
            return None
        no_table = tables.PackTable("", "", (), ())
        no_signs: dict[str, UrgentSign] = {}
        no_commands: dict[str, CommandWords] = {}
        no_prompts: dict[str, tuple[str, ...]] = {}
        no_words: tuple[Pronunciation, ...] = ()
        table = self._read(self._folder / "pack.toml", tables.read_pack_table, no_table)
        files = self._files("answers")
        topics = self._pages(files, "topic", answers.read_topic)
        referrals = self._pages(self._files("referrals"), "referral", answers.read_referral)
        urgent = self._read(self._folder / "urgent.toml", self._urgent, no_signs)
        commands = self._read(self._folder / "commands.toml", self._commands, no_commands)
        prompts = self._read(self._folder / "prompts.toml", self._prompts, no_prompts)
        words = self._read(self._folder / "pronunciation.toml", self._words, no_words)
        labels = self._labels()
        self._check_links(table, topics, [path.stem for path in files])
        library = Library(
            language=table.language,
            title=table.title,
            sections=table.sections,
            topics=_in_order(table, topics),
            referrals=referrals,
            urgent=urgent,
            commands=commands,
            prompts=prompts,
            labels=labels,
            pronunciations=words,
            places=tuple(place for place, _ in table.places),
            fingerprint=_fingerprint(self._folder, self._sources),
        )
        return Pack(self._folder, library, self._entries, self._lines)

    def _labels(self) -> dict[str, str]:
        """Return the words on the page; without a file of them it has its own."""
        path = self._folder / "page.toml"
        nothing: dict[str, str] = {}
        return self._read(path, tables.read_labels, nothing) if path.exists() else nothing

    def _read(self, path: Path, reader: Callable[[Source], T], otherwise: T) -> T:
        try:
            source = read_source(path)
            self._sources.append(source)
            return reader(source)
        except ContentError as error:
            self.errors.append(error)
            return otherwise

    def _files(self, name: str) -> list[Path]:
        """Return the Markdown files of a folder, sorted; anything else there is an error."""
        folder = self._folder / name
        found: list[Path] = []
        try:
            paths = sorted(folder.iterdir())
        except OSError:
            reason = "this folder is missing or can't be opened: the library needs it"
            self.errors.append(ContentError(folder, None, reason))
            return []
        for path in paths:
            if path.name.startswith((".", "~")) or path.name.endswith("~"):
                continue
            if path.suffix == ".md":
                found.append(path)
            else:
                reason = "this is not read: let its name end in .md, or take it away"
                self.errors.append(ContentError(path, None, reason))
        if not found and name == "answers":
            reason = "there is no answer in this folder: add at least one .md file"
            self.errors.append(ContentError(folder, None, reason))
        return found

    def _pages(
        self,
        paths: list[Path],
        kind: str,
        reader: Callable[[Source], tuple[Found, Entry, tuple[int, ...]]],
    ) -> dict[str, Found]:
        pages: dict[str, Found] = {}
        for path in paths:
            nothing: list[tuple[Found, Entry, tuple[int, ...]]] = []
            for page, entry, lines in self._read(path, lambda source: [reader(source)], nothing):
                pages[page.id] = page
                self._entries[f"{kind}.{page.id}"] = entry
                prefix = page.id if kind == "topic" else f"{kind}.{page.id}"
                for number, line in enumerate(lines, start=1):
                    self._lines[f"{prefix}.{number}"] = (path, line)
        return pages

    def _urgent(self, source: Source) -> dict[str, UrgentSign]:
        found, entries = tables.read_urgent(source)
        self._keep("urgent", entries)
        return found

    def _commands(self, source: Source) -> dict[str, CommandWords]:
        found, entries = tables.read_commands(source)
        self._keep("command", entries)
        return found

    def _prompts(self, source: Source) -> dict[str, tuple[str, ...]]:
        found, self._entries["prompts"] = tables.read_prompts(source)
        return found

    def _words(self, source: Source) -> tuple[Pronunciation, ...]:
        found, entries = tables.read_pronunciations(source)
        self._keep("word", entries)
        return found

    def _keep(self, kind: str, entries: Mapping[str, Entry]) -> None:
        self._entries.update({f"{kind}.{name}": entry for name, entry in entries.items()})

    def _kept(self, kind: str) -> dict[str, Entry]:
        prefix = f"{kind}."
        return {
            name.removeprefix(prefix): entry
            for name, entry in self._entries.items()
            if name.startswith(prefix)
        }

    def _check_links(
        self, table: tables.PackTable, topics: Mapping[str, Topic], names: list[str]
    ) -> None:
        pack = Entry(self._folder / "pack.toml", 1, {})
        kept = (self._kept("topic"), self._kept("referral"), self._kept("command"))
        parts = links.Parts(pack, table, topics, *kept, names)
        self.errors.extend(links.flaws(parts))


def _in_order(table: tables.PackTable, topics: Mapping[str, Topic]) -> dict[str, Topic]:
    """Return the topics by section, then as the pack lists them, then by file name."""
    sections = [section.id for section in table.sections]
    listed = [text.text for _, text in table.order]

    def rank(topic: Topic) -> tuple[int, int, str]:
        section = sections.index(topic.section) if topic.section in sections else len(sections)
        place = listed.index(topic.id) if topic.id in listed else len(listed)
        return section, place, topic.id

    return {topic.id: topic for topic in sorted(topics.values(), key=rank)}


def _fingerprint(folder: Path, sources: list[Source]) -> str:
    """Return the SHA-256 over the files' relative names and bytes, in the order of the names."""
    digest = hashlib.sha256()
    named = {source.path.relative_to(folder).as_posix(): source.data for source in sources}
    for name in sorted(named):
        for part in (name.encode(), named[name]):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()

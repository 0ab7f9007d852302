"""The frozen shape of the reviewed content: what can be said, and nothing else.

Only shapes live here, so that every layer may speak of a `Topic`; reading and checking the files
is the business of `content`. Immutable, so any thread may hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

SILENT = "-silent"
"""How the name of a prompt ends that stands in for another where people type and nothing sounds."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said in one go: the unit of reading, captions and repeat."""

    id: str
    """Unique: ``symptoms-lung.3``, ``referral.cost.1``, ``prompt.greeting.1``."""
    text: str
    """As it is shown; how it is pronounced is the voice's business."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, with the list that follows it if it ends in a colon."""

    sentences: tuple[Sentence, ...]
    items: tuple[Sentence, ...] = ()
    """The list's items, each a sentence of its own; empty for a plain paragraph."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One answer: a reviewed text on one subject."""

    id: str
    title: str
    section: str
    """Id of the section it is listed under (see `Library.sections`)."""
    facts: tuple[str, ...]
    source: str
    reviewed: date
    reviewed_by: str
    ask: tuple[str, ...]
    """Example questions, as people would say them."""
    follow: tuple[str, ...]
    """Ids of the topics to offer afterwards, best first."""
    short: Passage
    """The short answer: one breath, and its list if it introduces one."""
    more: tuple[Passage, ...]
    """What is read at "more"."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A kind of question the library does not answer, and where to turn with it."""

    id: str
    title: str
    source: str
    reviewed: date
    reviewed_by: str
    ask: tuple[str, ...]
    nearest: tuple[str, ...]
    """Ids of the topics nearest to it, offered after it; may be empty."""
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class UrgentSign:
    """Something that needs help at once, and the words that say so."""

    id: str
    title: str
    source: str
    reviewed: date
    sentences: tuple[Sentence, ...]
    """What is said; the first sentence says what to do."""
    phrases: tuple[str, ...]
    """Example wordings."""
    signs: tuple[tuple[tuple[str, ...], ...], ...]
    """Each sign is a tuple of groups of alternative words or phrases; it is present when every
    group has a member in the utterance."""
    unless: tuple[str, ...] = ()
    """Phrases that take the alarm back, such as "used to"."""
    at_home: tuple[Sentence, ...] = ()
    """What is said in place of `sentences` where no staff is near; empty if it is the same."""


@dataclass(frozen=True, slots=True)
class CommandWords:
    """A command and how people say it."""

    id: str
    says: str
    """One line for "help": what it does."""
    phrases: tuple[str, ...]
    """Templates: ``[optional]``, ``(one|other)``, and the slots ``{number}`` and ``{word}``."""
    keys: tuple[str, ...] = ()
    """Names of the keys that do the same, such as ``space`` or ``up``."""


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How one written word is said."""

    word: str
    say: str
    """A respelling anyone can read aloud: ``pal-boh-SYE-klib``; used by system voices."""
    phonemes: str = ""
    """Phonemes for the natural voice (misaki's alphabet), or empty to leave it to the voice."""
    spoken: tuple[str, ...] = ()
    """The word as everyday words, for recognizers that don't know it: ``pal bo cyclib``."""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of topics, as the list of topics reads them out."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the body, as a picture shows it: another way to a topic."""

    id: str
    """One that the page's picture knows: ``bones``, ``liver``, ``lungs``, ``brain``."""
    name: str
    topic: str
    """Id of the topic it leads to."""


@dataclass(frozen=True, slots=True)
class Library:
    """All content of one pack. Nothing medical is ever said that is not in here."""

    language: str
    """BCP 47 tag, such as ``en-US``."""
    title: str
    sections: tuple[Section, ...]
    topics: Mapping[str, Topic]
    """By id, in the order they are listed."""
    referrals: Mapping[str, Referral]
    urgent: Mapping[str, UrgentSign]
    """By id, most urgent first."""
    commands: Mapping[str, CommandWords]
    prompts: Mapping[str, tuple[str, ...]]
    """Our own phrases by name; several entries are the first, second, third try. They may hold
    ``{placeholders}``. One that ends in `SILENT` is a variant of the one without."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The words on the page by the id of what they stand on: they are shown, and said to whoever
    comes to it by key."""
    pronunciations: tuple[Pronunciation, ...] = ()
    places: tuple[Place, ...] = ()
    fingerprint: str = field(default="", compare=False)
    """SHA-256 over the files it was loaded from."""

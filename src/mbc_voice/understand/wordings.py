"""What the matcher learns from: every wording of the library with what it should lead to.

Owns the labels and the list of examples. Pure; any thread may call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from mbc_voice.library import Library, Passage, Topic
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.templates import expand

TEXT_WEIGHT = 0.3
"""How much a sentence of an answer counts beside a question that people ask."""

COMMAND_WORDINGS = 40
"""Phrases of one command that are learnt; its templates may stand for thousands."""

Kind = Literal["topic", "referral", "command", "urgent"]


class Label(NamedTuple):
    """What a wording leads to."""

    kind: Kind
    id: str


class Wording(NamedTuple):
    """One example."""

    text: str
    """Normalised; never empty."""
    label: Label
    weight: float


def wordings(library: Library) -> tuple[Wording, ...]:
    """Return all examples, each text once per label, in the library's order."""
    found: dict[tuple[str, Label], float] = {}
    for text, label, weight in _all(library):
        words = normalize(text)
        if words:
            found.setdefault((words, label), weight)
    return tuple(Wording(text, label, weight) for (text, label), weight in found.items())


def _all(library: Library) -> Iterator[tuple[str, Label, float]]:
    for topic in library.topics.values():
        label = Label("topic", topic.id)
        yield from ((text, label, 1.0) for text in (topic.title, *topic.ask))
        yield from ((text, label, TEXT_WEIGHT) for text in topic_texts(topic))
    for referral in library.referrals.values():
        label = Label("referral", referral.id)
        yield from ((text, label, 1.0) for text in (referral.title, *referral.ask))
    for sign in library.urgent.values():
        yield from ((text, Label("urgent", sign.id), 1.0) for text in sign.phrases)
    for command in library.commands.values():
        phrases = [
            phrase
            for template in command.phrases
            for phrase in expand(template)
            if "{" not in phrase
        ]
        step = max(1, -(-len(phrases) // COMMAND_WORDINGS))
        yield from ((text, Label("command", command.id), 1.0) for text in phrases[::step])


def topic_texts(topic: Topic) -> Iterator[str]:
    """Yield the sentences of a topic's answer, list items included."""
    for passage in (topic.short, *topic.more):
        yield from _texts(passage)


def _texts(passage: Passage) -> Iterator[str]:
    for sentence in (*passage.sentences, *passage.items):
        yield sentence.text

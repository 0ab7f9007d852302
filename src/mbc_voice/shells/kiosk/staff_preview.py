"""The content as visitors hear it, for the staff to read: with source, review and pronunciation.

Pure: a library in, HTML out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import TypeAlias

from mbc_voice.content.pronounce import Pronouncer
from mbc_voice.library import Library, Passage, Referral, Sentence, Topic, UrgentSign

PENDING = "pending"
"""What the reviewer's name begins with where nobody has reviewed a text yet."""
UNNAMED = "pending: no reviewer is named"
"""Of emergencies: their file names none."""
FRESH = timedelta(days=365)
"""A review is to be renewed after so long."""


Part: TypeAlias = tuple[str, tuple[Sentence, ...]]
"""What leads to some sentences ("" for what is said at once), and the sentences."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text: an answer, a referral or what is said in an emergency."""

    id: str
    title: str
    source: str
    reviewed: date
    reviewed_by: str
    parts: tuple[Part, ...]


def preview(library: Library, today: date) -> str:
    """Return all texts of the library in groups, and how many of them wait for a review."""
    pronouncer = Pronouncer(library.pronunciations)
    groups = list(_groups(library))
    waiting = sum(_state(one, today) != "" for _, texts in groups for one in texts)
    count = sum(len(texts) for _, texts in groups)
    told = f"<p>{count} texts. {waiting} of them wait for a review.</p>"
    return told + "".join(
        f"<h3>{escape(title)}</h3>" + "".join(_details(one, today, pronouncer) for one in texts)
        for title, texts in groups
        if texts
    )


def _groups(library: Library) -> Iterator[tuple[str, list[Text]]]:
    for section in library.sections:
        topics = [topic for topic in library.topics.values() if topic.section == section.id]
        yield section.title, [_text(topic, _parts(topic)) for topic in topics]
    urgent = library.urgent.values()
    yield "In an emergency", [_text(sign, (("", sign.sentences),)) for sign in urgent]
    referrals = library.referrals.values()
    title = "Questions that are not answered, and where to turn"
    yield title, [_text(one, (("", one.sentences),)) for one in referrals]


def _text(of: Topic | Referral | UrgentSign, parts: tuple[Part, ...]) -> Text:
    by = UNNAMED if isinstance(of, UrgentSign) else of.reviewed_by
    return Text(of.id, of.title, of.source, of.reviewed, by, parts)


def _parts(topic: Topic) -> tuple[Part, ...]:
    return (("", _all(topic.short)), *(("At more", _all(passage)) for passage in topic.more))


def _all(passage: Passage) -> tuple[Sentence, ...]:
    return (*passage.sentences, *passage.items)


def _state(text: Text, today: date) -> str:
    """Return what is to be done about the review of a text; nothing if all is well."""
    if text.reviewed_by.casefold().startswith(PENDING):
        return text.reviewed_by
    if today - text.reviewed > FRESH:
        return "its review is more than a year old"
    return ""


def _details(text: Text, today: date, pronouncer: Pronouncer) -> str:
    state = _state(text, today)
    mark = f" <strong>({escape(state)})</strong>" if state else ""
    by = "" if state else f", by {escape(text.reviewed_by)}"
    said = "".join(
        (f"<p>{escape(lead)}:</p>" if lead else "")
        + "<ol>"
        + "".join(_line(sentence, pronouncer) for sentence in sentences)
        + "</ol>"
        for lead, sentences in text.parts
    )
    return (
        f'<details id="{escape(text.id)}"><summary>{escape(text.title)}{mark}</summary>{said}'
        f"<p>Source: {escape(text.source)}<br>Reviewed: {text.reviewed.isoformat()}{by}</p>"
        "</details>"
    )


def _line(sentence: Sentence, pronouncer: Pronouncer) -> str:
    said = pronouncer.for_system_voice(sentence.text)
    hint = f" <small>(said: {escape(said)})</small>" if said != sentence.text else ""
    return f"<li>{escape(sentence.text)}{hint}</li>"

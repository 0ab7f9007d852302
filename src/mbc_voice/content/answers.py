"""One answer or referral: a Markdown file with front matter, made into its shape.

Pure but for the `Source` it is given; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbc_voice.content import front_matter, markdown, sentences
from mbc_voice.content.entry import Entry, Text
from mbc_voice.content.markdown import Paragraph
from mbc_voice.content.source import Source
from mbc_voice.errors import ContentError
from mbc_voice.library import Passage, Referral, Sentence, Topic

TOPIC_KEYS = (
    ("id", "title", "section", "facts", "source", "reviewed", "reviewed_by", "ask"),
    ("follow",),
)
"""The keys of an answer: those it must have, and those it may have."""

REFERRAL_KEYS = (("id", "title", "source", "reviewed", "reviewed_by", "ask"), ("nearest",))
"""The keys of a referral: those it must have, and those it may have."""


def read_topic(source: Source) -> tuple[Topic, Entry, tuple[int, ...]]:
    """Return the topic of a file, its front matter, and the line of each of its sentences.

    Raises `ContentError` for anything malformed.
    """
    entry, paragraphs = _read(source, TOPIC_KEYS)
    name = entry.id()
    numbered = _Numbered(name)
    passages = tuple(numbered.passage(paragraph) for paragraph in paragraphs)
    topic = Topic(
        id=name,
        title=entry.text("title"),
        section=entry.text("section"),
        facts=entry.plain_texts("facts", may_be_empty=True),
        source=entry.text("source"),
        reviewed=entry.day("reviewed"),
        reviewed_by=entry.text("reviewed_by"),
        ask=entry.plain_texts("ask"),
        follow=entry.plain_texts("follow", may_be_empty=True),
        short=passages[0],
        more=passages[1:],
    )
    return topic, entry, tuple(numbered.lines)


def read_referral(source: Source) -> tuple[Referral, Entry, tuple[int, ...]]:
    """Return the referral of a file, its front matter, and the line of each of its sentences.

    Raises `ContentError` for anything malformed.
    """
    entry, paragraphs = _read(source, REFERRAL_KEYS)
    name = entry.id()
    numbered = _Numbered(f"referral.{name}")
    passages = [numbered.passage(paragraph) for paragraph in paragraphs]
    referral = Referral(
        id=name,
        title=entry.text("title"),
        source=entry.text("source"),
        reviewed=entry.day("reviewed"),
        reviewed_by=entry.text("reviewed_by"),
        ask=entry.plain_texts("ask"),
        nearest=entry.plain_texts("nearest", may_be_empty=True),
        sentences=tuple(said for one in passages for said in (*one.sentences, *one.items)),
    )
    return referral, entry, tuple(numbered.lines)


def numbered_sentences(prefix: str, text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text, their ids ``PREFIX.1`` and so on."""
    pieces = enumerate(sentences.split(text), start=1)
    return tuple(Sentence(f"{prefix}.{number}", piece) for number, piece in pieces)


def spoken_item(text: str) -> str:
    """Return a list's item as a sentence: a capital letter first, a full stop last."""
    text = text.rstrip(" ,;")
    if not text.endswith((".", "?", "!", "…")):
        text += "."
    return text[:1].upper() + text[1:]


def _read(
    source: Source, keys: tuple[Sequence[str], Sequence[str]]
) -> tuple[Entry, tuple[Paragraph, ...]]:
    entry, body = front_matter.split(source)
    entry.allow(*keys)
    if entry.id() != source.path.stem:
        entry.fail("id", f"the id {entry.id()!r} must be the file's name: {source.path.stem!r}")
    found = markdown.paragraphs(source.path, body)
    if not found:
        line = _last_line(body, entry)
        reason = "there is no text below the second ---: write what is said there"
        raise ContentError(source.path, line, reason)
    return entry, found


def _last_line(body: Sequence[Text], entry: Entry) -> int:
    return body[0].line - 1 if body else entry.line


class _Numbered:
    """Gives sentences their ids in reading order, and remembers their lines."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.lines: list[int] = []

    def passage(self, paragraph: Paragraph) -> Passage:
        prose = (Text(text, paragraph.line) for text in sentences.split(paragraph.text))
        said = tuple(self._number(prose))
        listed = (Text(spoken_item(item.text), item.line) for item in paragraph.items)
        return Passage(said, tuple(self._number(listed)))

    def _number(self, texts: Iterator[Text]) -> Iterator[Sentence]:
        for text in texts:
            self.lines.append(text.line)
            yield Sentence(f"{self._prefix}.{len(self.lines)}", text.text)

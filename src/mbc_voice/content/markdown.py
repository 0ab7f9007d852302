"""The body of an answer or referral: paragraphs, and lists that a paragraph introduces.

That is all of Markdown a voice can read; headings, links, tables and emphasis are refused, for
they would be lost or read out as symbols. Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mbc_voice.content.entry import Text
from mbc_voice.errors import ContentError


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph on one line of text, and the list it introduces."""

    text: str
    line: int
    items: tuple[Text, ...] = ()


_REFUSED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"^\s*#{1,6}(?:\s|$)", "a heading can't be read aloud: the title stands at the top"),
        (r"^\s*(?:[-=_*]\s*){3,}$", "a ruled line can't be read aloud: leave an empty line"),
        (r"^\s*(?:[*+•]|\d{1,3}[.)])\s", "write the items of a list with '- ' in front"),
        (r"^\s+-\s", "write each item of a list at the margin: a list can't stand inside another"),
        (r"^-[^\s-]", "put a space after the '-' of a list's item"),
        (r"^-\s*$", "this item of the list is empty: fill it in or take it out"),
        (r"^\s*>", "a quotation mark '>' can't be read aloud: write plain text"),
        (r"\|", "a table can't be read aloud: write a list, with '- ' before each item"),
        (r"[`~\\]", "'`', '~' and '\\' can't be read aloud: write plain text"),
        (r"[\[\]]", "a link or bracket can't be read aloud: write plain text"),
        (r"</?[A-Za-z!]", "HTML can't be read aloud: write plain text"),
        (r"\*|(?<!\w)_|_(?!\w)", "'*' and '_' can't be read aloud: write plain text"),
        (r"https?:|www\.", "a web address can't be read aloud: say the name of the place"),
        (r"[{}]", "'{' and '}' can't be read aloud: write plain text"),
    )
)

_ENDS = re.compile("[.!?:…][\"')\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]*$")


def paragraphs(path: Path, lines: Sequence[Text]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a body; raises `ContentError` for anything else in it."""
    found: list[Paragraph] = []
    for block in _blocks(lines):
        for text, line in block:
            _refuse(path, text, line)
        words, items = _parts(path, block)
        if words:
            found.append(Paragraph(" ".join(words), block[0].line, items))
        elif found and found[-1].text.endswith(":") and not found[-1].items:
            found[-1] = Paragraph(found[-1].text, found[-1].line, items)
        else:
            reason = "say what the list is first: a paragraph that ends in a colon"
            raise ContentError(path, block[0].line, reason)
    for paragraph in found:
        _check_end(path, paragraph)
    return tuple(found)


def _blocks(lines: Sequence[Text]) -> list[list[Text]]:
    blocks: list[list[Text]] = [[]]
    for line in lines:
        if line.text.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _parts(path: Path, block: Sequence[Text]) -> tuple[list[str], tuple[Text, ...]]:
    """Return a block's lines of prose and its list."""
    words: list[str] = []
    items: list[Text] = []
    for text, line in block:
        if text.startswith("- "):
            items.append(Text(text[2:].strip(), line))
        elif items and text.startswith(" "):
            items[-1] = Text(f"{items[-1].text} {text.strip()}", items[-1].line)
        elif items:
            raise ContentError(path, line, "leave an empty line between a list and what follows")
        elif text.startswith(" "):
            raise ContentError(path, line, "begin the line at the margin, without spaces")
        else:
            words.append(" ".join(text.split()))
    return words, tuple(items)


def _refuse(path: Path, text: str, line: int) -> None:
    for pattern, reason in _REFUSED:
        if pattern.search(text):
            raise ContentError(path, line, reason)


def _check_end(path: Path, paragraph: Paragraph) -> None:
    if paragraph.items and not paragraph.text.endswith(":"):
        reason = "the paragraph before a list must end in a colon"
        raise ContentError(path, paragraph.line, reason)
    if not paragraph.items and paragraph.text.endswith(":"):
        reason = "this paragraph ends in a colon, but no list follows it"
        raise ContentError(path, paragraph.line, reason)
    if not _ENDS.search(paragraph.text):
        raise ContentError(path, paragraph.line, "end the paragraph with '.', '?' or '!'")

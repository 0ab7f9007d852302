"""What the ``content`` commands print and write: check, preview and new.

Any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Literal

from mbc_voice.content import lint
from mbc_voice.content.entry import ID
from mbc_voice.content.load import Pack, read_pack
from mbc_voice.content.pronounce import Pronouncer
from mbc_voice.content.source import read_source
from mbc_voice.content.tables import read_facts
from mbc_voice.errors import ContentError, UsageError
from mbc_voice.library import Library, Passage, Sentence, UrgentSign

Kind = Literal["answer", "referral"]

_ANSWER = """\
---
# Fill in what is missing; lines that begin with # are notes to you, and are never read aloud.
id: {id}
title: "{title}"
# One of the sections in pack.toml:
section:
# The facts it says, from facts.toml, such as [F06, F07]; [] if none:
facts: []
# Where the text comes from:
source:
# The day it was last reviewed, such as 2026-11-01, and by whom:
reviewed:
reviewed_by:
# Questions people ask it with, in their own words, one a line, each after "  - ":
ask:
# Ids of the answers to offer next, such as [curable]; [] if none:
follow: []
---
"""

_REFERRAL = """\
---
# Fill in what is missing; lines that begin with # are notes to you, and are never read aloud.
id: {id}
title: "{title}"
# Where the text comes from:
source:
# The day it was last reviewed, such as 2026-11-01, and by whom:
reviewed:
reviewed_by:
# Questions people ask it with, in their own words, one a line, each after "  - ":
ask:
# Ids of the answers nearest to it, such as [curable]; [] if none:
nearest: []
---
"""


def check_report(
    folder: Path,
    today: date,
    knows_word: Callable[[str], bool] | None = None,
    prompt_flaws: Callable[[Library], Sequence[str]] | None = None,
) -> tuple[str, bool]:
    """Return what there is to say of the pack in this folder, and whether it may be used.

    Every malformed file is named, not only the first; advice does not make a pack unusable.
    `prompt_flaws` tells what the prompts lack for the program to talk with them, one line each.
    """
    pack, errors = read_pack(folder)
    facts: dict[str, str] | None = None
    try:
        facts = facts_of(folder)
    except ContentError as error:
        errors = (*errors, error)
    if pack is not None and prompt_flaws is not None:
        path, flaws = folder / "prompts.toml", prompt_flaws(pack.library)
        errors = (*errors, *(ContentError(path, None, flaw) for flaw in flaws))
    if pack is None or errors:
        many = _count(len(errors), "error")
        lines = [str(error) for error in errors]
        return "\n".join([*lines, f"{many}: nothing is read aloud until this is put right."]), False
    findings = lint.check(pack, today, facts, knows_word)
    ok = all(finding.severity != "error" for finding in findings)
    return "\n".join([*map(str, findings), _summary(pack, facts, findings)]), ok


def facts_of(folder: Path) -> dict[str, str] | None:
    """Return the facts that the answers of this pack must carry, or None if it has no list.

    The list is ``facts.toml`` in the pack or beside it. Raises `ContentError` if it is malformed.
    """
    for path in (folder / "facts.toml", folder.parent / "facts.toml"):
        if path.is_file():
            return read_facts(read_source(path))[0]
    return None


def preview(library: Library, name: str) -> str:
    """Return the text of an answer, referral or urgent sign as it will be read.

    One sentence a line after its id, and below it how it is said where that differs. Raises
    `UsageError` if there is nothing of that id.
    """
    pronouncer = Pronouncer(library.pronunciations)
    if name in library.topics:
        topic = library.topics[name]
        parts = [("", topic.short)] + [("At more:", passage) for passage in topic.more[:1]]
        parts += [("", passage) for passage in topic.more[1:]]
        lines = [f"{topic.title} ({topic.id})"]
        for heading, passage in parts:
            lines += ["", *([heading] if heading else []), *_lines(_all(passage), pronouncer)]
        return "\n".join(lines)
    for kind, pages in (("referral", library.referrals), ("urgent", library.urgent)):
        short = name.removeprefix(f"{kind}.")
        if short in pages:
            page = pages[short]
            said = _lines(page.sentences, pronouncer)
            if isinstance(page, UrgentSign) and page.at_home:
                said += ["", "At home:", *_lines(page.at_home, pronouncer)]
            return "\n".join([f"{page.title} ({kind}.{page.id})", "", *said])
    raise UsageError(f"There is no answer called {name!r}. 'mbc-voice topics' lists them.")


def new_topic(folder: Path, name: str, title: str, kind: Kind = "answer") -> Path:
    """Write a file to fill in for a new answer or referral; return its path.

    What must be filled in is left empty, so that the pack can't be used before it is. Raises
    `UsageError` for an id or title that can't be used or is taken, or a folder one can't write to.
    """
    if not ID.fullmatch(name):
        raise UsageError(f"{name!r} can't be an id. Use a-z, 0-9 and hyphens, such as 'hair-loss'.")
    title = " ".join(title.split())
    if not title or not title.isprintable() or '"' in title or "\\" in title:
        raise UsageError("Give a title of plain words, without quotation marks.")
    path = folder / ("answers" if kind == "answer" else "referrals") / f"{name}.md"
    other = folder / ("referrals" if kind == "answer" else "answers") / f"{name}.md"
    text = (_ANSWER if kind == "answer" else _REFERRAL).format(id=name, title=title)
    if other.exists():
        raise UsageError(f"{other} exists already. Choose another id.")
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already. Choose another id.") from error
    except OSError as error:
        raise UsageError(f"{path} can't be written. Check the folder and your rights.") from error
    return path


def _summary(pack: Pack, facts: dict[str, str] | None, findings: Iterable[lint.Finding]) -> str:
    library = pack.library
    parts = [
        _count(len(library.topics), "topic"),
        _count(len(library.referrals), "referral"),
        _count(len(library.urgent), "urgent sign"),
        _count(len(library.commands), "command"),
    ]
    if facts is not None:
        said = {fact for topic in library.topics.values() for fact in topic.facts}
        parts.append(f"{len(said & set(facts))} of {len(facts)} facts said")
    grades = [lint.reading_grade(library, topic) for topic in library.topics.values()]
    parts.append(f"median reading grade {median(grades):.1f}")
    advice = sum(finding.severity == "warning" for finding in findings)
    if advice:
        parts.append(_count(advice, "note") + " of advice")
    return ", ".join(parts) + "."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _lines(sentences: Iterable[Sentence], pronouncer: Pronouncer) -> list[str]:
    lines: list[str] = []
    for sentence in sentences:
        lines.append(f"{sentence.id}  {sentence.text}")
        said = pronouncer.for_system_voice(sentence.text)
        if said != sentence.text:
            lines.append(f"    said: {said}")
    return lines


def _all(passage: Passage) -> tuple[Sentence, ...]:
    return (*passage.sentences, *passage.items)

"""Whole conversations, as tables in ``conversations/``; their first line says what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from script import Talk
from small_library import small_library

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.txt"))


def moments(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each thing that happens with the lines expected of it."""
    happens, expected = "", list[str]()
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            expected.append(line.strip())
            continue
        if happens:
            yield happens, expected
        happens, expected = line, []
    yield happens, expected


def talk_of(text: str) -> Talk:
    """Return the talk that the lines at the top of a conversation describe."""
    told = dict(re.findall(r"^# (profile|voices|sounds): (.+)$", text, re.MULTILINE))
    return Talk(
        small_library(),
        "kiosk" if told.get("profile") == "kiosk" else "home",
        voices=tuple(told["voices"].split(", ")) if "voices" in told else (),
        sounds=told.get("sounds") == "yes",
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_word_for_word_as_written(path: Path) -> None:
    """Every event of the conversation leads to exactly the lines under it."""
    text = path.read_text(encoding="utf-8")
    talk = talk_of(text)
    written = list(moments(text))
    played = [(happens, talk.line(happens)) for happens, _ in written]
    assert played == written

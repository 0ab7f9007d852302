"""The page for people at home tells all that can be said, pressed and set, and nothing else."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest

from mbc_voice import toml_lines
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.content.readability import grade
from mbc_voice.dialogue.commands import KNOWN
from mbc_voice.events import CueName
from mbc_voice.library import CommandWords
from mbc_voice.settings import Settings
from mbc_voice.shells.cli import parser
from mbc_voice.shells.keys import NAMES, SEQUENCES
from mbc_voice.speak.earcons import EARCONS, pitches
from mbc_voice.understand.commands import Commands
from mbc_voice.understand.normalize import normalize

PAGE = (Path(__file__).parents[1] / "docs" / "home.md").read_text(encoding="utf-8")
LIBRARY = load_library(default_content())
COMMANDS = Commands(LIBRARY)

NAMED = {
    "Escape": "escape",
    "Home": "home",
    "page up": "page-up",
    "page down": "page-down",
    "full stop": ".",
    "comma": ",",
    "semicolon": ";",
    "equals sign": "=",
    "right bracket": "]",
    "left bracket": "[",
    "backslash": "\\",
} | {f"{name} arrow": name for name in ("left", "right", "up", "down")}
"""How the page calls keys that have no letter."""

BY_DIGIT = {"choose-number": "its number", "group": "t, then its number"}
"""Commands that are given by the digits 1 to 9."""

TWO_IN_ONE = {"space": ["pause", "resume"]}
"""Keys that do one thing or the other; the dialogue tells which."""


def rows() -> list[tuple[str, str]]:
    """Return what to say and the key, for each line of the tables."""
    cells = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return [(row[1], row[2]) for row in cells if row[2] != "Key"]


def told(words: str) -> str:
    """Return the command that these words of the page are."""
    found = COMMANDS.find(normalize(words))
    assert found is not None, words
    return found.name


def test_the_page_names_every_command_once() -> None:
    """What stands in the tables are the commands of the library, all of them."""
    named = [told(words) for words, _ in rows()]
    assert sorted(named) == sorted(LIBRARY.commands)
    assert set(named) == KNOWN


@pytest.mark.parametrize(("words", "keys"), rows(), ids=lambda item: item)
def test_the_page_names_the_keys_of_each_command(words: str, keys: str) -> None:
    """The key column is what the library says."""
    name = told(words)
    if name in BY_DIGIT:
        assert keys == BY_DIGIT[name]
        return
    pressed = [NAMED.get(key, key) for key in keys.split(" or ")]
    assert pressed == list(LIBRARY.commands[name].keys)


@pytest.mark.parametrize("command", LIBRARY.commands.values(), ids=lambda item: item.id)
def test_every_command_can_be_given_by_a_key(command: CommandWords) -> None:
    """What can be said can be done without speech, by a key that a terminal can send."""
    assert command.keys or command.id in BY_DIGIT
    for key in command.keys:
        assert len(key) == 1 or key in {*SEQUENCES.values(), *NAMES.values(), "escape"}


def test_no_key_means_two_things() -> None:
    """No two commands share a key, but for pause and go on."""
    owners: dict[str, list[str]] = {}
    for command in LIBRARY.commands.values():
        for key in command.keys:
            owners.setdefault(key, []).append(command.id)
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == TWO_IN_ONE
    assert not {str(digit) for digit in range(1, 10)} & set(owners)


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`\./run ([^`]*)`", PAGE))))
def test_what_is_to_be_typed_is_a_command(line: str) -> None:
    """Each command line of the page is one that the program takes, with its options."""
    assert parser().parse_args(shlex.split(line)).module


def test_the_page_names_every_setting() -> None:
    """The settings of the page are those of the program, and its file can be used as it is."""
    block = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    written = toml_lines.parse(block[1])
    for section in fields(Settings):
        group = getattr(Settings(), section.name)
        assert set(written[section.name]) == {item.name for item in fields(group)}


def test_the_page_tells_the_short_sounds_as_they_sound() -> None:
    """How many notes each has, and which way they go, is what the page says."""
    told: dict[str, CueName] = {
        "One note: it is your turn": "listening",
        "Two rising notes: I understood": "understood",
        "Two falling notes: I did not": "not-understood",
        "Three falling notes: the microphone is gone": "microphone-lost",
        "The same note twice: I have paused": "paused",
        "Three rising notes: that was all of it": "finished",
    }
    text = " ".join(PAGE.split())
    assert sorted(told.values()) == sorted(EARCONS)
    for words, name in told.items():
        assert words in text
        assert words.split(":")[0] == _movement(pitches(name))


def _movement(notes: Sequence[float]) -> str:
    if len(notes) == 1:
        return "One note"
    if len(set(notes)) == 1:
        return "The same note twice"
    way = "rising" if list(notes) == sorted(notes) else "falling"
    return f"{('Two', 'Three')[len(notes) - 2]} {way} notes"


def test_the_page_reads_well_aloud() -> None:
    """Short sentences, everyday words: no harder than grade six."""
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    lines = [line for line in prose.splitlines() if not line.startswith(("|", "#"))]
    text = re.sub(r"`[^`]*`|\*", "", " ".join(lines))
    assert grade(re.split(r"(?<=[.!?:])\s+", text)) <= 6

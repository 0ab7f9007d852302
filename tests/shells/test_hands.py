"""Keys that were pressed, as the commands of the real library."""

from __future__ import annotations

import io

import pytest

from mbc_voice.assistant import Assistant
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.events import Command, TalkPressed, Understood
from mbc_voice.parts import Posted, Typed
from mbc_voice.shells.captions import Captions
from mbc_voice.shells.keys import Key, Question, TypingStarted
from mbc_voice.shells.listen import Hands


class Inbox(Assistant):
    """An assistant that keeps what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []

    def post(self, item: Posted) -> None:
        self.posted.append(item)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def hands(inbox: Inbox) -> Hands:
    return Hands(inbox, load_library(default_content()), Captions(io.StringIO()))


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("space", Command("pause")),
        ("escape", Command("stop")),
        ("right", Command("next")),
        ("left", Command("previous")),
        ("plus", Command("faster")),
        ("minus", Command("slower")),
        ("7", Command("choose-number", number=7)),
        ("q", Command("goodbye")),
    ],
)
def test_a_key_gives_its_command(hands: Hands, inbox: Inbox, key: str, command: Command) -> None:
    """Each key does what the page about the keys says; space pauses, and its repeat resumes."""
    hands.press(Key(key))
    assert inbox.posted == [Understood(command, by="key")]


def test_other_keys_do_nothing(hands: Hands, inbox: Inbox) -> None:
    """A key without a meaning is passed over."""
    hands.press(Key("f"))
    hands.press(Key("%"))
    assert inbox.posted == []


def test_tab_lets_one_talk(hands: Hands, inbox: Inbox) -> None:
    """The key to talk is pressed once, not held."""
    hands.press(Key("tab"))
    assert inbox.posted == [TalkPressed()]


def test_typing_silences_and_asks(hands: Hands, inbox: Inbox) -> None:
    """Beginning to type stops the voice; what was typed is asked."""
    hands.press(TypingStarted())
    hands.press(Question("where does it spread"))
    assert inbox.posted == [Understood(Command("stop"), by="key"), Typed("where does it spread")]

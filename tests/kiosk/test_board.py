"""What a page's messages mean, and how one talk is shown on many pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kiosk_server import SHOWN
from mbc_voice import events
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.dialogue.commands import KNOWN
from mbc_voice.events import Answer, Command, Snapshot, Started, StillHere, Understood
from mbc_voice.library import Sentence
from mbc_voice.parts import Posted, Typed
from mbc_voice.shells.kiosk.app import FullError
from mbc_voice.shells.kiosk.board import Board, meaning
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.one_talk import MOST_PAGES, STUCK_SECONDS, OneTalk
from mbc_voice.shells.kiosk.protocol import (
    CommandGiven,
    Message,
    PlaceAsked,
    Played,
    TalkPressed,
    TextTyped,
    TopicAsked,
    VisitAsked,
    parse,
)
from mbc_voice.shells.kiosk.shown import Shown

READING = Snapshot("speaking")
QUIET = Snapshot("listening")


def key(command: Command) -> Understood:
    return Understood(command, by="key")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (CommandGiven("volume", 5), key(Command("volume", 5))),
        (CommandGiven("spell", None, "HER2"), key(Command("spell", None, "HER2"))),
        (TextTyped("is it bad"), Typed("is it bad")),
        (TopicAsked("tests"), Understood(Answer("tests", 1.0), by="key")),
        (PlaceAsked("liver"), Understood(Answer("symptoms-liver", 1.0), by="key")),
        (TalkPressed(True), events.TalkPressed(True)),
        (TalkPressed(False), events.TalkPressed(False)),
        (VisitAsked("start"), Started()),
        (VisitAsked("extend"), StillHere()),
        (VisitAsked("end"), key(Command("goodbye"))),
        (Played(1, 2), None),
    ],
    ids=str,
)
def test_a_message_becomes_an_event(message: Message, expected: Posted | None) -> None:
    """Buttons and keys are commands; a topic or a place is its answer; text is a question."""
    assert meaning(message, SHOWN, QUIET) == expected


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_command_can_be_sent_by_the_page(name: str) -> None:
    """What can be said can be pressed: each command comes through as the event that a key makes."""
    shown = Shown(load_library(default_content()))
    sent = parse(json.dumps({"kind": "command", "name": name}), shown.known)
    assert meaning(sent, shown, QUIET) == key(Command(name))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def frames(page: Mailbox) -> list[dict[str, Any]]:
    found = []
    while (frame := page.take()) is not None:
        found.append(json.loads(frame))
    return found


def test_every_page_is_welcomed_and_shown_the_talk() -> None:
    """A page that comes late sees at once where the talk is."""
    board, early, late = Board(SHOWN), Mailbox(), Mailbox()
    board.join(early)
    board.show(Snapshot("speaking", Sentence("a.1", "Hello."), heard="hi"))
    board.join(late)
    board.show(QUIET)
    assert [frame["kind"] for frame in frames(early)] == ["welcome", *["snapshot"] * 3]
    told = frames(late)
    assert [frame["kind"] for frame in told] == ["welcome", "snapshot", "snapshot"]
    assert told[1]["caption"] == {"id": "a.1", "text": "Hello."}
    assert told[2]["phase"] == "listening"


def test_a_page_that_left_is_told_nothing() -> None:
    """Nothing is kept for whoever is gone."""
    board, page = Board(SHOWN), Mailbox()
    board.join(page)
    frames(page)
    board.leave(page)
    board.show(READING)
    board.say_goodbye("Goodbye.")
    assert frames(page) == []


def test_the_end_of_a_visit_is_counted_down() -> None:
    """Each second that is left is shown once; whatever happens ends the counting."""
    clock = Clock()
    board, page = Board(SHOWN, clock), Mailbox()
    board.join(page)
    board.show(Snapshot("listening", visit="warning", seconds_left=20))
    left = []
    for _ in range(50):
        clock.now += 0.5
        board.tick()
        left += [frame["visit"]["seconds_left"] for frame in frames(page)[-1:]]
    assert left == [20, *range(19, -1, -1)]
    board.show(QUIET)
    clock.now += 1
    board.tick()
    assert [frame["visit"]["seconds_left"] for frame in frames(page)] == [None]


def test_the_level_is_shown_ten_times_a_second_at_most() -> None:
    """Blocks come thirty times a second; a page needs no more than ten levels."""
    clock = Clock()
    board, page = Board(SHOWN, clock), Mailbox()
    board.join(page)
    frames(page)
    levels = []
    for number in range(32):
        clock.now += 1 / 32
        board.level(number / 16)
        levels += frames(page)
    assert 8 <= len(levels) <= 10
    assert all(0 <= level["value"] <= 1 for level in levels)


def test_the_loudest_of_the_last_seconds_is_known() -> None:
    """Whoever tries the microphone sees whether it heard anything."""
    clock = Clock()
    board = Board(SHOWN, clock)
    assert board.loudest == 0.0
    board.level(0.8)
    board.level(0.3)
    assert board.loudest == 0.8
    clock.now += 11
    assert board.loudest == 0.0


def test_all_pages_steer_one_talk() -> None:
    """What any page asks for is posted; how many may join has a limit."""
    posted: list[Posted] = []
    talk = OneTalk(SHOWN, posted.append)
    guests = [talk.join(Mailbox()) for _ in range(MOST_PAGES)]
    guests[0].take(TextTyped("one"))
    guests[1].take(TextTyped("two"))
    assert posted == [Typed("one"), Typed("two")]
    with pytest.raises(FullError):
        talk.join(Mailbox())
    guests[2].leave()
    talk.join(Mailbox())


def test_a_stuck_assistant_is_not_healthy() -> None:
    """A loop that answers nothing any more is noticed by the watchdog."""
    clock = Clock()
    posted: list[Posted] = []
    talk = OneTalk(SHOWN, posted.append, clock=clock)
    talk.tick()
    assert len(posted) == 1
    clock.now += STUCK_SECONDS + 1
    assert talk.health()["ok"] is False
    talk.show(QUIET)
    assert talk.health() == {**talk.health(), "ok": True, "microphone": "on", "pages": 0}
    talk.show(Snapshot("ended"))
    assert talk.health()["ok"] is False

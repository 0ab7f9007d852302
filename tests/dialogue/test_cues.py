"""The earcons: beside the words, never in their place."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from mbc_voice.dialogue.state import Ended, Speaking
from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import (
    Action,
    Attending,
    Command,
    Cue,
    PauseSpeaking,
    Speak,
    StopSpeaking,
    Understood,
)
from moves import LIBRARY, Move, News, moves, profiles
from script import Talk


def cues(actions: tuple[Action, ...]) -> list[str]:
    return [action.name for action in actions if isinstance(action, Cue)]


@given(st.lists(moves, max_size=25), profiles)
def test_a_sound_is_never_the_only_sign(happened: list[Move], profile: str) -> None:
    """Each goes with words, with silence on request, with an ear that opens, or follows words."""
    talk = Talk(LIBRARY, "kiosk" if profile == "kiosk" else "home")
    for move in happened:
        before = talk.state
        talk.happens(move.event(talk) if isinstance(move, News) else move)
        found = cues(talk.actions)
        assert len(found) <= 1
        speaks = any(isinstance(action, Speak) for action in talk.actions)
        if set(found) & {"understood", "not-understood", "microphone-lost"}:
            assert speaks
        elif found == ["paused"]:
            assert PauseSpeaking() in talk.actions
        elif found and move == Attending(True):
            assert snapshot(talk.state).open
        elif found:
            assert isinstance(before.phase, Speaking)
            assert not speaks
        if talk.state.safety or StopSpeaking() in talk.actions:
            assert not found


@given(st.lists(moves, max_size=25), profiles)
def test_without_earcons_there_is_no_sound(happened: list[Move], profile: str) -> None:
    """Once they are off, nothing sounds until they are asked for again."""
    talk = Talk(LIBRARY, "kiosk" if profile == "kiosk" else "home")
    off = replace(talk.state.usual, earcons=False)
    talk.state = replace(talk.state, usual=off, delivery=off)
    for move in happened:
        event = move.event(talk) if isinstance(move, News) else move
        wanted = Command("earcons-on"), Command("undo")
        assume(not isinstance(event, Understood) or not _is(event, *wanted))
        talk.happens(event)
        assert not cues(talk.actions)
    assume(not isinstance(talk.state.phase, Ended))


def _is(event: Understood, *commands: Command) -> bool:
    outcome = event.outcome
    return isinstance(outcome, Command) and outcome.name in {item.name for item in commands}

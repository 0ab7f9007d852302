"""Every command, by voice, key and text, in every state a talk can be in."""

from __future__ import annotations

import pytest

from mbc_voice.dialogue.commands import KNOWN, UNINTERRUPTING
from mbc_voice.dialogue.state import Delivery, Profile, Speaking, State, begin
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.events import (
    Action,
    Command,
    Display,
    PauseSpeaking,
    ResumeSpeaking,
    StopSpeaking,
    Understood,
)
from moves import LIBRARY, VOICES
from script import Talk

READ = ("started", "finished", "you: x -> answer symptoms-lung")

STATES: dict[str, tuple[Profile, tuple[str, ...]]] = {
    "before the greeting": ("home", ()),
    "greeting": ("home", ("started",)),
    "listening at first": ("home", ("started", "finished")),
    "reading the title": ("home", READ),
    "reading an item": ("home", (*READ, "sentence 4")),
    "reading the offer": ("home", (*READ, "sentence 7")),
    "offering more": ("home", (*READ, "finished")),
    "at the end of a topic": ("home", ("you: x -> answer ibrance", "finished")),
    "stopped amid an answer": ("home", (*READ, "sentence 4", "key: stop")),
    "paused": ("home", (*READ, "sentence 4", "key: pause")),
    "paused, with a note said": ("home", (*READ, "key: pause", "key: where-am-i")),
    "a note beside the reading": ("home", (*READ, "sentence 4", "key: where-am-i")),
    "choosing a topic": ("home", ("you: x -> choose symptoms-lung symptoms-bone", "finished")),
    "confirming a topic": ("home", ("you: x -> choose symptoms-lung", "finished")),
    "choosing a group": ("home", ("key: topics", "finished")),
    "choosing in a group": ("home", ("key: group 2", "finished")),
    "choosing a voice": ("home", ("key: voices", "finished")),
    "after a referral": ("home", ("you: x -> not-covered dose", "finished")),
    "after a spelled word": ("home", ("you: x -> spell HER2", "finished")),
    "not understood": ("home", ("you: x -> not-covered", "finished")),
    "nothing heard": ("home", ("started", "finished", "you: -> nothing-heard", "finished")),
    "on the tour": ("home", ("key: tour", "finished")),
    "said something to silence": ("home", ("started", "finished", "time to think ended")),
    "without a microphone": ("home", (*READ, "microphone lost", "finished")),
    "without a loudspeaker": ("home", (*READ, "loudspeaker lost")),
    "warning of an emergency": ("home", ("you: x -> urgent breathing",)),
    "after an emergency": ("home", ("you: x -> urgent breathing", "finished")),
    "saying goodbye": ("home", ("key: goodbye",)),
    "a visitor reading": ("kiosk", (*READ, "sentence 4")),
    "a visitor's turn": ("kiosk", (*READ, "finished")),
    "a visit's end announced": ("kiosk", (*READ, "key: pause", "time to think ended", "finished")),
    "saying goodbye to a visitor": ("kiosk", (*READ, "key: goodbye")),
}
"""How each state is come to."""


def state_of(name: str) -> State:
    """Return the state of this name."""
    profile, lines = STATES[name]
    talk = Talk(LIBRARY, profile)
    talk.state = begin(
        LIBRARY,
        profile=profile,
        usual=Delivery(display=Display()),
        voices=VOICES,
    )
    for line in lines:
        talk.line(line)
    return talk.state


def does_something(before: State, after: State, actions: tuple[Action, ...]) -> bool:
    """Return whether a person notices that the command had an effect."""
    heard = any(isinstance(a, PauseSpeaking | ResumeSpeaking | StopSpeaking) for a in actions)
    return bool(spoken(actions)) or heard or before.delivery != after.delivery


@pytest.mark.parametrize("by", ["voice", "key", "text"])
@pytest.mark.parametrize("name", STATES)
def test_every_command_does_something_sensible(name: str, by: str) -> None:
    """Each is obeyed, answered, or kept until a safety message is over; none is lost.

    Two are right to change nothing: a nod amid the reading, and "go on" to what goes on anyway.
    """
    before = state_of(name)
    for command in sorted(KNOWN):
        given = Understood(Command(command), "x", by)  # type: ignore[arg-type]
        after, actions = step(before, given)
        if before.safety and command != "stop" and command not in UNINTERRUPTING:
            held = getattr(after.phase, "held", None)
            assert (held, actions) == (given, ()), command
            continue
        if does_something(before, after, actions):
            continue
        nod = command == "yes" and by == "voice"
        kept = before.safety and command in UNINTERRUPTING
        assert isinstance(before.phase, Speaking), command
        assert nod or kept or command == "resume", command


@pytest.mark.parametrize("name", STATES)
def test_stop_is_silence_and_the_persons_turn(name: str) -> None:
    """Whatever the state, "stop" silences the voice at once, and says nothing about it."""
    _, actions = step(state_of(name), Understood(Command("stop"), by="key"))
    assert StopSpeaking() in actions
    assert not spoken(actions)

"""Press to talk, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from mbc_voice.dialogue.state import Ended, Speaking, begin
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import (
    Answer,
    Attend,
    Attending,
    Cue,
    Listen,
    ListenMode,
    Started,
    StopSpeaking,
    TalkPressed,
    TimerEnded,
    Understood,
    Urgent,
    UtteranceEnded,
)
from moves import LIBRARY, talks
from script import Talk


@given(talks())
def test_a_press_takes_the_turn(talk: Talk) -> None:
    """Whatever is being said falls silent and the ear opens, but for a safety message."""
    assume(not isinstance(talk.state.phase, Ended))
    safety = talk.state.safety
    talk.happens(TalkPressed(True))
    assert talk.actions[-1] == Attend(True)
    assert isinstance(talk.state.phase, Speaking) == safety
    assert not spoken(talk.actions)


def test_what_was_cut_off_can_be_resumed() -> None:
    """A press keeps the place."""
    talk = Talk(LIBRARY)
    topic = next(iter(LIBRARY.topics))
    talk.happens(Understood(Answer(topic, 0.9), "words"))
    said = spoken(talk.actions)
    talk.happens(TalkPressed())
    assert talk.actions[0] == StopSpeaking()
    assert Listen("anything") in talk.actions
    talk.line("you: resume -> resume")
    assert spoken(talk.actions) == said


def test_the_same_key_says_that_was_all() -> None:
    """Pressed again while the ear is open, it takes what was said so far for the whole."""
    state = begin(LIBRARY, listening="push-to-talk")
    assert not snapshot(state).open
    state, _ = step(state, Attending(True))
    assert snapshot(state).open
    assert step(state, TalkPressed())[1] == (Attend(False),)
    state, _ = step(state, Attending(False))
    assert step(state, TalkPressed())[1][-1] == Attend(True)


def test_an_open_ear_is_heard_and_shown() -> None:
    """The opening has a sound of its own; with the ear closed, none says "your turn"."""
    state = begin(LIBRARY, listening="push-to-talk")
    state, actions = step(state, Attending(True))
    assert actions == (Cue("listening"),)
    state, _ = step(state, Attending(False))
    state, _ = step(state, Started())
    _, actions = step(state, UtteranceEnded(1))
    assert Cue("listening") not in actions


def test_a_safety_message_is_said_to_its_end() -> None:
    """A press during an emergency opens the ear and cuts nothing off."""
    talk = Talk(LIBRARY)
    talk.happens(Understood(Urgent("breathing"), "words"))
    talk.happens(TalkPressed(True))
    assert talk.actions == (Attend(True),)


@pytest.mark.parametrize(
    ("listening", "words"),
    [("always", "Just ask"), ("push-to-talk", "Press to talk"), ("wake-phrase", "hello nurse")],
)
def test_it_says_how_to_talk(listening: ListenMode, words: str) -> None:
    """The greeting, and the prompts after a silence, fit the way of listening."""
    state = begin(LIBRARY, listening=listening, wake_phrase="hello nurse")
    state, actions = step(state, Started())
    assert any(words in sentence.text for sentence in spoken(actions))
    state, _ = step(state, UtteranceEnded(1))
    _, actions = step(state, TimerEnded("think"))
    listens = any("listening" in sentence.text for sentence in spoken(actions))
    assert listens == (listening == "always")

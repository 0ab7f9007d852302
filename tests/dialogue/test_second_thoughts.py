"""A question that goes on after all: its first answer is as if it had never been begun."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from mbc_voice.dialogue.state import Ended, Listening, Ready, State, remember
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.events import (
    Action,
    Answer,
    Command,
    Listen,
    Outcome,
    QuestionWentOn,
    SentenceStarted,
    SetRate,
    Speak,
    StopSpeaking,
    Understood,
    Urgent,
)
from moves import LIBRARY, finish, outcomes, talks
from script import Talk


def apart_from_ids(state: State, actions: tuple[Action, ...]) -> tuple[State, tuple[Action, ...]]:
    """Return both without the numbers of utterances, and without what is kept for taking back."""
    plain = tuple(
        replace(one, utterance=replace(one.utterance, id=0)) if isinstance(one, Speak) else one
        for one in actions
    )
    phase = state.phase
    spoken_of = getattr(phase, "utterance", None)
    if spoken_of is not None:
        phase = replace(phase, utterance=replace(spoken_of, id=0))
    return replace(remember(state, before=None), utterances=0, phase=phase), plain


@given(talks(), outcomes, outcomes, st.integers(0, 3))
def test_the_whole_question_is_answered_as_if_asked_at_once(
    talk: Talk, first: Outcome, whole: Outcome, said: int
) -> None:
    """Taking a question back and asking the whole one leads to what the whole one alone leads to.

    Unless the first part was an emergency: what to do is said to its end.
    """
    finish(talk)
    assume(isinstance(talk.state.phase, Listening | Ready))
    before = talk.state
    assume(before.loudspeaker == "on")
    talk.happens(Understood(first, "part"))
    assume(not talk.state.safety and talk.state.talk.before is not None)
    talk.happens(SentenceStarted(talk.utterance, said))
    assume(not isinstance(talk.state.phase, Ended))
    talk.happens(QuestionWentOn())
    assert not spoken(talk.actions)
    assert Listen("anything") in talk.actions
    after, actions = step(talk.state, Understood(whole, "part and whole"))
    alone, alone_actions = step(before, Understood(whole, "part and whole"))
    assert apart_from_ids(after, actions) == apart_from_ids(alone, alone_actions)


def test_an_answer_that_had_begun_falls_silent() -> None:
    """The answer to the first part is stopped, and the talk is back at no topic."""
    talk = Talk(LIBRARY)
    topic = next(iter(LIBRARY.topics))
    talk.happens(Understood(Answer(topic, 0.9), "part"))
    talk.happens(QuestionWentOn())
    assert talk.actions[0] == StopSpeaking()
    assert talk.state.talk.reading is None


def test_a_change_of_speed_is_taken_back() -> None:
    """What the first part changed in how it is spoken is put back."""
    talk = Talk(LIBRARY)
    usual = talk.state.delivery.words_per_minute
    talk.happens(Understood(Command("faster"), "faster"))
    talk.happens(QuestionWentOn())
    assert SetRate(usual) in talk.actions
    assert talk.state.delivery.words_per_minute == usual


def test_an_emergency_is_not_taken_back() -> None:
    """A safety message goes on, whatever is said on top of it."""
    talk = Talk(LIBRARY)
    talk.happens(Understood(Urgent("breathing"), "words"))
    talk.happens(QuestionWentOn())
    assert talk.state.safety
    assert talk.actions == ()


@given(talks())
def test_only_a_spoken_question_can_go_on(talk: Talk) -> None:
    """Without a spoken question before it, there is nothing to take back."""
    talk.state = remember(talk.state, before=None)
    state = talk.state
    assert step(state, QuestionWentOn()) == (state, ())

"""The person's turn: when it begins, how long it lasts, and how a visit ends.

Nobody is hurried: at home, after three gentle prompts, it waits for ever. A kiosk announces that
the visit is about to end, and anything said or pressed takes that back.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue.state import (
    Ended,
    Listening,
    Next,
    Paused,
    Ready,
    Speaking,
    State,
    Talk,
    remember,
)
from mbc_voice.events import (
    Action,
    Listen,
    Quit,
    SetRate,
    SetVolume,
    StartTimer,
    StopSpeaking,
    StopTimer,
)

THINK = "think"
"""Name of the one timer of the dialogue."""
HOME_SECONDS = (15.0, 30.0, 60.0)
"""Time to think before the first, second and third gentle prompt; at least 8 s each."""
KIOSK_SECONDS = (12.0, 15.0, 20.0, 30.0, 20.0)
"""The same on a kiosk, then before the visit's end is announced, then before it ends (WCAG 2.2.1
asks for 20 s of warning)."""
PAUSED_SECONDS = 90.0
"""How long a kiosk stays paused before it announces the visit's end."""
SPEECH_SECONDS = 60.0
"""How long a kiosk waits for somebody who has begun to speak."""
ANNOUNCE = 3
"""After so many silences there are no more prompts."""


def listen(state: State) -> Next:
    """Return the state in which it is the person's turn."""
    actions: tuple[Action, ...] = (Listen("anything"),)
    seconds = _seconds(state)
    if seconds is not None:
        actions += (StartTimer(THINK, seconds),)
    return replace(state, phase=Listening()), actions


def rest_paused(state: State, speaking: Speaking | None) -> Next:
    """Return the paused state; `speaking` is what the voice holds at its place, if it does."""
    timer = (StartTimer(THINK, PAUSED_SECONDS),) if state.profile == "kiosk" else ()
    return replace(state, phase=Paused(speaking)), (Listen("anything"), *timer)


def speech_started(state: State) -> Next:
    """Stop counting the time to think: somebody is speaking."""
    if not isinstance(state.phase, Listening):
        return state, ()
    if state.profile == "kiosk":
        return state, (StartTimer(THINK, SPEECH_SECONDS),)
    return state, (StopTimer(THINK),)


def be_quiet(state: State) -> State:
    """Return the state without gentle prompts: somebody asked for silence."""
    tries = replace(state.talk.tries, silences=max(ANNOUNCE, state.talk.tries.silences))
    return remember(state, tries=tries)


def forget_visit(state: State) -> Next:
    """Return the state for a new visitor, with the usual rate and volume."""
    usual = state.usual
    state = replace(state, talk=Talk(), delivery=usual, phase=Ready(), notice=None)
    return state, (SetRate(usual.words_per_minute), SetVolume(usual.volume))


def end_visit(state: State) -> Next:
    """Forget the visit and wait for the next person."""
    state, actions = forget_visit(state)
    return state, (*actions, StopTimer(THINK), Listen("anything"))


def end(state: State, *first: StopSpeaking) -> Next:
    """End the talk for good."""
    return replace(state, phase=Ended()), (*first, Quit())


def _seconds(state: State) -> float | None:
    steps = KIOSK_SECONDS if state.profile == "kiosk" else HOME_SECONDS
    silences = state.talk.tries.silences
    return steps[silences] if silences < len(steps) else None

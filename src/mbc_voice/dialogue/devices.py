"""The microphone and the loudspeaker go away and come back: what is said of it, and when. Pure.

The person is told once that the microphone is gone and once that it is back, however often it
comes and goes in between; a gap that ends before it could be told of isn't told at all. What the
loudspeaker went away from is said again when it is back, from the sentence that was cut off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from mbc_voice.dialogue import speaking
from mbc_voice.dialogue.state import Listening, Next, Paused, Ready, Speaking, State, remember

LOST, BACK = "microphone-lost", "microphone-back"
"""Names of the prompts."""


def microphone(state: State, *, lost: bool) -> Next:
    """Take note of the microphone, and tell the person if that is news to them."""
    now: Literal["on", "lost"] = "lost" if lost else "on"
    if now == state.microphone:
        return state, ()
    state = replace(state, microphone=now)
    if now == state.told:
        return replace(state, notice=None), ()
    name = LOST if lost else BACK
    if isinstance(state.phase, Ready):
        return replace(state, notice=name), ()
    return speaking.notice(state, name)


def loudspeaker_lost(state: State) -> Next:
    """Take note, and keep what was being said until the loudspeaker is back."""
    return cut_off(replace(state, loudspeaker="lost"))


def cut_off(state: State) -> Next:
    """Be silent in the middle of what was being said, and keep its place."""
    phase = state.phase
    if isinstance(phase, Paused):
        return replace(state, phase=Paused(None)), ()
    if not isinstance(phase, Speaking):
        return state, ()
    quiet, actions = speaking.settle(replace(state, notice=None), phase.then)
    if not isinstance(quiet.phase, Listening):
        return quiet, actions
    return remember(replace(quiet, notice=state.notice), cut_off=phase), actions


def loudspeaker_works(state: State) -> State:
    """Return the state with the loudspeaker known to play."""
    return state if state.loudspeaker == "on" else replace(state, loudspeaker="on")


def loudspeaker_ready(state: State) -> Next:
    """Say what it went away from, unless something else has come in between.

    A note that was cut off gives way to newer news of the microphone.
    """
    cut = state.talk.cut_off
    state = remember(loudspeaker_works(state), cut_off=None)
    if not isinstance(state.phase, Listening):
        return state, ()
    if cut is not None and state.notice is not None and cut.utterance.priority == "notice":
        cut = None
    if cut is not None and cut.utterance.id == state.utterances:
        return speaking.say_again(state, cut)
    return speaking.notice(state, state.notice) if state.notice is not None else (state, ())

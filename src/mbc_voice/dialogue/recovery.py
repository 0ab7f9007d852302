"""When something goes wrong: silence, no words, no match. Each time differently, never a loop.

Three steps each: say it in other words, examples, then keys, topics or a person. After that it is
brief or quiet.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import attention, listening, speaking, wording
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import (
    Listening,
    Next,
    Paused,
    Ready,
    Speaking,
    State,
    Tries,
    remember,
)

STEPS = 3
"""Different prompts for the first, second and third time in a row."""
NOISE = 8
"""After so many sounds without words in a row, a kiosk takes it that nobody is there."""


def understood_well(state: State) -> State:
    """Return the state with all tries forgotten."""
    return remember(state, tries=Tries())


def no_match(state: State) -> Next:
    """Ask for other words, then give examples, then the way to topics or a person."""
    tries = state.talk.tries
    state = remember(state, tries=replace(tries, unmatched=tries.unmatched + 1, silences=0))
    if tries.unmatched < STEPS:
        return speaking.reply(state, "no-match", tries.unmatched)
    return speaking.reply(state, "no-match-short")


def nothing_heard(state: State) -> Next:
    """Say that no words came through; after the third time in a row, only listen on."""
    if not isinstance(state.phase, (Listening, Ready)):
        return state, ()
    tries = state.talk.tries
    state = listening.take_back(remember(state, tries=replace(tries, unheard=tries.unheard + 1)))
    if tries.unheard < STEPS:
        return speaking.reply(state, "nothing-heard", tries.unheard)
    if state.profile == "kiosk" and tries.unheard >= NOISE:
        return listening.end_visit(state)
    return listening.listen(state)


def time_to_think_ended(state: State) -> Next:
    """Say a gentle prompt; on a kiosk, at last, announce the visit's end and end it."""
    if not isinstance(state.phase, (Listening, Paused)):
        return state, ()
    audible = state.loudspeaker == "on"
    if state.notice is not None and audible:
        return speaking.notice(state, state.notice)
    tries = state.talk.tries
    kiosk = state.profile == "kiosk"
    if isinstance(state.phase, Paused):
        return _announce_end(state) if kiosk else (state, ())
    if not kiosk:
        return _nudge(state, state.talk.nudges) if not tries.silences else (state, ())
    if tries.silences < listening.ANNOUNCE and state.microphone == "on" and audible:
        return _nudge(state, tries.silences)
    if tries.silences <= listening.ANNOUNCE:
        return _announce_end(state)
    return listening.end_visit(state)


def give_up(state: State) -> Next:
    """Say that something broke, and end; a safety message is said to its end first."""
    if state.safety and isinstance(state.phase, Speaking):
        return replace(state, phase=replace(state.phase, held=None, then="quit")), ()
    return speaking.say(state, render(state.library, "broken"), offer=None, then="quit")


def _nudge(state: State, attempt: int) -> Next:
    """Say a gentle prompt; none without a microphone, which it is about, or if nobody hears it."""
    if attempt >= STEPS or "lost" in (state.microphone, state.loudspeaker):
        return state, ()
    tries = replace(state.talk.tries, silences=state.talk.tries.silences + 1)
    state = remember(state, tries=tries, nudges=state.talk.nudges + 1)
    name, values = attention.prompt(state, "silence")
    return speaking.note(state, name, attempt, **values)


def _announce_end(state: State) -> Next:
    tries = replace(state.talk.tries, silences=listening.ANNOUNCED, patient=False)
    listening_now = replace(remember(state, tries=tries), phase=Listening())
    seconds = wording.number(round(listening.KIOSK_END_SECONDS))
    return speaking.note(listening_now, "visit-timeout", seconds=seconds)

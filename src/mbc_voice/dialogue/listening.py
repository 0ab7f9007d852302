"""The person's turn: when it begins, how long it lasts, and how a visit ends.

Nobody is hurried: at home one gentle prompt comes to a silence, three in a whole talk, and then it
waits for ever. A kiosk announces that the visit is about to end, and anything said or pressed takes
that back; "more time" puts it off.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue.state import (
    THINK_SECONDS,
    Delivery,
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
    Forget,
    Listen,
    Quit,
    SetRate,
    SetVoice,
    SetVolume,
    StartTimer,
    StopSpeaking,
    StopTimer,
)

THINK = "think"
"""Name of the one timer of the dialogue."""
KIOSK_LATER = (0.0, 0.0, 5.0)
"""On a kiosk the first, second and third gentle prompt come after so much more than the usual time
to think."""
KIOSK_ANNOUNCE_SECONDS, KIOSK_END_SECONDS = 30.0, 20.0
"""Then the visit's end is announced, and then it comes (WCAG 2.2.1 asks for 20 s of warning)."""
PAUSED_SECONDS = 90.0
"""How long a kiosk stays paused, or waits for somebody who asked for more time, before it announces
the visit's end."""
SPEECH_SECONDS = 60.0
"""How long a kiosk waits for somebody who has begun to speak."""
ANNOUNCE = 3
"""After so many silences there are no more prompts."""
ANNOUNCED = ANNOUNCE + 1
"""So many silences: the end of a kiosk's visit was announced."""


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
        return take_back(state), (StartTimer(THINK, SPEECH_SECONDS),)
    return state, (StopTimer(THINK),)


def still_here(state: State) -> Next:
    """Begin to count the time to think anew, and take back that the visit is about to end."""
    phase = state.phase
    if state.profile != "kiosk" or isinstance(phase, Ready | Ended):
        return state, ()
    warned = is_warning(state)
    state = take_back(state)
    if isinstance(phase, Paused):
        return state, (StartTimer(THINK, PAUSED_SECONDS),)
    if isinstance(phase, Listening):
        return listen(state)
    if warned and phase.utterance.priority == "notice" and phase.then == "listen":
        state, actions = listen(state)
        return state, (StopSpeaking(), *actions)
    return state, ()


def is_warning(state: State) -> bool:
    """Return whether the end of the visit was announced, and nothing has happened since."""
    return state.profile == "kiosk" and state.talk.tries.silences >= ANNOUNCED


def take_back(state: State) -> State:
    """Return the state as before the visit's end was announced: it will be announced again."""
    if not is_warning(state):
        return state
    return remember(state, tries=replace(state.talk.tries, silences=ANNOUNCE))


def seconds_left(state: State) -> int | None:
    """Return how long after this moment the visit ends, if its end is being waited for."""
    if not is_warning(state) or not isinstance(state.phase, Listening):
        return None
    return round(KIOSK_END_SECONDS)


def be_quiet(state: State) -> State:
    """Return the state without gentle prompts: somebody asked for silence."""
    tries = replace(state.talk.tries, silences=max(ANNOUNCE, state.talk.tries.silences))
    return remember(state, tries=tries)


def be_patient(state: State) -> State:
    """Return the state with more time to think, and without gentle prompts."""
    state = be_quiet(state)
    return remember(state, tries=replace(state.talk.tries, patient=True))


def set_delivery(state: State, delivery: Delivery) -> Next:
    """Return the state with all of the delivery set anew."""
    actions: tuple[Action, ...] = (
        SetRate(delivery.words_per_minute),
        SetVolume(delivery.volume),
    )
    if delivery.voice != state.delivery.voice:
        actions += (SetVoice(delivery.voice),)
    return replace(state, delivery=delivery), actions


def forget_visit(state: State) -> Next:
    """Return the state for a new visitor, with the usual delivery."""
    state, actions = set_delivery(state, state.usual)
    notice = "microphone-lost" if state.microphone == "lost" else None
    state = replace(state, talk=Talk(), phase=Ready(), notice=notice, told="on")
    return state, (*actions, Forget())


def end_visit(state: State) -> Next:
    """Forget the visit and wait for the next person."""
    state, actions = forget_visit(state)
    return state, (*actions, StopTimer(THINK), Listen("anything"))


def end(state: State, *first: StopSpeaking) -> Next:
    """End the talk for good."""
    return replace(state, phase=Ended()), (*first, Quit())


def _seconds(state: State) -> float | None:
    """Return how long to wait before something is said; None is for ever."""
    tries, think = state.talk.tries, state.think_seconds
    if state.profile == "kiosk":
        if tries.patient:
            return PAUSED_SECONDS
        gentle = tuple((think or THINK_SECONDS) + later for later in KIOSK_LATER)
        steps = (*gentle, KIOSK_ANNOUNCE_SECONDS, KIOSK_END_SECONDS)
        return steps[tries.silences] if tries.silences < len(steps) else None
    return None if tries.silences or state.talk.nudges >= ANNOUNCE else think

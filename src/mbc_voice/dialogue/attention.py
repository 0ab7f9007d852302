"""Press to talk: the person takes the turn, whatever is being said. Pure.

The ear itself is opened by `Attend`; what comes of it arrives as `Attending`.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import listening
from mbc_voice.dialogue.state import Listening, Next, Paused, Ready, Speaking, State
from mbc_voice.events import Action, Attend, StopSpeaking


def pressed(state: State, opened: bool | None) -> Next:
    """Fall silent and open the ear; or take what was said so far for all of it.

    A safety message is said to its end, with the ear open.
    """
    closes = state.listening != "always" and state.open
    if opened is False or (opened is None and closes):
        return state, (Attend(False),)
    opening: tuple[Action, ...] = (Attend(True),)
    phase = state.phase
    if state.safety or isinstance(phase, Paused):
        return state, opening
    if isinstance(phase, Speaking):
        return _take_turn(state, phase.then == "rest", opening)
    if isinstance(phase, Ready | Listening):
        state, actions = listening.listen(state)
        return state, (*actions, *opening)
    return state, opening


def _take_turn(state: State, visit_over: bool, opening: tuple[Action, ...]) -> Next:
    """Return the state with the person's turn in place of what is being said."""
    first: tuple[Action, ...] = (StopSpeaking(),)
    if visit_over:
        state, forgotten = listening.forget_visit(state)
        first += forgotten
    state, actions = listening.listen(replace(state, phase=Listening()))
    return state, (*first, *actions, *opening)


def prompt(state: State, name: str) -> tuple[str, dict[str, str]]:
    """Return the prompt of this name that tells how to talk here, and what stands in it."""
    match state.listening:
        case "push-to-talk":
            return f"{name}-push", {}
        case "wake-phrase":
            return f"{name}-wake", {"phrase": state.wake_phrase}
        case _:
            return name, {}

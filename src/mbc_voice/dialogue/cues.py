"""The earcons: which short sound goes with what just happened. Pure.

A cue never stands alone: words are said with it, or were said just before. None goes with a safety
message or with "stop", and none at all once somebody has switched them off.
"""

from __future__ import annotations

from mbc_voice.dialogue import answering
from mbc_voice.dialogue.state import Listening, Ready, Speaking, State
from mbc_voice.events import (
    Action,
    Attending,
    Cue,
    CueName,
    Event,
    NotCovered,
    NothingHeard,
    PauseSpeaking,
    Quit,
    Speak,
    Understood,
    Urgent,
    UtteranceEnded,
)


def with_cue(
    before: State, event: Event, after: State, actions: tuple[Action, ...]
) -> tuple[Action, ...]:
    """Return the actions with the cue for them, if there is one, at its place."""
    if not after.delivery.earcons:
        return actions
    name = _name(before, event, after, actions)
    if name is None:
        return actions
    return (*actions, Cue(name)) if name == "paused" else (Cue(name), *actions)


def _name(before: State, event: Event, after: State, actions: tuple[Action, ...]) -> CueName | None:
    if any(isinstance(action, PauseSpeaking) for action in actions):
        return "paused"
    said = next((action.utterance for action in actions if isinstance(action, Speak)), None)
    if said is not None:
        if said.sentences[0].id.startswith("prompt.microphone-lost."):
            return "microphone-lost"
        return _reply(before, event) if said.priority != "safety" else None
    if isinstance(event, Attending):
        return "listening" if event.open and not after.safety else None
    if isinstance(event, UtteranceEnded) and isinstance(before.phase, Speaking):
        return _turn(before, after, actions)
    return None


def _reply(before: State, event: Event) -> CueName | None:
    """Return what became of the words that somebody said when it was their turn."""
    if not isinstance(event, Understood) or event.by != "voice":
        return None
    if not isinstance(before.phase, (Listening, Ready)) or isinstance(event.outcome, Urgent):
        return None
    outcome = event.outcome
    lost = isinstance(outcome, NothingHeard) or (
        isinstance(outcome, NotCovered) and outcome.referral is None
    )
    return "not-understood" if lost else "understood"


def _turn(before: State, after: State, actions: tuple[Action, ...]) -> CueName | None:
    """Return whose turn it is now that something has been said."""
    if isinstance(after.phase, Ready) or any(isinstance(action, Quit) for action in actions):
        return "finished"
    if not isinstance(after.phase, Listening):
        return None
    number, count = answering.where(after)
    whole = before.speaking_turn and bool(after.talk.turn.places) and number == count
    if whole:
        return "finished"
    return "listening" if after.open else None

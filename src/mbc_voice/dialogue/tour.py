"""The guided tour: two minutes in short steps, each of which leads the person to try one thing.

What a step asked for leads to the next one, and so does "next". A question, "stop", "no" and
anything else that begins something new leaves the tour, without a word about it. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import speaking, wording
from mbc_voice.dialogue.offers import OfferTour
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import Next, State, remember

TRIES: tuple[frozenset[str], ...] = (
    frozenset(("faster", "slower", "twice-as-fast", "half-as-fast", "normal-speed", "speed")),
    frozenset(("louder", "softer", "volume")),
    frozenset(("repeat", "repeat-all", "previous")),
    frozenset(("where-am-i",)),
)
"""What each step asks for; after these comes the last one, which asks for nothing."""

STEPS = len(TRIES) + 1

SILENT_TRIES = TRIES[2:]
"""The same where a screen reader speaks: speed and volume are its business."""


def begin(state: State) -> Next:
    """Say the first step."""
    return _say(state, 0)


def go_on(state: State, offer: OfferTour) -> Next:
    """Say the next step; the last one ends the tour."""
    return _say(state, offer.step + 1)


def tried(state: State, command: str) -> State:
    """Return the state, with the step taken as done if this is what it asked for."""
    offer = state.talk.offer
    if isinstance(offer, OfferTour) and command in _tries(state)[offer.step]:
        return remember(state, offer=replace(offer, tried=True))
    return state


def where(state: State, offer: OfferTour) -> Next:
    """Say which step this is."""
    number, count = wording.number(offer.step + 1), wording.number(len(_tries(state)) + 1)
    return speaking.note(state, "where-tour", number=number, count=count)


def _say(state: State, step: int) -> Next:
    offer = OfferTour(step) if step < len(_tries(state)) else None
    return speaking.say(state, render(state.library, "tour", step), offer=offer)


def _tries(state: State) -> tuple[frozenset[str], ...]:
    return SILENT_TRIES if state.silent else TRIES

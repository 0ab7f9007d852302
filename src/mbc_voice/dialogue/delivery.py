"""Rate and volume: changed by voice or key at any moment, heard at once, never announced over.

While something is being read, a new rate goes on at the same sentence and says nothing; when it is
quiet, a short confirmation lets the person hear it.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import speaking, wording
from mbc_voice.dialogue.state import Delivery, Next, Speaking, State, UndoDelivery, remember
from mbc_voice.events import Action, SetRate, SetVolume

SLOWEST, FASTEST = 80, 450
"""Words a minute. Experienced listeners use 300 to 500; new ones find 190 too fast."""
STEP = 1.1
"""One step is 10 %."""
SOFTEST, LOUDEST = 0, 10


def faster(state: State) -> Next:
    """Speak 10 % faster."""
    return _rate(state, round(state.delivery.words_per_minute * STEP), "faster")


def slower(state: State) -> Next:
    """Speak 10 % slower."""
    return _rate(state, round(state.delivery.words_per_minute / STEP), "slower")


def normal_speed(state: State) -> Next:
    """Go back to the rate it began with."""
    return _rate(state, state.usual.words_per_minute, "normal-speed")


def louder(state: State) -> Next:
    """Speak one step (3 dB) louder."""
    return _volume(state, state.delivery.volume + 1)


def softer(state: State) -> Next:
    """Speak one step (3 dB) softer."""
    return _volume(state, state.delivery.volume - 1)


def volume(state: State, level: int | None) -> Next:
    """Speak at the volume named; without one, say which it is."""
    if level is None:
        return speaking.note(state, "volume", level=wording.number(state.delivery.volume))
    return _volume(state, level)


def restore(state: State, delivery: Delivery) -> Next:
    """Go back to an earlier rate and volume."""
    state = remember(replace(state, delivery=delivery), undo=None)
    state, actions = speaking.note(state, "undone-delivery")
    return state, (SetRate(delivery.words_per_minute), SetVolume(delivery.volume), *actions)


def _rate(state: State, wanted: int, prompt: str) -> Next:
    rate = min(FASTEST, max(SLOWEST, wanted))
    words = wording.number(rate)
    if rate == state.delivery.words_per_minute and prompt != "normal-speed":
        return speaking.note(state, "rate-highest" if wanted > rate else "rate-lowest", rate=words)
    state = _change(state, replace(state.delivery, words_per_minute=rate))
    actions: tuple[Action, ...] = ()
    if state.speaking_turn and not state.safety:
        state, actions = speaking.go_on(state, state.talk.turn.at)
    elif not state.safety:
        state, actions = speaking.note(state, prompt, rate=words)
    return state, (SetRate(rate), *actions)


def _volume(state: State, wanted: int) -> Next:
    level = min(LOUDEST, max(SOFTEST, wanted))
    words = wording.number(level)
    if level == state.delivery.volume and level != wanted:
        name = "volume-highest" if wanted > level else "volume-lowest"
        return speaking.note(state, name, level=words)
    state = _change(state, replace(state.delivery, volume=level))
    actions: tuple[Action, ...] = ()
    if not isinstance(state.phase, Speaking):
        state, actions = speaking.note(state, "volume", level=words)
    return state, (SetVolume(level), *actions)


def _change(state: State, delivery: Delivery) -> State:
    undo = UndoDelivery(state.delivery)
    return remember(replace(state, delivery=delivery), undo=undo)

"""Rate, volume, voice, answer length, earcons: changed at any moment, heard at once.

While something is being read, a new rate or voice goes on at the same word (at the sentence, where
the voice can't tell) and says nothing; when it is quiet, a short confirmation lets the person hear
it. A limit is always said.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import listening, speaking, wording
from mbc_voice.dialogue.state import (
    Delivery,
    Length,
    Next,
    Speaking,
    State,
    UndoDelivery,
    remember,
)
from mbc_voice.events import Action, SetRate, SetVoice, SetVolume

SLOWEST, FASTEST = 80, 450
"""Words a minute. Experienced listeners use 300 to 500; new ones find 190 too fast."""
STEP = 1.1
"""One step is 10 %."""
SOFTEST, LOUDEST = 0, 10
LENGTHS: tuple[Length, ...] = ("short", "usual", "long")


def faster(state: State) -> Next:
    """Speak 10 % faster."""
    return _rate(state, round(state.delivery.words_per_minute * STEP), "faster")


def slower(state: State) -> Next:
    """Speak 10 % slower."""
    return _rate(state, round(state.delivery.words_per_minute / STEP), "slower")


def twice_as_fast(state: State) -> Next:
    """Speak at double the rate, as far as there is one."""
    return _rate(state, 2 * state.delivery.words_per_minute, "twice-as-fast")


def half_as_fast(state: State) -> Next:
    """Speak at half the rate, as far as there is one."""
    return _rate(state, round(state.delivery.words_per_minute / 2), "half-as-fast")


def normal_speed(state: State) -> Next:
    """Go back to the rate it began with."""
    return _rate(state, state.usual.words_per_minute, "normal-speed")


def speed(state: State, rate: int | None) -> Next:
    """Speak at so many words a minute; without a number that can be, say how fast it is."""
    if rate is None or not SLOWEST <= rate <= FASTEST:
        words = wording.number(state.delivery.words_per_minute)
        return speaking.note(state, "speed-range", rate=words)
    return _rate(state, rate, "speed")


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


def another_voice(state: State) -> Next:
    """Speak with the next voice of the list, after the last with the first."""
    voices = state.voices
    if len(voices) < 2:
        return speaking.note(state, "one-voice")
    return use_voice(state, voices[(voices.index(state.delivery.voice) + 1) % len(voices)])


def voice(state: State, number: int | None, word: str) -> Next:
    """Speak with the voice of this number, from 1, or name; with neither, with another one."""
    if number is None and not word:
        return another_voice(state)
    named = [name for name in state.voices if word and word.casefold() in name.casefold()]
    if number is not None and 1 <= number <= len(state.voices):
        named = [state.voices[number - 1]]
    if len(named) == 1:
        return use_voice(state, named[0])
    return speaking.note(state, "no-such-voice", count=wording.number(len(state.voices)))


def use_voice(state: State, name: str) -> Next:
    """Speak with this voice, which is one of the list."""
    state = change(state, replace(state.delivery, voice=name))
    state, actions = _let_hear(state, "voice", voice=name)
    return state, (SetVoice(name), *actions)


def picked_voice(state: State, name: str) -> Next:
    """Speak with the voice that was picked from the list; the rest of the list is left out."""
    state = remember(change(state, replace(state.delivery, voice=name)), offer=None)
    state, actions = speaking.reply(state, "voice", 0, voice=name)
    return state, (SetVoice(name), *actions)


def shorter_answers(state: State) -> Next:
    """Read less before the offer to go on."""
    return _answers(state, -1, "answers-shortest")


def longer_answers(state: State) -> Next:
    """Read more before the offer to go on."""
    return _answers(state, +1, "answers-longest")


def earcons_on(state: State) -> Next:
    """Let short sounds go with the words."""
    return _earcons(state, True, "earcons-on")


def earcons_off(state: State) -> Next:
    """Do without the short sounds."""
    return _earcons(state, False, "earcons-off")


def restore(state: State, delivery: Delivery) -> Next:
    """Go back to an earlier delivery."""
    state, before = listening.set_delivery(state, delivery)
    state, actions = speaking.note(remember(state, undo=None), "undone-delivery")
    return state, (*before, *actions)


def _rate(state: State, wanted: int, prompt: str) -> Next:
    rate = min(FASTEST, max(SLOWEST, wanted))
    words = wording.number(rate)
    if rate == state.delivery.words_per_minute and wanted != rate:
        return speaking.note(state, "rate-highest" if wanted > rate else "rate-lowest", rate=words)
    state = change(state, replace(state.delivery, words_per_minute=rate))
    if rate != wanted:
        prompt = "rate-highest" if wanted > rate else "rate-lowest"
        state, actions = speaking.note(state, prompt, rate=words)
    else:
        state, actions = _let_hear(state, prompt, rate=words)
    return state, (SetRate(rate), *actions)


def _volume(state: State, wanted: int) -> Next:
    level = min(LOUDEST, max(SOFTEST, wanted))
    words = wording.number(level)
    if level == state.delivery.volume and level != wanted:
        name = "volume-highest" if wanted > level else "volume-lowest"
        return speaking.note(state, name, level=words)
    same = level == state.delivery.volume
    state = change(state, replace(state.delivery, volume=level))
    actions: tuple[Action, ...] = ()
    if same or not isinstance(state.phase, Speaking):
        state, actions = speaking.note(state, "volume", level=words)
    return state, (SetVolume(level), *actions)


def _answers(state: State, by: int, at_the_end: str) -> Next:
    place = LENGTHS.index(state.delivery.answers) + by
    if not 0 <= place < len(LENGTHS):
        return speaking.note(state, at_the_end)
    state = change(state, replace(state.delivery, answers=LENGTHS[place]))
    return speaking.note(state, f"answers-{LENGTHS[place]}")


def _earcons(state: State, on: bool, prompt: str) -> Next:
    if state.delivery.earcons != on:
        state = change(state, replace(state.delivery, earcons=on))
    return speaking.note(state, prompt)


def _let_hear(state: State, prompt: str, **values: str) -> Next:
    """Go on at the same word, or say a short confirmation where nothing is being said."""
    if state.safety:
        return state, ()
    if state.speaking_turn:
        return speaking.go_on_at_word(state)
    return speaking.note(state, prompt, 0, **values)


def change(state: State, delivery: Delivery) -> State:
    """Return the state with another delivery, which "undo" takes back."""
    undo = UndoDelivery(state.delivery)
    return remember(replace(state, delivery=delivery), undo=undo)

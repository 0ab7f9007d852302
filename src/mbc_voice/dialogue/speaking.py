"""The program's turn: beginning a turn, going on with it from any sentence, notes beside it.

Every `Speak` goes out from here, under a new id and always with a `Listen`, so that the program is
never deaf. While it speaks it listens for commands only (half-duplex: it would hear itself).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from mbc_voice.dialogue import listening
from mbc_voice.dialogue.offers import Offer
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import Next, Paused, Ready, Speaking, State, Then, Turn, remember
from mbc_voice.events import Action, Listen, Speak, StopSpeaking, Utterance
from mbc_voice.library import Sentence


def say(
    state: State,
    sentences: Sequence[Sentence],
    *,
    offer: Offer,
    places: tuple[int, ...] = (),
    priority: Literal["safety", "answer"] = "answer",
    then: Then = "listen",
) -> Next:
    """Begin a new turn; `offer` is what "yes" will mean from now on."""
    turn = Turn(tuple(sentences), 0, places, priority)
    return go_on(remember(state, turn=turn, offer=offer), 0, then=then)


def reply(state: State, name: str, attempt: int = 0, **values: str) -> Next:
    """Begin a turn that is one prompt; the offer stays open."""
    sentences = render(state.library, name, attempt, **values)
    return say(state, sentences, offer=state.talk.offer)


def go_on(
    state: State, at: int, *, note: Sequence[Sentence] = (), then: Then | None = None
) -> Next:
    """Say the turn from its sentence `at` to its end, after a note that doesn't belong to it."""
    turn = state.talk.turn
    state = _set_place(state, at)
    sentences = (*note, *turn.sentences[at:])
    utterance = Utterance(state.utterances + 1, sentences, turn.priority)
    return _speak(state, Speaking(utterance, at - len(note), then=then or _ending(state)))


def go_on_at_word(state: State) -> Next:
    """Say the rest of the turn from the word that is being said, in another way than before."""
    phase, at = state.phase, state.talk.turn.at
    same = isinstance(phase, Speaking) and phase.first + phase.index == at
    word = phase.word if isinstance(phase, Speaking) and same else None
    state, actions = go_on(state, at)
    if word is None or not isinstance(state.phase, Speaking):
        return state, actions
    utterance = replace(state.phase.utterance, start=word[0])
    state = replace(state, phase=replace(state.phase, utterance=utterance, word=word))
    return state, (Speak(utterance), *actions[1:])


def note(state: State, name: str, attempt: int = 0, **values: str) -> Next:
    """Say a prompt beside the turn, which stays as it is: to be repeated, resumed, gone on with.

    What a note cuts off goes on after it. A safety message is not cut off at all.
    """
    sentences = render(state.library, name, attempt, **values)
    if state.safety:
        return state, ()
    if state.speaking_turn:
        return go_on(state, state.talk.turn.at, note=sentences)
    utterance = Utterance(state.utterances + 1, sentences, "notice")
    first = state.talk.turn.at - len(sentences)
    return _speak(state, Speaking(utterance, first, then=_after_note(state)))


def point(state: State, sentences: tuple[Sentence, ...]) -> Next:
    """Say what somebody came to, in place of what is being said, and then wait for them.

    The turn keeps its place, for "resume". A safety message is not cut off, and nobody is spoken
    to between two visits.
    """
    if state.safety or isinstance(state.phase, Ready):
        return state, ()
    state, _ = listening.still_here(state)
    utterance = Utterance(state.utterances + 1, sentences, "notice")
    first = state.talk.turn.at - len(sentences)
    return _speak(state, Speaking(utterance, first, then=_after_note(state)))


def notice(state: State, name: str) -> Next:
    """Say a notice of the microphone now, or once it is quiet and can be heard."""
    if isinstance(state.phase, Speaking) or state.loudspeaker == "lost":
        return replace(state, notice=name), ()
    return note(replace(state, notice=None, told=state.microphone), name)


def settle(state: State, then: Then) -> Next:
    """Return what comes when an utterance is over: a waiting notice first, then the rest."""
    if then == "quit":
        return listening.end(state)
    if then == "rest":
        return listening.end_visit(state)
    quiet, actions = (
        listening.rest_paused(state, None) if then == "pause" else listening.listen(state)
    )
    if state.notice is None or state.loudspeaker == "lost":
        return quiet, actions
    return notice(quiet, state.notice)


def stop(state: State) -> Next:
    """Be silent at once, and stay silent. "Resume" can still go on."""
    before: tuple[Action, ...] = (StopSpeaking(),)
    phase = state.phase
    if isinstance(phase, Speaking) and phase.then in ("quit", "rest"):
        state, actions = settle(state, phase.then)
    else:
        quiet = state if state.notice else listening.be_quiet(state)
        state, actions = listening.listen(remember(quiet, offer=None, cut_off=None))
    return state, before + actions


def say_again(state: State, phase: Speaking) -> Next:
    """Say what was cut off again, from the beginning of the sentence that was being said."""
    rest = phase.utterance.sentences[phase.index :]
    utterance = Utterance(state.utterances + 1, rest, phase.utterance.priority)
    first = phase.first + phase.index
    return _speak(state, replace(phase, utterance=utterance, first=first, index=0, word=None))


def sentence_started(state: State, index: int) -> State:
    """Return the state with the place moved to sentence `index` of the current utterance."""
    phase = state.phase
    held = phase.speaking if isinstance(phase, Paused) else phase
    if not isinstance(held, Speaking) or not 0 <= index < len(held.utterance.sentences):
        return state
    word = held.word if index == held.index == 0 else None
    state = _now(state, replace(held, index=max(index, held.index), word=word))
    return _set_place(state, max(state.talk.turn.at, held.first + index))


def word_started(state: State, index: int, start: int, end: int) -> State:
    """Return the state with the word noted; one of another sentence is old news."""
    phase = state.phase
    held = phase.speaking if isinstance(phase, Paused) else phase
    if not isinstance(held, Speaking) or index != held.index:
        return state
    if not 0 <= start < end <= len(held.utterance.sentences[index].text):
        return state
    return _now(state, replace(held, word=(start, end)))


def all_said(state: State, phase: Speaking) -> State:
    """Return the state with the place at the end of an utterance."""
    return _set_place(state, max(state.talk.turn.at, phase.first + len(phase.utterance.sentences)))


def _speak(state: State, phase: Speaking) -> Next:
    if not phase.utterance.sentences:
        return settle(state, phase.then)
    state = replace(state, phase=phase, utterances=phase.utterance.id)
    return state, (Speak(phase.utterance), Listen("commands"))


def _now(state: State, speaking: Speaking) -> State:
    """Return the state in which this is being said, or is held in a pause."""
    paused = isinstance(state.phase, Paused)
    return replace(state, phase=Paused(speaking) if paused else speaking)


def _ending(state: State) -> Then:
    """Return what comes after a turn that is gone on with: a goodbye stays one."""
    phase = state.phase
    return phase.then if isinstance(phase, Speaking) and phase.then != "pause" else "listen"


def _after_note(state: State) -> Then:
    if isinstance(state.phase, Speaking):
        return state.phase.then
    return "pause" if isinstance(state.phase, Paused) else "listen"


def _set_place(state: State, at: int) -> State:
    turn, reading = state.talk.turn, state.talk.reading
    if turn.places and reading is not None:
        place = turn.places[at] if at < len(turn.places) else reading.end
        reading = replace(reading, place=place)
    return remember(state, turn=replace(turn, at=at), reading=reading)

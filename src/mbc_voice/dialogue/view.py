"""What the rest of the program may know of a state: what to show, and where the talk is.

Pure, like `step`; any thread may ask it of a state at hand.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from mbc_voice.dialogue import answering, choosing, listening
from mbc_voice.dialogue.offers import (
    OfferAgain,
    OfferChoice,
    OfferCodeWords,
    OfferMore,
    OfferTopic,
)
from mbc_voice.dialogue.state import Ended, Listening, Paused, Ready, Speaking, State
from mbc_voice.events import Context, Display, Snapshot
from mbc_voice.library import Sentence

ShownPhase: TypeAlias = Literal["ready", "listening", "speaking", "paused", "choosing", "ended"]
"""The phases of a `Snapshot` that the dialogue knows of."""
STOP = "page."
"""How the ids of what is said at something on the page begin."""
ASKS = (OfferMore, OfferTopic, OfferChoice, OfferAgain, OfferCodeWords)
"""Offers that are shown, to be answered by a press. The tour asks people to try something else."""


def snapshot(state: State) -> Snapshot:
    """Return what is to be shown right now."""
    talk, choice = state.talk, state.talk.offer
    position, length = answering.where(state)
    return Snapshot(
        phase=_shown_phase(state),
        caption=_caption(state),
        saying=_saying(state),
        spoken=_word(state),
        heard=talk.heard,
        asked=talk.asked,
        topic=talk.reading.topic if talk.reading is not None else None,
        position=position,
        length=length,
        choices=context(state).choices if isinstance(choice, OfferChoice) else (),
        words_per_minute=state.delivery.words_per_minute,
        volume=state.delivery.volume,
        microphone=state.microphone,
        voice=state.delivery.voice if len(state.voices) > 1 else "",
        answers=state.delivery.answers,
        earcons=state.delivery.earcons,
        listening=state.listening,
        open=state.open,
        options=choosing.titles(state, choice) if isinstance(choice, OfferChoice) else (),
        display=state.delivery.display or Display(),
        visit=_visit(state),
        seconds_left=listening.seconds_left(state),
    )


def context(state: State) -> Context:
    """Return where the talk is, as far as understanding needs to know."""
    talk = state.talk
    topic = talk.reading.topic if talk.reading is not None else None
    match talk.offer:
        case OfferChoice(ids=ids, of="topics"):
            return Context(topic, ids)
        case OfferTopic(topic=offered):
            return Context(topic, (offered,))
        case _:
            return Context(topic)


def being_said(state: State) -> Speaking | None:
    """Return what is being said, or kept at its place."""
    phase = state.phase
    if isinstance(phase, Paused):
        return phase.speaking
    return phase if isinstance(phase, Speaking) else None


def _caption(state: State) -> Sentence | None:
    held = being_said(state)
    return held.utterance.sentences[held.index] if held is not None else None


def _saying(state: State) -> tuple[int, int]:
    said = being_said(state)
    return (said.utterance.id, said.index) if said is not None else (0, 0)


def _word(state: State) -> tuple[int, int] | None:
    held = being_said(state)
    return held.word if held is not None else None


def _visit(state: State) -> Literal["waiting", "active", "warning"]:
    if state.profile == "kiosk" and isinstance(state.phase, Ready):
        return "waiting"
    return "warning" if listening.is_warning(state) else "active"


def _is_stop(said: Speaking) -> bool:
    """Return whether these are the words of something on the page, where somebody came by key.

    What is shown stays as it is meanwhile: else it would go away from under their fingers.
    """
    return all(sentence.id.startswith(STOP) for sentence in said.utterance.sentences)


def _shown_phase(state: State) -> ShownPhase:
    match state.phase:
        case Ready():
            return "ready"
        case Speaking(then="pause") as said if _is_stop(said):
            return "paused"
        case Speaking() as said if not _is_stop(said):
            return "speaking"
        case Listening() | Speaking():
            return "choosing" if isinstance(state.talk.offer, ASKS) else "listening"
        case Paused():
            return "paused"
        case Ended():
            return "ended"

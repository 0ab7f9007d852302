"""The dialogue itself: `step`, from a state and an event to the next state and what to do.

Pure and total: no clock, no input or output, and no event in any state makes it raise. Only the
assistant's loop calls it. What other parts may know of a state is read through `view`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from mbc_voice.dialogue import (
    answering,
    attention,
    choosing,
    commands,
    cues,
    devices,
    listening,
    recovery,
    second_thoughts,
    speaking,
    tour,
)
from mbc_voice.dialogue.offers import OfferChoice, OfferTour
from mbc_voice.dialogue.prompts import is_prompt
from mbc_voice.dialogue.state import (
    Ended,
    Listening,
    Next,
    Paused,
    Ready,
    Speaking,
    State,
    remember,
)
from mbc_voice.dialogue.view import being_said
from mbc_voice.events import (
    Action,
    Answer,
    Attending,
    Choose,
    Command,
    Event,
    Failing,
    Interrupted,
    LoudspeakerLost,
    LoudspeakerReady,
    MicrophoneLost,
    MicrophoneReady,
    NotCovered,
    NothingHeard,
    Outcome,
    Pointed,
    QuestionWentOn,
    SentenceStarted,
    Speak,
    SpeechStarted,
    Started,
    StillHere,
    StopSpeaking,
    TalkPressed,
    TimerEnded,
    Understood,
    Urgent,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.library import Sentence

HELLO = "greetings"
"""Id of the referral that answers a hello."""


def step(state: State, event: Event) -> Next:
    """Return the state after an event, and what is to be done, in this order."""
    if isinstance(state.phase, Ended):
        return state, ()
    after, actions = _after(state, event)
    return after, cues.with_cue(state, event, after, actions)


def _after(state: State, event: Event) -> Next:
    match event:
        case Started():
            return _started(state)
        case Understood():
            return _understood(state, event)
        case SentenceStarted(utterance=number, index=index):
            if _utterance(state) != number:
                return state, ()
            return speaking.sentence_started(devices.loudspeaker_works(state), index), ()
        case WordStarted(utterance=number, index=index, start=start, end=end):
            current = _utterance(state) == number
            return (speaking.word_started(state, index, start, end) if current else state), ()
        case UtteranceEnded(utterance=number, why=why):
            current = _utterance(state) == number
            return _over(state, why) if current else (state, ())
        case SpeechStarted():
            return listening.speech_started(state)
        case StillHere():
            return listening.still_here(state)
        case TalkPressed(open=opened):
            return attention.pressed(state, opened)
        case Pointed(sentences=sentences):
            return speaking.point(state, sentences)
        case Attending(open=opened):
            return replace(state, open=opened), ()
        case QuestionWentOn():
            return second_thoughts.take_back(state)
        case TimerEnded(name=name):
            return recovery.time_to_think_ended(state) if name == listening.THINK else (state, ())
        case MicrophoneLost() | MicrophoneReady():
            return devices.microphone(state, lost=isinstance(event, MicrophoneLost))
        case LoudspeakerLost():
            return devices.loudspeaker_lost(state)
        case LoudspeakerReady():
            return devices.loudspeaker_ready(state)
        case Failing():
            return recovery.give_up(state)
        case Interrupted():
            return listening.end(state, StopSpeaking())


def spoken(actions: Sequence[Action]) -> tuple[Sentence, ...]:
    """Return the sentences that these actions say."""
    return tuple(
        sentence
        for action in actions
        if isinstance(action, Speak)
        for sentence in action.utterance.sentences
    )


def _started(state: State) -> Next:
    return commands.greet(state) if isinstance(state.phase, Ready) else (state, ())


def _understood(state: State, event: Understood) -> Next:
    outcome = event.outcome
    if state.safety and not _cuts_off_safety(outcome):
        return _hold(state, event), ()
    if event.by == "voice" and (_is_noise(state, outcome) or _is_nod(state, outcome)):
        return state, ()
    state = second_thoughts.keep(state, event)
    asked = state.talk.asked + bool(event.heard)
    state = remember(state, heard=event.heard, asked=asked)
    group = _group_picked(state, event)
    outcome = outcome if group is None else Command("group", word=event.heard)
    if not isinstance(outcome, NothingHeard | NotCovered):
        state = recovery.understood_well(state)
    return _do(state, outcome)


def _group_picked(state: State, event: Understood) -> str | None:
    """Return the group of topics named by what was heard, while groups are on offer."""
    offer = state.talk.offer
    if not isinstance(offer, OfferChoice) or offer.of != "sections":
        return None
    if isinstance(event.outcome, Command | Urgent | NothingHeard):
        return None
    return choosing.group_named(state, event.heard)


def _do(state: State, outcome: Outcome) -> Next:
    match outcome:
        case NotCovered(referral=referral) if referral == HELLO and isinstance(state.phase, Ready):
            return commands.greet(state)
        case Answer(topic=topic):
            return answering.tell(state, topic)
        case Choose(topics=topics):
            return choosing.choose(state, topics)
        case NotCovered(referral=referral, nearest=nearest):
            return answering.refer(state, referral, nearest)
        case Urgent(sign=sign):
            return answering.warn(state, sign)
        case Command(name=name):
            return commands.obey(tour.tried(state, name), outcome)
        case NothingHeard(why="long"):
            return speaking.reply(state, "too-long")
        case NothingHeard():
            return recovery.nothing_heard(state)


def _cuts_off_safety(outcome: Outcome) -> bool:
    """Return whether this may be done while a safety message is being said."""
    if isinstance(outcome, Command):
        return outcome.name == "stop" or outcome.name in commands.UNINTERRUPTING
    return isinstance(outcome, Urgent)


def _hold(state: State, event: Understood) -> State:
    """Keep a request until the safety message has been said; a newer one replaces it."""
    if not isinstance(state.phase, Speaking) or isinstance(event.outcome, NothingHeard):
        return state
    return replace(state, phase=replace(state.phase, held=event))


def _is_noise(state: State, outcome: Outcome) -> bool:
    """Return whether a sound isn't meant for us: talk beside a pause, or between two visits."""
    if isinstance(state.phase, Ready) and state.profile == "kiosk":
        return not _begins_visit(outcome)
    if not isinstance(state.phase, Paused):
        return False
    return isinstance(outcome, NothingHeard) or (
        isinstance(outcome, NotCovered) and outcome.referral is None
    )


def _begins_visit(outcome: Outcome) -> bool:
    """Return whether this, said near a kiosk, is for the kiosk: a question, a hello, help."""
    if isinstance(outcome, Command):
        return outcome.name in commands.BEGINNING and outcome.score == 1.0
    if isinstance(outcome, NotCovered):
        return outcome.referral == HELLO
    return isinstance(outcome, Answer | Choose | Urgent)


def _is_nod(state: State, outcome: Outcome) -> bool:
    """Return whether this is a "yes" or "right" of somebody who follows what is being read.

    Where nothing but our own words is left, such as an offer, it is an answer.
    """
    phase = state.phase
    if not isinstance(phase, Speaking) or not isinstance(outcome, Command):
        return False
    to_come = phase.utterance.sentences[phase.index :]
    return outcome.name == "yes" and not all(map(is_prompt, to_come))


def _over(state: State, why: Literal["finished", "stopped", "failed"]) -> Next:
    """Take note that the utterance is over, and go on with what comes then."""
    phase = state.phase
    if why == "failed" and state.loudspeaker == "lost":
        return devices.cut_off(state)
    if isinstance(phase, Paused):
        return replace(state, phase=Paused(None)), ()
    if not isinstance(phase, Speaking):
        return state, ()
    if why != "stopped":
        state = speaking.all_said(state, phase)
    if phase.held is not None:
        return _understood(replace(state, phase=Listening()), phase.held)
    offer = state.talk.offer
    if phase.then == "listen" and isinstance(offer, OfferTour) and offer.tried:
        return tour.go_on(state, offer)
    return speaking.settle(state, phase.then)


def _utterance(state: State) -> int | None:
    current = being_said(state)
    return current.utterance.id if current is not None else None

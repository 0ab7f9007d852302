"""What holds in every talk, whatever happened before."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mbc_voice.dialogue.commands import KNOWN
from mbc_voice.dialogue.state import (
    HISTORY,
    Ended,
    Length,
    Listening,
    Paused,
    Profile,
    Ready,
    Speaking,
)
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.dialogue.view import context, snapshot
from mbc_voice.events import (
    Alert,
    Command,
    Cue,
    Interrupted,
    Listen,
    PauseSpeaking,
    Quit,
    ResumeSpeaking,
    SentenceStarted,
    Speak,
    StopSpeaking,
    Understood,
    Urgent,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.library import Sentence
from moves import (
    LIBRARY,
    STOP,
    VOICES,
    Move,
    finish,
    moves,
    outcomes,
    play,
    profiles,
    talks,
    understood,
)
from script import Talk

REVIEWED = {
    sentence.id: sentence.text
    for topic in LIBRARY.topics.values()
    for passage in (topic.short, *topic.more)
    for sentence in (*passage.sentences, *passage.items)
}
REVIEWED |= {s.id: s.text for item in LIBRARY.referrals.values() for s in item.sentences}
REVIEWED |= {
    s.id: s.text for item in LIBRARY.urgent.values() for s in (*item.sentences, *item.at_home)
}


def say(name: str) -> Understood:
    return Understood(Command(name), name)


def is_waiting(talk: Talk) -> bool:
    """Return whether a kiosk is between two visits, where talk in the room isn't meant for it."""
    return snapshot(talk.state).visit == "waiting"


def is_from_a_prompt(sentence: Sentence) -> bool:
    name = sentence.id.split(".")[1]
    joined = " ".join(LIBRARY.prompts[name])
    parts = re.split(r"(?<=[.!?])\s+", joined)
    number = int(sentence.id.rpartition(".")[2])
    pattern = re.sub(r"\\{[a-z]+\\}", ".*", re.escape(parts[number - 1]))
    return re.fullmatch(pattern.removesuffix(r"\."), sentence.text.rstrip("."), re.I) is not None


@given(talks())
def test_nothing_makes_it_raise(talk: Talk) -> None:
    """After any sequence of events there is a state that can be shown."""
    shown = snapshot(talk.state)
    assert 0 <= shown.position <= shown.length
    assert set(context(talk.state).choices) <= set(LIBRARY.topics)


@given(talks())
def test_the_word_shown_stands_in_the_caption(talk: Talk) -> None:
    """Whatever news of words came, what is shown as being heard is a part of the sentence shown."""
    shown = snapshot(talk.state)
    if shown.spoken is not None:
        start, end = shown.spoken
        assert shown.caption is not None
        assert shown.caption.text[start:end]


@given(st.lists(moves, max_size=25), profiles)
def test_it_survives_a_library_without_prompts_or_topics(
    happened: list[Move], profile: Profile
) -> None:
    """An empty library leaves it without words, but never raising and never deaf."""
    empty = replace(LIBRARY, prompts={}, topics={}, referrals={}, sections=())
    talk = Talk(empty, profile)
    play(talk, happened)
    finish(talk)
    assert not isinstance(talk.state.phase, Speaking)


@given(st.lists(moves, max_size=25), profiles)
def test_what_it_hears_fits_what_it_does(happened: list[Move], profile: Profile) -> None:
    """It listens for commands exactly while it speaks, else for anything; ids always rise."""
    talk, listens, last_id = Talk(LIBRARY, profile), "anything", 0
    for move in happened:
        play(talk, [move])
        for action in talk.actions:
            if isinstance(action, Listen):
                listens = action.to
            if isinstance(action, Speak):
                assert action.utterance.id > last_id
                assert action.utterance.sentences
                assert Listen("commands") in talk.actions
                last_id = action.utterance.id
        if not isinstance(talk.state.phase, Ended):
            speaking = isinstance(talk.state.phase, Speaking)
            assert listens == ("commands" if speaking else "anything")


@given(st.lists(moves, max_size=25), profiles)
def test_every_sentence_is_reviewed_or_a_prompt(happened: list[Move], profile: Profile) -> None:
    """Whatever is said stands in the library or on the page word for word, or is a prompt."""
    talk = Talk(LIBRARY, profile)
    for move in happened:
        play(talk, [move])
        for sentence in spoken(talk.actions):
            known = REVIEWED.get(sentence.id) == sentence.text or sentence == STOP
            assert known or is_from_a_prompt(sentence)


@given(talks())
def test_it_is_never_deaf(talk: Talk) -> None:
    """Once the voice has finished, the person has their turn, or the talk is over."""
    finish(talk)
    assert isinstance(talk.state.phase, (Listening, Paused, Ready, Ended))


@given(talks(), st.sampled_from(["voice", "key", "text"]))
def test_stop_ends_any_speech(talk: Talk, by: str) -> None:
    """After "stop" nothing is said, by whatever means it was given."""
    assume(not isinstance(talk.state.phase, Ended) and not is_waiting(talk))
    talk.happens(replace(say("stop"), by=by))  # type: ignore[arg-type]
    assert talk.actions[0] == StopSpeaking()
    assert not spoken(talk.actions)
    assert not isinstance(talk.state.phase, (Speaking, Paused))


@given(talks(), st.sampled_from(["help", "repeat", "where-am-i", "topics", "repeat-all"]))
def test_every_state_answers(talk: Talk, name: str) -> None:
    """Help, repeat, where am I and topics are answered in every state.

    During a safety message the answer comes right after it.
    """
    assume(not isinstance(talk.state.phase, Ended) and not is_waiting(talk))
    was_safety = talk.state.safety
    talk.happens(say(name))
    if was_safety:
        assert not talk.actions
        talk.happens(UtteranceEnded(talk.utterance))
    assert spoken(talk.actions)


@given(talks(), st.sampled_from([*sorted(KNOWN - {"stop"}), "no-such-command"]))
def test_no_command_is_met_with_silence(talk: Talk, name: str) -> None:
    """When it is quiet, every command is answered in words, or by going on."""
    finish(talk)
    assume(not isinstance(talk.state.phase, Ended))
    talk.happens(replace(say(name), by="key") if is_waiting(talk) else say(name))
    assert spoken(talk.actions) or ResumeSpeaking() in talk.actions


@given(talks())
def test_pause_and_resume_change_nothing(talk: Talk) -> None:
    """After pause and resume everything is as it was, at the exact place."""
    phase = talk.state.phase
    assume(isinstance(phase, Speaking) and phase.then != "pause" and not talk.state.safety)
    talk.happens(say("pause"))
    assert talk.actions[0] == PauseSpeaking()
    assert talk.actions[-1] == Cue("paused") or not talk.state.delivery.earcons
    talk.happens(say("resume"))
    assert talk.actions == (ResumeSpeaking(), Listen("commands"))
    assert talk.state.phase == phase


@given(talks())
def test_resume_goes_on_after_stop(talk: Talk) -> None:
    """After stop, "resume" begins with the sentence that was cut off."""
    phase, turn = talk.state.phase, talk.state.talk.turn
    assume(isinstance(phase, Speaking) and phase.then == "listen" and talk.state.speaking_turn)
    talk.happens(say("stop"))
    talk.happens(say("resume"))
    assert spoken(talk.actions) == turn.sentences[turn.at :]


@given(talks(), st.integers(-1, 9), st.sampled_from(["finished", "stopped", "failed"]))
def test_stale_news_changes_nothing(talk: Talk, index: int, why: str) -> None:
    """News of an utterance that is no longer said is ignored."""
    for age in (1, 2, -1):
        number = talk.utterance + age * -1
        for event in (
            SentenceStarted(number, index),
            WordStarted(number, index, 0, 1),
            UtteranceEnded(number, why),  # type: ignore[arg-type]
        ):
            assert step(talk.state, event) == (talk.state, ())


@given(talks(), understood)
def test_a_safety_message_is_not_cut_off(talk: Talk, request: Understood) -> None:
    """Only stop, or another emergency, cuts off a safety message."""
    talk.happens(Understood(Urgent("breathing")))
    assume(talk.state.safety)
    outcome = request.outcome
    assume(not isinstance(outcome, Urgent) and outcome != replace_name(outcome, "stop"))
    utterance = talk.utterance
    talk.happens(request)
    assert talk.utterance == utterance
    assert talk.state.safety
    assert StopSpeaking() not in talk.actions


def replace_name(outcome: object, name: str) -> object:
    return replace(outcome, name=name) if isinstance(outcome, Command) else None


@given(talks())
def test_an_emergency_is_answered_at_once(talk: Talk) -> None:
    """In every state an urgent sign is answered by its own words first, and alerts the staff."""
    assume(not isinstance(talk.state.phase, Ended) and not talk.state.safety)
    talk.happens(Understood(Urgent("bleeding"), "words"))
    assert spoken(talk.actions)[0].id == "urgent.bleeding.1"
    assert Alert("bleeding") in talk.actions
    assert talk.state.talk.reading is None


@given(st.lists(understood, max_size=60))
def test_memory_is_bounded(happened: list[Move]) -> None:
    """It never remembers more than the last twenty topics."""
    talk = Talk(LIBRARY)
    play(talk, happened)
    assert len(talk.state.talk.history) <= HISTORY


@given(talks())
def test_interrupted_ends_the_talk(talk: Talk) -> None:
    """Asked from outside to end, it is silent and ends; after that nothing happens any more."""
    assume(not isinstance(talk.state.phase, Ended))
    talk.happens(Interrupted())
    assert talk.actions == (StopSpeaking(), Quit())
    talk.happens(say("help"))
    assert not talk.actions


@given(talks())
def test_a_visit_leaves_nothing_behind(talk: Talk) -> None:
    """After a kiosk's goodbye nothing of the visit is left, and rate and volume are as usual."""
    assume(talk.profile == "kiosk")
    finish(talk)
    talk.happens(say("goodbye"))
    talk.happens(UtteranceEnded(talk.utterance))
    fresh = Talk(LIBRARY, "kiosk", VOICES).state
    left = replace(talk.state, utterances=0, open=True, notice=None)
    assert replace(left, microphone="on", loudspeaker="on") == fresh


@given(outcomes)
def test_any_first_question_is_answered(outcome: object) -> None:
    """Before the greeting, as for a single question, every outcome but "stop" gets words."""
    assume(outcome != replace_name(outcome, "stop"))
    talk = Talk(LIBRARY)
    talk.happens(Understood(outcome, "words", "text"))  # type: ignore[arg-type]
    assert spoken(talk.actions)


@pytest.mark.parametrize("answers", ["short", "usual", "long"])
@pytest.mark.parametrize("topic", LIBRARY.topics)
def test_more_reads_everything_once(topic: str, answers: Length) -> None:
    """Going on with "more" to the end says every sentence of a topic once, in its order."""
    talk = Talk(LIBRARY)
    talk.state = replace(talk.state, delivery=replace(talk.state.delivery, answers=answers))
    talk.line(f"you: x -> answer {topic}")
    said = list(spoken(talk.actions))
    for _ in range(12):
        talk.line("finished")
        shown = snapshot(talk.state)
        if shown.position == shown.length:
            break
        talk.line("you: more -> more")
        said += spoken(talk.actions)
    reviewed = [item.id for item in said if item.id in REVIEWED]
    assert reviewed == [name for name in REVIEWED if name.rpartition(".")[0] == topic]

"""Priorities: safety, then answers, then notices; nothing is lost, and nothing said twice."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from mbc_voice.dialogue.state import Ended, Listening, Ready, Speaking
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.events import (
    Answer,
    Command,
    Event,
    LoudspeakerLost,
    LoudspeakerReady,
    MicrophoneLost,
    MicrophoneReady,
    NothingHeard,
    SentenceStarted,
    Speak,
    SpeechStarted,
    StopSpeaking,
    TimerEnded,
    Understood,
    Urgent,
    UtteranceEnded,
)
from mbc_voice.library import Sentence
from moves import LIBRARY, finish, talks
from script import Talk

NOTES: list[Event] = [
    Understood(Command("where-am-i"), by="key"),
    Understood(Command("help"), by="key"),
    Understood(Command("volume"), by="key"),
    Understood(Command("undo"), by="key"),
    Understood(Command("voice"), by="key"),
    Understood(Command("no-such-command"), by="key"),
    Understood(Command("choose-number", number=99), by="key"),
]
"""What is answered beside the reading, which then goes on."""

NEWS: list[Event] = [
    MicrophoneLost(),
    MicrophoneReady(),
    SpeechStarted(),
    TimerEnded("think"),
    Understood(NothingHeard(), by="voice"),
]
"""What never interrupts."""


class Listener:
    """Hears a talk sentence by sentence, and knows what was said to its end."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.heard: list[Sentence] = []
        self._saying: list[Sentence] = []
        self._index = 0
        self._take()

    def happens(self, event: Event) -> None:
        self.talk.happens(event)
        self._take()

    def hear_one(self) -> None:
        """Let the sentence that is being said come to its end."""
        if not self._saying:
            return
        self.heard.append(self._saying[self._index])
        self._index += 1
        if self._index < len(self._saying):
            self.happens(SentenceStarted(self.talk.utterance, self._index))
        else:
            self._saying = []
            self.happens(UtteranceEnded(self.talk.utterance))

    def _take(self) -> None:
        if any(isinstance(action, Speak) for action in self.talk.actions):
            self._saying, self._index = list(spoken(self.talk.actions)), 0


@given(
    st.sampled_from(sorted(LIBRARY.topics)),
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from([*NOTES[:3], *NEWS])), max_size=8),
)
def test_nothing_is_lost_and_nothing_said_twice(
    topic: str, interruptions: list[tuple[int, Event]]
) -> None:
    """Whatever is said beside an answer, each of its sentences is said to its end exactly once."""
    talk = Talk(LIBRARY)
    talk.happens(Understood(Answer(topic, 0.9), "x"))
    answer = spoken(talk.actions)
    listener = Listener(talk)
    for sentences, event in interruptions:
        for _ in range(sentences):
            listener.hear_one()
        if not talk.state.speaking_turn:
            break
        listener.happens(event)
    for _ in range(40):
        listener.hear_one()
    assert [item for item in listener.heard if item in answer] == list(answer)


@given(talks(), st.sampled_from(sorted(LIBRARY.topics)), st.integers(0, 9), st.sampled_from(NOTES))
def test_what_a_note_cuts_off_goes_on_after_it(
    talk: Talk, topic: str, sentence: int, note: Event
) -> None:
    """A note in the middle of a turn is followed by the rest of the turn, from its sentence on."""
    finish(talk)
    assume(not isinstance(talk.state.phase, Ended))
    talk.happens(Understood(Answer(topic, 0.9), "x", "key"))
    talk.happens(SentenceStarted(talk.utterance, sentence))
    turn = talk.state.talk.turn
    assert talk.state.speaking_turn
    talk.happens(note)
    said = spoken(talk.actions)
    assume(said and talk.state.talk.turn.sentences == turn.sentences)
    assert said[-len(turn.sentences[turn.at :]) :] == turn.sentences[turn.at :]


@given(talks(), st.sampled_from(NEWS))
def test_news_never_interrupts(talk: Talk, news: Event) -> None:
    """While something is being said, no notice, noise or timer cuts it off."""
    assume(isinstance(talk.state.phase, Speaking))
    utterance = talk.utterance
    talk.happens(news)
    assert talk.utterance == utterance
    assert StopSpeaking() not in talk.actions


@given(talks())
def test_a_notice_comes_when_it_is_quiet_and_only_once(talk: Talk) -> None:
    """A lost microphone is told at the end of what is being said, and not again."""
    phase = talk.state.phase
    assume(isinstance(phase, Speaking) and phase.then == "listen" and phase.held is None)
    assume(all_is_well(talk))
    talk.happens(MicrophoneLost())
    told = 0
    for _ in range(8):
        talk.happens(UtteranceEnded(talk.utterance))
        told += any(item.id == "prompt.microphone-lost.1" for item in spoken(talk.actions))
    assert told == 1


def all_is_well(talk: Talk) -> bool:
    """Return whether both devices are there, and the person knows it."""
    return (talk.state.microphone, talk.state.told, talk.state.loudspeaker) == ("on", "on", "on")


@given(talks())
def test_a_newer_notice_replaces_an_older_one(talk: Talk) -> None:
    """What is no longer true when its turn comes is not told."""
    assume(isinstance(talk.state.phase, Speaking) and all_is_well(talk))
    talk.happens(MicrophoneLost())
    talk.happens(MicrophoneReady())
    talk.happens(UtteranceEnded(talk.utterance))
    assert not any("microphone" in item.id for item in spoken(talk.actions))


@given(talks(), st.lists(st.sampled_from([MicrophoneLost(), MicrophoneReady()]), max_size=6))
def test_what_is_told_of_the_microphone_is_true(talk: Talk, news: list[Event]) -> None:
    """However often it comes and goes, at last the person knows whether they are heard."""
    assume(not isinstance(talk.state.phase, Ended | Ready) and talk.profile == "home")
    for event in (*news, LoudspeakerReady()):
        talk.happens(event)
    for _ in range(20):
        talk.happens(UtteranceEnded(talk.utterance))
    assume(isinstance(talk.state.phase, Listening))
    assert talk.state.told == talk.state.microphone


@given(talks())
def test_what_the_loudspeaker_went_away_from_is_said_again(talk: Talk) -> None:
    """An answer cut off goes on with the sentence that was being said; a "stop" forgets it."""
    phase = talk.state.phase
    assume(isinstance(phase, Speaking) and phase.then == "listen" and all_is_well(talk))
    assert isinstance(phase, Speaking)
    assume(phase.utterance.priority != "notice")
    talk.happens(LoudspeakerLost())
    talk.happens(UtteranceEnded(talk.utterance, "failed"))
    cut = talk.state
    talk.happens(LoudspeakerReady())
    assert spoken(talk.actions) == phase.utterance.sentences[phase.index :]
    stopped, _ = step(cut, Understood(Command("stop"), "stop"))
    assert not spoken(step(stopped, LoudspeakerReady())[1])


@given(talks(), st.sampled_from(NOTES + NEWS))
def test_safety_is_above_all(talk: Talk, event: Event) -> None:
    """A safety message starts at once, and neither notes nor news cut it off."""
    assume(not isinstance(talk.state.phase, Ended))
    talk.happens(Understood(Urgent("bleeding"), "x"))
    assert talk.state.safety
    utterance = talk.utterance
    talk.happens(event)
    assert talk.state.safety
    assert talk.utterance == utterance


def test_a_safety_message_is_said_before_it_gives_up() -> None:
    """Where a part dies amid a safety message, that is said to its end, and then it ends."""
    talk = Talk(LIBRARY)
    talk.line("you: x -> urgent breathing")
    assert talk.line("failing") == []
    assert talk.line("finished") == ["quits"]


def test_it_says_that_it_gives_up() -> None:
    """Where a part dies amid an answer, it says so, and ends."""
    talk = Talk(LIBRARY)
    talk.line("you: x -> answer symptoms-lung")
    talk.line("failing")
    assert spoken(talk.actions)[0].id == "prompt.broken.1"
    assert talk.line("finished") == ["quits"]

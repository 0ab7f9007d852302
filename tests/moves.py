"""Strategies for whatever may happen in a talk, in any order, sensible or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from mbc_voice.dialogue.commands import KNOWN
from mbc_voice.dialogue.state import Profile
from mbc_voice.events import (
    Answer,
    Choose,
    Command,
    Event,
    NotCovered,
    NothingHeard,
    Pointed,
    QuestionWentOn,
    SentenceStarted,
    TalkPressed,
    TimerEnded,
    Understood,
    Urgent,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.library import Sentence
from script import NEWS, Talk
from small_library import small_library

LIBRARY = small_library()
VOICES = ("Anna", "Ben", "Clara")


@dataclass(frozen=True)
class News:
    """News of an utterance, told by how old it is: 0 is the one said last."""

    age: int
    index: int | None
    """The sentence that began, or None if the utterance is over."""
    why: Literal["finished", "stopped", "failed"] = "finished"
    word: tuple[int, int] | None = None
    """The word of that sentence that began, if it is one."""

    def event(self, talk: Talk) -> Event:
        number = talk.utterance - self.age
        if self.index is None:
            return UtteranceEnded(number, self.why)
        if self.word is not None:
            return WordStarted(number, self.index, *self.word)
        return SentenceStarted(number, self.index)


Move = Event | News

STOP = Sentence("page.help", "Help")
"""What somebody can come to on the page."""
RARE: list[Event] = [
    QuestionWentOn(),
    TalkPressed(),
    TimerEnded("no-such-timer"),
    Pointed((STOP,)),
]
"""What ends all speech is drawn less often, so that talks get somewhere."""
LAST = (NEWS["interrupted"], NEWS["failing"])
"""What ends the talk itself is not drawn at all."""

topics = st.sampled_from([*LIBRARY.topics, "no-such-topic"])
commands = st.builds(
    Command,
    st.sampled_from([*sorted(KNOWN), "no-such-command"]),
    st.none() | st.integers(-3, 40),
    st.sampled_from(["", "HER2", "palbociclib", "-", "é", "x" * 200, "treatment", "ben"]),
)
outcomes = st.one_of(
    commands,
    st.builds(Answer, topics, st.just(0.9)),
    st.builds(Choose, st.lists(topics, max_size=4).map(tuple), st.just(0.5)),
    st.builds(NotCovered, st.sampled_from([None, "dose", "cost", "no-such"]), st.just(0.1)),
    st.builds(Urgent, st.sampled_from(["breathing", "chest-pain", "bleeding", "no-such"])),
    st.builds(NothingHeard),
)
understood = st.builds(
    Understood, outcomes, st.just("words"), st.sampled_from(["voice", "key", "text"])
)
whys = st.sampled_from(["finished", "stopped", "failed"])
ages = st.sampled_from([0, 0, 0, 1, -1])
places = st.tuples(st.integers(-2, 30), st.integers(-2, 90))
news = (
    st.builds(News, st.just(0), st.integers(-1, 9))
    | st.builds(News, ages, st.integers(-1, 9), word=places)
    | st.builds(News, ages, st.none(), whys)
)
moves: st.SearchStrategy[Move] = st.one_of(
    understood,
    news,
    st.sampled_from([*[one for one in NEWS.values() if one not in (*RARE, *LAST)] * 3, *RARE]),
)
profiles: st.SearchStrategy[Profile] = st.sampled_from(["home", "kiosk"])


def play(talk: Talk, happened: list[Move]) -> None:
    """Let all of it happen."""
    for move in happened:
        talk.happens(move.event(talk) if isinstance(move, News) else move)


def finish(talk: Talk) -> None:
    """Let the voice say to the end whatever it is still saying."""
    for _ in range(6):
        talk.happens(UtteranceEnded(talk.utterance))


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Return a talk after any sequence of events."""
    talk = Talk(LIBRARY, draw(profiles), VOICES)
    play(talk, draw(st.lists(moves, max_size=25)))
    return talk

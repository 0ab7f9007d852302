"""What the assistant does when a question goes on, is far too long, or the voice hangs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest

from fakes import FakeEars, FakeVoice
from mbc_voice.assistant import FAILURE_STATUS, Assistant
from mbc_voice.dialogue.state import begin
from mbc_voice.events import (
    Answer,
    Attending,
    Command,
    Context,
    Interrupted,
    ListenMode,
    LoudspeakerLost,
    NotCovered,
    Outcome,
    QuestionWentOn,
    SentenceStarted,
    Snapshot,
    Started,
    TalkPressed,
    Transcript,
    Understood,
    UtteranceEnded,
)
from mbc_voice.hear.listener import Heard
from mbc_voice.parts import Posted
from small_library import small_library

LIBRARY = small_library()
FIRST, WHOLE = "spread-where", next(one for one in LIBRARY.topics if one != "spread-where")
MEANINGS: dict[str, Outcome] = {
    "slower": Command("slower"),
    "stop": Command("stop"),
    "where does it spread": Answer(FIRST, 0.9),
    "where does it spread first": Answer(WHOLE, 0.95),
    "where does it spread stop": Answer(FIRST, 0.9),
}


def interpret(text: str, context: Context) -> Outcome:
    return MEANINGS.get(text.lower(), NotCovered(None, 0.9))


@dataclass
class Bench:
    """An assistant whose clock goes on an hour each time it is read, if it is `hurried`."""

    hurried: bool = False
    attended: bool = False
    listening: ListenMode = "always"
    now: float = 0.0
    voice: FakeVoice = field(default_factory=FakeVoice)
    ears: FakeEars = field(default_factory=FakeEars)
    shown: list[Snapshot] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.assistant = Assistant(
            begin(LIBRARY, think_seconds=None, listening=self.listening),
            interpret,
            self.voice,
            show=self.shown.append,
            attended=self.attended,
            watched=True,
            clock=self.clock,
        )
        self.assistant.hear_with(self.ears)

    def clock(self) -> float:
        self.now += 3600.0 * self.hurried
        return self.now

    def run(self, *items: Posted) -> int:
        for item in items:
            self.assistant.post(item)
        return self.assistant.run()

    @property
    def topics(self) -> list[str | None]:
        return [one.topic for one in self.shown]


def heard(text: str, mode: Literal["anything", "commands"] = "anything", after: str = "") -> Heard:
    return Heard(Transcript(text), mode, 1000.0, after)


BEGIN: tuple[Posted, ...] = (Started(), UtteranceEnded(1))


def test_a_question_that_goes_on_is_answered_anew() -> None:
    """The first answer stops, its topic is gone, and the whole question's topic is told."""
    bench = Bench()
    bench.run(
        *BEGIN,
        heard("where does it spread"),
        QuestionWentOn(),
        heard("where does it spread first", after="where does it spread"),
        Interrupted(),
    )
    assert "stop" in bench.voice.calls
    assert bench.topics[-4:].count(None) == 1
    assert bench.topics[-1] == WHOLE


def test_a_stop_right_after_a_question_stops() -> None:
    """What goes on with nothing but "stop" is not answered again."""
    bench = Bench()
    bench.run(
        *BEGIN,
        heard("where does it spread"),
        QuestionWentOn(),
        heard("where does it spread stop", after="where does it spread"),
        Interrupted(),
    )
    assert len(bench.voice.said) == 2


def test_an_order_right_after_a_question_leaves_its_answer() -> None:
    """What goes on with an order is two things: the question is answered, the order obeyed."""
    bench = Bench()
    bench.run(
        *BEGIN,
        heard("where does it spread"),
        QuestionWentOn(),
        heard("where does it spread slower", after="where does it spread"),
        Interrupted(),
    )
    assert bench.topics[-1] == FIRST
    assert bench.shown[-1].words_per_minute < 160


def test_over_our_own_voice_the_words_decide() -> None:
    """Without clean sound, the rest of a question counts if it makes another question of it."""
    bench = Bench()
    rest = heard("first", "commands", after="where does it spread")
    bench.run(*BEGIN, heard("where does it spread"), rest, Interrupted())
    assert bench.topics[-1] == WHOLE
    bench = Bench()
    noise = heard("chairs", "commands", after="where does it spread")
    bench.run(*BEGIN, heard("where does it spread"), noise, Interrupted())
    assert bench.topics[-1] == FIRST


def test_half_a_minute_without_a_question_is_asked_to_be_shorter() -> None:
    """Who talks on and on is asked for a short question; one that was understood is answered."""
    bench = Bench()
    endless = Heard(Transcript("words " * 90), "anything", 30_000.0, cut=True)
    bench.run(*BEGIN, endless, Interrupted())
    assert "short" in bench.voice.said[-1].sentences[-1].text
    bench = Bench()
    known = Heard(Transcript("where does it spread"), "anything", 30_000.0, cut=True)
    bench.run(*BEGIN, known, Interrupted())
    assert bench.topics[-1] == FIRST


def test_a_press_opens_the_ear() -> None:
    """The key or button reaches the ears, and what became of it is shown."""
    bench = Bench()
    bench.run(*BEGIN, TalkPressed(True), Attending(True), Interrupted())
    assert bench.ears.opened == [True]
    assert bench.shown[-1].open


@pytest.mark.parametrize("last", [(), (SentenceStarted(1, 0),)])
def test_a_voice_that_hangs_ends_the_program(last: tuple[Posted, ...]) -> None:
    """A voice that never begins, or never goes on, ends with the status of a dead part."""
    bench = Bench(hurried=True)
    assert bench.run(Started(), *last) == FAILURE_STATUS
    assert bench.assistant.failure == "The voice hangs. Start again."


@pytest.mark.parametrize(
    ("attended", "items"),
    [
        (False, (UtteranceEnded(1),)),
        (False, (Understood(Command("pause"), by="key"),)),
        (False, (Understood(Command("stop"), by="key"),)),
        (True, (LoudspeakerLost(),)),
    ],
)
def test_silence_that_is_meant_is_no_hang(attended: bool, items: tuple[Posted, ...]) -> None:
    """After the end, while paused, after "stop", and without a loudspeaker nothing is awaited."""
    bench = Bench(attended=attended)
    bench.run(Started(), *items, Interrupted())
    assert "voice hangs" not in bench.assistant._watches


def test_what_was_not_understood_needs_the_wake_phrase_again() -> None:
    """After a false start, talk in the room is not answered on and on."""
    bench = Bench(listening="wake-phrase")
    bench.run(*BEGIN, heard("two coffees please"), Interrupted())
    assert bench.ears.opened == [False]
    bench = Bench(listening="wake-phrase")
    bench.run(*BEGIN, heard("where does it spread"), Interrupted())
    assert bench.ears.opened == []

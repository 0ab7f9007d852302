"""A recognizer at work: one that throws loses a segment, one that hangs is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from fakes import FakeRecognizer, HangingRecognizer
from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.recognizing import (
    FAILS,
    HANG_FACTOR,
    HANG_SECONDS,
    HANGS,
    LOAD_SECONDS,
    Recognizing,
    Said,
)

QUESTION = Transcript("is there a cure")
SECOND: Samples = np.zeros(SAMPLE_RATE, np.float32)


@dataclass
class Desk:
    """What came back, and when the clock says it is."""

    now: float = 100.0
    answers: list[tuple[int, Said]] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def done(self, number: int, said: Said) -> None:
        with self.came:
            self.answers.append((number, said))
            self.came.notify_all()

    def die(self, reason: str) -> None:
        with self.came:
            self.deaths.append(reason)
            self.came.notify_all()

    def wait(self, answers: int = 0, deaths: int = 0) -> None:
        with self.came:
            enough = lambda: len(self.answers) >= answers and len(self.deaths) >= deaths  # noqa: E731
            assert self.came.wait_for(enough, 10), (self.answers, self.deaths)

    def clock(self) -> float:
        return self.now


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def hanging() -> Iterator[HangingRecognizer]:
    recognizer = HangingRecognizer()
    yield recognizer
    recognizer.let_go.set()


Start = Callable[..., Recognizing]


@pytest.fixture
def start(desk: Desk) -> Iterator[Start]:
    running: list[Recognizing] = []

    def start(recognizer: FakeRecognizer | HangingRecognizer, **options: object) -> Recognizing:
        one = Recognizing(recognizer, desk.done, desk.die, clock=desk.clock, **options)  # type: ignore[arg-type]
        running.append(one)
        one.start()
        return one

    yield start
    for one in running:
        one.close()


def ask(recognizing: Recognizing, number: int) -> None:
    recognizing.begin(None)
    recognizing.feed(SECOND)
    recognizing.end(number)


def hang(recognizing: Recognizing, recognizer: HangingRecognizer, desk: Desk) -> None:
    """Let it hang for longer than anyone waits for a segment of a second."""
    recognizer.hanging.wait(10)
    recognizing.watch()
    assert not desk.deaths
    desk.now += HANG_SECONDS + HANG_FACTOR + 1
    recognizing.watch()


def test_what_was_said_comes_back_under_its_number(desk: Desk, start: Start) -> None:
    """Segments are recognized one after the other, in the background."""
    recognizing = start(FakeRecognizer(QUESTION, Silence("noise")))
    ask(recognizing, 1)
    ask(recognizing, 2)
    desk.wait(answers=2)
    assert desk.answers == [(1, QUESTION), (2, Silence("noise"))]


def test_a_hanging_recognizer_is_replaced(
    desk: Desk, start: Start, hanging: HangingRecognizer
) -> None:
    """This question is not understood, the next one is, and a late answer reaches nobody."""
    recognizing = start(hanging, renew=lambda: FakeRecognizer(QUESTION))
    ask(recognizing, 1)
    hang(recognizing, hanging, desk)
    desk.wait(answers=1)
    ask(recognizing, 2)
    desk.wait(answers=2)
    hanging.let_go.set()
    assert desk.answers == [(1, Silence("unclear")), (2, QUESTION)]
    assert not desk.deaths


def test_the_second_hang_is_the_last(desk: Desk, start: Start, hanging: HangingRecognizer) -> None:
    """A program that can't understand any more says so, to be started again."""
    other = HangingRecognizer()
    recognizing = start(hanging, renew=lambda: other)
    ask(recognizing, 1)
    hang(recognizing, hanging, desk)
    ask(recognizing, 2)
    hang(recognizing, other, desk)
    other.let_go.set()
    assert desk.deaths == [HANGS]


def test_a_new_recognizer_that_does_not_load_is_the_end(
    desk: Desk, start: Start, hanging: HangingRecognizer
) -> None:
    """Loading has its own patience."""
    loading = threading.Event()
    recognizing = start(hanging, renew=lambda: loading.wait(20))
    ask(recognizing, 1)
    hang(recognizing, hanging, desk)
    desk.now += LOAD_SECONDS / 2
    recognizing.watch()
    assert not desk.deaths
    desk.now += LOAD_SECONDS
    recognizing.watch()
    loading.set()
    assert desk.deaths == [HANGS]


def test_a_long_segment_is_given_more_time(
    desk: Desk, start: Start, hanging: HangingRecognizer
) -> None:
    """What takes long because there is much of it does not hang."""
    recognizing = start(hanging)
    recognizing.begin(None)
    recognizing.feed(np.zeros(30 * SAMPLE_RATE, np.float32))
    recognizing.end(1)
    hanging.hanging.wait(10)
    desk.now += HANG_SECONDS + 30
    recognizing.watch()
    assert not desk.deaths


def test_a_recognizer_that_always_throws_is_the_end(desk: Desk, start: Start) -> None:
    """Three segments in a row that fail are no accident."""
    recognizing = start(FakeRecognizer(*[RuntimeError("decoder")] * 3))
    for number in (1, 2, 3):
        ask(recognizing, number)
    desk.wait(answers=3, deaths=1)
    assert desk.answers == [(number, Silence("unclear")) for number in (1, 2, 3)]
    assert desk.deaths == [FAILS]


def test_who_cannot_glance_looks(desk: Desk, start: Start) -> None:
    """A glance is a look by a recognizer that knows no quicker one."""
    recognizer = FakeRecognizer(QUESTION)
    recognizing = start(recognizer)
    recognizing.begin(None)
    recognizing.feed(SECOND)
    recognizing.glance(1)
    desk.wait(answers=1)
    assert (recognizer.looks, desk.answers) == (1, [(1, QUESTION)])


def test_a_look_that_nobody_wants_is_left_out(desk: Desk, start: Start) -> None:
    """Work that waits behind other work is not done once it is forgotten."""
    recognizer = FakeRecognizer(QUESTION)
    recognizing = Recognizing(recognizer, desk.done, desk.die, clock=desk.clock)
    recognizing.begin(None)
    recognizing.feed(SECOND)
    recognizing.look(1)
    recognizing.forget(1)
    recognizing.end(2)
    recognizing.start()
    desk.wait(answers=1)
    recognizing.close()
    assert recognizer.looks == 0
    assert desk.answers == [(2, QUESTION)]

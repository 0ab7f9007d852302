from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from fakes import FakeMicrophone, FakeRecognizer, LevelReader, LoudIsSpeech
from mbc_voice.audio import SAMPLE_RATE, Block, Samples
from mbc_voice.errors import DeviceError
from mbc_voice.events import (
    Attending,
    MicrophoneLost,
    MicrophoneReady,
    Silence,
    SpeechStarted,
    Transcript,
)
from mbc_voice.hear import listener as listening
from mbc_voice.hear.endpoint import EndpointSettings
from mbc_voice.hear.listener import Heard, Listener, News
from mbc_voice.hear.microphone import Lost
from mbc_voice.hear.turns import Enough

QUESTION = Transcript("is there a cure")
STOP = Transcript("stop")


def sound(*parts: tuple[float, float], start: int = 0) -> list[Block]:
    """Return blocks of 20 ms for so many seconds at each level."""
    samples: Samples = np.concatenate(
        [np.full(int(SAMPLE_RATE * seconds), level, np.float32) for level, seconds in parts]
    )
    return [Block(samples[at : at + 320], start + at) for at in range(0, len(samples), 320)]


class Inbox:
    """Collects news; `wait` returns once so many came."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.deaths: list[str] = []
        self._came = threading.Condition()

    def post(self, news: News) -> None:
        with self._came:
            self.news.append(news)
            self._came.notify_all()

    def die(self, reason: str) -> None:
        with self._came:
            self.deaths.append(reason)
            self._came.notify_all()

    def wait(self, count: int) -> list[News]:
        with self._came:
            assert self._came.wait_for(lambda: len(self.news) >= count, 10), self.news
            return list(self.news)

    def wait_for_death(self) -> list[str]:
        with self._came:
            assert self._came.wait_for(lambda: bool(self.deaths), 10)
            return list(self.deaths)


Start = Callable[..., Listener]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "REOPEN_SECONDS", (0.0,))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def start(inbox: Inbox) -> Iterator[Start]:
    running: list[Listener] = []

    def start(
        microphone: FakeMicrophone,
        recognizer: FakeRecognizer,
        *,
        phrases: Sequence[str] = ("stop",),
        tries: int | None = None,
        mode: listening.Mode = "anything",
    ) -> Listener:
        one = Listener(
            microphone, LoudIsSpeech(), recognizer, inbox.post,
            phrases=phrases, on_death=inbox.die, tries=tries,
        )  # fmt: skip
        one.listen_to(mode)
        running.append(one)
        one.start()
        return one

    yield start
    for one in running:
        one.stop()
        assert not one.alive


def test_a_question_is_heard(inbox: Inbox, start: Start) -> None:
    """Speech and a pause give the news that speech began and what was said."""
    recognizer = FakeRecognizer(QUESTION)
    start(FakeMicrophone(sound((0, 1), (1, 1.28), (0, 2))), recognizer)
    began, heard = inbox.wait(2)
    assert began == SpeechStarted()
    assert isinstance(heard, Heard)
    assert (heard.said, heard.mode) == (QUESTION, "anything")
    assert 1280 <= heard.segment_ms <= 2000
    assert recognizer.phrases == [None]
    assert len(recognizer.segments[0]) == heard.segment_ms * 16


def test_commands_are_heard_among_the_phrases(inbox: Inbox, start: Start) -> None:
    """While commands are awaited the recognizer is held to them, and says nothing of a start."""
    recognizer = FakeRecognizer(STOP)
    start(FakeMicrophone(sound((0, 1), (1, 0.4), (0, 1))), recognizer, mode="commands")
    (heard,) = inbox.wait(1)
    assert isinstance(heard, Heard)
    assert (heard.said, heard.mode) == (STOP, "commands")
    assert recognizer.phrases == [("stop",)]


def test_nothing_is_heard_while_nothing_is_listened_for(inbox: Inbox, start: Start) -> None:
    """Speech while listening is off reaches nobody; a question after it does."""
    recognizer = FakeRecognizer(QUESTION)
    ears: list[Listener] = []
    microphone = FakeMicrophone(
        [
            *sound((0, 1), (1, 2), (0, 2)),
            lambda: ears[0].listen_to("anything"),
            *sound((0, 1), (1, 1), (0, 2), start=5 * SAMPLE_RATE),
        ]
    )
    ears.append(Listener(microphone, LoudIsSpeech(), recognizer, inbox.post, on_death=inbox.die))
    ears[0].listen_to("nothing")
    ears[0].start()
    _, heard = inbox.wait(2)
    ears[0].stop()
    assert isinstance(heard, Heard)
    assert heard.said == QUESTION
    assert len(recognizer.segments) == 1


@pytest.mark.parametrize("tail_seconds", [0.0, 0.2, 1.0])
def test_the_tail_of_our_own_voice_is_no_question(
    inbox: Inbox, start: Start, tail_seconds: float
) -> None:
    """What sounds across the change from commands to anything is heard as a command at most."""
    recognizer = FakeRecognizer(Transcript("our own voice"), QUESTION)
    ears: list[Listener] = []
    ours = sound((0, 1), (1, 2))
    rest = sound((1, tail_seconds), (0, 0.3), (1, 1), (0, 2), start=3 * SAMPLE_RATE)
    microphone = FakeMicrophone([*ours, lambda: ears[0].listen_to("anything"), *rest])
    ears.append(Listener(microphone, LoudIsSpeech(), recognizer, inbox.post))
    ears[0].listen_to("commands")
    ears[0].start()
    news = inbox.wait(3)
    ears[0].stop()
    heard = [one for one in news if isinstance(one, Heard)]
    assert [(one.said, one.mode) for one in heard] == [
        (Transcript("our own voice"), "commands"),
        (QUESTION, "anything"),
    ]
    assert 1000 <= heard[1].segment_ms <= 1700


def test_a_change_counts_from_the_sound_that_was_arriving(inbox: Inbox, start: Start) -> None:
    """Sound that waited in the queue when the mode changed is still heard in the mode before."""
    recognizer = FakeRecognizer(STOP, QUESTION)
    blocks = sound((0, 1), (1, 0.5), (0, 2), (1, 1), (0, 2))

    class Behind(FakeMicrophone):
        """Has taken in three seconds before the listener gets to see the first block."""

        def blocks(self) -> Iterator[Block | Lost]:
            self.position = 3 * SAMPLE_RATE
            ear.listen_to("anything")
            yield from blocks
            self._closed.wait(20)

    ear = Listener(Behind(), LoudIsSpeech(), recognizer, inbox.post)
    ear.listen_to("commands")
    ear.start()
    news = inbox.wait(3)
    ear.stop()
    modes = [one.mode for one in news if isinstance(one, Heard)]
    assert modes == ["commands", "anything"]


def test_a_recognizer_that_throws_loses_one_question(inbox: Inbox, start: Start) -> None:
    """The question is reported as unclear, and the next one is heard."""
    recognizer = FakeRecognizer(RuntimeError("decoder"), QUESTION)
    ear = start(FakeMicrophone(sound((0, 1), (1, 1), (0, 2), (1, 1), (0, 2))), recognizer)
    said = [one.said for one in inbox.wait(4) if isinstance(one, Heard)]
    assert said == [Silence("unclear"), QUESTION]
    assert ear.alive


def test_a_lost_microphone_is_told_and_opened_again(inbox: Inbox, start: Start) -> None:
    """Lost and found again are news, tries that fail are not, and listening goes on."""
    microphone = FakeMicrophone(
        [*sound((0, 1), (1, 1)), Lost()], sound((0, 1), (1, 1), (0, 2)), fails=2
    )
    start(microphone, FakeRecognizer(QUESTION))
    news = inbox.wait(5)
    assert news[:4] == [SpeechStarted(), MicrophoneLost(), MicrophoneReady(), SpeechStarted()]
    assert isinstance(news[4], Heard)
    assert microphone.tries == 4


def test_a_microphone_that_stays_away_ends_the_listener(inbox: Inbox, start: Start) -> None:
    """After the last try the listener says why and is visibly dead."""
    ear = start(FakeMicrophone([Lost()], fails=9), FakeRecognizer(), tries=3)
    assert inbox.wait_for_death() == ["No microphone was found. Connect one and start again."]
    ear.stop()
    assert not ear.alive


def test_a_listener_that_dies_says_so(inbox: Inbox, start: Start) -> None:
    """Whatever ends the thread, its owner is told in one line."""

    def fail() -> None:
        raise RuntimeError("unforeseen")

    ear = start(FakeMicrophone([fail]), FakeRecognizer())
    assert inbox.wait_for_death() == ["Listening failed (RuntimeError). Start again."]
    ear.stop()
    assert not ear.alive


def test_starting_without_a_microphone_is_an_error(inbox: Inbox) -> None:
    """The caller of `start` learns at once that there is no microphone."""
    microphone = FakeMicrophone(fails=1)
    microphone.tries = 1
    ear = Listener(microphone, LoudIsSpeech(), FakeRecognizer(), inbox.post)
    with pytest.raises(DeviceError, match="No microphone"):
        ear.start()
    assert not ear.alive


def test_a_whole_question_is_told_without_waiting_for_more_sound(
    inbox: Inbox, start: Start
) -> None:
    """What was recognized early in a pause ends the turn on the recognizer's own thread."""
    microphone = FakeMicrophone(sound((0, 1), (0.6, 0.64), (0.9, 0.64), (0, 0.5)))
    ear = Listener(
        microphone,
        LoudIsSpeech(),
        LevelReader(),
        inbox.post,
        endpoint=EndpointSettings(end_pause_ms=1600),
        patience=lambda text: Enough(300 if text == "where spread" else 1600),
        on_death=inbox.die,
    )
    ear.start()
    began, heard = inbox.wait(2)
    ear.stop()
    assert began == SpeechStarted()
    assert isinstance(heard, Heard)
    assert heard.said == Transcript("where spread")


def test_a_press_reaches_the_ear_at_its_place_in_the_sound(inbox: Inbox) -> None:
    """What was said before the press is not heard, what is said after it is."""
    ears: list[Listener] = []
    microphone = FakeMicrophone(
        [
            *sound((0, 1), (0.6, 1), (0, 2)),
            lambda: ears[0].attend(True),
            *sound((0, 1), (0.9, 1), (0, 2), start=4 * SAMPLE_RATE),
        ]
    )
    reader = LevelReader()
    ear = Listener(microphone, LoudIsSpeech(), reader, inbox.post, mode="push-to-talk")
    ears.append(ear)
    ear.start()
    opened, began, heard, closed = inbox.wait(4)
    ear.stop()
    assert (opened, began, closed) == (Attending(True), SpeechStarted(), Attending(False))
    assert isinstance(heard, Heard)
    assert heard.said == Transcript("spread")

from __future__ import annotations

import queue
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeMicrophone, FakeRecognizer, LoudIsSpeech
from mbc_voice import build, ears
from mbc_voice.audio import SAMPLE_RATE, Block, Segment
from mbc_voice.events import (
    Answer,
    Command,
    Context,
    NotCovered,
    Outcome,
    Silence,
    Transcript,
    Urgent,
)
from mbc_voice.hear import voice_activity
from mbc_voice.hear.listener import Heard
from mbc_voice.hear.recognizer import Recognizer, glance, transcribe
from mbc_voice.hear.shared import SharedEngine, SharedRecognizer
from mbc_voice.rereading import LONGEST_MS, Rereading, rereading
from mbc_voice.settings import Settings
from mbc_voice.shells import ask
from mbc_voice.understand.completeness import Degree
from small_library import small_library

DOUBTFUL = Transcript("where is the train", 0.7, 120.0)
READINGS = ("where is the train", "a new tree", "I can't breathe", "I can't bring")
MEANINGS: dict[str, Outcome] = {
    "I can't breathe": Urgent("breathing"),
    "stop": Command("stop"),
    "bye": Command("goodbye"),
    "elsewhere": NotCovered("food", 0.9),
    "where does it spread": Answer("spread-where", 0.95),
    "here": Answer("spread-where", 0.95),
}
SOUND = np.zeros(160, np.float32)


def interpret(text: str, context: Context) -> Outcome:
    return MEANINGS.get(text, NotCovered(None, 0.9))


class Ear(FakeRecognizer):
    """Hears one thing, and has other readings of it, others again if it is faster."""

    def __init__(
        self,
        first: Transcript | Silence,
        readings: Sequence[str] = READINGS,
        faster: Sequence[str] = (),
    ) -> None:
        super().__init__(first, first)
        self.readings = {1.0: readings, 1.11: faster}
        self.asked: list[float] = []
        self.while_asked: Callable[[], None] = lambda: None
        self.while_looked: Callable[[], None] = lambda: None

    def look(self) -> Transcript | Silence:
        self.while_looked()
        return super().look()

    def alternatives(self, speed: float = 1.0) -> Sequence[str]:
        self.asked.append(speed)
        self.while_asked()
        return self.readings[speed]


def text_of(said: Transcript | Silence) -> str:
    return said.text if isinstance(said, Transcript) else f"({said.why})"


def test_a_glance_is_not_read_again() -> None:
    """It is to be quick: what is in doubt is left to the next look."""
    ear = Ear(DOUBTFUL)
    again = rereading(ear, interpret)
    again.begin()
    again.feed(SOUND)
    assert text_of(glance(again)) == "(unclear)"
    assert ear.asked == []
    assert text_of(again.look()) == "I can't breathe"


@pytest.mark.parametrize("text", ["elsewhere", "bye", "where is the train"])
def test_what_would_be_read_again_is_not_believed_at_a_glance(text: str) -> None:
    """A sure referral may hide an emergency, and "bye" a "stop": a look is to follow."""
    ear = rereading(Ear(Transcript(text, 0.7, 120.0)), interpret)
    ear.begin(["stop"])
    ear.feed(SOUND)
    assert text_of(glance(ear)) == "(unclear)"


@pytest.mark.parametrize("text", ["stop", "I can't breathe", "where does it spread"])
def test_what_is_in_no_doubt_is_believed_at_a_glance(text: str) -> None:
    """Orders, emergencies and very sure answers need no second look."""
    ear = rereading(Ear(Transcript(text, 0.7, 120.0)), interpret)
    ear.begin(["stop"])
    ear.feed(SOUND)
    assert text_of(glance(ear)) == text


@pytest.mark.parametrize("way", ["look", "end"])
def test_an_emergency_among_the_readings_is_what_was_heard(way: str) -> None:
    """It takes the place of a doubtful first reading, which is kept beside it."""
    ear = rereading(Ear(DOUBTFUL), interpret)
    ear.begin()
    ear.feed(SOUND)
    said = ear.look() if way == "look" else ear.end()
    assert isinstance(said, Transcript)
    assert (said.text, said.instead_of) == ("I can't breathe", "where is the train")
    assert said.recognize_ms >= DOUBTFUL.recognize_ms


@pytest.mark.parametrize("words", ["stop", "where does it spread", "I can't breathe"])
def test_what_is_sure_is_not_read_again(words: str) -> None:
    """Orders, sure answers and alarms come back as they were, without a second reading."""
    inner, first = Ear(Transcript(words, 0.9, 120.0)), Transcript(words, 0.9, 120.0)
    ear = rereading(inner, interpret)
    ear.begin()
    assert (ear.look(), ear.end()) == (first, first)
    assert inner.asked == []


@pytest.mark.parametrize(
    ("phrases", "heard"), [(None, "where does it spread"), (["stop"], "where is the train")]
)
def test_a_sure_answer_counts_only_while_we_are_silent(
    phrases: list[str] | None, heard: str
) -> None:
    """Over our own voice the first reading stands, unless there is an emergency."""
    ear = rereading(Ear(DOUBTFUL, ("a tree", "where does it spread")), interpret)
    ear.begin(phrases)
    assert text_of(ear.look()) == heard


@pytest.mark.parametrize(("why", "asked"), [("silence", 0), ("noise", 0), ("unclear", 1)])
def test_only_speech_is_read_again(why: str, asked: int) -> None:
    """Noise and silence are never asked for words; what was too unclear to write down is."""
    inner = Ear(Silence(why))  # type: ignore[arg-type]
    ear = rereading(inner, interpret)
    ear.begin()
    assert text_of(ear.look()) == ("I can't breathe" if asked else f"({why})")
    assert inner.asked == [1.0] * asked


def test_a_recognizer_without_other_readings_is_left_as_it_is() -> None:
    """Nothing is put around it, and one that is shared works through all the same."""
    plain = FakeRecognizer(DOUBTFUL)
    assert rereading(plain, interpret) is plain
    shared = rereading(SharedRecognizer(SharedEngine(plain)), interpret)
    shared.begin()
    shared.feed(SOUND)
    assert text_of(shared.end()) == "where is the train"


def test_a_shared_recognizer_reads_again() -> None:
    """The sound is fed to it anew, because others may have used it meanwhile."""
    inner = Ear(DOUBTFUL)
    ear = rereading(SharedRecognizer(SharedEngine(inner)), interpret)
    ear.begin()
    ear.feed(SOUND)
    assert text_of(ear.end()) == "I can't breathe"
    assert inner.asked == [1.0]


@pytest.mark.parametrize(("clean", "asked"), [(True, 1), (False, 0)])
def test_our_own_voice_is_not_read_again(clean: bool, asked: int) -> None:
    """While we speak, only sound without our voice in it is worth a second reading."""
    inner = Ear(DOUBTFUL)
    ear = rereading(inner, interpret, clean=clean)
    ear.begin(["stop"])
    ear.look()
    assert inner.asked == [1.0] * asked


def test_the_wake_phrase_stays() -> None:
    """A reading that lost the wake phrase is not believed, one that kept it is."""

    def spot(text: str) -> str | None:
        return text.removeprefix("hello nurse ") if text.startswith("hello nurse") else None

    woken = Transcript("hello nurse a tree")
    for readings, heard in (
        (("I can't breathe",), "hello nurse a tree"),
        (("hello nurse I can't breathe",), "hello nurse I can't breathe"),
    ):
        ear = rereading(Ear(woken, readings), interpret, spot=spot)
        ear.begin()
        assert text_of(ear.look()) == heard
    sure = Ear(Transcript("hello nurse here"))
    ear = rereading(sure, interpret, spot=spot)
    ear.begin()
    ear.look()
    assert sure.asked == []


def test_nothing_is_kept_after_the_end() -> None:
    """The recognizer begins anew once it was asked for everything."""
    inner = Ear(DOUBTFUL)
    ear = rereading(inner, interpret)
    ear.begin(["stop"])
    ear.end()
    assert inner.phrases == [["stop"], None]


UNDERSTOOD = ("where does it spread",)


@pytest.mark.parametrize(
    ("readings", "heard", "asked"),
    [
        (UNDERSTOOD, "where does it spread", [1.0]),
        (("a tree",), "here", [1.0, 1.11]),
    ],
)
def test_doubt_that_stays_is_read_faster(
    readings: Sequence[str], heard: str, asked: list[float]
) -> None:
    """The sound as it is comes first, and is enough where it is understood."""
    ear = Ear(DOUBTFUL, readings, faster=("here",))
    again = rereading(ear, interpret)
    again.begin()
    assert text_of(again.look()) == heard
    assert ear.asked == asked


@pytest.mark.parametrize(
    ("first", "phrases"),
    [
        (Transcript("bye", 0.7, 120.0), None),
        (Transcript("elsewhere", 0.7, 120.0), None),
        (DOUBTFUL, ["stop"]),
        (Silence("unclear"), None),
        (Transcript("where is the train", 0.7, LONGEST_MS + 1), None),
    ],
)
def test_where_more_would_not_be_believed_it_is_read_once(
    first: Transcript | Silence, phrases: list[str] | None
) -> None:
    """Orders, sure referrals, sound over our voice, and slow machines have one other reading."""
    ear = Ear(first, ("a tree",), faster=UNDERSTOOD)
    again = rereading(ear, interpret)
    again.begin(phrases)
    assert text_of(again.look()) == text_of(first)
    assert set(ear.asked) == {1.0}


def test_what_nobody_wants_any_more_is_read_no_further() -> None:
    """Whoever went on speaking is not waited for; the next look is read as ever."""
    ear = Ear(DOUBTFUL, ("a tree",), faster=UNDERSTOOD)
    again = rereading(ear, interpret)
    assert isinstance(again, Rereading)
    again.begin()
    ear.while_asked = again.give_up
    assert text_of(again.look()) == "where is the train"
    assert ear.asked == [1.0]
    ear.while_asked = lambda: None
    assert text_of(again.look()) == "where does it spread"


def test_what_nobody_wants_any_more_is_not_read_again_at_all() -> None:
    """Who goes on during the first reading isn't kept waiting by the others."""
    ear = Ear(DOUBTFUL, UNDERSTOOD)
    again = rereading(ear, interpret)
    assert isinstance(again, Rereading)
    again.begin()
    ear.while_looked = again.give_up
    assert text_of(again.look()) == "where is the train"
    assert ear.asked == []


def test_a_reading_that_fails_leaves_the_first_one(caplog: pytest.LogCaptureFixture) -> None:
    """What was understood so far isn't lost with a second search."""

    def fail() -> None:
        raise RuntimeError("where does it spread")

    ear = Ear(DOUBTFUL, UNDERSTOOD)
    ear.while_asked = fail
    again = rereading(ear, interpret)
    again.begin()
    assert text_of(again.end()) == "where is the train"
    assert "RuntimeError" in caplog.text
    assert "spread" not in caplog.text


def test_what_was_said_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Only how long it took, and whether another reading counts."""
    caplog.set_level(0)
    ear = rereading(Ear(DOUBTFUL), interpret)
    ear.begin()
    ear.look()
    assert "read again at 1.00" in caplog.text
    assert not any(word in caplog.text for reading in READINGS for word in reading.split()[1:])


def test_it_waits_as_the_recognizer_does() -> None:
    """Who watches for hangs can still tell waiting from working."""
    shared = SharedRecognizer(SharedEngine(Ear(DOUBTFUL)))
    ear = rereading(shared, interpret)
    assert isinstance(ear, Rereading)
    shared.waiting = True
    assert ear.waiting


class Understands:
    """What the ears ask of understanding, by the meanings above."""

    orders = ("stop",)

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.known: list[Outcome | None] = []

    def interpret(self, text: str, context: Context) -> Outcome:
        self.asked.append(text)
        return interpret(text, context)

    def degree(self, text: str, context: Context, outcome: Outcome | None = None) -> Degree:
        self.known.append(outcome)
        return "whole" if text in MEANINGS else "unclear"


def test_the_ears_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the microphone brings is read again before it is told to the assistant."""
    monkeypatch.setattr(voice_activity, "SileroVoiceActivity", LoudIsSpeech)
    loud = np.repeat(np.array([0, 1, 0, 0, 0], np.float32), SAMPLE_RATE)
    blocks = [Block(loud[at : at + 320], at) for at in range(0, len(loud), 320)]
    news = queue.SimpleQueue[object]()
    listener = ears.listener(
        Settings(),
        small_library(),
        Ear(DOUBTFUL),
        Understands(),
        Context,
        news.put,
        news.put,
        source=FakeMicrophone(blocks),
    )
    listener.listen_to("anything")
    listener.start()
    try:
        while not isinstance(heard := news.get(timeout=20), Heard):
            pass
    finally:
        listener.stop()
    assert text_of(heard.said) == "I can't breathe"


@pytest.mark.parametrize(
    ("words", "context", "known"),
    [
        ("where does it spread", Context(), Answer("spread-where", 0.95)),
        ("where does it spread", Context(topic="other"), None),
        ("does it spread", Context(), None),
    ],
)
def test_what_is_sure_is_thought_about_once(
    words: str, context: Context, known: Outcome | None
) -> None:
    """What the same words mean in the same place is known when their end is judged."""
    understands = Understands()
    once = ears._Once(understands)
    once.interpret("where does it spread", Context())
    once.degree(words, context)
    once.degree(words, context)
    assert understands.known == [known, None]


def test_a_sound_file_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ask --audio` hears the emergency that a talk would hear."""

    def hear_file(path: Path, ear: Recognizer) -> Transcript | Silence:
        return transcribe(ear, Segment(SOUND, 0, len(SOUND)))

    monkeypatch.setattr(build, "recognizer", lambda settings, name: Ear(DOUBTFUL))
    monkeypatch.setattr(build, "hear_file", hear_file)
    arguments = Namespace(audio=Path("question.wav"), engine=None)
    assert ask._hear(arguments, Settings(), interpret).text == "I can't breathe"

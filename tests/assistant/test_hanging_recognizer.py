"""A recognizer that never comes back, from the microphone to the apology and the next answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from fakes import FakeMicrophone, FakeRecognizer, FakeVoice, HangingRecognizer, LoudIsSpeech
from mbc_voice.assistant import Assistant
from mbc_voice.audio import SAMPLE_RATE, Block
from mbc_voice.dialogue.state import begin
from mbc_voice.events import (
    Answer,
    Context,
    Interrupted,
    Outcome,
    SentenceStarted,
    Snapshot,
    Started,
    Transcript,
    Utterance,
    UtteranceEnded,
)
from mbc_voice.hear import recognizing
from mbc_voice.hear.listener import Listener
from mbc_voice.parts import Failed
from small_library import small_library

LIBRARY = small_library()
APOLOGY, ANSWER = "prompt.nothing-heard", "spread-where"


class QuickVoice(FakeVoice):
    """Says everything in no time; `came` tells of each, and of all that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Snapshot] = []
        self.came = threading.Condition()
        self.assistant: Assistant | None = None

    def say(self, utterance: Utterance) -> None:
        assert self.assistant is not None
        for index in range(len(utterance.sentences)):
            self.assistant.post(SentenceStarted(utterance.id, index))
        self.assistant.post(UtteranceEnded(utterance.id))
        with self.came:
            super().say(utterance)
            self.came.notify_all()

    def show(self, snapshot: Snapshot) -> None:
        with self.came:
            self.shown.append(snapshot)
            self.came.notify_all()

    @property
    def ids(self) -> list[str]:
        return [sentence.id for utterance in self.said for sentence in utterance.sentences]

    def wait_for_turn_after(self, beginning: str) -> None:
        """Wait until it is the person's turn, and something that begins so was said."""
        with self.came:
            assert self.came.wait_for(lambda: self._is_turn_after(beginning), 20), self.ids

    def _is_turn_after(self, beginning: str) -> bool:
        listens = bool(self.shown) and self.shown[-1].phase in ("listening", "choosing")
        return listens and any(one.startswith(beginning) for one in self.ids)


def sound(at: int, level: float, seconds: float) -> list[Block]:
    """Return blocks of 20 ms at one level, from the sample `at`."""
    blocks = round(seconds * 50)
    samples = np.full(320, level, np.float32)
    return [Block(samples, at + 320 * number) for number in range(blocks)]


def interpret(text: str, context: Context) -> Outcome:
    return Answer(ANSWER, 0.95)


@pytest.fixture
def hanging() -> Iterator[HangingRecognizer]:
    recognizer = HangingRecognizer()
    yield recognizer
    recognizer.let_go.set()


def test_the_question_is_apologised_for_and_the_next_one_answered(
    hanging: HangingRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a thread still hangs, the person hears an apology, asks again, and is answered."""
    voice = QuickVoice()
    assistant = Assistant(begin(LIBRARY, think_seconds=None), interpret, voice, show=voice.show)
    voice.assistant = assistant

    def be_greeted() -> None:
        voice.wait_for_turn_after("prompt.")

    def lose_patience() -> None:
        assert hanging.hanging.wait(20)
        monkeypatch.setattr(recognizing, "HANG_SECONDS", -100.0)

    def find_patience() -> None:
        monkeypatch.setattr(recognizing, "HANG_SECONDS", 100.0)
        voice.wait_for_turn_after(APOLOGY)

    def end() -> None:
        voice.wait_for_turn_after(ANSWER)
        assistant.post(Interrupted())

    second = SAMPLE_RATE
    microphone = FakeMicrophone(
        [
            be_greeted, *sound(0, 0.0, 2),
            *sound(2 * second, 0.9, 1), *sound(3 * second, 0.0, 2), lose_patience,
            *sound(5 * second, 0.0, 0.04), find_patience, *sound(5 * second + 640, 0.0, 2),
            *sound(7 * second + 640, 0.9, 1), *sound(8 * second + 640, 0.0, 3), end,
        ]
    )  # fmt: skip
    ears = Listener(
        microphone,
        LoudIsSpeech(),
        hanging,
        assistant.post,
        renew=lambda: FakeRecognizer(Transcript("where does it spread")),
        on_death=lambda reason: assistant.post(Failed(reason)),
    )
    assistant.hear_with(ears)
    assistant.post(Started())
    ears.start()
    assert assistant.run() == 0
    assert not hanging.let_go.is_set()
    ears.stop()
    assert not ears.alive
    assert voice.shown[-1].topic == ANSWER

"""A voice that is loaded when it is needed."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from fakes import FakeSynthesizer
from mbc_voice.errors import VoiceError
from mbc_voice.speak.sleeping_voice import SleepingVoice
from mbc_voice.speak.synthesizer import Rendering, Synthesizer, Word

RATE = 8_000


def nothing(text: str) -> Rendering | None:
    return None


def refuse() -> Synthesizer:
    raise VoiceError("It is not installed.")


def test_it_is_loaded_once_and_only_when_it_speaks() -> None:
    """Its name costs nothing; the first sentence loads it, the second doesn't."""
    loaded: list[FakeSynthesizer] = []

    def load() -> Synthesizer:
        loaded.append(FakeSynthesizer({"One.": 0.1}))
        return loaded[0]

    voice = SleepingVoice("hibari", load, nothing, 160)
    assert (voice.name, loaded) == ("hibari", [])
    for rate in (160, 320):
        assert voice.render("One.", rate).samples[0] == pytest.approx(0.1)
    assert loaded[0].asked == [("One.", 160), ("One.", 320)]
    assert len(loaded) == 1


def test_one_that_cannot_be_loaded_is_not_tried_again() -> None:
    """The fallback speaks at once from the second sentence on."""
    tried: list[str] = []

    def load() -> Synthesizer:
        tried.append("once")
        return refuse()

    voice = SleepingVoice("hibari", load, nothing, 160)
    for _ in range(2):
        with pytest.raises(VoiceError, match="not installed"):
            voice.render("One.", 160)
    assert tried == ["once"]


@pytest.mark.parametrize("rate", [80, 120, 240, 450])
def test_another_rate_does_not_wake_it(rate: int) -> None:
    """What is kept is made longer or shorter, and its words move with it."""
    hum = np.sin(np.arange(2 * RATE) * 2 * np.pi * 200 / RATE).astype(np.float32) * 0.3
    kept = Rendering(hum, RATE, (Word(0, 3, 0), Word(4, 7, RATE)))
    voice = SleepingVoice("hibari", refuse, {"One two.": kept}.get, 160)
    said = voice.render("One two.", rate)
    wanted = 2 * 160 / rate
    assert said.seconds == pytest.approx(wanted, rel=0.05, abs=0.1)
    assert said.words[1].sample / RATE == pytest.approx(wanted / 2, rel=0.05, abs=0.1)


def test_a_rate_too_far_away_wakes_it() -> None:
    """Nothing is stretched beyond what can be understood."""
    kept = Rendering(np.full(RATE, 0.3, np.float32), RATE)
    voice = SleepingVoice("hibari", refuse, {"One.": kept}.get, 450)
    with pytest.raises(VoiceError):
        voice.render("One.", 80)


def test_it_sleeps_again_when_nothing_needs_it() -> None:
    """After a while its memory is given back; the next new sentence wakes it anew."""
    loaded: list[FakeSynthesizer] = []
    slept = threading.Event()

    def load() -> Synthesizer:
        loaded.append(FakeSynthesizer({"One.": 0.1}))
        return loaded[-1]

    voice = SleepingVoice("hibari", load, nothing, 160, awake_seconds=0.02, slept=slept.set)
    for count in (1, 2):
        slept.clear()
        voice.render("One.", 160)
        assert slept.wait(10)
        assert len(loaded) == count


def test_it_does_not_fall_asleep_while_it_makes_a_sentence() -> None:
    """A sentence that takes long keeps it awake, however shortly before it would sleep it came."""
    slept, seen = threading.Event(), []

    class Slow(FakeSynthesizer):
        def render(self, text: str, words_per_minute: int) -> Rendering:
            if self.asked:
                seen.append(slept.wait(0.4))
            return super().render(text, words_per_minute)

    inner = Slow({"One.": 0.1})
    voice = SleepingVoice("hibari", lambda: inner, nothing, 160, awake_seconds=0.1, slept=slept.set)
    voice.render("One.", 160)
    voice.render("One.", 160)
    assert seen == [False]
    assert slept.wait(10)


def test_what_is_kept_needs_no_voice_that_is_awake() -> None:
    """Once it woke for one sentence, the others still come from what is kept."""
    kept = Rendering(np.full(RATE, 0.2, np.float32), RATE)
    inner = FakeSynthesizer({"New.": 0.1})
    voice = SleepingVoice("hibari", lambda: inner, {"Kept.": kept}.get, 160)
    voice.render("New.", 160)
    voice.render("Kept.", 160)
    assert inner.asked == [("New.", 160)]

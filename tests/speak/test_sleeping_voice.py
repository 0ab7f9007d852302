"""A voice that is loaded when it is needed."""

from __future__ import annotations

import pytest

from fakes import FakeSynthesizer
from mbc_voice.errors import VoiceError
from mbc_voice.speak.sleeping_voice import SleepingVoice
from mbc_voice.speak.synthesizer import Synthesizer


def test_it_is_loaded_once_and_only_when_it_speaks() -> None:
    """Its name costs nothing; the first sentence loads it, the second doesn't."""
    loaded: list[FakeSynthesizer] = []

    def load() -> Synthesizer:
        loaded.append(FakeSynthesizer({"One.": 0.1}))
        return loaded[0]

    voice = SleepingVoice("hibari", load)
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
        raise VoiceError("It is not installed.")

    voice = SleepingVoice("hibari", load)
    for _ in range(2):
        with pytest.raises(VoiceError, match="not installed"):
            voice.render("One.", 160)
    assert tried == ["once"]

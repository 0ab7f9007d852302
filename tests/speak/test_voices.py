"""The list of voices."""

from __future__ import annotations

import pytest

from fakes import FakeSynthesizer
from mbc_voice.errors import VoiceError
from mbc_voice.speak.synthesizer import Synthesizer
from mbc_voice.speak.voices import Voices


class Closing(FakeSynthesizer):
    """A voice that knows whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def broken() -> Synthesizer:
    raise VoiceError("It can't be loaded.")


def test_a_voice_is_made_when_first_chosen_and_once() -> None:
    """A voice has a name to write and one to say, and both mean the same voice."""
    made: list[Closing] = []

    def make() -> Synthesizer:
        made.append(Closing({}, name="system:english-america"))
        return made[-1]

    voices = Voices({"hibari": broken, "system:english-america": make})
    assert voices.names == ("hibari", "system:english-america")
    assert voices.said == ("Hibari", "English america")
    assert made == []
    assert voices.make("English america") is voices.make("system:english-america")
    assert len(made) == 1
    voices.close()
    assert made[0].closed


def test_missing_and_broken_voices_are_clear_errors() -> None:
    """A voice that can't be loaded is tried again next time; an unknown one names the others."""
    voices = Voices({"hibari": broken})
    for _ in range(2):
        with pytest.raises(VoiceError, match="can't be loaded"):
            voices.make("hibari")
    with pytest.raises(VoiceError, match=r"'nobody'.*hibari"):
        voices.make("nobody")


def test_a_voice_that_speaks_already_is_kept() -> None:
    """The voice the talk began with is not loaded again."""
    voices = Voices({"hibari": broken})
    voice = FakeSynthesizer({}, name="hibari")
    voices.keep("hibari", voice)
    assert voices.make("Hibari") is voice

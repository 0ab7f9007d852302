"""Whether our own voice is taken out of what is heard, by the settings."""

from __future__ import annotations

import pytest

from mbc_voice import build
from mbc_voice.settings import HearSettings, Settings


@pytest.mark.parametrize(
    ("wanted", "microphone", "cancels", "clean"),
    [
        ("auto", "", True, True),
        ("auto", "USB Microphone", True, True),
        ("auto", "Echo-Cancel Source", False, True),
        ("on", "Echo-Cancel Source", True, True),
        ("off", "", False, False),
        ("off", "Echo-Cancel Source", False, False),
    ],
)
def test_the_echo_is_cancelled_once_or_never(
    wanted: str, microphone: str, cancels: bool, clean: bool
) -> None:
    """By us, unless the system does so already or nobody wants it."""
    settings = Settings(hear=HearSettings(microphone=microphone, echo_cancellation=wanted))
    told = build.played(settings)
    assert (told is not None) == cancels
    assert build.is_clean(settings, told) == clean


def test_a_voice_that_tells_nothing_is_not_cancelled() -> None:
    """What a screen reader plays can't be taken out: only the guard by words is left."""
    assert not build.is_clean(Settings(), None)

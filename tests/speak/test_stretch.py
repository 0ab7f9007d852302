"""Stretching changes the length of a sound, and neither its pitch nor its level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mbc_voice.audio import Samples, rms_dbfs
from mbc_voice.speak.stretch import FASTEST, SLOWEST, stretch

RATE = 24_000
SPEEDS = (0.4, 0.7, 1.3, 2.0, 2.5)


def tone(hertz: float, seconds: float = 2.0) -> Samples:
    times = np.arange(round(RATE * seconds)) / RATE
    return np.asarray(0.5 * np.sin(2 * np.pi * hertz * times), dtype=np.float32)


def pitch(samples: Samples) -> float:
    """Return the strongest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


@pytest.mark.parametrize("hertz", [90.0, 220.0, 1000.0])
@pytest.mark.parametrize("speed", SPEEDS)
def test_pitch_and_level_stay(hertz: float, speed: float) -> None:
    """A tone comes out at its pitch, its level and without gaps, at any speed."""
    sound = tone(hertz)
    made = stretch(sound, RATE, speed)
    inner = made[RATE // 20 : -RATE // 20]
    assert pitch(inner) == pytest.approx(hertz, rel=0.02, abs=2)
    assert rms_dbfs(inner) == pytest.approx(rms_dbfs(sound), abs=0.7)
    levels = [rms_dbfs(inner[at : at + 480]) for at in range(0, len(inner) - 480, 480)]
    assert min(levels) > rms_dbfs(sound) - 4


sounds = arrays.arrays(np.float32, st.integers(0, 6000), elements=st.floats(-1, 1, width=32))


@given(sounds, st.floats(SLOWEST, FASTEST), st.sampled_from([1000, 16_000, 22_050, 48_000]))
def test_length_is_as_asked(sound: Samples, speed: float, rate: int) -> None:
    """Whatever the sound: the length is divided by the speed, and no sample is louder than any."""
    made = stretch(sound, rate, speed)
    if made is not sound:
        assert len(made) == round(len(sound) / speed)
    assert made.dtype == np.float32
    assert np.all(np.abs(made) <= np.abs(sound).max(initial=0.0) + 1e-5)


def test_clicks_stay_in_their_place() -> None:
    """What sounds after a third of the time sounds there still, however much it is stretched."""
    sound = np.zeros(3 * RATE, np.float32)
    sound[RATE : RATE + 2400] = tone(500, 0.1)
    for speed in SPEEDS:
        made = stretch(sound, RATE, speed)
        sounding = np.flatnonzero(np.abs(made) > 0.1)
        assert sounding[0] / len(made) == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize("speed", [0.0, -1.0, 0.2, 5.0, float("nan")])
def test_unreasonable_speeds_are_refused(speed: float) -> None:
    """A speed out of range is an error, not a noise."""
    with pytest.raises(ValueError, match="speed"):
        stretch(tone(220), RATE, speed)

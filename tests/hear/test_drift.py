"""Two clocks that don't agree."""

from __future__ import annotations

import numpy as np
import pytest

from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.hear.drift import MOST, STEPS, WINDOW, Drift

FRAME = 160


def noise(seconds: float, seed: int = 1) -> Samples:
    """Return noise that is as low as voices are."""
    random = np.random.default_rng(seed).standard_normal(int(seconds * SAMPLE_RATE))
    spectrum = np.fft.rfft(random)
    spectrum[np.fft.rfftfreq(len(random)) * SAMPLE_RATE > 1200] = 0
    return np.asarray(0.3 * np.fft.irfft(spectrum, len(random)), np.float32)


def later(sound: Samples, lag: float) -> Samples:
    """Return the sound a fraction of a sample later."""
    spectrum = np.fft.rfft(sound)
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(len(sound)) * lag)
    return np.fft.irfft(spectrum * turn, len(sound)).astype(np.float32)


def followed(heard: Samples, expected: Samples) -> float:
    """Return the drift after what was heard, where the canceller expected something else."""
    drift = Drift()
    for at in range(0, len(heard) - FRAME + 1, FRAME):
        frame = slice(at, at + FRAME)
        drift.follow(heard[frame], heard[frame] - expected[frame])
    return drift.share


@pytest.mark.parametrize("lag", [-1.0, -0.2, 0.1, 0.5])
def test_an_echo_that_comes_later_than_expected_means_a_faster_microphone(lag: float) -> None:
    """The drift is changed in the direction of the lag, and in proportion to it."""
    sound = noise(4.0)
    once = STEPS * WINDOW / SAMPLE_RATE / SAMPLE_RATE
    times = int(len(sound) / FRAME / (STEPS * 4))
    assert followed(later(sound, lag), sound) == pytest.approx(times * lag * once, rel=0.1)


def test_clocks_that_agree_have_no_drift() -> None:
    """An echo that comes as expected changes nothing."""
    assert followed(noise(4.0), noise(4.0)) == pytest.approx(0.0, abs=1e-7)


def test_people_who_speak_are_no_drift() -> None:
    """While most of what is heard is not the echo, the drift stays as it is."""
    person = 2 * noise(4.0, seed=2)
    echo = noise(4.0)
    assert followed(person + later(echo, 0.5), echo) == 0.0


def test_silence_is_no_drift() -> None:
    """Where nothing is expected nothing is learnt."""
    assert followed(noise(4.0) * np.float32(1e-4), noise(4.0) * np.float32(1e-4)) == 0.0


def test_a_wild_guess_is_bounded() -> None:
    """No sound makes a clock impossibly wrong."""
    assert abs(followed(later(noise(60.0), 1.9), noise(60.0))) <= MOST

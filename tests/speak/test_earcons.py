"""Earcons are short, quiet, soft, unlike each other, and never speech to our own ears."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mbc_voice.audio import Block, Samples, decibels_to_gain, rms_dbfs
from mbc_voice.events import CueName
from mbc_voice.hear.endpoint import Endpoint
from mbc_voice.hear.voice_activity import Frames, SileroVoiceActivity
from mbc_voice.speak.earcons import EARCONS, earcon
from mbc_voice.speak.level import SPEECH_DBFS

RATE = 16_000


def frames_of(samples: Samples, milliseconds: int) -> Samples:
    count = RATE * milliseconds // 1000
    return samples[: len(samples) // count * count].reshape(-1, count)


def contour(samples: Samples) -> Samples:
    """Return the pitch in octaves above 100 Hz of each 10 ms, 0 where it is silent."""
    values = []
    for frame in frames_of(np.pad(samples, (0, RATE // 5 + 160 - len(samples))), 10):
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(len(frame)), 4096))
        silent = rms_dbfs(frame) < -55
        values.append(0.0 if silent else np.log2(np.argmax(spectrum) * RATE / 4096 / 100))
    return np.asarray(values, dtype=np.float32)


@pytest.mark.parametrize("name", EARCONS)
def test_it_is_short_quiet_and_soft(name: CueName) -> None:
    """At most 200 ms, at least 12 dB below speech throughout, beginning and ending at silence."""
    sound = earcon(name, RATE)
    assert len(sound) <= 0.2 * RATE
    levels = [rms_dbfs(frame) for frame in frames_of(sound, 20)]
    assert max(levels) <= SPEECH_DBFS - 12
    assert np.abs(sound[:16]).max() < 0.1 * np.abs(sound).max()
    assert np.abs(sound[-16:]).max() < 0.1 * np.abs(sound).max()


@pytest.mark.parametrize("name", EARCONS)
def test_every_rate_gives_the_same_sound(name: CueName) -> None:
    """A device's own rate changes neither length nor level."""
    low, high = earcon(name, RATE), earcon(name, 48_000)
    assert len(high) == pytest.approx(3 * len(low), abs=3)
    assert rms_dbfs(high) == pytest.approx(rms_dbfs(low), abs=0.2)


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(EARCONS, 2)))
def test_any_two_differ_in_contour(first: CueName, second: CueName) -> None:
    """Even with the overall pitch taken away, two earcons move differently over time."""
    one, other = (contour(earcon(name, RATE)) for name in (first, second))
    sounding = (one > 0) & (other > 0)
    shift = np.median(one[sounding] - other[sounding])
    moved = np.where(other > 0, other + shift, 0.0)
    unlike = np.abs(one - moved) > 1 / 6
    assert unlike.mean() >= 0.2


@pytest.mark.engine
@pytest.mark.parametrize("name", EARCONS)
def test_our_own_microphone_never_takes_it_for_speech(name: CueName) -> None:
    """However loud it comes back, alone or three in a row, no speech begins."""
    sound = earcon(name, RATE)
    row = np.pad(np.tile(np.pad(sound, (0, RATE // 10)), 3), (RATE // 2, RATE))
    for level in (-20, 0, 20, 30):
        loud = np.clip(row * decibels_to_gain(level), -1, 1).astype(np.float32)
        noise = np.random.default_rng(1).normal(0, 0.001, len(loud)).astype(np.float32)
        assert speech_begins(loud + noise) == [], level


def speech_begins(samples: Samples) -> list[object]:
    """Return what the endpoint makes of it."""
    voice_activity, endpoint, frames = SileroVoiceActivity(), Endpoint(), Frames()
    found: list[object] = []
    for frame in frames.cut(Block(samples, 0)):
        found += endpoint.hear(frame, voice_activity.probability(frame.samples))
    return found

"""All voices equally loud, with the same edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mbc_voice.audio import Samples, rms_dbfs
from mbc_voice.speak.level import CEILING, LEAD_MS, SPEECH_DBFS, TAIL_MS, finish

RATE = 16_000


def tone(seconds: float, size: float) -> Samples:
    times = np.arange(round(RATE * seconds)) / RATE
    return np.asarray(size * np.sin(2 * np.pi * 200 * times), dtype=np.float32)


@pytest.mark.parametrize("size", [0.001, 0.05, 0.9])
def test_every_voice_is_equally_loud(size: float) -> None:
    """Quiet or loud, the speech comes out at the same level."""
    rendering = finish(tone(1.0, size), RATE)
    lead, tail = RATE * LEAD_MS // 1000, RATE * TAIL_MS // 1000
    assert pytest.approx(rms_dbfs(rendering.samples[lead:-tail]), abs=0.2) == SPEECH_DBFS


def test_edges_are_known() -> None:
    """Long silences at the edges are cut, missing ones added."""
    silence = np.zeros(RATE, np.float32)
    long = finish(np.concatenate([silence, tone(0.5, 0.3), silence]), RATE)
    none = finish(tone(0.5, 0.3), RATE)
    wanted = (LEAD_MS + 500 + TAIL_MS) / 1000
    assert [wanted, wanted] == pytest.approx([long.seconds, none.seconds], abs=0.011)
    assert not none.samples[: RATE * LEAD_MS // 1000].any()


def test_pauses_inside_do_not_change_the_level() -> None:
    """A slow sentence with a long pause is as loud as one without."""
    pause = np.zeros(RATE, np.float32)
    slow = finish(np.concatenate([tone(0.5, 0.3), pause, tone(0.5, 0.3)]), RATE)
    quick = finish(tone(1.0, 0.3), RATE)
    assert np.abs(quick.samples).max() == pytest.approx(np.abs(slow.samples).max(), rel=0.02)


def test_a_soft_beginning_is_kept() -> None:
    """A hiss 35 dB below the vowel, as in "four", is speech and not silence."""
    rendering = finish(np.concatenate([tone(0.1, 0.3 * 10 ** (-35 / 20)), tone(0.4, 0.3)]), RATE)
    assert pytest.approx(rendering.seconds, abs=0.011) == (LEAD_MS + 500 + TAIL_MS) / 1000


@given(arrays.arrays(np.float32, st.integers(0, 3000), elements=st.floats(width=32)))
def test_anything_becomes_sound(samples: Samples) -> None:
    """Whatever an engine returns, what comes out are numbers below the ceiling."""
    rendering = finish(samples, RATE)
    assert np.isfinite(rendering.samples).all()
    assert np.abs(rendering.samples).max(initial=0.0) <= CEILING + 1e-6


def test_silence_is_empty() -> None:
    """An engine that was silent said nothing."""
    assert len(finish(np.zeros(5000, np.float32), RATE).samples) == 0

"""The made-up room and the stopwatch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fakes import FakeSink
from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.bench.devices import BLOCK, NOISE_DBFS, Clockwork, Room, Stopwatch
from mbc_voice.bench.questions import end_of_speech
from mbc_voice.speak.player import Pull


def sounding(*values: float) -> Callable[[int], Pull]:
    """A source of clips of one constant value for each pull."""
    left = list(values)

    def pull(frames: int, due: float) -> Samples:
        return np.full(frames, left.pop(0) if left else 0.0, np.float32)

    return lambda rate: pull


def test_room_holds_what_is_said_where_it_is_said() -> None:
    """What is said arrives whole and in its place; around it is only faint noise."""
    room = Room()
    room.open()
    room.say(np.full(BLOCK, 0.5, np.float32))
    blocks = room.blocks()
    heard = np.concatenate([next(blocks).samples for _ in range(4)])
    room.close()
    assert list(blocks) == []
    loud = np.flatnonzero(heard > 0.25)
    assert len(loud) == BLOCK
    assert np.all(np.diff(loud) == 1)
    assert np.abs(np.delete(heard, loud)).max() < 10 ** (NOISE_DBFS / 20) * 6


def test_stopwatch_knows_when_it_sounded() -> None:
    """The first sound and the silence after the last are known to the sample."""
    sink = FakeSink(sample_rate=1000, latency=0.5)
    watch = Stopwatch(sink)
    watch.open(sounding(0.0, 0.2, 0.2, 0.0))
    for _ in range(10):
        sink.run(100)
    assert watch.first_sound(0.0, 0.0) == pytest.approx(0.6)
    assert watch.first_sound(0.65, 0.0) == pytest.approx(0.65)
    assert watch.first_sound(0.9, 0.0) is None
    sink.run(200)
    assert watch.silence(0.0, 0.0) == pytest.approx(0.8)


def test_what_is_said_through_the_loudspeaker_is_not_its_own_sound() -> None:
    """Somebody speaking through the same loudspeaker is heard, and not noted as an answer."""
    clock = Clockwork(SAMPLE_RATE)
    watch = Stopwatch(clock)
    watch.open(sounding())
    began = watch.say(np.full(320, 0.5, np.float32))
    watch.close()
    assert began > 0.0
    assert not clock.alive
    assert watch.first_sound(0.0, -1e9) is None


def test_speech_ends_with_its_last_loud_stretch() -> None:
    """The tail of silence and faint noise is no speech."""
    speech = np.concatenate([np.full(1600, 0.3), np.full(1600, 0.001)]).astype(np.float32)
    assert end_of_speech(speech) == 1600
    assert end_of_speech(np.zeros(0, np.float32)) == 0

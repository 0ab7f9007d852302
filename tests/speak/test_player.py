"""The player between clips and a sink."""

from __future__ import annotations

import numpy as np

from fakes import FakeSink
from mbc_voice.played import Played
from mbc_voice.speak.player import Player, Position


def opened(sink: FakeSink, wake_ms: float = 0.0) -> Player:
    player = Player(sink, wake_ms=wake_ms)
    player.open()
    return player


def test_a_sleeping_device_swallows_nothing() -> None:
    """The first 100 ms after opening are silent; the clip waits for them."""
    sink = FakeSink()
    player = opened(sink, wake_ms=100)
    player.play(np.ones(50, np.float32), 1000)
    sound = sink.run(200)
    assert not sound[:100].any()
    assert sound[100:150].all()


def test_heard_means_played() -> None:
    """A clip has begun and ended only when the device's delay has passed as well."""
    sink = FakeSink(latency=0.05)
    player = opened(sink)
    clip = player.play(np.ones(100, np.float32), 1000)
    sink.run(40)
    assert player.heard() == []
    sink.run(20)
    assert [(clip, "started")] == [(mark.clip, mark.what) for mark in player.heard()]
    sink.run(80)
    assert player.heard() == []
    sink.run(20)
    assert [(clip, "ended")] == [(mark.clip, mark.what) for mark in player.heard()]


def test_position_is_what_is_heard() -> None:
    """The position is the sample that is sounding, and stands still in a pause."""
    sink = FakeSink(latency=0.05)
    player = opened(sink)
    clip = player.play(np.ones(500, np.float32), 1000)
    sink.run(150)
    assert Position(clip, 100) == player.position
    player.pause()
    sink.run(100)
    sink.run(100)
    assert Position(clip, 158) == player.position


def test_other_rates_are_resampled() -> None:
    """A clip at another rate lasts as long as it did."""
    sink = FakeSink(sample_rate=48_000)
    player = opened(sink)
    player.play(np.full(2400, 0.5, np.float32), 24_000)
    sound = sink.run(9600)
    assert np.flatnonzero(np.abs(sound) > 1e-3)[-1] + 1 == 4800


def test_empty_clip_begins_and_ends() -> None:
    """Even a clip without samples is reported."""
    sink = FakeSink()
    player = opened(sink)
    player.play(np.zeros(0, np.float32), 1000)
    sink.run(10)
    assert [mark.what for mark in player.heard()] == ["started", "ended"]


def test_reopened_player_goes_on() -> None:
    """After the device was lost, the next sample is the one that had not been played."""
    sink = FakeSink()
    player = opened(sink)
    player.play(np.arange(1, 201, dtype=np.float32), 1000)
    first = sink.run(80)
    sink.alive = False
    assert not player.alive
    assert player.reopen()
    assert player.alive
    assert np.arange(1, 201).tolist() == np.concatenate([first, sink.run(120)]).tolist()


def test_new_rate_after_reopening_is_reported() -> None:
    """A device with another sample rate forgets what was waiting, and says so."""
    sink = FakeSink()
    player = opened(sink)
    player.play(np.ones(100, np.float32), 1000)
    sink.sample_rate = 2000
    assert not player.reopen()
    assert not sink.run(100).any()


def test_volume_survives_reopening() -> None:
    """A volume set before the device was opened counts."""
    sink = FakeSink()
    player = Player(sink, wake_ms=0)
    player.set_volume(0)
    player.open()
    player.play(np.ones(100, np.float32), 1000)
    assert abs(sink.run(50)[-1] - 10 ** (-30 / 20)) < 1e-6


def test_closed_player_is_silent() -> None:
    """Closing closes the sink."""
    sink = FakeSink()
    player = opened(sink)
    player.close()
    assert not player.alive


def test_cue_sounds_over_a_clip_and_changes_nothing_of_it() -> None:
    """A cue is added to what is sounding; the clip loses no sample and is reported as ever."""
    sink = FakeSink()
    player = opened(sink)
    player.play(np.full(100, 0.5, np.float32), 1000)
    sink.run(20)
    player.cue(np.full(30, 0.25, np.float32), 1000)
    sound = sink.run(180)
    assert sound.tolist() == [0.75] * 30 + [0.5] * 50 + [0.0] * 100
    assert [mark.what for mark in player.heard()] == ["started", "ended"]


def test_cue_sounds_in_a_pause_and_after_stop() -> None:
    """A pause stays a pause; the cue is heard, and cues given together follow one another."""
    sink = FakeSink()
    player = Player(sink, fade_ms=0, wake_ms=0)
    player.open()
    player.play(np.full(100, 0.5, np.float32), 1000)
    player.pause()
    player.cue(np.full(10, 0.25, np.float32), 1000)
    player.cue(np.full(10, 0.125, np.float32), 1000)
    assert sink.run(40).tolist() == [0.25] * 10 + [0.125] * 10 + [0.0] * 20
    player.stop()
    player.cue(np.full(10, 0.25, np.float32), 1000)
    assert sink.run(20).tolist() == [0.25] * 10 + [0.0] * 10


def test_all_that_the_sink_was_given_is_told() -> None:
    """Every sample that was pulled is told once, in order, silence before and after included."""
    sink, played = FakeSink(sample_rate=1000), Played()
    player = Player(sink, played=played)
    player.open()
    sink.run(30)
    player.play(np.ones(50, np.float32), 1000)
    sink.run(200)
    runs = played.take()
    assert [run.rate for run in runs] == [1000, 1000]
    assert [run.handed_over for run in runs] == [0.0, 0.03]
    assert np.array_equal(np.concatenate([run.samples for run in runs]), sink.sound)
    assert played.take() == []

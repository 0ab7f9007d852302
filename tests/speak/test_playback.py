"""Laws of what is handed to the loudspeaker."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.speak.playback import DUCKED, Mark, Playback, volume_gain

RATE = 1000


class Play(NamedTuple):
    length: int


class Wait(NamedTuple):
    frames: int


orders = st.one_of(
    st.builds(Play, st.integers(1, 60)),
    st.builds(Wait, st.integers(1, 40)),
    st.sampled_from(["pause", "resume"]),
)


def carry_out(playback: Playback, plan: list[Play | Wait | str]) -> tuple[list[float], list[float]]:
    """Return all samples that were given, numbered from 1, and all that were pulled."""
    given_samples: list[float] = []
    pulled: list[float] = []
    clips = 0
    for order in plan:
        match order:
            case Play(length=length):
                clips += 1
                first = len(given_samples) + 1
                samples = np.arange(first, first + length, dtype=np.float32)
                given_samples += samples.tolist()
                playback.play(clips, samples)
            case Wait(frames=frames):
                pulled += playback.pull(frames, 0.0).tolist()
            case "pause":
                playback.pause()
            case _:
                playback.resume()
    return given_samples, pulled


@given(st.lists(orders, max_size=40))
def test_no_sample_is_lost_or_doubled(plan: list[Play | Wait | str]) -> None:
    """Whatever is paused and resumed, all samples come out once, in order, and unchanged."""
    playback = Playback(RATE, fade_ms=0)
    given_samples, pulled = carry_out(playback, plan)
    playback.resume()
    pulled += playback.pull(len(given_samples), 0.0).tolist()
    assert given_samples == [sample for sample in pulled if sample]


@given(st.lists(orders, max_size=40))
def test_fades_keep_the_place(plan: list[Play | Wait | str]) -> None:
    """With fades too, the runs handed over tile every clip exactly."""
    playback = Playback(RATE, fade_ms=8)
    given_samples, _ = carry_out(playback, plan)
    playback.resume()
    playback.pull(len(given_samples) + 1, 0.0)
    lengths = [order.length for order in plan if isinstance(order, Play)]
    handed_over = dict.fromkeys(range(1, len(lengths) + 1), 0)
    for head in playback.heads:
        assert handed_over[head.clip] == head.sample
        handed_over[head.clip] += head.length
    assert lengths == list(handed_over.values())


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_block_sizes_do_not_matter(blocks: list[int]) -> None:
    """Pulled in any blocks, the sound is the same."""
    samples = np.arange(1, 301, dtype=np.float32)
    total = sum(blocks)
    whole, parts = Playback(RATE), Playback(RATE)
    whole.play(1, samples)
    parts.play(1, samples)
    expected = whole.pull(total, 0.0)
    assert np.array_equal(expected, np.concatenate([parts.pull(frames, 0.0) for frames in blocks]))


@given(st.integers(1, 300), st.integers(1, 30), st.booleans())
def test_stop_is_silence_within_the_fade(before: int, block: int, paused: bool) -> None:
    """After stop there are at most 8 ms of sound, then silence, also when it was paused."""
    playback = Playback(RATE)
    playback.play(1, np.ones(400, np.float32))
    playback.pull(before, 0.0)
    if paused:
        playback.pause()
        playback.pull(block, 0.0)
    playback.stop()
    sound = playback.pull(100, 0.0)
    assert not sound[8:].any()
    assert not playback.pull(400, 0.0).any()


@pytest.mark.parametrize("order", ["pause", "stop"])
def test_no_click(order: str) -> None:
    """At pause, resume and stop the sound moves in small steps only."""
    playback = Playback(16_000)
    playback.play(1, np.ones(16_000, np.float32))
    playback.pull(800, 0.0)
    playback.pause() if order == "pause" else playback.stop()
    sound = playback.pull(800, 0.0)
    playback.resume()
    sound = np.concatenate([[1.0], sound, playback.pull(800, 0.0)])
    assert np.abs(np.diff(sound)).max() < 0.01


def test_a_stopped_clip_that_never_began_stays_silent() -> None:
    """Stop before the first sample lets nothing through."""
    playback = Playback(RATE)
    playback.play(1, np.ones(400, np.float32))
    playback.stop()
    assert not playback.pull(400, 0.0).any()


def test_new_clip_follows_the_fade() -> None:
    """A clip given right after stop is played whole, behind the fade of the old one."""
    playback = Playback(RATE)
    playback.play(1, np.full(400, 0.25, np.float32))
    playback.pull(100, 0.0)
    playback.stop()
    playback.play(2, np.full(50, 0.5, np.float32))
    sound = playback.pull(100, 0.0)
    assert np.full(50, 0.5).tolist() == sound[8:58].tolist()
    assert [mark.clip for mark in playback.marks] == [1, 2, 2]


def test_marks_carry_the_time_they_are_heard() -> None:
    """A clip's beginning and end are dated to the sample."""
    playback = Playback(RATE)
    playback.play(7, np.ones(25, np.float32))
    playback.pull(10, 3.0)
    playback.pull(20, 3.01)
    began, ended = playback.marks
    assert began == Mark(7, "started", 3.0)
    assert (ended.clip, ended.what, round(ended.due, 6)) == (7, "ended", 3.025)


def test_volume_steps_are_3_db() -> None:
    """Each step is 3 dB, and the range from lowest to full is 30 dB (EN 301 549 8.2.1)."""
    decibels = [20 * np.log10(volume_gain(level)) for level in range(11)]
    assert [-30 + 3 * level for level in range(11)] == pytest.approx(decibels)
    assert [volume_gain(0), volume_gain(10)] == [volume_gain(-3), volume_gain(99)]


def test_volume_moves_in_a_short_ramp() -> None:
    """A new volume counts at once, without a click."""
    playback = Playback(RATE)
    playback.play(1, np.ones(400, np.float32))
    playback.pull(100, 0.0)
    playback.set_gain(0.5)
    sound = playback.pull(100, 0.0)
    assert np.abs(np.diff(sound)).max() < 0.06
    assert sound[20:].tolist() == [0.5] * 80


def test_ducking_lowers_the_clips_and_restoring_brings_them_back() -> None:
    """Ducked, what is said is 15 dB quieter within 20 ms; restored, it is as before in 200 ms."""
    playback = Playback(RATE, fade_ms=0)
    playback.play(1, np.ones(1000, np.float32))
    playback.pull(10, 0.0)
    playback.duck()
    ducked = playback.pull(100, 0.0)
    playback.restore()
    restored = playback.pull(300, 0.0)
    assert np.all(np.diff(ducked) <= 0)
    assert ducked[25:] == pytest.approx(DUCKED)
    assert np.all(np.diff(restored) >= 0)
    assert restored[205:] == pytest.approx(1.0)
    assert pytest.approx(10 ** (-15 / 20)) == DUCKED


def test_a_cue_is_not_ducked() -> None:
    """A short sound beside the words is as loud as ever."""
    playback = Playback(RATE, fade_ms=0)
    playback.duck()
    playback.pull(50, 0.0)
    playback.cue(np.ones(10, np.float32))
    assert playback.pull(10, 0.0) == pytest.approx(1.0)


def test_what_is_said_after_a_stop_is_not_ducked() -> None:
    """Stopping ends the ducking, and the last fade is no louder than what went before it."""
    playback = Playback(RATE, fade_ms=8)
    playback.play(1, np.ones(1000, np.float32))
    playback.pull(10, 0.0)
    playback.duck()
    playback.pull(100, 0.0)
    playback.stop()
    assert np.abs(playback.pull(20, 0.0)).max() <= DUCKED + 1e-6
    playback.play(2, np.ones(10, np.float32))
    assert playback.pull(10, 0.0) == pytest.approx(1.0)

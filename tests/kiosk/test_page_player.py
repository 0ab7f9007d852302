"""Sound over the network: what a page is sent, what it reports, and one that plays nothing."""

from __future__ import annotations

import json
import struct
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.audio import Block
from mbc_voice.errors import DeviceError
from mbc_voice.hear.microphone import Lost
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.page_microphone import PageMicrophone
from mbc_voice.shells.kiosk.page_player import AHEAD_SAMPLES, SILENT_SECONDS, PagePlayer
from mbc_voice.shells.kiosk.protocol import CUE, FRAME_SAMPLES, LAST, SOUND_RATE


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


class Page:
    """A page that takes frames as a browser does, and plays when the test says so."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.mailbox = Mailbox()
        self.player = PagePlayer(self.mailbox, self.clock)
        self.clips: dict[int, list[int]] = {}
        self.ended: set[int] = set()
        self.told: list[dict[str, Any]] = []

    def take(self) -> None:
        """Take all frames that wait."""
        while (frame := self.mailbox.take()) is not None:
            if isinstance(frame, str):
                self.told.append(json.loads(frame))
                if self.told[-1]["kind"] == "sound-stop":
                    self.clips.clear()
                continue
            clip, first, flags = struct.unpack("<IIB3x", frame[:12])
            samples = list(np.frombuffer(frame[12:], "<i2"))
            assert len(samples) <= FRAME_SAMPLES
            if flags & CUE:
                self.told.append({"kind": "cue", "samples": len(samples)})
                continue
            assert first == len(self.clips.setdefault(clip, []))
            self.clips[clip] += samples
            if flags & LAST:
                self.ended.add(clip)

    def marks(self) -> list[tuple[int, str]]:
        return [(mark.clip, mark.what) for mark in self.player.heard()]


def hum(count: int) -> Any:
    return np.arange(count, dtype=np.float32) / np.float32(32767)


def test_clips_arrive_whole_and_in_order() -> None:
    """Every sample of a clip reaches the page once, and its end is marked."""
    page = Page()
    for count in (1, 4800, 10_000):
        page.player.play(hum(count), SOUND_RATE)
    page.take()
    assert {clip: len(samples) for clip, samples in page.clips.items()} == {
        1: 1,
        2: 4800,
        3: 10_000,
    }
    assert page.clips[3] == list(range(10_000))
    assert page.ended == {1, 2, 3}


def test_no_more_than_three_seconds_are_sent_ahead() -> None:
    """What was not heard yet is bounded, and more follows as it is heard."""
    page = Page()
    page.player.play(np.zeros(10 * SOUND_RATE, np.float32), SOUND_RATE)
    page.take()
    assert len(page.clips[1]) == AHEAD_SAMPLES
    page.player.played(1, SOUND_RATE)
    page.take()
    assert AHEAD_SAMPLES < len(page.clips[1]) <= AHEAD_SAMPLES + SOUND_RATE + FRAME_SAMPLES


def test_what_the_page_reports_is_the_clock() -> None:
    """A sentence begins with its first sample and ends with its last, not when it was sent."""
    page = Page()
    page.player.play(hum(2400), SOUND_RATE)
    page.player.play(hum(2400), SOUND_RATE)
    assert page.marks() == []
    assert page.player.position is None
    page.player.played(1, 1)
    assert page.marks() == [(1, "started")]
    page.clock.now += 0.05
    position = page.player.position
    assert position is not None
    assert (position.clip, position.sample) == (1, 1201)
    page.player.played(1, 2400)
    page.player.played(2, 10)
    assert page.marks() == [(1, "ended"), (2, "started")]
    page.player.played(2, 9_999_999)
    assert page.marks() == [(2, "ended")]


def test_a_report_that_was_lost_is_made_up_for() -> None:
    """Whoever hears a clip has heard those before it."""
    page = Page()
    for _ in range(3):
        page.player.play(hum(100), SOUND_RATE)
    page.player.played(3, 100)
    assert page.marks() == [(clip, what) for clip in (1, 2, 3) for what in ("started", "ended")]


def test_stop_forgets_everything_at_once() -> None:
    """Frames that wait are never sent, and late news of them counts for nothing."""
    page = Page()
    page.player.play(np.zeros(5 * SOUND_RATE, np.float32), SOUND_RATE)
    page.player.stop()
    page.player.play(hum(10), SOUND_RATE)
    page.take()
    page.player.played(1, 500)
    assert page.clips == {2: list(range(10))}
    assert page.marks() == []
    assert page.told[0] == {"kind": "sound-stop"}


def test_a_pause_keeps_the_place() -> None:
    """While paused, no time passes, however long it lasts."""
    page = Page()
    page.player.play(hum(24_000), SOUND_RATE)
    page.player.played(1, 100)
    page.player.pause()
    page.clock.now += 1000
    assert page.marks() == [(1, "started")]
    assert page.player.position is not None
    assert page.player.position.sample == 100
    page.player.resume()
    assert page.marks() == []
    page.take()
    assert [told["kind"] for told in page.told] == ["sound-pause", "sound-resume"]


def test_volume_ducking_and_cues_are_told_at_once() -> None:
    """The page changes the volume itself; a cue is one frame beside the clips."""
    page = Page()
    page.player.set_volume(10)
    page.player.duck()
    page.player.restore()
    page.player.cue(np.zeros(1200, np.float32), 12_000)
    page.take()
    gains = [told["gain"] for told in page.told if told["kind"] == "sound-volume"]
    assert gains[0] == gains[2] == 1.0
    assert 0 < gains[1] < 0.5
    assert page.told[-1] == {"kind": "cue", "samples": 2400}


def test_a_page_that_plays_nothing_still_shows_every_sentence() -> None:
    """Without any report time goes by as if it had been heard, and nothing is played late."""
    page = Page()
    for _ in range(3):
        page.player.play(np.zeros(SOUND_RATE, np.float32), SOUND_RATE)
    marks = []
    page.clock.now += SILENT_SECONDS - 0.1
    assert page.marks() == []
    for _ in range(40):
        page.clock.now += 0.1
        marks += page.marks()
        page.take()
    assert marks == [(clip, what) for clip in (1, 2, 3) for what in ("started", "ended")]
    assert page.clips == {}
    page.player.play(np.zeros(SOUND_RATE, np.float32), SOUND_RATE)
    page.clock.now += 0.1
    assert page.marks() == [(4, "started")]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("play"), st.integers(0, 60_000)),
            st.tuples(st.just("played"), st.integers(0, 60_000)),
            st.tuples(st.sampled_from(["stop", "pause", "resume", "wait", "duck"]), st.just(0)),
        ),
        max_size=40,
    )
)
def test_every_clip_begins_and_ends_at_most_once(happened: list[tuple[str, int]]) -> None:
    """Whatever a page reports, marks come in order, and none of what was stopped."""
    page = Page()
    live: list[int] = []
    told: list[tuple[int, str]] = []
    for what, number in happened:
        if what == "play":
            live.append(page.player.play(np.zeros(number, np.float32), SOUND_RATE))
        elif what == "played":
            page.player.played(number % 7, number)
        elif what == "wait":
            page.clock.now += 1.0
        else:
            getattr(page.player, what)()
        page.take()
        marks = page.marks()
        assert all(clip in live for clip, _ in marks)
        told += marks
        if what == "stop":
            live.clear()
    assert len(told) == len(set(told))
    assert [clip for clip, _ in told] == sorted(clip for clip, _ in told)


def test_the_pages_microphone_is_a_source() -> None:
    """Blocks come with their place in the stream, until it is closed."""
    microphone = PageMicrophone()
    microphone.open()
    microphone.hear(np.zeros(320, np.float32))
    microphone.hear(np.zeros(160, np.float32))
    assert microphone.position == 480
    microphone.close()
    blocks = list(microphone.blocks())
    assert [
        (block.start, len(block.samples)) for block in blocks if not isinstance(block, Lost)
    ] == [
        (0, 320),
        (320, 160),
    ]


def test_a_page_without_sound_has_lost_its_microphone() -> None:
    """It is opened again when it sends again."""
    clock = Clock()
    microphone = PageMicrophone(clock, lost_seconds=0.01, first_seconds=0.0)
    microphone.touched()
    microphone.open()
    assert [type(block) for block in microphone.blocks()] == [Lost]
    with pytest.raises(DeviceError):
        microphone.open()
    microphone.hear(np.zeros(320, np.float32))
    microphone.open()


def test_a_page_that_nobody_touched_has_lost_nothing() -> None:
    """Before a touch browsers give no microphone, and then they may ask first: that is no fault."""
    clock = Clock()
    microphone = PageMicrophone(clock, lost_seconds=0.001, first_seconds=8.0)
    microphone.open()
    arrived: list[object] = []
    blocks = iter(microphone.blocks())
    taking = threading.Thread(target=lambda: arrived.append(next(blocks)))
    taking.start()
    taking.join(0.05)
    microphone.touched()
    clock.now += 7.9
    taking.join(0.05)
    assert arrived == []
    microphone.hear(np.zeros(320, np.float32))
    taking.join(10)
    assert [type(one) for one in arrived] == [Block]
    clock.now += 10
    assert isinstance(next(blocks), Lost)


def test_a_page_that_may_not_listen_has_lost_its_microphone() -> None:
    """Where no sound comes after a touch, that is told."""
    clock = Clock()
    microphone = PageMicrophone(clock, lost_seconds=0.001, first_seconds=8.0)
    microphone.open()
    microphone.touched()
    clock.now += 8.1
    assert [type(one) for one in microphone.blocks()] == [Lost]


def test_a_flood_of_sound_is_dropped() -> None:
    """What nobody takes is bounded, and closing works all the same."""
    microphone = PageMicrophone()
    microphone.open()
    for _ in range(2_000):
        microphone.hear(np.zeros(160, np.float32))
    microphone.close()
    assert len(list(microphone.blocks())) < 1_600

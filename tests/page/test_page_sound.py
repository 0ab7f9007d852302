"""Sound in the page: the browser's microphone is heard, and the voice is played and reported."""

from __future__ import annotations

import queue

import numpy as np

from mbc_voice.events import Snapshot
from mbc_voice.shells.kiosk.protocol import LAST, SOUND_RATE, sound_frame
from page_stand_in import SOUND
from page_visitor import Visitor

TONE_HZ = 440
"""What the browser's microphone hears half of the time (see `conftest.spoken_question`)."""


def begin(visitor: Visitor) -> None:
    """Open the page with sound of its own, and touch it, which lets a browser sound."""
    visitor.server.welcome["sound"] = SOUND
    visitor.arrive()
    visitor.page.click("#start")


def test_the_microphone_arrives_as_16_khz_blocks(visitor: Visitor) -> None:
    """Blocks of 20 ms hold the tone that the microphone hears, at its pitch."""
    begin(visitor)
    blocks = [visitor.server.blocks.get(timeout=10) for _ in range(100)]
    assert {len(block) for block in blocks} == {640}
    heard = np.frombuffer(b"".join(blocks), dtype="<i2").astype(float)
    spectrum = np.abs(np.fft.rfft(heard))
    loudest = np.argmax(spectrum) * 16_000 / len(heard)
    assert abs(loudest - TONE_HZ) < 10


def test_what_is_played_is_reported_to_its_end(visitor: Visitor) -> None:
    """Reports rise from the first sample to the clip's length; then the next clip is played."""
    begin(visitor)
    samples = np.zeros(4_800, dtype=np.float32)
    for clip in (1, 2):
        visitor.server.sound(sound_frame(clip, 0, samples))
        visitor.server.sound(sound_frame(clip, 4_800, samples, LAST))
    reports: list[tuple[int, int]] = []
    while not reports or reports[-1] != (2, 9_600):
        message = visitor.server.next("played")
        reports.append((message["clip"], message["sample"]))
    assert reports == sorted(set(reports))
    assert reports[0][1] >= 1
    assert (1, 9_600) in reports
    assert len(reports) >= 2 * 9_600 / SOUND_RATE / 0.05 - 2


def test_nothing_is_reported_of_what_was_stopped(visitor: Visitor) -> None:
    """After a stop only what came later counts."""
    begin(visitor)
    visitor.server.sound(sound_frame(1, 0, np.zeros(4_800, dtype=np.float32)))
    visitor.server.next("played")
    visitor.server.tell("sound-stop")
    visitor.server.sound(sound_frame(2, 0, np.zeros(480, dtype=np.float32), LAST))
    while visitor.server.next("played")["clip"] != 2:
        pass
    assert all(message["clip"] == 2 for message in _rest(visitor))


def test_a_pause_keeps_the_place(visitor: Visitor) -> None:
    """A paused clip is gone on with at its next sample, and none is lost or played twice."""
    begin(visitor)
    visitor.server.sound(sound_frame(1, 0, np.zeros(4_800, dtype=np.float32), LAST))
    first = visitor.server.next("played")["sample"]
    visitor.server.tell("sound-pause")
    visitor.server.tell("sound-resume")
    samples = [first]
    while samples[-1] != 4_800:
        samples.append(visitor.server.next("played")["sample"])
    assert samples == sorted(set(samples))


def test_without_leave_to_use_the_microphone_it_says_so(visitor: Visitor) -> None:
    """Whoever doesn't allow the microphone is told to touch or type."""
    visitor.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }"
    )
    visitor.server.welcome["sound"] = SOUND
    visitor.server.leave()
    visitor.server.come_back()
    visitor.page.wait_for_selector("#attract", state="visible")
    visitor.page.click("#start")
    visitor.page.wait_for_function(
        "() => document.querySelector('#said-politely').textContent.includes('microphone')"
    )


def test_a_kiosk_with_its_own_sound_opens_no_microphone(visitor: Visitor) -> None:
    """Where the computer has the sound, the page records nothing."""
    visitor.page.click("#start")
    visitor.server.show(Snapshot(phase="listening"))
    visitor.page.wait_for_selector("#talk", state="visible")
    assert visitor.page.evaluate(
        "async () => (await navigator.mediaDevices.enumerateDevices()).length >= 0"
    )
    assert visitor.server.blocks.empty()


def _rest(visitor: Visitor) -> list[dict[str, object]]:
    found = []
    while True:
        try:
            found.append(visitor.server.sent.get_nowait())
        except queue.Empty:
            return [message for message in found if message["kind"] == "played"]

"""Real sound: what the loudspeaker was asked to play is what a recording of it holds."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mbc_voice.audio import SAMPLE_RATE, Samples
from sound_server import SoundServer

pytestmark = pytest.mark.sound

CHILD = Path(__file__).parent / "speaking_child.py"


class Speaking:
    """The child that speaks, in the sound server's environment."""

    def __init__(self, server: SoundServer, device: str = "") -> None:
        self._child = subprocess.Popen(
            [sys.executable, str(CHILD), device],
            env=server.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._said: list[list[str]] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def order(self, line: str) -> None:
        """Give an order and wait until it was taken."""
        self.send(line)
        self.wait_for("done", line.split()[0])

    def send(self, line: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    def wait_for(self, *words: str) -> list[str]:
        """Return the first line, as words without the time, that begins with these words."""
        while True:
            for said in self._said:
                if said[: len(words)] == list(words):
                    self._said.remove(said)
                    return said
            line = self._lines.get(timeout=60)
            assert line, f"the child ended before it said {words}"
            self._said.append(line.split()[1:])

    def end(self) -> str:
        """Let it end by itself; return all it wrote to standard error."""
        assert self._child.stdin is not None
        assert self._child.stderr is not None
        self._child.stdin.close()
        errors = self._child.stderr.read()
        assert self._child.wait(30) == 0
        return errors

    def kill(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._lines.put(line)
        self._lines.put("")


@pytest.fixture
def speaking(sound_server: SoundServer) -> Iterator[Speaking]:
    """A child that is ready to speak."""
    child = Speaking(sound_server)
    child.wait_for("open")
    yield child
    child.kill()


def stretches(sound: Samples) -> list[tuple[float, float]]:
    """Return begin and length, in seconds, of each stretch of tone (10 ms frames)."""
    frame = SAMPLE_RATE // 100
    loud = np.abs(sound[: len(sound) // frame * frame]).reshape(-1, frame).max(axis=1) > 0.01
    edges = np.flatnonzero(np.diff(loud.astype(np.int8), prepend=0, append=0))
    return [(int(a) / 100, int(b - a) / 100) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def test_all_of_it_is_heard(sound_server: SoundServer, speaking: Speaking) -> None:
    """Both tones are recorded at full length, with the pause between them, and then it says so."""
    with sound_server.record() as recording:
        speaking.order("say 0.5 0.8")
        speaking.wait_for("ended", "1", "finished")
        recording.wait_for_quiet(0.3, after=recording.wait_for_sound())
        heard = stretches(recording.samples)
    assert [length for _, length in heard] == pytest.approx([0.5, 0.8], abs=0.03)
    assert heard[1][0] - heard[0][0] == pytest.approx(0.75, abs=0.03)
    assert speaking.end() == ""


def test_stop_silences_it(sound_server: SoundServer, speaking: Speaking) -> None:
    """Of ten seconds of tone, stop leaves less than one."""
    with sound_server.record() as recording:
        speaking.order("say 10")
        recording.wait_for_sound()
        speaking.order("stop")
        speaking.wait_for("ended", "1", "stopped")
        recording.wait_for_quiet(0.5, after=recording.wait_for_sound())
        ((_, length),) = stretches(recording.samples)
    assert length < 2


def test_pause_keeps_every_sample(sound_server: SoundServer, speaking: Speaking) -> None:
    """The two parts around a pause are together as long as the tone."""
    with sound_server.record() as recording:
        speaking.order("say 1.5")
        speaking.wait_for("started", "1")
        recording.wait_for_sound()
        speaking.order("pause")
        recording.wait_for_quiet(0.5, after=recording.wait_for_sound())
        speaking.order("resume")
        speaking.wait_for("ended", "1", "finished")
        recording.wait_for_quiet(0.3, after=len(recording.samples) - 1)
        heard = stretches(recording.samples)
    assert len(heard) == 2
    assert sum(length for _, length in heard) == pytest.approx(1.5, abs=0.04)


def test_volume_is_measured(sound_server: SoundServer, speaking: Speaking) -> None:
    """The range is 30 dB, with a step 12 dB above the lowest (EN 301 549 8.2.1 asks for 18)."""
    peaks = []
    with sound_server.record() as recording:
        for number, level in enumerate((0, 4, 10), start=1):
            begin = len(recording.samples)
            speaking.order(f"volume {level}")
            speaking.order("say 0.5")
            speaking.wait_for("ended", str(number), "finished")
            recording.wait_for_quiet(0.3, after=recording.wait_for_sound())
            peaks.append(float(np.abs(recording.samples[begin:]).max()))
    above = [20 * np.log10(peak / peaks[0]) for peak in peaks[1:]]
    assert above == pytest.approx([12, 30], abs=1)


def test_lost_server_is_noticed(sound_server: SoundServer, speaking: Speaking) -> None:
    """When the sound server dies, that is reported; when it is back, speech is heard again."""
    speaking.order("say 60")
    speaking.wait_for("started", "1", "0")
    sound_server.kill()
    speaking.wait_for("ended", "1", "failed")
    speaking.wait_for("LoudspeakerLost")
    sound_server.start()
    with sound_server.record() as recording:
        for number in range(2, 60):
            speaking.order("say 0.5")
            if speaking.wait_for("ended", str(number))[-1] == "finished":
                break
        recording.wait_for_sound()


def test_loudspeaker_is_found_by_part_of_its_name(sound_server: SoundServer) -> None:
    """Part of the name is enough, in any case of letters; an unknown name is one clear line."""
    for name, wanted in (("PUL", ["open"]), ("gramophone", ["error", "There", "is", "no"])):
        child = Speaking(sound_server, name)
        child.wait_for(*wanted)
        assert child.end() == ""
        child.kill()

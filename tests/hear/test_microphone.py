from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sound_server import SoundServer
from voices import samples_of, spoken

CHILD = Path(__file__).with_name("microphone_child.py")
SENTENCE = "Where does breast cancer spread to?"

pytestmark = pytest.mark.sound


class Child:
    """The listening child; `line` is the next line it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> str:
        """Tell it to end, and return its last line."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self.line()


@contextlib.contextmanager
def listening(server: SoundServer, name: str = "") -> Iterator[Child]:
    process = subprocess.Popen(
        [sys.executable, str(CHILD), name],
        env=server.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            yield Child(process)
        finally:
            process.kill()


@pytest.mark.parametrize("name", ["", "PULSE"])
def test_speech_in_the_room_becomes_a_segment(sound_server: SoundServer, name: str) -> None:
    """What is said in the room arrives whole, once, and nothing is dropped."""
    with listening(sound_server, name) as child:
        assert child.line().startswith("names ")
        assert child.line() == "listening"
        with sound_server.playing(spoken(SENTENCE)):
            assert child.line() == "speech"
            what, seconds, peak = child.line().split()
        assert child.end() == "dropped 0 False"
    length = len(samples_of(SENTENCE)) / 16_000
    assert what == "heard"
    assert float(seconds) == pytest.approx(length, abs=0.5)
    assert float(peak) > 0.1


def test_a_microphone_that_is_not_there_names_those_that_are(sound_server: SoundServer) -> None:
    """The error lists what could be chosen instead."""
    with listening(sound_server, "no such thing") as child:
        names = child.line().removeprefix("names ")
        error = child.line()
    assert error.startswith("error There is no microphone 'no such thing'. There is: ")
    assert names.split(", ")[0] in error


def test_a_microphone_that_goes_away_is_noticed_and_comes_back(sound_server: SoundServer) -> None:
    """The sound server dies: lost. It starts again: ready, and speech is heard as before."""
    with listening(sound_server) as child:
        assert child.line().startswith("names ")
        assert child.line() == "listening"
        sound_server.kill()
        assert child.line() == "lost"
        sound_server.start()
        assert child.line() == "ready"
        with sound_server.playing(spoken(SENTENCE)):
            assert child.line() == "speech"
            assert child.line().startswith("heard ")
        assert child.end().endswith("False")


def test_without_a_sound_server_the_error_is_one_clear_line(sound_server: SoundServer) -> None:
    """No microphone at all, or none that opens: one line that says what to do."""
    sound_server.kill()
    with listening(sound_server) as child:
        lines = [child.line(), child.line()]
    assert any(line.startswith("error ") and " microphone" in line for line in lines)

from __future__ import annotations

import subprocess
import sys

import pytest

from mbc_voice.audio import rms_dbfs
from sound_server import SoundServer
from voices import spoken

RECORD = """
import numpy, sounddevice
print("ready", flush=True)
heard = sounddevice.rec(48000, samplerate=16000, channels=1, dtype="float32", blocking=True)
print(float(numpy.abs(heard).max()))
"""


@pytest.mark.sound
def test_sound_played_into_the_room_reaches_a_microphone_of_a_child(
    sound_server: SoundServer,
) -> None:
    """A child process records through sounddevice what is played into the room."""
    child = subprocess.Popen(
        [sys.executable, "-c", RECORD], env=sound_server.env, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        with sound_server.playing(spoken("Where does breast cancer usually spread to?")):
            peak = float(child.stdout.read())
    assert peak > 0.05


@pytest.mark.sound
def test_the_loudspeaker_can_be_recorded(sound_server: SoundServer) -> None:
    """A recording of the loudspeaker holds what was played to it, and the room stays quiet."""
    with (
        sound_server.record("loudspeaker.monitor") as loudspeaker,
        sound_server.record("room.monitor") as room,
    ):
        sound_server.play(spoken("Yes."), device="loudspeaker")
        first = loudspeaker.wait_for_sound()
        loudspeaker.wait_for_quiet(0.3, after=first)
    assert rms_dbfs(loudspeaker.samples[first : first + 4000]) > -50
    assert rms_dbfs(room.samples) == -120

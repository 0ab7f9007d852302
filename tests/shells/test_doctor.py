"""What ``mbc-voice doctor`` finds out about a microphone, on a real sound server."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sound_server import SoundServer
from voices import spoken

EXAMINE = """
from mbc_voice.errors import DeviceError
from mbc_voice.settings import Settings
from mbc_voice.shells import doctor
print("ready", flush=True)
try:
    print(doctor._microphone(Settings()))
except DeviceError as error:
    print(error)
"""


def examine(server: SoundServer, *, talk: bool) -> str:
    """Return the line that a child process finds for the microphone, with or without talk."""
    child = subprocess.Popen(
        [sys.executable, "-c", EXAMINE], env=server.env, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        if talk:
            server.play(spoken("Where does breast cancer usually spread to?"))
        return child.stdout.read()


@pytest.mark.sound
def test_a_muted_microphone_is_named_as_such(sound_server: SoundServer) -> None:
    """Two seconds of nothing but zeros are asked about; a microphone that hears is not."""
    assert "sends silence: is it muted?" in examine(sound_server, talk=False)
    assert "dBFS" in examine(sound_server, talk=True)

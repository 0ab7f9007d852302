"""People who talk over it in real sound, while its own voice comes back into the microphone."""

from __future__ import annotations

import pytest

from listening import Listening, listening
from sound_server import SoundServer
from voices import spoken

pytestmark = [pytest.mark.engine, pytest.mark.sound]

ECHO_MS = 60


def echo(server: SoundServer, level: str) -> None:
    """Let the microphone hear the loudspeaker, so much softer and a little later."""
    loopback = ("source=loudspeaker.monitor", "sink=room", f"latency_msec={ECHO_MS}")
    server.pactl("load-module", "module-loopback", *loopback)
    index = server.pactl("list", "short", "sink-inputs").split()[0]
    server.pactl("set-sink-input-volume", index, level)


def questions(talk: Listening) -> list[str]:
    return [line for line in talk.captions if line.startswith("You:")]


def test_it_reads_an_answer_over_its_own_echo(sound_server: SoundServer) -> None:
    """With its own voice at -12 dB in the microphone it reads to the end and hears nobody."""
    echo(sound_server, "-12dB")
    with listening(sound_server) as talk:
        talk.wait_for("(listening)")
        sound_server.play(spoken("What are the symptoms in the brain?", "slt"))
        talk.wait_for("in the brain?")
        talk.wait_for("(listening)")
        assert any("Say next" in line for line in talk.captions)
    assert len(questions(talk)) == 1


def test_people_talk_over_it(sound_server: SoundServer) -> None:
    """A question asked while it reads is answered, and a spoken "stop" silences that answer."""
    echo(sound_server, "-12dB")
    with listening(sound_server) as talk:
        talk.wait_for("(listening)")
        sound_server.play(spoken("Where does breast cancer spread to?", "rms"))
        talk.wait_for("Breast cancer can spread")
        sound_server.play(spoken("What are the symptoms in the lungs?", "rms"))
        talk.wait_for("Symptoms in the lungs.")
        talk.wait_for("A cough that won't go away.")
        sound_server.play(spoken("Stop talking.", "rms"))
        talk.wait_for("(listening)")
        assert "Shortness of breath." not in talk.captions
    assert len(questions(talk)) == 3

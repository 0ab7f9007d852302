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


def say(
    talk: Listening, server: SoundServer, words: str, caption: str, seconds: float = 12
) -> None:
    """Say it, once more if nothing came of it in time, and wait for the caption."""
    server.play(spoken(words, "rms"))
    if not talk.comes(caption, seconds):
        server.play(spoken(words, "rms"))
        talk.wait_for(caption)


def questions(talk: Listening) -> list[str]:
    return [line for line in talk.captions if line.startswith("You:")]


def test_it_reads_an_answer_over_its_own_echo(sound_server: SoundServer) -> None:
    """With its own voice at -12 dB in the microphone it reads to the end and hears nobody."""
    echo(sound_server, "-12dB")
    with listening(sound_server) as talk:
        talk.wait_for("(listening)")
        sound_server.play(spoken("What are the symptoms in the brain?", "slt"))
        talk.wait_for("Symptoms in the brain.")
        talk.wait_for("(listening)")
        assert any("Say next" in line for line in talk.captions)
    assert len(questions(talk)) == 1


def test_people_talk_over_it(sound_server: SoundServer) -> None:
    """A question asked while it reads is answered, and a spoken "stop" silences that answer."""
    echo(sound_server, "-12dB")
    with listening(sound_server, "--rate", "110") as talk:
        talk.wait_for("(listening)")
        say(talk, sound_server, "Where does breast cancer spread to?", "Breast cancer can spread")
        say(talk, sound_server, "What are the symptoms in the brain?", "Symptoms in the brain.")
        talk.wait_for("it may cause these")
        before = len(talk.captions)
        say(talk, sound_server, "Stop talking.", "(listening)", seconds=4)
        assert not any("Say next" in line for line in talk.captions[before:])
        assert any("top talking" in line for line in questions(talk))

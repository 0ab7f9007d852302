"""The whole program on a real sound server that goes away and comes back."""

from __future__ import annotations

import pytest

from listening import listening
from sound_server import SoundServer
from voices import spoken

pytestmark = [pytest.mark.engine, pytest.mark.sound]


def test_after_a_restart_of_the_sound_server_it_hears_and_speaks(
    sound_server: SoundServer,
) -> None:
    """Microphone and loudspeaker are opened again, it says so, and answers the next question."""
    with listening(sound_server, "--rate", "220") as talk:
        talk.wait_for("(listening)")
        sound_server.kill()
        sound_server.start()
        talk.wait_for("I can hear you again.")
        talk.wait_for("(listening)")
        with sound_server.record() as recording:
            sound_server.play(spoken("Is there a cure?", "rms"))
            talk.wait_for("There is no cure")
            recording.wait_for_sound()

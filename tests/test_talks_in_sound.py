"""Five people talk with the assistant in real sound, from the microphone to the loudspeaker.

Each talk is a table: who says what, and the caption that must follow before the next turn.
Recognizers mishear single words of some voices; the voices here are those that they understand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pytest

from judge import share_heard, written_down
from listening import Listening, listening
from mbc_voice.audio import SAMPLE_RATE, Samples
from sound_server import SoundServer
from voices import samples_of, spoken

pytestmark = [pytest.mark.engine, pytest.mark.sound]

Turn: TypeAlias = tuple[str, str, str]
"""A voice, what it says, and a part of the caption that is waited for."""

PROMPT = {"MBC_VOICE_HEAR_END_PAUSE_MS": "800"}
"""Nobody in these talks pauses within a question."""
QUICK = ("--rate", "220")
AGAIN_SECONDS = 20.0
"""Whoever has no answer by then says it again."""
SOUNDING = 0.01
"""Amplitude from which a stretch of 20 ms counts as sound."""


def talk_through(talk: Listening, server: SoundServer, turns: Sequence[Turn]) -> None:
    """Say each turn, and wait for what must follow it; ask once more if it was not understood."""
    for voice, says, caption in turns:
        server.play(spoken(says, voice))
        if not talk.comes(caption, AGAIN_SECONDS):
            server.play(spoken(says, voice))
            talk.wait_for(caption)


def sounding(samples: Samples) -> Samples:
    """Return the stretches of 20 ms that are not silent, joined."""
    size = SAMPLE_RATE // 50
    stretches = samples[: len(samples) // size * size].reshape(-1, size)
    loud: Samples = stretches[np.abs(stretches).max(axis=1) > SOUNDING].ravel()
    return loud


def level_db(samples: Samples) -> float:
    """Return the level of what sounds in samples."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sounding(samples))))))


def test_a_first_time_visitor_asks_chooses_and_leaves(sound_server: SoundServer) -> None:
    """A question, a choice among what is offered, and a goodbye that ends the program well."""
    question = ("rms", "Where does breast cancer spread to?", "Breast cancer can spread")
    turns = [
        ("rms", "The lungs.", "Symptoms in the lungs."),
        ("hibari", "Goodbye.", "Take care."),
    ]
    with listening(sound_server, *QUICK, env=PROMPT) as talk:
        talk.wait_for("(listening)")
        talk_through(talk, sound_server, [question])
        talk.wait_for("(listening)")
        talk_through(talk, sound_server, turns)
        assert talk.wait_for_end() == 0


def test_an_expert_at_400_words_a_minute_takes_the_list_by_parts(
    sound_server: SoundServer,
) -> None:
    """The fast voice is much quicker than the usual one, and "next" gives the next part."""
    question = ("rms", "What are the symptoms in the brain?", "Symptoms in the brain.")
    next_part = ("rms", "Next.", "Slurred speech.")
    with (
        listening(sound_server, "--rate", "400", env=PROMPT) as talk,
        sound_server.record() as recording,
    ):
        talk.wait_for("(listening)")
        talk_through(talk, sound_server, [question])
        began, first = len(recording.samples), len(talk.captions) - 1
        talk.wait_for("(listening)")
        fast = recording.samples[began:]
        said = " ".join(talk.captions[first:-1])
        talk_through(talk, sound_server, [next_part])
    usual = samples_of(said, "hibari")
    ratio = len(sounding(usual)) / len(sounding(fast))
    assert ratio >= 1.6
    assert share_heard(said, written_down(fast)) >= 0.5


def test_someone_hard_of_hearing_makes_it_louder_and_slower(sound_server: SoundServer) -> None:
    """Called out while it reads, "louder" raises the level at once; "slower" is confirmed."""
    turns = [
        ("rms", "Is there a cure?", "There is no cure"),
        ("rms", "Make it louder.", "You: Make it louder"),
    ]
    slower = ("rms", "Speak slower.", "Now a little slower.")
    with listening(sound_server, env=PROMPT) as talk, sound_server.record() as recording:
        talk.wait_for("(listening)")
        usual = recording.samples
        talk_through(talk, sound_server, turns)
        talk.wait_for("It aims")
        raised_from = len(recording.samples)
        talk.wait_for("(listening)")
        louder = recording.samples[raised_from:]
        talk_through(talk, sound_server, [slower])
    assert level_db(louder) - level_db(usual) == pytest.approx(3, abs=1.5)


def test_someone_who_changes_their_mind_gets_the_other_topic(sound_server: SoundServer) -> None:
    """A question that was stopped and put right leads to the topic that was meant."""
    turns = [
        ("rms", "Symptoms in the brain.", "Severe headaches"),
        ("rms", "Stop.", "(listening)"),
        ("rms", "No, the lungs.", "Symptoms in the lungs."),
    ]
    with listening(sound_server, *QUICK, env=PROMPT) as talk:
        talk.wait_for("(listening)")
        talk_through(talk, sound_server, turns)
        talk.wait_for("Chest pain.")
    assert not any("Nausea" in line for line in talk.captions)


def test_an_emergency_in_the_middle_of_a_list_ends_the_list(sound_server: SoundServer) -> None:
    """The safety message cuts the list off, and the list does not go on by itself."""
    turns = [
        ("rms", "What are the symptoms in the brain?", "Severe headaches"),
        ("rms", "I can't breathe.", "This may be an emergency"),
    ]
    with listening(sound_server, *QUICK, env=PROMPT) as talk:
        talk.wait_for("(listening)")
        talk_through(talk, sound_server, turns)
        warned = len(talk.captions) - 1
        talk.wait_for("(listening)")
    assert "call 911" in " ".join(talk.captions[warned:])
    listed = ("Nausea", "Say next", "Slurred")
    assert not [line for line in talk.captions if line.startswith(listed)]

"""The whole path with real sound: a question is spoken, and the answer is listened to."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judge import share_heard, written_down
from listening import PROGRAM, listening
from mbc_voice import build
from mbc_voice.audio import SAMPLE_RATE, read_blocks, rms_dbfs
from mbc_voice.events import Answer, Context, Transcript
from mbc_voice.settings import Settings
from sound_server import SoundServer
from voices import spoken


def ask(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [*PROGRAM, "ask", "--json", *arguments], check=True, capture_output=True, text=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.engine
@pytest.mark.parametrize(
    ("voice", "question", "topic", "voice_of_answer"),
    [
        ("hibari", "What are the symptoms in the brain?", "symptoms-brain", "hibari"),
        ("slt", "Where does breast cancer spread to?", "where-it-spreads", "hibari"),
        ("rms", "Is there a cure?", "curable", "system"),
    ],
)
def test_a_spoken_question_gets_a_spoken_answer(
    tmp_path: Path, voice: str, question: str, topic: str, voice_of_answer: str
) -> None:
    """A question in a file leads to its topic, and the saved answer holds the answer's words."""
    saved = tmp_path / "answer.wav"
    answer = ask(
        "--audio", str(spoken(question, voice)), "--save", str(saved), "--voice", voice_of_answer
    )
    assert ("answer", [topic]) == (answer["outcome"], answer["ids"])
    assert min(answer["timings_ms"].values()) > 0
    heard = written_down(np.concatenate([block.samples for block in read_blocks(saved)]))
    least = 0.8 if voice_of_answer == "hibari" else 0.5
    assert share_heard(" ".join(answer["spoken"]), heard) >= least


@pytest.mark.engine
def test_every_topic_is_reached_by_its_plainest_question() -> None:
    """Each topic's first wording reaches it, typed and spoken, 28 of 28 times."""
    library, interpret = build.understanding(Settings())
    ear = build.recognizer(Settings())
    missed = []
    for number, topic in enumerate(library.topics.values()):
        question = topic.ask[0]
        said = build.hear_file(spoken(question, ("hibari", "slt")[number % 2]), ear)
        texts = [question, said.text if isinstance(said, Transcript) else ""]
        for text in texts:
            outcome = interpret(text, Context())
            if not (isinstance(outcome, Answer) and outcome.topic == topic.id):
                missed.append((topic.id, text, outcome))
    assert len(library.topics) == 28
    assert missed == []


@pytest.mark.engine
@pytest.mark.sound
def test_the_whole_talk_in_real_sound(sound_server: SoundServer) -> None:
    """A question through the microphone is answered aloud, and a spoken "stop" silences it."""
    with listening(sound_server) as talk, sound_server.record() as recording:
        talk.wait_for("(listening)")
        sound_server.play(spoken("What are the symptoms in the lungs?", "slt"))
        talk.wait_for("Symptoms in the lungs.")
        answer_from = len(recording.samples)
        talk.wait_for("A cough that won't go away.")
        sound_server.play(spoken("Stop.", "hibari"))
        talk.wait_for("(listening)")
        stopped_at = len(recording.samples)
        after = recording.wait_for(stopped_at / SAMPLE_RATE + 2.0)
        talk.process.terminate()
        assert talk.process.wait(20) == 0
    heard = written_down(after[answer_from - SAMPLE_RATE // 2 : stopped_at])
    said = "symptoms in the lungs when breast cancer spreads to the lungs it may cause"
    assert share_heard(said, heard) >= 0.6, heard
    assert "Shortness of breath." not in talk.captions
    silence = after[stopped_at + SAMPLE_RATE // 2 :]
    assert rms_dbfs(silence) < -60


@pytest.mark.engine
@pytest.mark.sound
def test_it_does_not_answer_its_own_voice(sound_server: SoundServer) -> None:
    """With the loudspeaker in the microphone's ear, no symptom read aloud is an emergency."""
    sound_server.pactl(
        "load-module",
        "module-loopback",
        "source=loudspeaker.monitor",
        "sink=room",
        "latency_msec=60",
    )
    with listening(sound_server) as talk:
        talk.wait_for("(listening)")
        sound_server.play(spoken("What are the symptoms in the brain?", "slt"))
        talk.wait_for("in the brain?")
        talk.wait_for("(listening)")
        assert any("Say next" in line for line in talk.captions)
    assert len([line for line in talk.captions if line.startswith("You:")]) == 1
    assert not any("emergency" in line or "911" in line for line in talk.captions)

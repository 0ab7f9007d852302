"""The whole path with real sound: a question is spoken, and the answer is listened to."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judge import share_heard, written_down, written_down_by_pauses
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


FRESH = {
    "what-is-mbc": "So what is it when the cancer is metastatic?",
    "recurrence-types": "In which ways might breast cancer return?",
    "where-it-spreads": "Which parts of the body can it move to?",
    "how-it-spreads": "How do the cancer cells get to other places?",
    "timing": "How soon can breast cancer spread?",
    "symptoms-overview": "What symptoms should I look out for?",
    "symptoms-bone": "How would I notice it in my bones?",
    "symptoms-liver": "What are signs that it is in the liver?",
    "symptoms-lung": "Which symptoms come when it is in the lungs?",
    "symptoms-brain": "What does it feel like in the brain?",
    "symptoms-general": "Is being tired all the time a general symptom?",
    "symptoms-from-treatment": "Could the side effects come from my treatment?",
    "diagnosis-tests": "Which scans and tests do they use to find it?",
    "curable": "Will they ever be able to cure it?",
    "treatment-overview": "What kinds of treatment could I get?",
    "treatment-hormone": "Tell me how hormone therapy works.",
    "treatment-er-her2neg": "What kind of drug is Ibrance?",
    "treatment-hormone-other": "Are there other drugs for hormone positive cancer?",
    "treatment-her2": "Which treatment is there for HER2 positive cancer?",
    "treatment-chemo": "When would they give me chemotherapy?",
    "treatment-targeted": "What do you know about targeted therapy?",
    "treatment-bone-drugs": "Which drugs make the bones stronger?",
    "treatment-radiation": "What is radiation good for?",
    "treatment-surgery": "Would they do surgery?",
    "deciding": "How do people decide which treatment is best for them?",
    "clinical-trials": "Could I take part in a clinical trial?",
    "outlook": "What is the outlook with this disease?",
    "risk-reduction": "What can I do to lower my risk?",
}
"""One question a topic, none of them among its own wordings."""


@pytest.mark.engine
def test_every_topic_is_reached_by_a_fresh_question() -> None:
    """Plain questions that stand nowhere in the content reach their topics, typed and spoken.

    Of 28 at most one may be missed typed, and three spoken.
    """
    library, interpret = build.understanding(Settings())
    assert set(FRESH) == set(library.topics)
    own = {wording.lower() for topic in library.topics.values() for wording in topic.ask}
    assert not own & {question.lower().rstrip("?.") for question in FRESH.values()}
    ear = build.recognizer(Settings())
    missed: dict[str, list[str]] = {"typed": [], "spoken": []}
    for number, (topic, question) in enumerate(FRESH.items()):
        said = build.hear_file(spoken(question, ("hibari", "slt")[number % 2]), ear)
        texts = {"typed": question, "spoken": said.text if isinstance(said, Transcript) else ""}
        for way, text in texts.items():
            outcome = interpret(text, Context())
            if not (isinstance(outcome, Answer) and outcome.topic == topic):
                missed[way].append(f"{topic}: {text}: {outcome}")
    assert len(missed["typed"]) <= 1, missed["typed"]
    assert len(missed["spoken"]) <= 3, missed["spoken"]


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
    answer = after[answer_from - SAMPLE_RATE // 2 : stopped_at]
    heard = f"{written_down(answer)} {written_down_by_pauses(answer)}"
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
        talk.wait_for("Symptoms in the brain.")
        talk.wait_for("(listening)")
        assert any("Say next" in line for line in talk.captions)
    assert len([line for line in talk.captions if line.startswith("You:")]) == 1
    assert not any("emergency" in line or "911" in line for line in talk.captions)

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from mbc_voice.audio import SAMPLE_RATE, Samples, Segment
from mbc_voice.errors import ModelError
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.mel import log_mel
from mbc_voice.hear.recognizer import transcribe
from mbc_voice.hear.whisper import READINGS, WhisperRecognizer, _doubt
from voices import samples_of

MODELS = Path(__file__).parents[2] / "models"
NOISE = np.random.default_rng(7).normal(0, 0.05, 2 * SAMPLE_RATE).astype(np.float32)
SECONDS = np.arange(2 * SAMPLE_RATE, dtype=np.float32) / SAMPLE_RATE


@functools.cache
def whisper(name: str) -> WhisperRecognizer:
    if not (MODELS / name / "model.bin").exists():
        pytest.skip(f"the model {name} is not installed")
    return WhisperRecognizer(MODELS / name)


def hear(samples: Samples, model: str = "whisper-base") -> Transcript | Silence:
    return transcribe(whisper(model), Segment(samples, 0, len(samples)))


def words(said: Transcript | Silence) -> str:
    assert isinstance(said, Transcript), said
    return " ".join("".join(c for c in said.text.lower() if c.isalnum() or c == " ").split())


@pytest.mark.engine
@pytest.mark.parametrize("model", ["whisper-base", "whisper-tiny-en"])
@pytest.mark.parametrize("voice", ["hibari", "slt"])
@pytest.mark.parametrize("text", ["What are the symptoms in the lungs?", "Yes.", "Stop."])
def test_whisper_writes_down_what_was_said(model: str, voice: str, text: str) -> None:
    """Questions and single words arrive once, word for word."""
    said = hear(samples_of(text, voice), model)
    assert words(said) == text.lower().strip("?.")
    assert isinstance(said, Transcript)
    assert 0.3 < said.confidence <= 1.0
    assert said.recognize_ms > 0


@pytest.mark.engine
def test_whisper_tells_other_readings() -> None:
    """The best readings hold the words at each speed, looked at before or not; then it forgets."""
    ear = whisper("whisper-base")
    ear.begin()
    ear.feed(samples_of("I can't breathe."))
    unseen = ear.alternatives()
    said = ear.look()
    assert words(said) == "i cant breathe"
    assert ear.alternatives() == unseen
    for speed in (1.0, 1.11):
        readings = ear.alternatives(speed)
        assert 2 <= len(readings) <= READINGS
        assert "i cant breathe" in {words(Transcript(reading)) for reading in readings}
    ear.begin()
    assert ear.alternatives() == ()


@pytest.mark.engine
def test_other_readings_are_of_all_that_was_fed() -> None:
    """What came after a look is in them; what is too long has none."""
    ear = whisper("whisper-base")
    ear.begin()
    ear.feed(samples_of("Where does it"))
    ear.look()
    ear.feed(samples_of("spread to?"))
    assert any("spread" in reading.lower() for reading in ear.alternatives())
    ear.feed(np.tile(samples_of("Where does it spread?"), 10))
    assert ear.alternatives() == ()


@pytest.mark.engine
@pytest.mark.parametrize("change", [lambda s: s * 0.01, lambda s: s * 0.5 + 0.4])
def test_faint_and_offset_speech_is_understood(change: object) -> None:
    """Neither 40 dB less nor a constant offset matters."""
    assert callable(change)
    samples = np.asarray(change(samples_of("Is there a cure?")), dtype=np.float32)
    assert words(hear(samples)) == "is there a cure"


@pytest.mark.engine
@pytest.mark.parametrize(
    ("samples", "why"),
    [
        pytest.param(np.zeros(0, np.float32), "silence", id="nothing"),
        pytest.param(np.zeros(SAMPLE_RATE, np.float32), "silence", id="digital silence"),
        pytest.param(np.full(SAMPLE_RATE, 0.3, np.float32), "silence", id="a constant"),
        pytest.param(NOISE, "noise", id="white noise"),
        pytest.param(NOISE * np.float32(0.04), "noise", id="faint noise"),
        pytest.param(np.float32(0.3) * np.sin(6.2832 * 440 * SECONDS), "noise", id="a tone"),
        pytest.param(np.float32(0.2) * np.sin(6.2832 * 50 * SECONDS), "noise", id="hum"),
    ],
)
def test_no_text_comes_out_of_silence(samples: Samples, why: str) -> None:
    """Sound without speech is silence, even where voice activity let it through."""
    assert hear(samples) == Silence(why)  # type: ignore[arg-type]


@pytest.mark.engine
def test_a_very_long_segment_is_cut() -> None:
    """Forty seconds end in a transcript, not in an error or an endless repetition."""
    question = np.pad(samples_of("What are the side effects?"), (0, SAMPLE_RATE))
    said = hear(np.tile(question, 40 * SAMPLE_RATE // len(question)))
    assert isinstance(said, Transcript | Silence)


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech", "expected"),
    [
        ("is there a cure", -0.3, 0.01, None),
        ("is there a cure", -0.3, 0.99, None),
        ("is there a cure", -1.2, 0.01, None),
        ("thank you", -1.2, 0.7, Silence("noise")),
        ("bathroom", -1.7, 0.1, Silence("unclear")),
        (" . ...", -0.3, 0.01, Silence("noise")),
        ("", -0.3, 0.01, Silence("noise")),
        ("no " * 40, -0.1, 0.01, Silence("unclear")),
        ("stop stop stop", -0.3, 0.01, None),
    ],
)
def test_which_text_is_not_believed(
    text: str, log_probability: float, no_speech: float, expected: Silence | None
) -> None:
    """Only both doubts together, a wild guess, endless repetition or no word are refused."""
    assert _doubt(text, log_probability, no_speech) == expected


REFERENCE = {
    10: [-0.3610, 0.2959, 0.4798, -0.4477, -0.6640, -0.6640, -0.6640, -0.6640, -0.6640, -0.6640],
    50: [-0.2269, -0.6640, -0.6640, -0.6640, -0.4529, 1.2780, -0.6640, -0.6640, -0.6640, -0.6640],
    90: [-0.2249, -0.6640, -0.6640, -0.6640, -0.6640, -0.6640, -0.6118, -0.0549, -0.6640, -0.6640],
}
"""Every eighth band of three frames of the sweep below, by faster-whisper 1.2.1."""


def test_the_spectrogram_is_the_reference_one() -> None:
    """A sweep from 200 to 3200 Hz looks as the reference implementation pictures it."""
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    sweep = (0.3 * np.sin(2 * np.pi * (200 * time + 1500 * time * time))).astype(np.float32)
    ours = log_mel(sweep - sweep.mean())
    assert ours.shape == (80, 100)
    for frame, bands in REFERENCE.items():
        np.testing.assert_allclose(ours[::8, frame], bands, atol=2e-4)


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    """A model without one of its files says which, and what to do."""
    for name in {"model.bin", "config.json", "tokenizer.json"} - {missing}:
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelError, match=f"lacks {missing}. Install it again"):
        WhisperRecognizer(tmp_path)


@pytest.mark.parametrize("broken", ["", "{}", "\x00" * 1000])
def test_a_damaged_model_is_one_clear_line(tmp_path: Path, broken: str) -> None:
    """Rubbish in the files is a `ModelError`."""
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text(broken)
    with pytest.raises(ModelError, match="damaged"):
        WhisperRecognizer(tmp_path)

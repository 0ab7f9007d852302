from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from fakes import FakeRecognizer, LoudIsSpeech
from mbc_voice.audio import SAMPLE_RATE, Samples, resample
from mbc_voice.errors import AudioFileError
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.file import hear_file
from mbc_voice.hear.voice_activity import SileroVoiceActivity
from voices import samples_of

QUESTION = Transcript("where does it spread")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "question.wav"


def tone(*parts: tuple[float, float]) -> Samples:
    """Return a square wave for so many seconds at each level."""
    levels = np.concatenate([np.full(int(SAMPLE_RATE * s), level) for level, s in parts])
    signs = np.where(np.arange(len(levels)) // 20 % 2, 1.0, -1.0)
    return np.asarray(levels * signs, dtype=np.float32)


def heard(path: Path, activity: LoudIsSpeech | SileroVoiceActivity | None = None) -> list[Samples]:
    """Return the segments that reach the recognizer."""
    recognizer = FakeRecognizer(QUESTION)
    hear_file(path, recognizer, activity or LoudIsSpeech())
    return recognizer.segments


def test_the_time_is_the_recognizers(path: Path) -> None:
    """The transcript carries what recognizing took, and nothing else is changed."""
    soundfile.write(path, tone((0, 0.5), (0.9, 1), (0, 1)), SAMPLE_RATE)
    said = hear_file(path, FakeRecognizer(QUESTION), LoudIsSpeech())
    assert isinstance(said, Transcript)
    assert (said.text, said.confidence) == (QUESTION.text, QUESTION.confidence)
    assert said.recognize_ms > 0


def test_only_the_first_question_is_heard(path: Path) -> None:
    """A pause of a second belongs to the question; after three seconds it is over."""
    one = [(0.0, 0.5), (0.9, 1.0), (0.0, 1.0), (0.9, 1.0)]
    soundfile.write(path, tone(*one, (0, 3), (0.9, 5)), SAMPLE_RATE)
    (segment,) = heard(path)
    assert 3.0 <= len(segment) / SAMPLE_RATE <= 4.2


NOISE = np.random.default_rng(3).uniform(-1, 1, 3 * SAMPLE_RATE)


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        pytest.param(0 * NOISE, "silence", id="digital silence"),
        pytest.param(0 * NOISE + 0.3, "silence", id="a constant"),
        pytest.param(0.3 * NOISE, "noise", id="noise"),
        pytest.param(0.001 * NOISE, "noise", id="faint noise"),
        pytest.param(tone((0.2, 3)), "noise", id="a buzz"),
    ],
)
def test_a_file_without_speech_is_silence(path: Path, samples: Samples, why: str) -> None:
    """Nothing is given to the recognizer, which would make words of it."""
    soundfile.write(path, samples, SAMPLE_RATE)
    recognizer = FakeRecognizer()
    said = hear_file(path, recognizer, SileroVoiceActivity())
    assert said == Silence(why)  # type: ignore[arg-type]
    assert recognizer.segments == []


def test_a_file_that_breaks_off_is_heard_as_far_as_it_goes(path: Path) -> None:
    """A recording cut in the middle of its data still holds a question."""
    soundfile.write(path, tone((0, 0.5), (0.9, 4)), SAMPLE_RATE)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    (segment,) = heard(path)
    assert 1.5 <= len(segment) / SAMPLE_RATE <= 2.6


@pytest.mark.parametrize("content", [b"", b"RIFF", b"this is not sound"])
def test_what_is_no_sound_is_an_error(path: Path, content: bytes) -> None:
    """Empty files and text are refused in one line."""
    path.write_bytes(content)
    with pytest.raises(AudioFileError, match=r"^[^\n]+$"):
        heard(path)


def test_an_hour_is_read_only_to_the_end_of_the_question(path: Path) -> None:
    """An hour-long file costs the memory of one question, talked through or not."""
    with soundfile.SoundFile(path, "w", 8000, 1, "PCM_U8") as file:
        for _ in range(60):
            file.write(tone((0.9, 30)))
    tracemalloc.start()
    (segment,) = heard(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(segment) / SAMPLE_RATE == pytest.approx(30, abs=0.1)
    assert peak < 40_000_000


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [(8000, 1, "PCM_16"), (48_000, 2, "PCM_16"), (44_100, 1, "PCM_24"), (16_000, 1, "FLOAT")],
)
def test_speech_is_found_in_every_format(
    path: Path, rate: int, channels: int, subtype: str
) -> None:
    """Rates, channels and depths make no difference to where the speech is."""
    speech = samples_of("Where does breast cancer spread to?")
    padded = np.pad(speech, (SAMPLE_RATE // 2, SAMPLE_RATE // 2))
    data = resample(padded, SAMPLE_RATE, rate)
    soundfile.write(path, np.stack([data] * channels, axis=1), rate, subtype=subtype)
    (segment,) = heard(path, SileroVoiceActivity())
    assert len(segment) / SAMPLE_RATE == pytest.approx(len(speech) / SAMPLE_RATE, abs=0.5)


def faint(speech: Samples) -> Samples:
    return np.asarray(speech * 0.003, dtype=np.float32)


def offset(speech: Samples) -> Samples:
    return np.asarray(speech * 0.5 + 0.4, dtype=np.float32)


def clipped(speech: Samples) -> Samples:
    return np.asarray(np.clip(speech * 10, -1, 1), dtype=np.float32)


def without_lead(speech: Samples) -> Samples:
    return speech[int(np.flatnonzero(np.abs(speech) > 0.01)[0]) :]


@pytest.mark.parametrize("spoil", [faint, offset, clipped, without_lead])
@pytest.mark.parametrize(("text", "voice"), [("No.", "kal16"), ("Help.", "kal16"), ("Yes.", "slt")])
def test_single_words_are_found_in_poor_recordings(
    path: Path, spoil: object, text: str, voice: str
) -> None:
    """Faint, offset, clipped, or beginning with the word itself: one segment is found."""
    assert callable(spoil)
    soundfile.write(path, spoil(samples_of(text, voice)), SAMPLE_RATE, subtype="PCM_24")
    (segment,) = heard(path, SileroVoiceActivity())
    assert 0.2 <= len(segment) / SAMPLE_RATE <= 1.5

"""Sound files of every kind, as blocks at 16 kHz."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.audio import (
    SAMPLE_RATE,
    Samples,
    decibels_to_gain,
    read_blocks,
    resample,
    rms_dbfs,
    write_wav,
)
from mbc_voice.errors import AudioFileError


def tone(seconds: float, rate: int, hertz: float = 440.0) -> Samples:
    time = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def read_all(path: Path) -> Samples:
    return np.concatenate([block.samples for block in read_blocks(path)])


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [
        (8_000, 1, "PCM_16"),
        (16_000, 1, "PCM_16"),
        (22_050, 1, "PCM_U8"),
        (44_100, 2, "PCM_16"),
        (48_000, 2, "PCM_24"),
        (48_000, 6, "FLOAT"),
        (96_000, 1, "DOUBLE"),
        (8_000, 1, "ULAW"),
    ],
)
def test_odd_formats_are_read(tmp_path: Path, rate: int, channels: int, subtype: str) -> None:
    """Any rate, width and number of channels arrives as the same tone at 16 kHz."""
    path = tmp_path / "tone.wav"
    sound = np.repeat(tone(1.0, rate)[:, None], channels, axis=1)
    soundfile.write(path, sound, rate, subtype=subtype)
    heard = read_all(path)
    assert pytest.approx(len(heard), abs=50) == SAMPLE_RATE
    spectrum = np.abs(np.fft.rfft(heard))
    assert pytest.approx(np.argmax(spectrum) * SAMPLE_RATE / len(heard), abs=3) == 440
    assert rms_dbfs(tone(1.0, rate)) == pytest.approx(rms_dbfs(heard), abs=0.5)


def test_blocks_follow_one_another(tmp_path: Path) -> None:
    """Each block starts where the one before it ended, and none is large."""
    path = tmp_path / "long.wav"
    soundfile.write(path, tone(7.3, 48_000), 48_000)
    at = 0
    for block in read_blocks(path):
        assert at == block.start
        assert len(block.samples) <= SAMPLE_RATE
        at += len(block.samples)


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """Half a recording is better than none."""
    path = tmp_path / "cut.wav"
    soundfile.write(path, tone(2.0, 16_000), 16_000)
    path.write_bytes(path.read_bytes()[:32_044])
    assert pytest.approx(len(read_all(path)), abs=50) == SAMPLE_RATE


def bad_files(folder: Path) -> dict[str, Path]:
    files = {name: folder / name for name in ("missing.wav", "empty.wav", "text.wav", "header.wav")}
    files["empty.wav"].write_bytes(b"")
    files["text.wav"].write_text("this is not sound", encoding="utf-8")
    soundfile.write(files["header.wav"], np.zeros(0, dtype=np.float32), 16_000)
    files["folder"] = folder
    return files


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.wav", "There is no file"),
        ("empty.wav", "is empty"),
        ("text.wav", "is not a sound file"),
        ("header.wav", "holds no sound"),
        ("folder", "is a folder"),
    ],
)
def test_a_bad_file_is_named_in_one_line(tmp_path: Path, name: str, says: str) -> None:
    """What is wrong with a file is said in one line that names it."""
    path = bad_files(tmp_path)[name]
    with pytest.raises(AudioFileError, match=says) as caught:
        read_all(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pipe_and_a_mad_rate_are_refused(tmp_path: Path) -> None:
    """What would be waited for, or grow, without end is refused in one line."""
    pipe, slow = tmp_path / "pipe.wav", tmp_path / "slow.wav"
    os.mkfifo(pipe)
    soundfile.write(slow, tone(1.0, 16_000), 1)
    with pytest.raises(AudioFileError, match="is not a file"):
        read_all(pipe)
    with pytest.raises(AudioFileError, match="no usable sample rate"):
        read_all(slow)


def test_not_a_number_never_gets_in(tmp_path: Path) -> None:
    """A damaged float file yields silence where it holds no numbers."""
    path = tmp_path / "nan.wav"
    sound = tone(0.5, 16_000)
    sound[100:200] = np.nan
    soundfile.write(path, sound, 16_000, subtype="FLOAT")
    assert bool(np.isfinite(read_all(path)).all())


def test_writing_to_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    """A sound that can't be saved is said in one line."""
    with pytest.raises(AudioFileError, match="can't be written"):
        write_wav(tmp_path / "nowhere" / "a.wav", tone(0.1, 16_000), 16_000)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Sixteen bits lose next to nothing."""
    path = tmp_path / "a.wav"
    write_wav(path, tone(0.5, 16_000), 16_000)
    np.testing.assert_allclose(read_all(path), tone(0.5, 16_000), atol=1e-3)


def test_level_of_silence_is_a_number() -> None:
    """Silence and no sound at all have a finite level."""
    assert rms_dbfs(np.zeros(10, dtype=np.float32)) == -120.0
    assert rms_dbfs(np.zeros(0, dtype=np.float32)) == -120.0


@given(st.floats(min_value=-40, max_value=20))
def test_gain_and_level_agree(decibels: float) -> None:
    """A gain of so many decibels moves the level by as many."""
    quiet = np.full(100, 0.05, dtype=np.float32)
    louder = (quiet * decibels_to_gain(decibels)).astype(np.float32)
    assert decibels == pytest.approx(rms_dbfs(louder) - rms_dbfs(quiet), abs=0.01)


def test_resampling_keeps_the_length() -> None:
    """Half the rate, half the samples; the same rate, the same array."""
    sound = tone(1.0, 48_000)
    assert pytest.approx(len(resample(sound, 48_000, 24_000)), abs=2) == 24_000
    assert resample(sound, 48_000, 48_000) is sound

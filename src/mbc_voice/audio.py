"""Sound as data: blocks, segments, resampling, and reading and writing sound files.

Pure and thread-free. Every array is mono, ``(n,) float32 in [-1, 1]``. Inside, everything that is
heard runs at `SAMPLE_RATE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from mbc_voice.errors import AudioFileError

SAMPLE_RATE = 16_000
"""Hz; what Silero, Vosk and Whisper all expect."""

LOWEST_RATE = 4_000
"""Hz; a file that claims less holds no speech."""

Samples: TypeAlias = npt.NDArray[np.float32]
"""``(n,) float32 in [-1, 1]``, mono."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A few milliseconds of sound at `SAMPLE_RATE`."""

    samples: Samples
    start: int
    """Index of its first sample since the stream began."""
    at: float | None = None
    """When it arrived from a device, in seconds on `time.monotonic`; None if it did not."""
    voice: Samples | None = None
    """The same stretch as voice activity is to see it, where that differs: without echo or noise,
    even if words suffer."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One stretch of speech at `SAMPLE_RATE`, with a little room around it."""

    samples: Samples
    start: int
    """Index of its first sample since the stream began."""
    speech_end: int
    """Index, since the stream began, of the sample after the last one that was speech."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SAMPLE_RATE


def resample(samples: Samples, source_rate: int, target_rate: int) -> Samples:
    """Return the samples at another rate (Hz), by soxr at high quality."""
    if source_rate == target_rate:
        return samples
    return np.asarray(soxr.resample(samples, source_rate, target_rate), dtype=np.float32)


def rms_dbfs(samples: Samples) -> float:
    """Return the level in dBFS (a full-scale square wave is 0), at least -120."""
    if not len(samples):
        return -120.0
    mean_square = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(-120.0, 10.0 * float(np.log10(mean_square + 1e-12)))


def decibels_to_gain(decibels: float) -> float:
    """Return the linear factor for a level change in dB."""
    return float(10.0 ** (decibels / 20.0))


def read_blocks(path: Path, block_ms: int = 500) -> Iterator[Block]:
    """Yield a sound file as blocks at `SAMPLE_RATE`, never holding more than one in memory.

    Any rate, any number of channels (their mean is taken) and any format that libsndfile reads.
    Raises `AudioFileError` if the file is missing, unreadable, empty or not sound.
    """
    if path.exists() and not path.is_file():
        raise AudioFileError(_why_unreadable(path))
    try:
        with soundfile.SoundFile(path) as file:
            if file.samplerate < LOWEST_RATE:
                raise AudioFileError(f"{path} has no usable sample rate. Save it again as WAV.")
            resampler = soxr.ResampleStream(file.samplerate, SAMPLE_RATE, 1, dtype="float32")
            frames = max(1, file.samplerate * block_ms // 1000)
            start = 0
            while True:
                raw = file.read(frames, dtype="float32", always_2d=True)
                last = len(raw) < frames
                mono = np.ascontiguousarray(raw.mean(axis=1, dtype=np.float32))
                out = np.asarray(resampler.resample_chunk(mono, last=last), dtype=np.float32)
                out = np.nan_to_num(out, nan=0.0, posinf=1.0, neginf=-1.0)
                if len(out):
                    yield Block(out, start)
                start += len(out)
                if last:
                    break
    except (OSError, soundfile.SoundFileError) as error:
        raise AudioFileError(_why_unreadable(path)) from error
    if start == 0:
        raise AudioFileError(f"{path} holds no sound. Record the question again and retry.")


def _why_unreadable(path: Path) -> str:
    if not path.exists():
        return f"There is no file {path}. Check the name and the folder."
    if path.is_dir():
        return f"{path} is a folder. Give the name of a WAV file."
    if not path.is_file():
        return f"{path} is not a file. Give the name of a WAV file."
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError:
        return f"{path} can't be read. Check that you are allowed to open it."
    if empty:
        return f"{path} is empty. Record the question again and retry."
    return f"{path} is not a sound file this program can read. Save it as WAV and retry."


def write_wav(path: Path, samples: Samples, sample_rate: int) -> None:
    """Write mono 16-bit WAV. Raises `AudioFileError` if that is not possible."""
    try:
        soundfile.write(path, samples, sample_rate, subtype="PCM_16", format="WAV")
    except (OSError, soundfile.SoundFileError) as error:
        raise AudioFileError(
            f"{path} can't be written. Check that the folder exists and has room."
        ) from error

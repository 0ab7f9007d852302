"""People for the tests: sentences spoken to WAV by two kinds of voices, and kept.

``hibari`` is the natural voice of the program; ``slt``, ``rms``, ``awb`` and ``kal16`` are
flite's; ``kal`` and ``hts`` are Festival's; ``espeak`` and ``ko`` are eSpeak NG in English, as
pyttsx3 speaks on Linux, and in Korean. Files are 16 kHz mono in ``tests/audio`` (not tracked).
"""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from mbc_voice.audio import SAMPLE_RATE, Samples, resample, write_wav

FOLDER = Path(__file__).parent / "audio"
FLITE = ("slt", "rms", "awb", "kal16")
FESTIVAL = {"kal": "kal_diphone", "hts": "cmu_us_slt_arctic_hts"}
ESPEAK = {"espeak": ("en-us", "160"), "ko": ("ko", "130")}
VOICES = ("hibari", *FLITE, *FESTIVAL, *ESPEAK)


def why_not(voice: str) -> str:
    """Return why this voice can't speak here, or "" if it can."""
    if voice in FLITE and not shutil.which("flite"):
        return "flite is not installed (apt install flite)"
    if voice in FESTIVAL and not shutil.which("text2wave"):
        return "Festival is not installed (apt install festival festvox-kallpc16k)"
    if voice in ESPEAK and not shutil.which("espeak-ng"):
        return "eSpeak NG is not installed (apt install espeak-ng)"
    return ""


def spoken(text: str, voice: str = "hibari") -> Path:
    """Return a WAV file in which the voice says the text; the same file every time."""
    key = hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()[:16]
    path = FOLDER / f"{voice}-{key}.wav"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
            half_made = Path(scratch) / "speech.wav"
            write_wav(half_made, _render(text, voice, Path(scratch)), SAMPLE_RATE)
            half_made.replace(path)
    return path


def samples_of(text: str, voice: str = "hibari") -> Samples:
    """Return the spoken text as samples at `SAMPLE_RATE`."""
    samples, _ = soundfile.read(spoken(text, voice), dtype="float32")
    return np.asarray(samples, dtype=np.float32)


def _render(text: str, voice: str, scratch: Path) -> Samples:
    if voice == "hibari":
        return resample(_hibari()(text), 24_000, SAMPLE_RATE)
    path = scratch / "raw.wav"
    typed = None
    if voice in ESPEAK:
        name, rate = ESPEAK[voice]
        command = ["espeak-ng", "-v", name, "-s", rate, "-w", str(path), text]
    elif voice in FESTIVAL:
        command = ["text2wave", "-eval", f"(voice_{FESTIVAL[voice]})", "-o", str(path)]
        typed = text.encode()
    else:
        command = ["flite", "-voice", voice, "-t", text, "-o", str(path)]
    subprocess.run(command, input=typed, check=True, timeout=60)
    samples, rate = soundfile.read(path, dtype="float32")
    return resample(np.asarray(samples, dtype=np.float32), rate, SAMPLE_RATE)


@functools.cache
def _hibari() -> Callable[[str], Samples]:
    from hibari import Hibari

    voice = Hibari()
    return lambda text: np.asarray(voice(text, seed=1), dtype=np.float32)

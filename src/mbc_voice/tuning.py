"""Whether this is a small computer, such as a Raspberry Pi, and what is done differently on one.

Owns one small file, in the user's folder for what can be made again: how long this computer took
to understand a question. `doctor` measures it; nothing here runs while somebody talks.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mbc_voice import build
from mbc_voice.audio import Segment
from mbc_voice.models import verify
from mbc_voice.settings import Settings

SLOW_MS = 1200.0
"""A computer that needs longer than this with Whisper base, for a question of about 2 s, is small:
people notice a wait that the pause after a question does not cover."""
LITTLE_MEMORY_MB = 1500.0
"""One with less memory is small, too; all of it together takes some 500 MB."""
SMALL_FIRST = ("vosk", "whisper-tiny-en", "whisper-base")
"""On a small computer the first of these that is installed listens."""
SMALL_CACHE_MB = 120
"""Room for every sentence at one rate."""


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the user's folder for what can be made again."""
    base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mbc-voice"


def measure(settings: Settings, question: Segment) -> dict[str, float]:
    """Return how long (ms) each installed recognizer takes for a question. Takes some seconds."""
    models = build.models_folder(settings)
    taken = {}
    for name, model in build.RECOGNIZERS.items():
        if not verify.is_ready(model, models):
            continue
        ear = build.recognizer(settings, name)
        build.transcribe(ear, question)
        began = time.perf_counter()
        build.transcribe(ear, question)
        taken[name] = (time.perf_counter() - began) * 1000
    return taken


def keep(taken: Mapping[str, float], where: Path) -> None:
    """Keep a measurement, if the folder can be written."""
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True)
        (where / "machine.json").write_text(json.dumps(dict(taken)), encoding="utf-8")


def kept(where: Path) -> dict[str, float]:
    """Return what was measured last, empty if nothing was."""
    try:
        found = json.loads((where / "machine.json").read_text(encoding="utf-8"))
        return {str(name): float(taken) for name, taken in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def is_small(settings: Settings, taken: Mapping[str, float], memory_mb: float) -> bool:
    """Return whether the settings, or what is known of this computer, call it small.

    `memory_mb` is all of its memory, 0 if that isn't known.
    """
    if settings.hear.machine != "auto":
        return settings.hear.machine == "small"
    return taken.get("whisper-base", 0.0) > SLOW_MS or 0 < memory_mb < LITTLE_MEMORY_MB


def fitted(settings: Settings) -> Settings:
    """Return the settings as they fit this computer; what somebody chose stays as it is."""
    if not is_small(settings, kept(folder()), _memory_mb()):
        return settings
    return small(settings, build.models_folder(settings), os.cpu_count() or 1)


def small(settings: Settings, models: Path, cores: int) -> Settings:
    """Return the settings for a small computer: a quick ear, a core left free, less on the disk."""
    hear, speak = settings.hear, settings.speak
    if hear.recognizer == "auto":
        ready = (n for n in SMALL_FIRST if verify.is_ready(build.RECOGNIZERS[n], models))
        hear = replace(hear, recognizer=next(ready, "auto"))
    hear = replace(hear, threads=max(1, min(hear.threads, cores - 1)))
    speak = replace(speak, cache_mb=min(speak.cache_mb, SMALL_CACHE_MB))
    return replace(settings, hear=hear, speak=speak)


def _memory_mb() -> float:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    except (AttributeError, ValueError, OSError):
        return 0.0

"""``mbc-voice doctor``: tries every part for real, and says what to do about what fails."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date

import numpy as np

from mbc_voice import build, renderings, tuning
from mbc_voice.audio import SAMPLE_RATE, Block, Segment, resample, rms_dbfs
from mbc_voice.content.report import check_report
from mbc_voice.dialogue import prompts
from mbc_voice.errors import DeviceError, MbcVoiceError, ModelError
from mbc_voice.events import Silence
from mbc_voice.library import Library, Sentence
from mbc_voice.settings import Settings, load
from mbc_voice.shells.cli import as_typed

LISTEN_SECONDS = 2.0
QUIETEST_DBFS = -80.0
"""A working microphone is never quieter than this; below it, it is turned down or unplugged."""

SENTENCE = "Where does breast cancer spread to?"


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Print one line a part; return 0 if all work, else 2."""
    settings = load()
    fine = True
    for name, examine in _parts(settings):
        began = time.perf_counter()
        try:
            found = examine()
        except MbcVoiceError as error:
            fine = False
            print(f"PROBLEM  {name}: {as_typed(' '.join(str(error).split()))}", flush=True)
        else:
            took = time.perf_counter() - began
            print(f"ok       {name}: {as_typed(found)} ({took:.1f} s)", flush=True)
    print("\nEverything works." if fine else "\nPlease see to the problems above, and try again.")
    return 0 if fine else 2


def _parts(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "content", lambda: _content(settings)
    loaded = build.library(settings)
    yield "understanding", lambda: _understanding(settings)
    yield "voice", lambda: _voice(settings, loaded)
    yield "spoken ahead", lambda: _spoken_ahead(settings, loaded)
    yield "recognizer", lambda: _recognizer(settings, loaded)
    yield "speed", lambda: _speed(settings, loaded)
    yield "loudspeaker", lambda: _loudspeaker(settings)
    yield "microphone", lambda: _microphone(settings)


def _content(settings: Settings) -> str:
    folder = build.content_folder(settings)
    text, fine = check_report(folder, date.today(), prompt_flaws=prompts.check)
    if not fine:
        raise MbcVoiceError(f"{text.splitlines()[0]} Type: mbc-voice content check")
    return text.splitlines()[-1].rstrip(".")


def _understanding(settings: Settings) -> str:
    if build.embedder(settings) is None:
        raise ModelError(
            "minilm-l6 is missing, so questions are understood less well. "
            "Type: mbc-voice models install minilm-l6"
        )
    build.understanding(settings)
    return "ready"


def _voice(settings: Settings, loaded: Library) -> str:
    voice = build.synthesizer(settings, loaded)
    samples, rate = build.render((Sentence("doctor.1", SENTENCE),), voice, settings)
    return f"{voice.name} speaks, {len(samples) / rate:.1f} s of sound"


def _spoken_ahead(settings: Settings, loaded: Library) -> str:
    ready, total, cache = renderings.kept(settings, loaded)
    if cache.problem:
        raise MbcVoiceError(f"{cache.problem} Make room on the disk, or see to its permissions.")
    if not cache.keeps("hibari"):
        return "nothing is kept; speak.cache_mb is 0"
    more = "" if ready == total else ". To do the rest now: mbc-voice voices prepare"
    return f"{ready} of {total} sentences, {cache.size / 1e6:.0f} MB{more}"


def _recognizer(settings: Settings, loaded: Library) -> str:
    name = build.recognizer_name(settings)
    ear = build.recognizer(settings)
    voice = build.synthesizer(settings, loaded)
    samples, rate = build.render((Sentence("doctor.1", SENTENCE),), voice, settings)
    heard = resample(samples, rate, SAMPLE_RATE)
    said = build.transcribe(ear, Segment(heard, 0, len(heard)))
    if isinstance(said, Silence):
        raise ModelError(f"{name} understood nothing. Type: mbc-voice models verify")
    return f"{name} heard our own voice say: {said.text}"


def _speed(settings: Settings, loaded: Library) -> str:
    """Measure how long it takes to understand a question, and keep that."""
    voice = build.synthesizer(settings, loaded)
    samples, rate = build.render((Sentence("doctor.1", SENTENCE),), voice, settings)
    heard = resample(samples, rate, SAMPLE_RATE)
    taken = tuning.measure(settings, Segment(heard, 0, len(heard)))
    tuning.keep(taken, tuning.folder())
    times = ", ".join(f"{name} takes {ms / 1000:.1f} s" for name, ms in taken.items())
    name = build.recognizer_name(tuning.fitted(settings))
    slow = taken.get(name, 0.0) > tuning.SLOW_MS
    if slow and name != "whisper-tiny-en":
        raise ModelError(
            f"This computer is slow to understand ({times}). "
            "Type: mbc-voice models install whisper-tiny-en, then: mbc-voice doctor"
        )
    return f"to understand a question {times}; it uses {name}"


def _loudspeaker(settings: Settings) -> str:
    rate = build.try_loudspeaker(settings)
    return f"{settings.speak.loudspeaker or 'the default'} opens at {rate} Hz"


def _microphone(settings: Settings) -> str:
    source = build.microphone(settings)
    source.open()
    kept: list[np.ndarray] = []
    with closing(source):
        for arrived in source.blocks():
            if not isinstance(arrived, Block):
                raise DeviceError("The microphone sends no sound. Plug it in again.")
            kept.append(arrived.samples)
            if sum(map(len, kept)) >= LISTEN_SECONDS * SAMPLE_RATE:
                break
    heard = np.concatenate(kept)
    if not heard.any():
        raise DeviceError("The microphone sends silence: is it muted? Check the sound settings.")
    level = rms_dbfs(heard)
    if level < QUIETEST_DBFS:
        raise DeviceError(
            "The microphone hears almost nothing. Is it turned down? Check the sound settings."
        )
    return f"{settings.hear.microphone or 'the default'} hears {level:.0f} dBFS"

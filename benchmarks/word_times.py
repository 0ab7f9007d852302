"""How exactly the voices tell when each word begins.

    .venv/bin/python benchmarks/word_times.py [--sentences 40]

Two rulers, as there is no truth to be had for free. *Pauses*: where a sentence is silent for at
least 80 ms and sounds again, the nearest word should begin there. *Whisper*: its decoder's
attention, laid on the sound (CTranslate2's ``align``), says when it reads each word; it is itself
known to be off by some tens of milliseconds. The difference is told minus measured, in ms.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "benchmarks"))

from speaking import choose  # noqa: E402

from mbc_voice.audio import SAMPLE_RATE, resample  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.content.place import default_content  # noqa: E402
from mbc_voice.content.pronounce import Pronouncer  # noqa: E402
from mbc_voice.hear.mel import log_mel  # noqa: E402
from mbc_voice.models import place, verify  # noqa: E402
from mbc_voice.speak.natural_voice import NaturalVoice  # noqa: E402
from mbc_voice.speak.synthesizer import Rendering, Synthesizer  # noqa: E402
from mbc_voice.speak.system_voice import SystemVoice  # noqa: E402

RATES = (100, 160, 240, 400)
SILENCE_MS = 80
QUIET_DB = -38.0
"""Below the loudest 10 ms by so much is silence."""
NEAR_MS = 400


def main() -> None:
    """Measure all voices, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=40)
    library = load_library(default_content())
    sentences = choose(library, parser.parse_args().sentences)
    pronouncer = Pronouncer(library.pronunciations)
    system = SystemVoice(pronouncer.for_system_voice, language=library.language)
    print("| voice | rate | after pauses: n | median | 90 % within | Whisper: n | median | 90 % |")
    print("|---|---|---|---|---|---|---|---|")
    for voice in (NaturalVoice(pronouncer.for_natural_voice), system):
        for rate in RATES:
            print(f"| {voice.name} | {rate} | {_row(voice, sentences, rate)} |", flush=True)
    system.close()


def _row(voice: Synthesizer, sentences: list[str], rate: int) -> str:
    pauses: list[float] = []
    whisper: list[float] = []
    for text in sentences:
        rendering = voice.render(text, rate)
        pauses += _against(rendering, _onsets(rendering))
        whisper += _by_whisper(text, rendering)
    return f"{_summary(pauses)} | {_summary(whisper)}"


def _summary(errors: list[float]) -> str:
    if not errors:
        return "0 | | "
    within = np.quantile(np.abs(errors), 0.9)
    return f"{len(errors)} | {np.median(errors):+.0f} | {within:.0f}"


def _onsets(rendering: Rendering) -> list[float]:
    """Return when (s) sound sets in again after a pause, and at the beginning."""
    frame = rendering.sample_rate // 100
    count = len(rendering.samples) // frame
    power = np.square(rendering.samples[: count * frame].reshape(count, frame)).mean(axis=1)
    loud = 10 * np.log10(power + 1e-12) > 10 * np.log10(power.max()) + QUIET_DB
    found, quiet = [], SILENCE_MS
    for index, sounds in enumerate(loud):
        if sounds and quiet >= SILENCE_MS:
            found.append(index / 100)
        quiet = 0 if sounds else quiet + 10
    return found


def _against(rendering: Rendering, onsets: list[float]) -> Iterator[float]:
    for onset in onsets:
        told = [word.sample / rendering.sample_rate - onset for word in rendering.words]
        nearest = min(told, key=abs, default=9.9) * 1000
        if abs(nearest) < NEAR_MS:
            yield nearest


_MODEL = []


def _by_whisper(text: str, rendering: Rendering) -> list[float]:
    """Return the differences for the words that Whisper's tokens and the text have in common."""
    from ctranslate2 import StorageView
    from ctranslate2.models import Whisper
    from tokenizers import Tokenizer

    if not rendering.words:
        return []
    if not _MODEL:
        folder = verify.require("whisper-base", place.models_folder())
        _MODEL.append(Whisper(str(folder), device="cpu", compute_type="int8", intra_threads=2))
        _MODEL.append(Tokenizer.from_file(str(folder / "tokenizer.json")))
    model, tokenizer = _MODEL
    heard = resample(rendering.samples, rendering.sample_rate, SAMPLE_RATE)
    window = np.zeros(30 * SAMPLE_RATE, np.float32)
    window[: len(heard)] = heard[: len(window)]
    start = [tokenizer.token_to_id(f"<|{name}|>") for name in ("startoftranscript", "en")]
    start += [tokenizer.token_to_id("<|transcribe|>"), tokenizer.token_to_id("<|notimestamps|>")]
    words = [text[word.start : word.end] for word in rendering.words]
    tokens = [tokenizer.encode(f" {word}", add_special_tokens=False).ids for word in words]
    encoded = model.encode(StorageView.from_array(log_mel(window)[None]))
    flat = [token for group in tokens for token in group]
    aligned = model.align(encoded, start, [flat], [min(3000, len(heard) // 160)])[0]
    first = {}
    for token, frame in aligned.alignments:
        first.setdefault(token, frame * 0.02)
    starts = np.cumsum([0, *map(len, tokens)])
    return [
        (word.sample / rendering.sample_rate - first[at]) * 1000
        for word, at in zip(rendering.words[1:], starts[1:], strict=False)
        if at in first
    ]


if __name__ == "__main__":
    main()

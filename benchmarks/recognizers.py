"""How well and how fast the recognizers write down spoken questions, and where speech ends.

    .venv/bin/python benchmarks/recognizers.py [--json FILE] [--voices hibari slt rms awb]

Speaks questions and commands with the tests' voices, and prints for every way of decoding the
share of wrong words and the time from the end of the segment to the text. ``library`` is
faster-whisper's own `transcribe`, which fills every window up to 30 s.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from mbc_voice.audio import SAMPLE_RATE, Block, Samples, Segment  # noqa: E402
from mbc_voice.events import Transcript  # noqa: E402
from mbc_voice.hear.endpoint import Endpoint, SpeechBegan  # noqa: E402
from mbc_voice.hear.recognizer import transcribe  # noqa: E402
from mbc_voice.hear.voice_activity import Frames, SileroVoiceActivity  # noqa: E402
from mbc_voice.hear.whisper import WhisperRecognizer  # noqa: E402
from voices import samples_of  # noqa: E402

QUESTIONS = (
    "Where does breast cancer spread to?",
    "What are the symptoms in the lungs?",
    "Is there a cure?",
    "What is hormone therapy?",
    "How is it diagnosed?",
    "What about the liver?",
    "How does cancer spread?",
    "What questions should I ask my doctor?",
)
COMMANDS = ("Yes.", "No.", "Stop.", "Slower please.", "Repeat that.", "Pause.", "Next.", "Louder.")
MEDICINES = ("Ibrance", "palbociclib", "Herceptin", "trastuzumab", "Faslodex", "olaparib")
SETS = {
    "questions": QUESTIONS,
    "commands": COMMANDS,
    "medicines": tuple(f"What does {name} do?" for name in MEDICINES),
}

Hear = Callable[[Samples], str]


def main() -> None:
    """Measure everything that is installed, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--voices", nargs="+", default=["hibari", "slt", "rms", "awb"])
    chosen = parser.parse_args()
    rows = [endpoint_row(chosen.voices)]
    print(rows[0])
    for name, hear in ways():
        row: dict[str, object] = {"way": name}
        hear(samples_of(QUESTIONS[0]))
        for kind, sentences in SETS.items():
            row[kind] = measure(hear, sentences, chosen.voices)
        rows.append(row)
        print(f"{name:28}", *(f"{kind} {row[kind]}" for kind in SETS), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def ways() -> Iterator[tuple[str, Hear]]:
    """Yield a name and a function from samples to text for each way of decoding."""
    for model in ("whisper-base", "whisper-tiny-en"):
        path = ROOT / "models" / model
        if not path.is_dir():
            continue
        yield f"{model} cut, beam 1", ours(WhisperRecognizer(path))
        yield f"{model} cut, beam 5", ours(WhisperRecognizer(path, beam=5))
        hot = WhisperRecognizer(path, hotwords=MEDICINES)
        yield f"{model} cut, hotwords", ours(hot)
        yield f"{model} library, beam 1", library(path, beam=1)
        yield f"{model} library, beam 5", library(path, beam=5)


def ours(recognizer: WhisperRecognizer) -> Hear:
    """Return our recognizer as a function."""

    def hear(samples: Samples) -> str:
        said = transcribe(recognizer, Segment(samples, 0, len(samples)))
        return said.text if isinstance(said, Transcript) else ""

    return hear


def library(path: Path, beam: int) -> Hear:
    """Return faster-whisper as people call it."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(path), device="cpu", compute_type="int8", cpu_threads=2)

    def hear(samples: Samples) -> str:
        parts, _ = model.transcribe(
            samples, language="en", beam_size=beam, condition_on_previous_text=False
        )
        return " ".join(part.text for part in parts)

    return hear


def measure(hear: Hear, sentences: Sequence[str], voices: Sequence[str]) -> dict[str, float]:
    """Return the share of wrong words, and median and 95th percentile of the time in ms."""
    wrong = spoken = 0
    times: list[float] = []
    for voice in voices:
        for sentence in sentences:
            samples = samples_of(sentence, voice)
            began = time.perf_counter()
            text = hear(samples)
            times.append((time.perf_counter() - began) * 1000)
            wrong += errors(words(sentence), words(text))
            spoken += len(words(sentence))
    return {
        "wrong": round(wrong / spoken, 3),
        "p50": round(float(np.percentile(times, 50))),
        "p95": round(float(np.percentile(times, 95))),
    }


def endpoint_row(voices: Sequence[str]) -> dict[str, object]:
    """Return how late begin and end of speech are noticed, in ms of sound; and what is missed."""
    begins: list[float] = []
    ends: list[float] = []
    missed = extra = 0
    for voice in voices:
        for sentence in (*QUESTIONS, *COMMANDS):
            quiet = np.zeros(2 * SAMPLE_RATE, dtype=np.float32)
            samples = np.concatenate([quiet, samples_of(sentence, voice), quiet])
            began, ended, count = noticed(samples)
            loud = np.flatnonzero(np.abs(samples) > 0.01) * 1000 / SAMPLE_RATE
            missed += count == 0
            extra += max(0, count - 1)
            begins.append(began - loud[0])
            ends.append(ended - loud[-1])
    return {
        "way": "endpoint, 800 ms pause",
        "begin_ms": [round(float(np.percentile(begins, p))) for p in (50, 95)],
        "end_ms": [round(float(np.percentile(ends, p))) for p in (50, 95)],
        "missed": missed,
        "split": extra,
        "of": len(begins),
    }


def noticed(samples: Samples) -> tuple[float, float, int]:
    """Return when speech was first and last noticed to begin and end, and how many segments."""
    frames, activity, endpoint = Frames(), SileroVoiceActivity(), Endpoint()
    began = ended = 0.0
    count = 0
    for frame in frames.cut(Block(samples, 0)):
        now = (frame.start + len(frame.samples)) * 1000 / SAMPLE_RATE
        for event in endpoint.hear(frame, activity.probability(frame.samples)):
            if isinstance(event, SpeechBegan):
                began = began or now
            if isinstance(event, Segment):
                ended, count = now, count + 1
    return began, ended, count


def words(text: str) -> list[str]:
    """Return the words alone, in lower case."""
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("-", " ")).split()


def errors(wanted: list[str], got: list[str]) -> int:
    """Return the least number of words to put in, take out or change (Levenshtein)."""
    row = list(range(len(got) + 1))
    for number, word in enumerate(wanted, start=1):
        above, row = row, [number]
        for at, other in enumerate(got):
            row.append(min(above[at + 1] + 1, row[at] + 1, above[at] + (word != other)))
    return row[-1]


if __name__ == "__main__":
    main()

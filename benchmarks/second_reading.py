"""Whether an emergency that noise hid stands among the recognizer's next best readings.

    python benchmarks/second_reading.py [--every N] [--voices NAME ...] [--rooms NAME:DB ...]
                                        [--expecting]

Speaks every N-th emergency, and as many other questions, of our own questions by each voice in each
room, beside noise without any speech, and counts the alarms: by the first reading alone; with the
five best readings, of each speed, where the first leaves doubt (`rereading`, as in a talk); and, if
asked for, by a reading that was told to expect emergencies. Then how often it read again, and how
long the first reading (sound to words), understanding it, and five readings took. Takes a second or
two of a core for each recording.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402
import understanding  # noqa: E402
from rooms import babble, in_room, kitchen  # noqa: E402
from spoken import BABBLE, BABBLE_VOICES  # noqa: E402
from understanding import Item  # noqa: E402

from mbc_voice.audio import SAMPLE_RATE, Samples, Segment  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import Context, Outcome, Silence, Transcript, Urgent  # noqa: E402
from mbc_voice.hear.recognizer import Recognizer, transcribe  # noqa: E402
from mbc_voice.hear.whisper import WhisperRecognizer  # noqa: E402
from mbc_voice.rereading import rereading  # noqa: E402
from mbc_voice.understand import cache  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402
from mbc_voice.understand.second_reading import wants_second_reading  # noqa: E402
from voices import samples_of  # noqa: E402

MODEL = ROOT / "models" / "whisper-base"
ROOMS: tuple[tuple[str, float], ...] = (
    ("quiet", 60.0),
    ("kitchen", 12.0),
    ("babble", 12.0),
    ("kitchen", 6.0),
    ("babble", 6.0),
)
EXPECTED = (
    "can't breathe",
    "chest pain",
    "bleeding",
    "a stroke",
    "a seizure",
    "passed out",
    "a fever",
    "numb legs",
)
NOISES = 8
NOISE_S = 4
NOISE_PEAK = 0.1


class _Timed:
    """Satisfies `ReadsAgain` by Whisper; keeps how long (ms) its readings took."""

    def __init__(self) -> None:
        self._ear = WhisperRecognizer(MODEL)
        self.first: list[float] = []
        self.second: list[float] = []

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        self._ear.begin(phrases)

    def feed(self, samples: Samples) -> str:
        return self._ear.feed(samples)

    def look(self) -> Transcript | Silence:
        began = time.perf_counter()
        said = self._ear.look()
        self.first.append((time.perf_counter() - began) * 1000)
        return said

    def glance(self, rather: str = "") -> Transcript | Silence:
        return self._ear.glance(rather)

    def end(self) -> Transcript | Silence:
        return self._ear.end()

    def alternatives(self, speed: float = 1.0) -> Sequence[str]:
        began = time.perf_counter()
        readings = self._ear.alternatives(speed)
        self.second.append((time.perf_counter() - began) * 1000)
        return readings


class _Ears:
    """One recognizer, asked in as many ways."""

    def __init__(self, interpreter: Interpreter, expecting: bool) -> None:
        self.plain = _Timed()
        self.understood: list[float] = []
        self._interpreter = interpreter
        self._again = rereading(self.plain, self._interpret)
        self._expecting = WhisperRecognizer(MODEL, hotwords=EXPECTED) if expecting else None

    def alarms(self, samples: Samples) -> dict[str, bool]:
        """Return by which ways the sound is taken for an emergency."""
        said = self._hear(self._again, samples)
        first = "" if isinstance(said, Silence) else said.instead_of or said.text
        outcome = self._interpreter.interpret(first)
        known, five = isinstance(outcome, Urgent), self._is_urgent(said)
        found = {"first": known, "five": five}
        if self._expecting is not None:
            other = self._hear(self._expecting, samples)
            found["expecting"] = known or (wants_second_reading(outcome) and self._is_urgent(other))
        return found

    def _hear(self, ear: Recognizer, samples: Samples) -> Transcript | Silence:
        return transcribe(ear, Segment(samples, 0, len(samples)))

    def _is_urgent(self, said: Transcript | Silence) -> bool:
        if isinstance(said, Silence):
            return False
        return isinstance(self._interpreter.interpret(said.text), Urgent)

    def _interpret(self, text: str, context: Context) -> Outcome:
        began = time.perf_counter()
        outcome = self._interpreter.interpret(text, context)
        self.understood.append((time.perf_counter() - began) * 1000)
        return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Speak, listen, and print how many alarms there were."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--every", type=int, default=15)
    parser.add_argument("--voices", nargs="+", default=["hibari", "rms", "kal"])
    parser.add_argument("--rooms", nargs="+", type=_room, default=ROOMS)
    parser.add_argument("--expecting", action="store_true")
    options = parser.parse_args(arguments)
    library = load_library(ROOT / "content" / "en")
    embedder = MiniLmEmbedder(ROOT / "models" / "minilm-l6")
    interpreter = Interpreter(library, embedder, cache.default_folder())
    ears = _Ears(interpreter, options.expecting)
    talk = [samples_of(text, voice) for voice in BABBLE_VOICES for text in BABBLE]
    items = _items(options.every)
    ways = ("recordings", "first", "five", *(("expecting",) if options.expecting else ()))
    print("| room | spoken |", *(f"{way} |" for way in ways))
    print("|---|---|" + "---|" * len(ways))
    for room, snr_db in options.rooms:
        counts: Counter[tuple[str, str]] = Counter()
        for kind, samples in _recordings(items, options.voices, room, snr_db, talk):
            counts[kind, "recordings"] += 1
            for way, alarm in ears.alarms(samples).items():
                counts[kind, way] += alarm
        for kind in dict.fromkeys(kind for kind, _ in counts):
            row = (f"{counts[kind, way]} |" for way in ways)
            print(f"| {room} {snr_db:.0f} dB | {kind} |", *row, flush=True)
    _print_times(ears)
    return 0


def _room(text: str) -> tuple[str, float]:
    name, _, snr_db = text.partition(":")
    return name, float(snr_db or 60)


def _print_times(ears: _Ears) -> None:
    timed = ears.plain
    print(f"read again: {len(timed.second)} times, of {len(timed.first)} recordings")
    for name, taken in (
        ("first reading", timed.first),
        ("understanding", ears.understood),
        ("five readings", timed.second),
    ):
        if taken:
            median, most = np.percentile(taken, [50, 95])
            print(f"{name}: {median:.0f} ms in the median, {most:.0f} ms at most in 95 %")


def _items(every: int) -> list[Item]:
    files = ("questions-own.jsonl", "questions-own-2.jsonl")
    asked = [item for name in files for item in understanding.read(ROOT / "benchmarks" / name)]
    urgent = [item for item in asked if item.kind == "emergency"][::every]
    others = [item for item in asked if item.kind in ("in", "out")]
    return [*urgent, *others[:: max(1, len(others) // max(len(urgent), 1))]]


def _recordings(
    items: Sequence[Item], voices: Sequence[str], room: str, snr_db: float, talk: list[Samples]
) -> list[tuple[str, Samples]]:
    def noise(length: int, name: str) -> Samples:
        return babble(length, talk, name) if room == "babble" else kitchen(length, name)

    found = []
    for number in range(NOISES):
        alone = noise(NOISE_S * SAMPLE_RATE, f"alone {number}")
        found.append(("nothing", np.asarray(alone * (NOISE_PEAK / np.abs(alone).max()), "f4")))
    for voice in voices:
        for item in items:
            speech = samples_of(item.text, voice)
            around = noise(len(speech) + 2 * SAMPLE_RATE, f"{room} {item.text}")
            kind = "emergency" if item.kind == "emergency" else "question"
            found.append((kind, in_room(speech, around, snr_db)))
    return found


if __name__ == "__main__":
    sys.exit(main())

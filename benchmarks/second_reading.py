"""Whether an emergency that noise hid stands among the recognizer's next best readings.

    python benchmarks/second_reading.py [--every N] [--voices NAME ...]

Speaks every N-th emergency, and as many other questions, of our own questions by each voice in each
room, beside noise without any speech, and counts the alarms: by the first reading alone; by the
five best readings where the first leaves doubt (`understand/second_reading`); and by a reading that
was told to expect emergencies. Takes a second and a half of a core for each recording.
"""

from __future__ import annotations

import argparse
import sys
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

from mbc_voice.audio import SAMPLE_RATE, Samples  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import Silence, Urgent  # noqa: E402
from mbc_voice.hear.mel import log_mel  # noqa: E402
from mbc_voice.hear.whisper import TOKENS_PER_SECOND, WhisperRecognizer, _window  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402
from mbc_voice.understand.second_reading import (  # noqa: E402
    READINGS,
    urgent_among,
    wants_second_reading,
)
from voices import samples_of  # noqa: E402

MODEL = ROOT / "models" / "whisper-base"
ROOMS: tuple[tuple[str, float], ...] = (("kitchen", 12.0), ("babble", 12.0), ("kitchen", 6.0))
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


class _Ears:
    """One recognizer, asked in three ways."""

    def __init__(self) -> None:
        self._plain = WhisperRecognizer(MODEL)
        self._expecting = WhisperRecognizer(MODEL, hotwords=EXPECTED)

    def first(self, samples: Samples) -> str:
        return _text(self._plain, samples)

    def expecting(self, samples: Samples) -> str:
        return _text(self._expecting, samples)

    def readings(self, samples: Samples) -> list[str]:
        """Return the best readings of a wider search, likeliest first."""
        from ctranslate2 import StorageView

        ear = self._plain
        prompt = ear._prompt
        encoded = ear._model.encode(
            StorageView.from_array(log_mel(_window(samples, ear._shortest))[None])
        )
        seconds = len(samples) / SAMPLE_RATE
        result = ear._model.generate(
            encoded,
            [prompt],
            beam_size=READINGS,
            num_hypotheses=READINGS,
            max_length=len(prompt) + 12 + int(seconds * TOKENS_PER_SECOND),
        )[0]
        return [
            ear._tokenizer.decode([token for token in ids if token < ear._end_of_text])
            for ids in result.sequences_ids
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Speak, listen, and print how many alarms there were."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--every", type=int, default=15)
    parser.add_argument("--voices", nargs="+", default=["hibari", "rms", "kal"])
    options = parser.parse_args(arguments)
    library = load_library(ROOT / "content" / "en")
    interpreter = Interpreter(library, MiniLmEmbedder(ROOT / "models" / "minilm-l6"))
    ears, talk = _Ears(), [samples_of(text, voice) for voice in BABBLE_VOICES for text in BABBLE]
    items = _items(options.every)
    print("| room | spoken | recordings | first reading | five readings | expecting |")
    print("|---|---|---|---|---|---|")
    for room, snr_db in ROOMS:
        counts: Counter[tuple[str, str]] = Counter()
        for kind, samples in _recordings(items, options.voices, room, snr_db, talk):
            counts[kind, "recordings"] += 1
            for way, alarm in _alarms(interpreter, ears, samples).items():
                counts[kind, way] += alarm
        for kind in dict.fromkeys(kind for kind, _ in counts):
            ways = ("recordings", "first", "five", "expecting")
            print(f"| {room} {snr_db:.0f} dB | {kind} |", *(f"{counts[kind, w]} |" for w in ways))
    return 0


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
        return kitchen(length, name) if room == "kitchen" else babble(length, talk, name)

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


def _alarms(interpreter: Interpreter, ears: _Ears, samples: Samples) -> dict[str, bool]:
    first = interpreter.interpret(ears.first(samples))
    known, doubt = isinstance(first, Urgent), wants_second_reading(first)

    def among(readings: list[str]) -> bool:
        return known or (doubt and urgent_among(readings, interpreter.interpret) is not None)

    return {
        "first": known,
        "five": among(ears.readings(samples)),
        "expecting": among([ears.expecting(samples)]),
    }


def _text(ear: WhisperRecognizer, samples: Samples) -> str:
    ear.begin()
    ear.feed(samples)
    said = ear.end()
    return "" if isinstance(said, Silence) else said.text


if __name__ == "__main__":
    sys.exit(main())

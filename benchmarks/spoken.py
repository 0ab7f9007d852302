"""How well spoken questions are understood: several voices, in quiet, in babble, in a kitchen.

    python benchmarks/spoken.py [--questions FILE.jsonl] [--every N] [--json OUT] [--keep FILE]

Speaks every N-th question of the file (see `understanding.py`; all of them is an hour) by each
voice in each room, hears it the way ``ask --audio`` does, and measures what it is taken for, beside
the same questions typed. `--keep` keeps what was heard between runs, which makes measuring a change
of the understanding quick.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

import understanding  # noqa: E402  (it also holds numpy to one thread)
from rooms import babble, in_room, kitchen  # noqa: E402
from understanding import Item, ask, measure  # noqa: E402

from mbc_voice.audio import SAMPLE_RATE, Samples, write_wav  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import Silence  # noqa: E402
from mbc_voice.hear.file import hear_file  # noqa: E402
from mbc_voice.hear.voice_activity import SileroVoiceActivity  # noqa: E402
from mbc_voice.hear.whisper import WhisperRecognizer  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402
from voices import samples_of  # noqa: E402

VOICES = ("hibari", "espeak", "slt", "rms", "kal", "hts")
ROOMS: tuple[tuple[str, float], ...] = (
    ("quiet", 99.0),
    ("babble", 12.0),
    ("kitchen", 12.0),
    ("babble", 6.0),
    ("kitchen", 6.0),
)
"""Each room with its ratio of speech to noise in dB."""

BABBLE_VOICES = ("slt", "rms", "awb", "kal", "hts", "hibari")
BABBLE = (
    "The train was late again this morning, so I walked along the river and bought some bread.",
    "We used to have a garden with two apple trees, and the children climbed them all summer.",
    "Could you move your bag a little, so that this gentleman can sit down next to the window?",
    "My neighbor plays the piano on Sunday evenings, and he never gets past the second page.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and write the figures where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--questions", type=Path, default=understanding.QUESTIONS)
    parser.add_argument("--every", type=int, default=3)
    parser.add_argument("--voices", nargs="+", default=list(VOICES))
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--keep", type=Path, help="keep what was heard in this JSON file")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--show", action="store_true", help="print what was heard and went wrong")
    options = parser.parse_args(arguments)
    items = understanding.read(options.questions)[:: options.every]
    library = load_library(ROOT / "content" / "en")
    interpreter = Interpreter(library, MiniLmEmbedder(ROOT / "models" / "minilm-l6"))
    ears = _Ears(options.model, options.keep)
    rows = [{"voice": "(typed)", "room": "", **_row(interpreter, items, items, options.show)}]
    for room, snr_db in ROOMS:
        for voice in options.voices:
            heard = [ears.hear(item, voice, room, snr_db) for item in items]
            row = _row(interpreter, items, heard, options.show)
            rows.append({"voice": voice, "room": _name(room, snr_db), **row})
            ears.save()
    print(f"{len(items)} questions\n")
    _print(rows)
    if options.json:
        text = json.dumps({"questions": len(items), "rows": rows}, indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


class _Ears:
    """The real way from a sound file to text; what was heard is kept between runs."""

    def __init__(self, model: str, keep: Path | None) -> None:
        self._model, self._keep = model, keep
        self._heard: dict[str, str] = {}
        if keep and keep.is_file():
            self._heard = json.loads(keep.read_text(encoding="utf-8"))
        self._recognizer: WhisperRecognizer | None = None
        self._talk: list[Samples] = []

    def hear(self, item: Item, voice: str, room: str, snr_db: float) -> Item:
        """Return the item with what was heard in place of its text."""
        name = f"{self._model} {voice} {room} {snr_db} {item.text}"
        key = hashlib.sha256(name.encode()).hexdigest()[:24]
        if key not in self._heard:
            self._heard[key] = self._listen(_placed(item.text, voice, room, snr_db, self))
        return item._replace(text=self._heard[key])

    def save(self) -> None:
        """Write down what was heard so far."""
        if self._keep:
            self._keep.write_text(json.dumps(self._heard), encoding="utf-8")

    def babble(self, length: int, name: str) -> Samples:
        """Return people talking of other things."""
        if not self._talk:
            self._talk = [samples_of(text, voice) for voice in BABBLE_VOICES for text in BABBLE]
        return babble(length, self._talk, name)

    def _listen(self, samples: Samples) -> str:
        if self._recognizer is None:
            self._recognizer = WhisperRecognizer(ROOT / "models" / self._model)
            self._activity = SileroVoiceActivity()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "question.wav"
            write_wav(path, samples, SAMPLE_RATE)
            said = hear_file(path, self._recognizer, self._activity)
        return "" if isinstance(said, Silence) else said.text


def _placed(text: str, voice: str, room: str, snr_db: float, ears: _Ears) -> Samples:
    speech = samples_of(text, voice)
    length, name = len(speech) + 2 * SAMPLE_RATE, f"{room} {text}"
    if room == "quiet":
        return speech
    noise = kitchen(length, name) if room == "kitchen" else ears.babble(length, name)
    return in_room(speech, noise, snr_db)


def _row(
    interpreter: Interpreter, items: Sequence[Item], heard: Sequence[Item], show: bool
) -> dict[str, Any]:
    asked = ask(interpreter, heard)
    figures = measure(asked)
    if show:
        understanding.show(asked, [item.text for item in items])
    return {
        "right": figures["covered"]["answered_right"],
        "wrong": figures["covered"]["answered_wrong"],
        "false": figures["uncovered"]["false_answers"],
        "urgent": figures["urgent"]["recall"],
        "alarms": figures["urgent"]["false_alarms"],
        "commands": figures["commands"]["right"],
    }


def _name(room: str, snr_db: float) -> str:
    return room if room == "quiet" else f"{room} {snr_db:.0f} dB"


def _print(rows: Sequence[dict[str, Any]]) -> None:
    """Print the table, and below it the mean over the voices of each room."""
    columns = ("right", "wrong", "false", "urgent", "alarms", "commands")
    print("| room | voice | " + " | ".join(columns) + " |")
    print("|---|---|" + "---|" * len(columns))
    for row in rows:
        print(f"| {row['room']} | {row['voice']} |", *(f"{row[name]:.2f} |" for name in columns))
    for room in dict.fromkeys(str(row["room"]) for row in rows if row["room"]):
        among = [row for row in rows if row["room"] == room]
        means = [sum(row[name] for row in among) / len(among) for name in columns]
        print(f"| {room} | **mean** |", *(f"{mean:.2f} |" for mean in means))


if __name__ == "__main__":
    sys.exit(main())

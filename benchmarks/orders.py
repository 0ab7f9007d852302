"""Bare orders called out while it speaks: how many are heard, and what is taken for one.

    .venv/bin/python benchmarks/orders.py orders
    .venv/bin/python benchmarks/orders.py others [--count 200]

``orders`` has seven voices say thirty orders in quiet and in a kitchen (10 dB), and counts which
Whisper base hears when it writes freely and when it is held to the phrases (`hear/held`).
``others`` is what must not be obeyed, through the same path, looked at closely or at a glance:
pieces of 0.5 to 1.5 s of other talk, pieces of our own sentences, and the short urgent phrases,
which must stay urgent.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "benchmarks"))

import rooms  # noqa: E402

from mbc_voice.audio import SAMPLE_RATE, Samples, Segment  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.content.place import default_content  # noqa: E402
from mbc_voice.events import Transcript  # noqa: E402
from mbc_voice.hear.recognizer import transcribe  # noqa: E402
from mbc_voice.hear.whisper import WhisperRecognizer  # noqa: E402
from mbc_voice.library import Library  # noqa: E402
from mbc_voice.models import place, verify  # noqa: E402
from mbc_voice.understand.commands import Commands, phrases  # noqa: E402
from mbc_voice.understand.normalize import normalize  # noqa: E402
from voices import samples_of  # noqa: E402

# fmt: off
ORDERS = (
    "stop", "pause", "go on", "repeat", "next", "back", "more", "read it all", "where am i",
    "spell it", "faster", "slower", "louder", "softer", "volume five", "another voice",
    "normal speed", "twice as fast", "next part", "previous part", "help", "topics", "quieter",
    "speak up", "slow down", "continue", "again", "wait", "be quiet", "shorter answers",
)
# fmt: on
VOICES = ("hibari", "slt", "rms", "awb", "kal", "hts", "espeak")
SNR_DB = 10.0
EDGE = SAMPLE_RATE // 5
PIECE_S = (0.5, 1.5)
SHORT_S = 2.0


class Ears:
    """Whisper base, and what it makes of a sound as an order."""

    def __init__(self, library: Library) -> None:
        folder = verify.require("whisper-base", place.models_folder())
        self._ear = WhisperRecognizer(folder, 2)
        self._commands = Commands(library)
        urgent = tuple(phrase for sign in library.urgent.values() for phrase in sign.phrases)
        self._phrases = (*phrases(library), *urgent)
        self.seconds: list[float] = []

    def hear(self, samples: Samples, *, held: bool) -> str:
        """Return what was written down; "" for silence."""
        began = time.perf_counter()
        segment = Segment(samples, 0, len(samples))
        said = transcribe(self._ear, segment, self._phrases if held else None)
        self.seconds.append(time.perf_counter() - began)
        return said.text if isinstance(said, Transcript) else ""

    def glances_stop(self, samples: Samples) -> bool:
        """Return whether a glance takes this for a "stop" that was not written down freely."""
        self._ear.begin(self._phrases)
        self._ear.feed(samples)
        free, rather = (self._ear.glance(one) for one in ("", "stop"))
        return rather != free and isinstance(rather, Transcript) and rather.text == "stop"

    def order(self, text: str) -> str:
        """Return the command that a text says exactly; "" for none."""
        found = self._commands.find(normalize(text)) if text else None
        return found.name if found else ""


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("orders", "others"))
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    library = load_library(default_content())
    ears = Ears(library)
    if arguments.what == "orders":
        _orders(ears)
    else:
        _others(ears, library, arguments.count)


def _orders(ears: Ears) -> None:
    print("| room | how | right | another order | nothing | ms |\n|---|---|---|---|---|---|")
    for room in ("quiet", "kitchen"):
        for held in (False, True):
            right = wrong = count = 0
            ears.seconds.clear()
            for voice in VOICES:
                for text in ORDERS:
                    sound = _in_room(samples_of(f"{text.capitalize()}.", voice), room, text + voice)
                    heard = ears.order(ears.hear(sound, held=held))
                    right += heard == ears.order(text)
                    wrong += bool(heard) and heard != ears.order(text)
                    count += 1
            shares = (right / count, wrong / count, (count - right - wrong) / count)
            how = "held" if held else "free"
            figures = " | ".join(f"{share:.3f}" for share in shares)
            print(f"| {room} | {how} | {figures} | {1000 * np.median(ears.seconds):.0f} |")


def _in_room(speech: Samples, room: str, name: str) -> Samples:
    if room == "quiet":
        return np.pad(speech, EDGE)
    noise = rooms.kitchen(len(speech) + 2 * SAMPLE_RATE, name)
    cut = int(rooms.LEAD_S * SAMPLE_RATE) - EDGE
    return rooms.in_room(speech, noise, SNR_DB)[cut:-cut]


def _others(ears: Ears, library: Library, count: int) -> None:
    for name, sounds in (
        ("other talk", _pieces(_questions(library), VOICES, count)),
        ("our own sentences", _pieces(_sentences(library), ("hibari",), count)),
    ):
        orders = stops = 0
        for sound in sounds:
            orders += _new_order(ears, sound)
            stops += ears.glances_stop(sound)
        print(f"{name}: {orders} of {count} taken for an order, {stops} at a glance for a stop")
    lost = said = 0
    for sign in library.urgent.values():
        for text in sign.phrases[:12]:
            sound = np.pad(samples_of(text.capitalize(), "slt"), EDGE)
            if len(sound) <= SHORT_S * SAMPLE_RATE:
                said += 1
                lost += _new_order(ears, sound)
    print(f"urgent phrases: {lost} of {said} taken for an order")


def _new_order(ears: Ears, sound: Samples) -> bool:
    """Return whether this is an order only because it was held to the phrases."""
    free, held = (ears.hear(sound, held=held) for held in (False, True))
    if ears.order(held) and not ears.order(free):
        print(f"  {free!r} became {held!r}")
        return True
    return False


def _pieces(texts: list[str], voices: tuple[str, ...], count: int) -> Iterator[Samples]:
    random = np.random.default_rng(4)
    for number in range(count):
        text = texts[int(random.integers(len(texts)))]
        sound = samples_of(text, voices[number % len(voices)])
        length = int(random.uniform(*PIECE_S) * SAMPLE_RATE)
        start = int(random.integers(max(1, len(sound) - length)))
        yield np.pad(sound[start : start + length], EDGE)


def _questions(library: Library) -> list[str]:
    """Return what people might say to one another: example questions of every second topic."""
    return [item for topic in list(library.topics.values())[::2] for item in topic.ask[:2]]


def _sentences(library: Library) -> list[str]:
    return [topic.short.sentences[0].text for topic in library.topics.values()]


if __name__ == "__main__":
    main()

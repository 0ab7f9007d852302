"""How well plain questions and commands get through in a noisy room, and by what way of hearing.

    python benchmarks/noise.py [--ways raw ns1 ...] [--rooms cafe kitchen television]
        [--snr 24 18 12 6] [--every N] [--json OUT] [--show]

The first wording of every topic, plain commands and two emergencies, spoken in turn by clear
voices, each in three seconds of noise before and after. Heard as the microphone is: voice
activity, endpoint, recognizer, what leaves doubt read again, understanding; counted as right if the
outcome is that of the same words typed. A way of hearing is written as what the recognizer gets,
``/`` what the voice activity gets: ``raw``, or ``ns0`` to ``ns3``, WebRTC's noise suppression at
its four levels.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402
import understanding  # noqa: E402, F401  (it holds numpy to one thread)
from rooms import cafe, kitchen, television  # noqa: E402
from spoken import BABBLE  # noqa: E402

from mbc_voice.audio import SAMPLE_RATE, Block, Samples, Segment, decibels_to_gain  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import (  # noqa: E402
    Answer,
    Command,
    Context,
    Outcome,
    Transcript,
    Urgent,
    outcome_ids,
)
from mbc_voice.hear.endpoint import Endpoint, EndpointSettings  # noqa: E402
from mbc_voice.hear.foreground import Foreground, foremost  # noqa: E402
from mbc_voice.hear.recognizer import transcribe  # noqa: E402
from mbc_voice.hear.voice_activity import FRAME, SileroVoiceActivity  # noqa: E402
from mbc_voice.hear.whisper import WhisperRecognizer  # noqa: E402
from mbc_voice.rereading import rereading  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402
from voices import samples_of  # noqa: E402

VOICES = ("hibari", "rms", "hts")
"""Those that are understood in quiet."""
COMMANDS = (
    "Stop.",
    "Stop talking.",
    "Pause.",
    "Go on.",
    "Slower please.",
    "Speak faster.",
    "Louder please.",
    "Repeat that.",
    "Next.",
    "Go back.",
    "Start over.",
    "Help.",
    "What can I ask?",
    "Goodbye.",
)
EMERGENCIES = ("I can't breathe.", "I want to kill myself.")
NEWS = (
    "Good evening. The harbor bridge will be closed for repairs from Monday until the end of May.",
    "In sport, the home team won by two goals in the last ten minutes of a long and rainy match.",
    "And now the weather. Clouds in the north, sunshine along the coast, and a cool night.",
)
LEAD_S, TAIL_S = 3.0, 3.0
SPEECH_DBFS = -26.0
"""How loud people are in the microphone."""
LOUD = 0.05
"""Samples above this part of the loudest are speech, when its level is measured."""


class Item(NamedTuple):
    text: str
    voice: str
    wanted: tuple[type[Outcome], tuple[str, ...]]


class Result(NamedTuple):
    right: bool
    wrong: bool
    """Taken for another answer or command."""
    wait_ms: float
    """From the end of speech to the end of the segment; more than `TAIL_S` if it never came."""
    false_starts: int
    """Other segments that led to an answer, a command or an alarm."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table, and write the figures where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--ways", nargs="+", default=["raw", "ns2+fg"])
    parser.add_argument("--rooms", nargs="+", default=["cafe", "kitchen", "television"])
    parser.add_argument("--snr", nargs="+", type=float, default=[99.0, 24.0, 18.0, 12.0, 6.0])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--model", default="whisper-base")
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args(arguments)
    ears = Ears(WhisperRecognizer(ROOT / "models" / options.model, beam=options.beam))
    items = list(ears.items())[:: options.every]
    rows = []
    for snr_db in options.snr:
        found: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for number, item in enumerate(items):
            for room in options.rooms if snr_db < 99 else ("quiet",):
                mixed = ears.in_room(item, room, snr_db, number)
                for way in options.ways:
                    found[way, room].append(ears.hear(item, mixed, way, options.show))
        rows += [row(snr_db, room, way, results) for (way, room), results in found.items()]
        print_rows(rows[-len(found) :], header=len(rows) == len(found))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


class Mixed(NamedTuple):
    samples: Samples
    start: int
    """Where the question begins."""
    end: int


class Ears:
    """The real way from sound to outcome."""

    def __init__(self, recognizer: WhisperRecognizer) -> None:
        self._library = load_library(ROOT / "content" / "en")
        self._interpreter = Interpreter(
            self._library, MiniLmEmbedder(ROOT / "models" / "minilm-l6")
        )
        self._recognizer = rereading(recognizer, self._interpreter.interpret)
        self._activity = SileroVoiceActivity()
        self._talk = {
            voice: [samples_of(text, voice) for text in BABBLE + NEWS]
            for voice in ("slt", "rms", "awb", "kal", "hts", "hibari")
        }

    def items(self) -> Iterator[Item]:
        """Yield everything that is said, and what it means."""
        texts = [topic.ask[0] for topic in self._library.topics.values()]
        for number, text in enumerate([*texts, *COMMANDS, *EMERGENCIES]):
            outcome = self._interpreter.interpret(text, Context())
            assert isinstance(outcome, Answer | Command | Urgent), text
            wanted = (type(outcome), tuple(outcome_ids(outcome)))
            yield Item(text, VOICES[number % len(VOICES)], wanted)

    def in_room(self, item: Item, room: str, snr_db: float, number: int) -> Mixed:
        """Return the question in three seconds of the room before and after."""
        speech = samples_of(item.text, item.voice)
        loud = speech[np.abs(speech) > LOUD * np.abs(speech).max()]
        speech = speech * np.float32(decibels_to_gain(SPEECH_DBFS) / np.sqrt(np.mean(loud**2)))
        start, end = _extent(speech)
        lead = int(LEAD_S * SAMPLE_RATE)
        length = lead + len(speech) + int(TAIL_S * SAMPLE_RATE)
        mixed = self._noise(item, room, length, f"{room} {number}")
        mixed *= np.float32(decibels_to_gain(SPEECH_DBFS - snr_db))
        mixed[lead : lead + len(speech)] += speech
        return Mixed(np.clip(mixed, -1, 1), lead + start, lead + end)

    def _noise(self, item: Item, room: str, length: int, name: str) -> Samples:
        """Return a room at level 1, in which the one who asks isn't talking as well."""
        others = [
            talk for voice, said in self._talk.items() if voice != item.voice for talk in said
        ]
        match room:
            case "cafe":
                return cafe(length, others, name)
            case "television":
                return television(length, [np.concatenate(others[:7])], name)
            case "kitchen":
                noise = kitchen(length, name)
                return np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float32)
        random = np.random.default_rng(1)
        return random.standard_normal(length).astype(np.float32)

    def hear(self, item: Item, mixed: Mixed, way: str, show: bool) -> Result:
        """Return what becomes of it."""
        for_words, _, for_activity = way.removesuffix("+fg").partition("/")
        words = suppressed(mixed.samples, for_words)
        foreground = way.endswith("+fg")
        segments = self._segments(
            suppressed(mixed.samples, for_activity or for_words), foreground=foreground
        )
        ours = max(segments, key=lambda one: _overlap(one[0], mixed), default=None)
        false_starts = 0
        outcome: Outcome | None = None
        for segment, _ in segments:
            stretch = words[segment.start : segment.start + len(segment.samples)]
            stretch = foremost(stretch) if foreground else stretch
            said = transcribe(self._recognizer, Segment(stretch, 0, len(stretch)))
            text = said.text if isinstance(said, Transcript) else ""
            meant = self._interpreter.interpret(text, Context()) if text else None
            if ours is not None and segment is ours[0] and _overlap(segment, mixed) > 0:
                outcome = meant
                if show and not _is(meant, item.wanted):
                    print(f"  {way} {item.voice}: {item.text!r} -> {text!r}")
            elif isinstance(meant, Answer | Command | Urgent):
                false_starts += 1
        wait = (ours[1] - mixed.end) / SAMPLE_RATE * 1000 if ours else TAIL_S * 1000
        right = _is(outcome, item.wanted)
        wrong = not right and isinstance(outcome, Answer | Command | Urgent)
        return Result(right, wrong, wait, false_starts)

    def _segments(self, samples: Samples, *, foreground: bool) -> list[tuple[Segment, int]]:
        """Return the segments, and when each was known to be over."""
        endpoint, weigher = Endpoint(EndpointSettings()), Foreground()
        found: list[tuple[Segment, int]] = []
        self._activity.reset()
        for start in range(0, len(samples) - FRAME + 1, FRAME):
            frame = samples[start : start + FRAME]
            probability = self._activity.probability(frame)
            if foreground:
                probability = weigher.weigh(frame, probability)
            for event in endpoint.hear(Block(frame, start), probability):
                if isinstance(event, Segment):
                    found.append((event, start + FRAME))
        found += [(one, len(samples)) for one in endpoint.finish() if isinstance(one, Segment)]
        return found


def suppressed(samples: Samples, how: str) -> Samples:
    """Return the samples with their noise suppressed, or as they are."""
    if how == "raw":
        return samples
    from pywebrtc_audio import NoiseSuppressor

    suppressor = NoiseSuppressor(sample_rate=SAMPLE_RATE, level=int(how[-1]))
    whole = len(samples) // 160 * 160
    steps = [suppressor.process(samples[at : at + 160]) for at in range(0, whole, 160)]
    return np.concatenate([*steps, samples[whole:]])


def row(snr_db: float, room: str, way: str, results: Sequence[Result]) -> dict[str, float | str]:
    """Return the figures of one way in one room."""
    count = len(results)
    waits = np.array([result.wait_ms for result in results])
    return {
        "snr": snr_db,
        "room": room,
        "way": way,
        "right": sum(result.right for result in results) / count,
        "wrong": sum(result.wrong for result in results) / count,
        "wait_p50": float(np.percentile(waits, 50)),
        "wait_p95": float(np.percentile(waits, 95)),
        "false_starts": sum(result.false_starts for result in results) / count,
    }


def print_rows(rows: Sequence[dict[str, float | str]], *, header: bool) -> None:
    """Print rows of the table."""
    if header:
        print("| noise | room | way | right | wrong | end of speech: p50, p95 | false starts |")
        print("|---|---|---|---|---|---|---|")
    for one in rows:
        print(
            f"| {one['snr']:.0f} dB | {one['room']} | {one['way']} | {one['right']:.3f} "
            f"| {one['wrong']:.3f} | {one['wait_p50']:.0f}, {one['wait_p95']:.0f} ms "
            f"| {one['false_starts']:.2f} |",
            flush=True,
        )


def _is(outcome: Outcome | None, wanted: tuple[type[Outcome], tuple[str, ...]]) -> bool:
    return outcome is not None and (type(outcome), tuple(outcome_ids(outcome))) == wanted


def _overlap(segment: Segment, mixed: Mixed) -> int:
    end = segment.start + len(segment.samples)
    return max(0, min(end, mixed.end) - max(segment.start, mixed.start))


def _extent(speech: Samples) -> tuple[int, int]:
    loud = np.flatnonzero(np.abs(speech) > LOUD * np.abs(speech).max())
    return int(loud[0]), int(loud[-1]) + 1


if __name__ == "__main__":
    sys.exit(main())

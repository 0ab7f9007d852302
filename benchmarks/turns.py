"""How soon a spoken question is taken for whole, and how often somebody is cut off in a pause.

    .venv/bin/python benchmarks/turns.py [--voices hibari rms] [--questions N] [--json FILE]

Questions of two parts are spoken with a pause between, from none to 1.5 s, and heard by the real
turn-taking, voice activity, Whisper base and understanding. Each part is spoken by itself and so
sounds finished: harder than people, whose voice stays up in the middle of a sentence. Sound passes
as fast as the machine can; an answer of the recognizer arrives as much later in it as it took.

The answer is taken to begin when the question is taken for whole; with the echo of our own voice
cancelled (``clean``) the person is followed over it, without (``half duplex``) only what began
before it counts. ``right`` is the answer that stands at the end; ``cut off`` is the share whose
second part was left out of it; ``begun`` is the share in which an answer to the first part had
begun and was taken back.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from mbc_voice import build  # noqa: E402
from mbc_voice.audio import SAMPLE_RATE, Block, Samples  # noqa: E402
from mbc_voice.ears import patience  # noqa: E402
from mbc_voice.events import Answer, Context, QuestionWentOn, Transcript  # noqa: E402
from mbc_voice.hear.endpoint import EndpointSettings  # noqa: E402
from mbc_voice.hear.recognizer import Recognizer  # noqa: E402
from mbc_voice.hear.turn import Heard, News, Patience, Said  # noqa: E402
from mbc_voice.hear.turns import Turns  # noqa: E402
from mbc_voice.hear.voice_activity import Frames, SileroVoiceActivity  # noqa: E402
from mbc_voice.settings import Settings  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402
from voices import samples_of  # noqa: E402

QUESTIONS = (
    ("What are the symptoms", "in the brain?"),
    ("Where does breast cancer", "usually spread to?"),
    ("Is there a cure", "for metastatic breast cancer?"),
    ("Can you tell me", "what hormone therapy is?"),
    ("How do doctors find out", "that the cancer has spread?"),
    ("What are the signs", "that it is in the liver?"),
    ("I would like to know", "how it is treated."),
    ("What questions", "should I ask my doctor?"),
    ("How long", "do people live with it?"),
    ("What is", "a clinical trial?"),
    ("Tell me about", "the symptoms in the lungs."),
    ("When the cancer is in the bones,", "what are the symptoms?"),
)
PAUSES_MS = (0, 300, 500, 700, 1000, 1300, 1500)
USUAL_MS = 1600
TAIL_S = 4.0
LOUD = 0.01
"""Part of the loudest sample from which a voice is heard."""


class Clocked:
    """A recognizer whose answers arrive as much later in the sound as they took to make."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.now = 0
        """Samples that have passed."""
        self._recognizer = recognizer
        self._busy_until = 0
        self._due: deque[tuple[int, int, Said]] = deque()
        self._forgotten: set[int] = set()

    def begin(self, phrases: Sequence[str] | None) -> None:
        self._recognizer.begin(phrases)

    def feed(self, samples: Samples) -> None:
        self._recognizer.feed(samples)

    def look(self, number: int) -> None:
        began = time.perf_counter()
        said = self._recognizer.look()
        took = int((time.perf_counter() - began) * SAMPLE_RATE)
        self._busy_until = max(self.now, self._busy_until) + took
        self._due.append((self._busy_until, number, said))

    def glance(self, number: int) -> None:
        self.look(number)

    def end(self, number: int) -> None:
        self.look(number)

    def forget(self, number: int) -> None:
        self._forgotten.add(number)

    def answers(self) -> list[tuple[int, Said]]:
        """Return what has arrived by now."""
        found = []
        while self._due and self._due[0][0] <= self.now:
            _, number, said = self._due.popleft()
            if number not in self._forgotten:
                found.append((number, said))
        return found


@dataclass
class Talk:
    """What became of one question."""

    texts: list[str] = field(default_factory=list)
    """The questions that stand."""
    heard_at: int = 0
    """Sample at which the last one was taken for whole and recognized."""
    begun: int = 0


def trimmed(samples: Samples) -> Samples:
    """Return speech without the silence around it."""
    loud = np.flatnonzero(np.abs(samples) > LOUD * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def spoken(parts: Sequence[str], pause_ms: int, voice: str) -> tuple[Samples, int]:
    """Return a question with a pause in it and silence after it, and where its speech ends."""
    first, second = (trimmed(samples_of(part, voice)) for part in parts)
    quiet = np.zeros(pause_ms * SAMPLE_RATE // 1000, np.float32)
    lead = np.zeros(SAMPLE_RATE, np.float32)
    speech = np.concatenate([lead, first, quiet, second])
    tail = np.zeros(int(TAIL_S * SAMPLE_RATE), np.float32)
    noise = np.random.default_rng(1).normal(0, 1e-4, len(speech) + len(tail))
    return (np.concatenate([speech, tail]) + noise).astype(np.float32), len(speech)


def listen(
    samples: Samples, recognizer: Recognizer, waits: Patience | None, *, clean: bool, usual: int
) -> Talk:
    """Return what is heard in the sound, and when."""
    talk, news, asked = Talk(), list[News](), Clocked(recognizer)
    settings = EndpointSettings(end_pause_ms=usual)
    turns = Turns(asked, news.append, settings=settings, patience=waits, clean=clean)
    activity, frames = SileroVoiceActivity(), Frames()
    for start in range(0, len(samples), 512):
        for frame in frames.cut(Block(samples[start : start + 512], start)):
            asked.now = frame.start + len(frame.samples)
            turns.hear(frame, activity.probability(frame.samples))
        for number, said in asked.answers():
            turns.recognized(number, said)
        for one in news:
            if isinstance(one, QuestionWentOn):
                talk.begun += 1
                talk.texts.pop()
                turns.change("anything", asked.now)
                continue
            asks = isinstance(one, Heard) and one.mode == "anything"
            if asks and isinstance(one.said, Transcript):
                talk.texts.append(one.said.text)
                talk.heard_at = asked.now
                turns.change("commands", asked.now)
        news.clear()
    return talk


def main() -> None:
    """Measure each way of ending a turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--voices", nargs="+", default=["hibari", "rms"])
    parser.add_argument("--questions", type=int, default=len(QUESTIONS))
    parser.add_argument("--ways", nargs="+", help="only the ways that begin so")
    chosen = parser.parse_args()
    settings = Settings()
    library = build.library(settings)
    interpreter = build.interpreter(settings, library)
    recognizer = build.recognizer(settings, "whisper-base")
    by_words = patience(settings, interpreter, Context)
    careful = patience(settings, interpreter, Context, clean=False)
    ways: dict[str, tuple[Patience | None, bool, int]] = {
        "fixed 1600 ms": (None, True, USUAL_MS),
        "fixed 800 ms": (None, True, 800),
        "by words, clean": (by_words, True, USUAL_MS),
        "by words, half duplex": (careful, False, USUAL_MS),
    }
    rows = []
    for name, (waits, clean, usual) in ways.items():
        if chosen.ways and not name.startswith(tuple(chosen.ways)):
            continue
        for pause in PAUSES_MS:
            results = [
                judged(parts, pause, voice, recognizer, interpreter, waits, clean, usual)
                for parts in QUESTIONS[: chosen.questions]
                for voice in chosen.voices
            ]
            rows.append({"way": name, "pause_ms": pause, **summary(results)})
            print_row(rows[-1])
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


@dataclass(frozen=True)
class Judged:
    """One question, judged."""

    right: bool
    cut: bool
    begun: bool
    late_ms: float
    """From the end of speech to the recognized question."""


def judged(
    parts: Sequence[str],
    pause: int,
    voice: str,
    recognizer: Recognizer,
    interpreter: Interpreter,
    waits: Patience | None,
    clean: bool,
    usual: int,
) -> Judged:
    """Return what became of one question spoken with a pause."""
    samples, end = spoken(parts, pause, voice)
    talk = listen(samples, recognizer, waits, clean=clean, usual=usual)
    wanted = interpreter.interpret(" ".join(parts))
    last = talk.texts[-1] if talk.texts else ""
    found = interpreter.interpret(last)
    right = isinstance(wanted, Answer) and isinstance(found, Answer) and wanted.topic == found.topic
    whole = len(last.split()) > max(len(part.split()) for part in parts)
    return Judged(right, not whole, talk.begun > 0, (talk.heard_at - end) / SAMPLE_RATE * 1000)


def summary(results: Sequence[Judged]) -> dict[str, float]:
    """Return the shares, and the middle and the 95th percentile of the delay."""
    late = [one.late_ms for one in results if not one.cut]
    return {
        "right": float(np.mean([one.right for one in results])),
        "cut": float(np.mean([one.cut for one in results])),
        "begun": float(np.mean([one.begun for one in results])),
        "p50_ms": float(np.median(late)) if late else float("nan"),
        "p95_ms": float(np.percentile(late, 95)) if late else float("nan"),
    }


def print_row(row: dict[str, object]) -> None:
    """Print one line of the table."""
    print(
        f"| {row['way']} | {row['pause_ms']} | {row['right']:.2f} | {row['cut']:.2f} "
        f"| {row['begun']:.2f} | {row['p50_ms']:.0f} | {row['p95_ms']:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()

"""``mbc-voice understand``: what a text would be taken to mean, without any sound."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mbc_voice import build
from mbc_voice.dialogue.state import State, begin
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.errors import UsageError
from mbc_voice.events import (
    OUTCOME_NAMES,
    Context,
    Evidence,
    NothingHeard,
    Outcome,
    Understood,
    outcome_ids,
)
from mbc_voice.library import Library, Sentence
from mbc_voice.settings import load


@dataclass(frozen=True, slots=True)
class Reply:
    """What one question led to."""

    heard: str
    outcome: Outcome
    sentences: tuple[Sentence, ...]
    """What would be said, in order."""
    understand_ms: float

    def as_json(self, recognize_ms: float = 0.0, first_audio_ms: float = 0.0) -> dict[str, Any]:
        """Return the object that programs outside rely on."""
        return {
            "heard": self.heard,
            "outcome": OUTCOME_NAMES[type(self.outcome)],
            "ids": outcome_ids(self.outcome),
            "score": round(getattr(self.outcome, "score", 0.0), 4),
            "spoken": [sentence.text for sentence in self.sentences],
            "timings_ms": {
                "recognize": round(recognize_ms, 1),
                "understand": round(self.understand_ms, 1),
                "first_audio": round(first_audio_ms, 1),
            },
        }


def reply(
    text: str,
    interpret: build.Interpret,
    library: Library,
    context: Context,
    *,
    kiosk: bool = False,
) -> Reply:
    """Return what one question, asked afresh, is taken to mean and what would be said.

    At a kiosk an emergency is worded for the waiting room.
    """
    began = time.perf_counter()
    outcome = interpret(text, context) if text.strip() else NothingHeard()
    taken = (time.perf_counter() - began) * 1000
    _, actions = step(_asked(library, kiosk=kiosk), Understood(outcome, text, "text"))
    return Reply(text, outcome, spoken(actions), taken)


def _asked(library: Library, *, kiosk: bool) -> State:
    return begin(library, profile="kiosk" if kiosk else "home")


def run(arguments: argparse.Namespace) -> int:
    """Answer the texts given as arguments, or as JSON lines on standard input."""
    if not arguments.jsonl and not arguments.text:
        raise UsageError('Give a question: mbc-voice understand "where does it spread to"')
    library, interpret = build.understanding(load())
    if arguments.jsonl:
        return _lines(sys.stdin, interpret, library)
    context = _context(arguments.context, library, "--context")
    answer = reply(" ".join(arguments.text), interpret, library, context)
    print(json.dumps(answer.as_json(), ensure_ascii=False))
    if arguments.explain:
        for item in getattr(answer.outcome, "evidence", ()):
            print(_line(item))
    return 0


def _line(item: Evidence) -> str:
    """Return one reason: how much it weighs, from 0 to 1, which part found it, and what."""
    weight = f"{item.weight:.2f}" if item.weight else ""
    return f"  {weight:>4}  {item.source:<9} {item.detail}"


def _lines(lines: Iterable[str], interpret: build.Interpret, library: Library) -> int:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, topic = _parse(line, number)
        context = _context(topic, library, f"Line {number}")
        print(json.dumps(reply(text, interpret, library, context).as_json(), ensure_ascii=False))
        sys.stdout.flush()
    return 0


def _parse(line: str, number: int) -> tuple[str, str | None]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"Line {number} is not JSON. Write one object a line.") from error
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise UsageError(f'Line {number} has no text. Write {{"text": "..."}}.')
    topic = item.get("context")
    if topic is not None and not isinstance(topic, str):
        raise UsageError(f"Line {number}: context must be a topic's id.")
    return item["text"], topic


def _context(topic: str | None, library: Library, place: str) -> Context:
    if topic and topic not in library.topics:
        raise UsageError(f"{place}: there is no topic {topic!r}. See: mbc-voice topics")
    return Context(topic=topic or None)

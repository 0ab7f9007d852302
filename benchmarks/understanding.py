"""How well questions are understood: right, wrong, refused, and at what cost.

    python benchmarks/understanding.py [--questions FILE.jsonl] [--split NAME] [--json OUT] [--show]

Each line of the file is ``{"id", "text", "kind", "labels"}``: kind ``in`` (labels are the topics
that answer it, best first), ``out`` (nothing does), ``emergency``, ``command`` (labels are the
commands that fit) or ``other`` (no emergency). A ``split`` may name a part of the file. Texts are
only printed with ``--show``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT.parent / "shared" / "eval" / "questions-dev.jsonl"
STEPS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.001)
WORST = 15

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402

from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import (  # noqa: E402
    OUTCOME_NAMES,
    Answer,
    Choose,
    Command,
    Outcome,
    Urgent,
    outcome_ids,
)
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402


class Item(NamedTuple):
    """One question of the file."""

    id: str
    text: str
    kind: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the file, and what became of it."""

    id: str
    text: str
    kind: str
    labels: tuple[str, ...]
    outcome: Outcome
    ranked: tuple[str, ...]
    """The matcher's topics, best first, whatever was decided."""
    first: float
    """The stated chance that the first of them is right."""
    milliseconds: float

    @property
    def hits(self) -> bool:
        return bool(set(outcome_ids(self.outcome)) & set(self.labels))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--split", help="ask only the questions of this part of the file")
    parser.add_argument("--content", type=Path, default=ROOT / "content" / "en")
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "minilm-l6")
    parser.add_argument("--without-embeddings", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--show", action="store_true", help="print the texts that went wrong")
    options = parser.parse_args(arguments)
    if not options.questions.is_file():
        print(f"There is no file {options.questions}. Name one with --questions.", file=sys.stderr)
        return 2
    before = memory_mb()
    embedder = None if options.without_embeddings else MiniLmEmbedder(options.model)
    began = time.perf_counter()
    interpreter = Interpreter(load_library(options.content), embedder)
    learning = time.perf_counter() - began
    asked = ask(interpreter, read(options.questions, options.split))
    figures = measure(asked)
    figures["cost"] = {
        "learning_s": round(learning, 2),
        "p50_ms": round(float(np.percentile([item.milliseconds for item in asked], 50)), 2),
        "p95_ms": round(float(np.percentile([item.milliseconds for item in asked], 95)), 2),
        "more_memory_mb": round(memory_mb() - before),
    }
    _print(figures)
    if options.show:
        show(asked)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def read(path: Path, split: str | None = None) -> list[Item]:
    """Return the questions of a file, or of one part of it."""
    items = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Item(it["id"], it["text"], it["kind"], tuple(it["labels"]))
        for it in items
        if split is None or it.get("split") == split
    ]


def ask(interpreter: Interpreter, items: Sequence[Item]) -> list[Asked]:
    """Return what becomes of each question, asked afresh."""
    asked = []
    for item in items:
        began = time.perf_counter()
        outcome = interpreter.interpret(item.text)
        taken = 1000 * (time.perf_counter() - began)
        match = interpreter.match(item.text)
        ranked = tuple(topic for topic, _ in match.topics) if match else ()
        asked.append(Asked(*item, outcome, ranked, match.first if match else 0.0, taken))
    return asked


def measure(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return all figures but the cost."""
    inside = [item for item in asked if item.kind == "in"]
    outside = [item for item in asked if item.kind == "out"]
    emergencies = [item for item in asked if item.kind == "emergency"]
    commands = [item for item in asked if item.kind == "command"]
    others = [item for item in asked if item.kind != "emergency"]
    return {
        "covered": {
            "questions": len(inside),
            "top_1": _share(inside, lambda item: item.ranked[:1] and item.ranked[0] in item.labels),
            "top_3": _share(inside, lambda item: set(item.ranked[:3]) & set(item.labels)),
            "answered_right": _share(inside, lambda item: _topics(item) and item.hits),
            "of_these_chosen": _share(inside, lambda item: _is(item, Choose) and item.hits),
            "answered_wrong": _share(inside, lambda item: _is(item, Answer) and not item.hits),
            "offered_wrong": _share(inside, lambda item: _is(item, Choose) and not item.hits),
            "refused_wrongly": _share(inside, lambda item: not _topics(item)),
        },
        "uncovered": {
            "questions": len(outside),
            "false_answers": _share(outside, lambda item: _is(item, Answer)),
            "topics_offered": _share(outside, lambda item: _is(item, Choose)),
        },
        "urgent": {
            "emergencies": len(emergencies),
            "recall": _share(emergencies, lambda item: _is(item, Urgent)),
            "false_alarms": _share(others, lambda item: _is(item, Urgent)),
        },
        "commands": {
            "orders": len(commands),
            "right": _share(commands, lambda item: _is(item, Command) and item.hits),
            "questions_taken_for_commands": _share(
                [*inside, *outside], lambda item: _is(item, Command)
            ),
        },
        "calibration": _calibration([*inside, *outside]),
        "confusions": _confusions(inside, outside),
    }


def _topics(item: Asked) -> bool:
    return isinstance(item.outcome, Answer | Choose)


def _is(item: Asked, kind: type[object]) -> bool:
    return isinstance(item.outcome, kind)


def _share(items: Sequence[Asked], holds: Callable[[Asked], object]) -> float:
    return round(sum(bool(holds(item)) for item in items) / max(len(items), 1), 3)


def _calibration(items: Sequence[Asked]) -> list[dict[str, float]]:
    """Return, for steps of the stated chance, how often the first topic was right."""
    table = []
    for low, high in pairwise(STEPS):
        step = [item for item in items if low <= item.first < high]
        right = [item.kind == "in" and bool({*item.ranked[:1]} & {*item.labels}) for item in step]
        if step:
            stated = sum(item.first for item in step) / len(step)
            table.append(
                {
                    "from": low,
                    "questions": len(step),
                    "stated": round(stated, 2),
                    "right": round(sum(right) / len(step), 2),
                }
            )
    return table


def _confusions(inside: Sequence[Asked], outside: Sequence[Asked]) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, str]] = Counter()
    for item in inside:
        if not (_topics(item) and item.hits):
            counts[item.labels[0], _came_to(item.outcome)] += 1
    for item in outside:
        if _topics(item):
            counts["(not covered)", _came_to(item.outcome)] += 1
    return [
        {"wanted": wanted, "came_to": came, "times": times}
        for (wanted, came), times in counts.most_common(WORST)
    ]


def _came_to(outcome: Outcome) -> str:
    return f"{OUTCOME_NAMES[type(outcome)]} {', '.join(outcome_ids(outcome))}"


def _print(figures: dict[str, Any]) -> None:
    for part in ("covered", "uncovered", "urgent", "commands", "cost"):
        print(f"\n{part}")
        for name, value in figures[part].items():
            print(f"  {name.replace('_', ' '):32}{value:>8}")
    print("\nstated chance     questions  stated  right")
    for row in figures["calibration"]:
        print(f"  from {row['from']:.1f}{row['questions']:>16}{row['stated']:>8}{row['right']:>7}")
    print("\nworst confusions")
    for row in figures["confusions"]:
        print(f"  {row['times']:>2}  {row['wanted']:28} {row['came_to']}")


def show(asked: Sequence[Asked], said: Sequence[str] = ()) -> None:
    """Print the questions that went wrong, with what was `said` where that was heard otherwise."""
    print("\nwent wrong")
    for place, item in enumerate(asked):
        right = {
            "in": _topics(item) and item.hits,
            "out": not _topics(item),
            "emergency": _is(item, Urgent),
            "command": _is(item, Command) and item.hits,
            "other": not _is(item, Urgent),
        }[item.kind]
        if not right or (item.kind != "emergency" and _is(item, Urgent)):
            print(f"  {item.id} {item.kind} {item.text!r}\n      {_came_to(item.outcome)}")
            if said:
                print(f"      said: {said[place]!r}")


def memory_mb() -> float:
    """Return the most memory that was held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())

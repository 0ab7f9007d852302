"""What a stated chance is worth, and where to set the thresholds: on the content's own wordings.

    python benchmarks/held_out.py [--folds N] [--json OUT]

Splits the wordings of all topics and referrals into folds, learns without one fold at a time, and
asks what was left out. The wordings of one topic are more alike than questions of strangers are, so
these figures are the better of the two; what they show well is calibration, and what a threshold
trades.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import understanding  # noqa: E402, F401  (it holds numpy to one thread)

from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import Choose, outcome_ids  # noqa: E402
from mbc_voice.library import Library, Referral, Topic  # noqa: E402
from mbc_voice.understand.deciding import decide  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.matcher import Match, Matcher  # noqa: E402
from mbc_voice.understand.normalize import normalize  # noqa: E402
from mbc_voice.understand.terms import Terms  # noqa: E402

STEPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.001)
OFFERED = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


class Left(NamedTuple):
    """A wording that was left out, where it belongs, and what the matcher made of it."""

    wanted: str | None
    """The topic, or None for a referral's wording."""
    match: Match

    @property
    def right(self) -> bool:
        return self.match.topics[0][0] == self.wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn fold by fold, print the tables, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--content", type=Path, default=ROOT / "content" / "en")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    library = load_library(options.content)
    embedder = MiniLmEmbedder(ROOT / "models" / "minilm-l6")
    left: list[Left] = []
    with tempfile.TemporaryDirectory() as folder:
        Matcher(library, Terms(library), embedder, Path(folder))
        for fold in range(options.folds):
            left += _left_out(library, embedder, Path(folder), fold, options.folds)
    figures = {
        "calibration": calibration(left),
        "thresholds": thresholds(left),
        "offers": offers(left),
    }
    _print(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def _left_out(
    library: Library, embedder: MiniLmEmbedder, folder: Path, fold: int, folds: int
) -> Iterator[Left]:
    def kept(entry: Topic | Referral) -> tuple[str, ...]:
        return tuple(text for text in entry.ask if _fold(text, folds) != fold)

    smaller = replace(
        library,
        topics={id: replace(topic, ask=kept(topic)) for id, topic in library.topics.items()},
        referrals={id: replace(one, ask=kept(one)) for id, one in library.referrals.items()},
    )
    matcher = Matcher(smaller, Terms(smaller), embedder, folder)
    for topic in library.topics.values():
        for text in set(topic.ask) - set(kept(topic)):
            yield Left(topic.id, matcher.match(normalize(text)))
    for referral in library.referrals.values():
        for text in set(referral.ask) - set(kept(referral)):
            yield Left(None, matcher.match(normalize(text)))


def _fold(text: str, folds: int) -> int:
    return zlib.crc32(normalize(text).encode()) % folds


def calibration(left: Sequence[Left]) -> list[dict[str, float]]:
    """Return, for steps of the stated chance, how often the first topic was right."""
    rows = []
    for low, high in pairwise(STEPS):
        step = [item for item in left if low <= item.match.first < high]
        if step:
            stated = sum(item.match.first for item in step) / len(step)
            right = sum(item.right for item in step) / len(step)
            rows.append(
                {
                    "from": low,
                    "wordings": len(step),
                    "stated": round(stated, 3),
                    "right": round(right, 3),
                }
            )
    return rows


def thresholds(left: Sequence[Left]) -> list[dict[str, float]]:
    """Return what answering from each chance on gives: right, wrong, and false answers."""
    inside = [item for item in left if item.wanted]
    outside = [item for item in left if not item.wanted]
    rows: list[dict[str, Any]] = []
    for least in THRESHOLDS:
        said = [item for item in inside if _answers(item.match, least)]
        false = [item for item in outside if _answers(item.match, least)]
        right = sum(item.right for item in said)
        rows.append(
            {
                "answer_from": least,
                "right": round(right / len(inside), 3),
                "wrong": round((len(said) - right) / len(inside), 3),
                "false": round(len(false) / len(outside), 3),
            }
        )
    return rows


def offers(left: Sequence[Left]) -> list[dict[str, float]]:
    """Return what offering topics from each chance on gives, answers being given as they are."""
    inside = [item for item in left if item.wanted]
    outside = [item for item in left if not item.wanted]
    rows: list[dict[str, Any]] = []
    for least in OFFERED:
        came = [(item, decide(item.match, choose=least)) for item in left]
        right = sum(item.wanted in outcome_ids(out) for item, out in came if item.wanted)
        offered = sum(isinstance(out, Choose) for item, out in came if not item.wanted)
        rows.append(
            {
                "offer_from": least,
                "right": round(right / len(inside), 3),
                "offered_to_uncovered": round(offered / len(outside), 3),
            }
        )
    return rows


def _answers(match: Match, least: float) -> bool:
    _, share = match.others.get("referral", ("", 0.0))
    return match.first >= least and match.topics[0][1] >= share


def _print(figures: dict[str, list[dict[str, Any]]]) -> None:
    for rows in figures.values():
        print("\n| " + " | ".join(rows[0]) + " |")
        print("|" + "---|" * len(rows[0]))
        for row in rows:
            print("| " + " | ".join(f"{value:g}" for value in row.values()) + " |")


if __name__ == "__main__":
    sys.exit(main())

"""``mbc-voice bench``: how fast is this computer? The real talk, timed; no sound device needed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from mbc_voice.bench import plot
from mbc_voice.bench.figures import report
from mbc_voice.bench.measure import measure, unanswered
from mbc_voice.bench.questions import QUESTIONS
from mbc_voice.errors import UsageError
from mbc_voice.settings import load


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print, save or draw what was measured."""
    if not 1 <= arguments.questions <= len(QUESTIONS):
        raise UsageError(f"--questions must be from 1 to {len(QUESTIONS)}")
    for path in filter(None, (arguments.json, arguments.plot)):
        _check_writable(path)
    print("Asking it questions, as a person would. This takes a few minutes.", file=sys.stderr)
    figures = measure(
        load(),
        arguments.questions,
        engine=arguments.engine,
        devices=arguments.devices,
        progress=_progress,
    )
    print(report(figures))
    for line in unanswered(figures.turns):
        print(f"  not as meant: {line}")
    if arguments.json:
        text = json.dumps(figures.as_json(), indent=1, ensure_ascii=False)
        arguments.json.write_text(f"{text}\n", encoding="utf-8")
    if arguments.plot:
        arguments.plot.write_text(plot.svg(figures), encoding="utf-8")
    return 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r  {done} of {total} questions asked", end=end, file=sys.stderr, flush=True)


def _check_writable(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{path} can't be written. Name a file in a folder that exists.")

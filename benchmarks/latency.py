"""From the end of a question to the first sound of its answer, with each recognizer.

    .venv/bin/python benchmarks/latency.py [--questions 48] [--engine NAME ...] [--into FOLDER]

Runs ``mbc-voice bench`` once for each recognizer whose model is installed, each in a process of its
own, prints its report, and writes ``latency-NAME.json`` and ``latency-NAME.svg``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from mbc_voice import build
from mbc_voice.bench.questions import QUESTIONS
from mbc_voice.models import verify
from mbc_voice.settings import load


def main() -> int:
    """Measure, and return 1 if any measurement failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=len(QUESTIONS))
    parser.add_argument("--engine", action="append", choices=build.RECOGNIZERS)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    folder = build.models_folder(load())
    installed = [
        name for name, model in build.RECOGNIZERS.items() if verify.is_ready(model, folder)
    ]
    failed = 0
    for engine in arguments.engine or installed:
        target = arguments.into / f"latency-{engine}"
        command = [sys.executable, "-m", "mbc_voice", "bench", "--engine", engine]
        command += ["--questions", str(arguments.questions)]
        command += ["--json", f"{target}.json", "--plot", f"{target}.svg"]
        failed |= subprocess.run(command, check=False).returncode != 0
        print(flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

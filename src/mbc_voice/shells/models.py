"""``mbc-voice models``: list, install and verify the models."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mbc_voice import build
from mbc_voice.errors import MbcVoiceError, UsageError
from mbc_voice.models.install import install
from mbc_voice.models.progress import Progress
from mbc_voice.models.verify import list_models, verify
from mbc_voice.settings import load

EMBEDDINGS = "minilm-l6"


def run(arguments: argparse.Namespace) -> int:
    """List (status 0), install (2 if one failed) or verify (2 if one is not whole)."""
    folder = build.models_folder(load())
    if arguments.action == "list":
        return _list(folder)
    if arguments.action == "install":
        return _install(arguments.names, folder, arguments.source)
    return _verify(arguments.names, folder)


def _list(folder: Path) -> int:
    for model in list_models(folder):
        size = f"{model.size / 1e6:.0f} MB"
        print(f"{model.name:16} {model.state:10} {size:>7}  {model.licence:11} {model.title}")
    print(f"\nFolder: {folder}")
    return 0


def _install(names: Sequence[str], folder: Path, source: Path | None) -> int:
    if source is not None and len(names) != 1:
        raise UsageError("With --from, name one model: mbc-voice models install NAME --from PATH")
    wanted = names or [model.name for model in list_models(folder) if model.use == "run"]
    progress = Progress(sys.stderr)
    failures = []
    for name in wanted:
        try:
            path = install(name, folder, source, progress)
        except MbcVoiceError as error:
            failures.append(error)
            progress.close()
            print(f"mbc-voice: {' '.join(str(error).split())}", file=sys.stderr)
        else:
            progress.close()
            print(f"{name} is installed in {path}")
            if name == EMBEDDINGS:
                _learn()
    return 2 if failures else 0


def _learn() -> None:
    """Learn the content with the new embeddings now, so that the first start is quick."""
    try:
        build.understanding(load())
    except MbcVoiceError as error:
        print(f"mbc-voice: {' '.join(str(error).split())}", file=sys.stderr)


def _verify(names: Sequence[str], folder: Path) -> int:
    wanted = names or [m.name for m in list_models(folder) if m.state != "missing"]
    if not wanted:
        raise UsageError("No model is installed yet. Type: mbc-voice models install")
    progress = Progress(sys.stderr)
    fine = True
    for name in wanted:
        found = verify(name, folder, progress)
        progress.close()
        print(f"{name}: {'whole' if found.ok else found.state}")
        for problem in found.problems:
            print(f"  {problem}")
        fine = fine and found.ok
    return 0 if fine else 2

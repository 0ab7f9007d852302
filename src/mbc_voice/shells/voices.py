"""``mbc-voice voices``: which voices there are, and speaking ahead all that it can say."""

from __future__ import annotations

import argparse
import sys
import time

from mbc_voice import build, renderings, tuning
from mbc_voice.models.progress import Progress
from mbc_voice.settings import load


def run(arguments: argparse.Namespace) -> int:
    """List the voices, or prepare the sentences; return the exit status."""
    return _prepare() if arguments.action == "prepare" else _list()


def _list() -> int:
    for name in build.voices(build.library(load())).names:
        print(name)
    return 0


def _prepare() -> int:
    """Render all that is not kept yet. A disk that can't take it is a pity, and no failure."""
    settings = tuning.fitted(load())
    library = build.library(settings)
    voice = build.synthesizer(settings, library)
    progress = Progress(sys.stderr, "{} sentences".format)
    began = time.perf_counter()
    made, kept = renderings.prepare(
        settings,
        library,
        voice,
        lambda done, total: progress("Speaking ahead", done, total),
    )
    progress.close()
    if kept.problem:
        print(kept.problem)
    elif not kept.keeps(voice.name):
        print(f"Nothing is kept of the voice {voice.name}.")
    else:
        took = time.perf_counter() - began
        full = " The room that speak.cache_mb gives is used up." if kept.full else ""
        print(
            f"{made} sentences were spoken ahead in {took:.0f} s, "
            f"{kept.size / 1e6:.0f} MB are kept in {kept.folder}.{full}"
        )
    return 0

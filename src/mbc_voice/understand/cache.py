"""Keeping what was learnt from a library, so that the next start is quick.

Owns one file per library and model: a SHA-256 of the rest, then NumPy's own format without
pickled objects. It holds nothing that anybody said. A damaged or foreign file counts as none, and a
folder that can't be written to costs only time. Runs at start, on the caller's thread.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mbc_voice.understand.calibration import Chance
from mbc_voice.understand.training import Trained

VERSION = 3
"""Raise this whenever features, training or this format change."""

_DAMAGE = (OSError, ValueError, KeyError, EOFError)

Floats = npt.NDArray[np.float32]

_KEPT = 4
_TABLES = ("weights", "rarity", "near")
_CHANCES = ("first", "any")


def default_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the user's folder for what can be computed again."""
    base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mbc-voice"


def key_of(examples: Iterable[object], terms: Mapping[str, object], embedder: str) -> str:
    """Return a name for all that training depends on."""
    text = repr((VERSION, embedder, tuple(examples), tuple(terms.items())))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load(folder: Path | None, key: str) -> Trained | None:
    """Return what was kept under this key, or None if it is missing or damaged."""
    if folder is None:
        return None
    try:
        with _read(_path(folder, key)) as arrays:
            if str(arrays["key"]) != key:
                return None
            chances = [
                Chance(*(arrays[f"{name}-{part}"] for part in ("mean", "scale", "weights")))
                for name in _CHANCES
            ]
            tables = (arrays[name] for name in _TABLES)
            return Trained(*tables, *chances)
    except _DAMAGE:
        return None


def code_of(text: str) -> int:
    """Return a number that stands for a text: 64 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def vectors(folder: Path | None, embedder: str) -> dict[int, Floats]:
    """Return the embeddings that were made for the last library, by `code_of` their texts.

    A changed library has most of its wordings still; embedding them is most of the work of
    learning.
    """
    for path in reversed(_kept(folder)) if folder else ():
        try:
            with _read(path) as arrays:
                if str(arrays["embedder"]) == embedder:
                    return dict(zip(arrays["codes"].tolist(), arrays["near"], strict=True))
        except _DAMAGE:
            continue
    return {}


def save(
    folder: Path | None, key: str, embedder: str, texts: Iterable[str], trained: Trained
) -> None:
    """Keep this for next time, if `folder` can be written to; older ones make room."""
    if folder is None:
        return
    arrays: dict[str, npt.NDArray[Any]] = {name: getattr(trained, name) for name in _TABLES}
    arrays["codes"] = np.array([code_of(text) for text in texts], np.uint64)
    arrays |= {"key": np.array(key), "embedder": np.array(embedder)}
    for name, chance in zip(_CHANCES, (trained.first, trained.any), strict=True):
        parts = {"mean": chance.mean, "scale": chance.scale, "weights": chance.weights}
        arrays.update({f"{name}-{part}": values for part, values in parts.items()})
    memory = io.BytesIO()
    np.savez(memory, allow_pickle=False, **arrays)
    data = memory.getvalue()
    path = _path(folder, key)
    partial = path.with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(hashlib.sha256(data).digest() + data)
        partial.replace(path)
        _make_room(folder)
    except OSError:
        return


def _path(folder: Path, key: str) -> Path:
    return folder / f"matcher-{key[:24]}.bin"


def _read(path: Path) -> Any:
    """Return the arrays of a kept file. Raises one of `_DAMAGE`."""
    data = path.read_bytes()
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        raise ValueError("damaged")
    return np.load(io.BytesIO(data[32:]), allow_pickle=False)


def _kept(folder: Path) -> list[Path]:
    """Return the kept files, the oldest first."""
    return sorted(folder.glob("matcher-*.bin"), key=lambda path: path.stat().st_mtime)


def _make_room(folder: Path) -> None:
    for path in _kept(folder)[:-_KEPT]:
        path.unlink(missing_ok=True)

"""The manifest: each model with licence, purpose, every file's size and SHA-256, and its sources.

Owns the shape of `models/manifest.toml` and its reading. Immutable, any thread.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from mbc_voice.errors import ModelError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

Use: TypeAlias = Literal["run", "option", "tests"]
"""Who needs a model: everybody, whoever asks for it, or the tests."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model."""

    path: str
    """Relative to the model's folder, with forward slashes."""
    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Files:
    """A source that serves every file of the model under one address."""

    base: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A source that is one zip."""

    url: str
    size: int
    """Bytes of the zip."""
    sha256: str
    root: str
    """The folder inside the zip that holds the model."""
    unpacked: int
    """The most bytes it may unpack to."""

    @property
    def filename(self) -> str:
        """What the zip is called, as on a USB stick."""
        return PurePosixPath(urlsplit(self.url).path).name


@dataclass(frozen=True, slots=True)
class Wheels:
    """A source made of data-only wheels; they are unzipped, never installed or imported."""

    requirements: tuple[str, ...]
    """``name==version``, as the package installer takes them."""
    size: int
    """Bytes of all wheels together."""
    members: Mapping[str, tuple[str, ...]]
    """For each file of the model, the members of the wheels that make it up, in order."""


Source: TypeAlias = Files | Archive | Wheels


@dataclass(frozen=True, slots=True)
class Model:
    """One model."""

    name: str
    title: str
    licence: str
    purpose: str
    use: Use
    files: tuple[File, ...]
    """What is fetched; empty where only the archive's SHA-256 is known."""
    sources: tuple[Source, ...]
    """Tried in order."""
    convert: str = ""
    """What is made of the files once they are here, or empty."""

    @property
    def size(self) -> int:
        """Bytes to fetch."""
        if self.files:
            return sum(file.size for file in self.files)
        return max(source.size for source in self.sources if isinstance(source, Archive))

    @property
    def fingerprint(self) -> str:
        """A SHA-256 that changes whenever the model's content does, and only then."""
        parts = [self.convert, *sorted(f"{file.path} {file.sha256}" for file in self.files)]
        if not self.files:
            parts += sorted({s.sha256 for s in self.sources if isinstance(s, Archive)})
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load(path: Path) -> dict[str, Model]:
    """Return the models of a manifest by name, in its order.

    Raises `ModelError` if the file is missing or malformed.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _model(name, entry) for name, entry in data["models"].items()}
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The list of models {path} can't be read. Install again.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ModelError(f"The list of models {path} is malformed: {reason}.") from error


def safe_path(path: str) -> str:
    """Return a relative path with forward slashes, or raise ValueError if it could lead out."""
    parts = path.split("/")
    if not path or path.startswith("/") or "\\" in path or ":" in path or "\0" in path:
        raise ValueError(f"{path!r} is not a plain relative path")
    if any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"{path!r} is not a plain relative path")
    return path


def _model(name: str, entry: Mapping[str, Any]) -> Model:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a model's name")
    if entry["for"] not in {"run", "option", "tests"}:
        raise ValueError(f'{name}: for must be "run", "option" or "tests"')
    model = Model(
        name=name,
        title=entry["title"],
        licence=entry["licence"],
        purpose=entry["purpose"],
        use=entry["for"],
        files=tuple(_file(file) for file in entry.get("files", ())),
        sources=tuple(_source(source) for source in entry["sources"]),
        convert=entry.get("convert", ""),
    )
    _check(model)
    return model


def _check(model: Model) -> None:
    paths = [file.path for file in model.files]
    if len(set(paths)) != len(paths):
        raise ValueError(f"{model.name}: a file is named twice")
    if not model.files and not all(isinstance(source, Archive) for source in model.sources):
        raise ValueError(f"{model.name}: without files, every source must be an archive")
    if not model.sources:
        raise ValueError(f"{model.name}: no sources")
    for source in model.sources:
        if isinstance(source, Wheels) and set(source.members) != set(paths):
            raise ValueError(f"{model.name}: the wheels' members must be the model's files")


def _file(entry: Mapping[str, Any]) -> File:
    return File(safe_path(entry["path"]), int(entry["size"]), _sha256(entry["sha256"]))


def _source(entry: Mapping[str, Any]) -> Source:
    kind = entry["kind"]
    if kind == "files":
        return Files(entry["base"].rstrip("/") + "/")
    if kind == "archive":
        size, unpacked = int(entry["size"]), int(entry["unpacked"])
        root = safe_path(entry["root"])
        return Archive(entry["url"], size, _sha256(entry["sha256"]), root, unpacked)
    if kind == "wheels":
        members = {path: tuple(parts) for path, parts in entry["members"].items()}
        return Wheels(tuple(entry["wheels"]), int(entry["size"]), members)
    raise ValueError(f"there is no kind of source {kind!r}")


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise ValueError(f"{text!r} is not a SHA-256")
    return text

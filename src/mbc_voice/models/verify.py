"""Which models are there, and whether they are whole.

Owns no state; reads only. Any thread. `is_ready`, `require` and `list_models` look at names and
sizes, so that starting stays quick; `verify` reads every byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from mbc_voice.errors import ModelError
from mbc_voice.models import manifest, place, record
from mbc_voice.models.manifest import Model, Use

State: TypeAlias = Literal["installed", "missing", "damaged"]
Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, and bytes done and in all (0 in all: nobody knows)."""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One line of the list of models."""

    name: str
    title: str
    licence: str
    size: int
    """Bytes to fetch."""
    purpose: str
    use: Use
    state: State
    path: Path
    """Where it is, or would be."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading every byte of a model found."""

    name: str
    state: State
    problems: tuple[str, ...]
    """One line each, naming the file; empty if the model is whole."""

    @property
    def ok(self) -> bool:
        """Whether the model is there and whole."""
        return self.state == "installed"


def silent(what: str, done: int, total: int) -> None:
    """Take progress and show nothing."""


def models() -> dict[str, Model]:
    """Return the models of the program's own manifest by name. Raises `ModelError`."""
    return manifest.load(place.manifest_path())


def find(name: str) -> Model:
    """Return one model. Raises `ModelError`, naming all, if there is none of that name."""
    known = models()
    if name not in known:
        raise ModelError(f"There is no model {name!r}. The models are {', '.join(known)}.")
    return known[name]


def is_ready(name: str, folder: Path) -> bool:
    """Return whether a model is in `folder` with every file in its right size."""
    return not record.problems(find(name), folder / name)


def require(name: str, folder: Path) -> Path:
    """Return a model's own folder; for whoever is about to load it.

    Raises `ModelError` if it is missing or a file's size is wrong.
    """
    state = _state(find(name), folder)
    if state == "damaged":
        raise ModelError(f"The model {name} is damaged. Type: mbc-voice models install {name}")
    if state == "missing":
        raise ModelError(f"The model {name} is missing. Type: mbc-voice models install {name}")
    return folder / name


def list_models(folder: Path) -> tuple[ModelStatus, ...]:
    """Return all models in the manifest's order, with their states by size alone."""
    return tuple(
        ModelStatus(
            name=model.name,
            title=model.title,
            licence=model.licence,
            size=model.size,
            purpose=model.purpose,
            use=model.use,
            state=_state(model, folder),
            path=folder / model.name,
        )
        for model in models().values()
    )


def verify(name: str, folder: Path, progress: Progress = silent) -> Verification:
    """Compare every file of a model with its SHA-256.

    Files that came as they are, are compared with the manifest; converted and unpacked ones with
    the record made when they were installed. Raises `ModelError` for an unknown name.
    """
    return examine(find(name), folder, progress)


def examine(model: Model, folder: Path, progress: Progress = silent) -> Verification:
    """Do what `verify` does, for a model at hand."""
    own = folder / model.name
    state = _state(model, folder)
    files = record.expected(model, own)
    if state == "missing" or files is None:
        problems = () if state == "missing" else record.problems(model, own)
        return Verification(model.name, state, problems or ("it is not installed",))
    total = sum(file.size for file in files)
    done = 0
    found = list(record.problems(model, own))
    named = {problem.split(" ", 1)[0] for problem in found}
    for file in files:
        if file.path not in named:
            found += _compare(own, file, lambda n: progress(model.name, done + n, total))  # noqa: B023
        done += file.size
    return Verification(model.name, "damaged" if found else "installed", tuple(found))


def _compare(own: Path, file: manifest.File, seen: Callable[[int], None]) -> list[str]:
    try:
        if record.sha256_of(own / file.path, seen) == file.sha256:
            return []
    except OSError as error:
        return [f"{file.path} can't be read ({error.strerror})"]
    return [f"{file.path} has changed: its SHA-256 is not the expected one"]


def _state(model: Model, folder: Path) -> State:
    own = folder / model.name
    if not own.is_dir():
        return "missing"
    return "damaged" if record.problems(model, own) else "installed"

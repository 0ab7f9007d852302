"""Installs that are killed, or meet: nothing is ever half there."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbc_voice.models.install import install_model
from model_server import (
    FILES,
    ModelServer,
    at,
    contents,
    leftovers,
    model_of,
    serving,
)

CHILD = """
import sys
from collections.abc import Iterator
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from mbc_voice.models import install
from model_server import at, model_of

FILES = {"model.bin": bytes(range(256)) * 4096, "conf/model.conf": b"--beam=10\\n"}

def never_ends(source, target):
    (target / "half.bin").write_bytes(b"half")
    print("converting", flush=True)
    sys.stdin.read()

install.CONVERSIONS = {"stuck": never_ends}
model = model_of(FILES, at(sys.argv[2]), convert=sys.argv[4])
install.install_model(model, Path(sys.argv[3]))
"""


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as site:
        yield site


def child(server: ModelServer, folder: Path, convert: str) -> subprocess.Popen[str]:
    arguments = [str(Path(__file__).parents[1]), server.address, str(folder), convert]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_killed_in_a_download_nothing_is_half_there(server: ModelServer, tmp_path: Path) -> None:
    """After kill -9 in the middle of a file, the next install goes on and finishes."""
    server.drops["/model.bin"], server.hold = [400_000], True
    with child(server, tmp_path, "") as process:
        assert server.half_sent.wait(20)
        part = tmp_path / "toy--model.bin.part"
        while not part.exists() or part.stat().st_size < 300_000:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    assert not (tmp_path / "toy").exists()
    begun = part.stat().st_size
    server.asked.clear()
    folder = install_model(model_of(FILES, at(server.address)), tmp_path)
    assert server.asked[0] == ("/model.bin", f"bytes={begun}-")
    assert contents(folder) == FILES
    assert leftovers(tmp_path) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_killed_while_converting_the_old_state_stays(server: ModelServer, tmp_path: Path) -> None:
    """After kill -9 in the last stage, the old model is still there and the rest is cleaned up."""
    old = tmp_path / "toy"
    old.mkdir()
    (old / "older.bin").write_bytes(b"of another version")
    with child(server, tmp_path, "stuck") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "converting\n"
        process.send_signal(signal.SIGKILL)
    assert contents(old) == {"older.bin": b"of another version"}
    assert ".toy.new" in leftovers(tmp_path)
    folder = install_model(model_of(FILES, at(server.address)), tmp_path)
    assert contents(folder) == FILES
    assert leftovers(tmp_path) == set()


def test_killed_between_the_renames_the_old_model_comes_back(tmp_path: Path) -> None:
    """If only the old model's second name is left, it gets its own name back."""
    old = tmp_path / ".toy.old"
    for path, data in FILES.items():
        (old / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).write_bytes(data)
    folder = install_model(model_of(FILES, at("http://127.0.0.1:9/")), tmp_path)
    assert contents(folder) == FILES


def test_two_installs_wait_for_each_other(server: ModelServer, tmp_path: Path) -> None:
    """While one program installs, another one is told, waits and then finds it done."""
    server.drops["/model.bin"], server.hold = [400_000], True
    model = model_of(FILES, at(server.address))
    told: list[str] = []

    def waiting(what: str, done: int, total: int) -> None:
        if "waiting" in what:
            told.append(what)
            first.kill()

    with child(server, tmp_path, "") as first:
        assert server.half_sent.wait(20)
        folder = install_model(model, tmp_path, None, waiting)
    assert len(told) == 1
    assert contents(folder) == FILES

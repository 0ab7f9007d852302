"""Once set up, everything works with the network cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import mbc_voice
from voices import spoken

SWITCH = "ORT_DISABLE_TELEMETRY"
QUESTION = "Where does breast cancer spread to?"

REFUSING = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request"):
        raise RuntimeError(f"a connection was tried: {event} {arguments}")
sys.addaudithook(refuse)
from mbc_voice.shells.cli import main
sys.exit(main(sys.argv[1:]))
"""


def arguments(tmp_path: Path) -> list[str]:
    audio, saved = spoken(QUESTION), tmp_path / "answer.wav"
    return ["ask", "--audio", str(audio), "--save", str(saved), "--json"]


def check(done: subprocess.CompletedProcess[str], tmp_path: Path) -> None:
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ids"] == ["where-it-spreads"]
    assert (tmp_path / "answer.wav").stat().st_size > 100_000


def why_no_namespace() -> str:
    """Return why this machine can't make a network namespace, or "" if it can."""
    try:
        done = subprocess.run(["unshare", "-rn", "true"], capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return done.stderr.strip() if done.returncode else ""


def sent_nowhere(counters: str) -> int:
    """Return how often something had no way to go, by the kernel's own count (/proc/net/snmp)."""
    names, values = (line.split() for line in counters.splitlines() if line.startswith("Ip: "))
    return int(values[names.index("OutNoRoutes")])


@pytest.mark.engine
def test_it_answers_in_a_network_namespace_without_a_network(tmp_path: Path) -> None:
    """Recognizing, understanding and speaking need no network, and no library looks for one."""
    reason = why_no_namespace()
    if reason:
        pytest.skip(f"no network namespace here: {reason}")
    env = {name: value for name, value in os.environ.items() if name not in ("CI", SWITCH)}
    counted = tmp_path / "counted"
    then_count = ["sh", "-c", '"$@"; status=$?; cat /proc/net/snmp >"$0"; exit $status']
    program = [sys.executable, "-m", "mbc_voice", *arguments(tmp_path)]
    command = ["unshare", "-rn", *then_count, str(counted), *program]
    check(subprocess.run(command, env=env, capture_output=True, text=True), tmp_path)
    assert sent_nowhere(counted.read_text()) == 0


@pytest.mark.engine
def test_it_opens_no_connection(tmp_path: Path) -> None:
    """No Python code even tries to open a connection, a listening socket or a name look-up."""
    command = [sys.executable, "-c", REFUSING, *arguments(tmp_path)]
    check(subprocess.run(command, capture_output=True, text=True), tmp_path)


NATIVE = """
import mbc_voice
import onnxruntime
onnxruntime.SessionOptions()
"""


def test_no_library_reports_its_use(tmp_path: Path) -> None:
    """ONNX Runtime, which would tell its makers by itself, keeps nothing to tell."""
    env = {name: value for name, value in os.environ.items() if name not in ("CI", SWITCH)}
    env |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", NATIVE], env=env, check=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_switch_is_set_for_every_child() -> None:
    """Whatever the program starts is kept from reporting as well."""
    assert mbc_voice.__version__
    assert os.environ[SWITCH] == "1"


LISTENING = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        raise RuntimeError(f"a connection was tried: {event} {arguments}")
    if event == "socket.bind" and arguments[1][0] != "127.0.0.1":
        raise RuntimeError(f"others could reach it: {arguments}")
sys.addaudithook(refuse)
from mbc_voice.shells.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.engine
def test_the_page_is_served_to_this_computer_alone() -> None:
    """The kiosk's server listens on the loopback address, and connects to nothing."""
    arguments = ["kiosk", "--text-only", "--speech", "off", "--port", "0"]
    command = [sys.executable, "-c", LISTENING, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as kiosk:
        assert kiosk.stdout is not None
        lines = iter(kiosk.stdout.readline, "")
        address = next(line.split()[-1] for line in lines if "The page is at" in line)
        with urllib.request.urlopen(f"{address}health") as answer:
            assert json.load(answer)["ok"] is True
        kiosk.terminate()
        assert kiosk.wait(20) == 0

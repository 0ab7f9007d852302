"""Updating a kiosk and going back, by the real scripts in a root of their own.

What is made up: `systemctl`, and versions whose program does nothing. Whether one is well is told
by a real web server, which looks at the version that is in use.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import select
import shutil
import socket
import ssl
import stat
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from mbc_voice import settings
from mbc_voice.shells.cli import parser
from mbc_voice.toml_lines import parse

DEPLOY = Path(__file__).parents[2] / "deploy"

pytestmark = pytest.mark.skipif(shutil.which("flock") is None, reason="the scripts are for Linux")


class Computer:
    """A folder that the scripts take for a whole computer."""

    def __init__(self, root: Path, server: HTTPServer) -> None:
        self.root = root
        self._server = server
        self.current = root / "opt/mbc-voice/current"
        (root / "bin").mkdir()
        _program(root / "bin/systemctl", f'echo "$@" >>{root}/systemctl.log')
        _program(root / "bin/journalctl", "echo it broke")
        self.environ = {
            "PATH": f"{root}/bin:{os.environ['PATH']}",
            "KIOSK_ROOT": str(root),
            "MBC_VOICE_KIOSK_PORT": str(server.server_port),
            "KIOSK_HEALTHY_SECONDS": "0",
            "KIOSK_HEALTHY_PAUSE": "0.05",
        }

    def version(self, name: str, *, sick: bool = False, broken: bool = False) -> Path:
        """Return the folder of a new version."""
        folder = self.root / "usb" / name
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").touch()
        (folder / "name").write_text(name)
        if sick:
            (folder / "sick").touch()
        status = 1 if broken else 0
        made = '"$(dirname "$0")/.venv/bin"'
        _program(
            folder / "run",
            f"mkdir -p {made}\n"
            f"printf '#!/bin/sh\\nexit {status}\\n' >{made}/mbc-voice\n"
            f"chmod +x {made}/mbc-voice",
        )
        return folder

    def do(self, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of the scripts to its end."""
        return subprocess.run(
            [DEPLOY / script, *map(str, arguments)],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def serve_with(self, tls: ssl.SSLContext) -> None:
        """Let the page be served by TLS from now on."""
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    def nobody_serves(self) -> None:
        """Let nothing listen at the page's port."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.environ["MBC_VOICE_KIOSK_PORT"] = str(free.getsockname()[1])

    @property
    def in_use(self) -> str:
        """Name of the version in use."""
        return (self.current / "name").read_text()

    @property
    def kept(self) -> list[str]:
        """Names of all versions on the disk, oldest first."""
        releases = sorted((self.root / "opt/mbc-voice/releases").iterdir())
        return [(release / "name").read_text() for release in releases]


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\nset -e\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    """Return a computer whose page is well unless the version in use is sick."""
    current = tmp_path / "opt/mbc-voice/current"

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            well = current.exists() and not (current / "sick").exists()
            self.send_response(200 if well and self.path == "/health" else 503)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield Computer(tmp_path, server)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_new_version_is_used_once_it_is_well(computer: Computer) -> None:
    """An update sets the new version up beside the old one and switches to it."""
    assert computer.do("update", computer.version("one")).returncode == 0
    done = computer.do("update", computer.version("two"))
    assert done.returncode == 0, done.stderr
    assert (computer.in_use, computer.kept) == ("two", ["one", "two"])
    assert (computer.root / "systemctl.log").read_text() == "restart mbc-voice.service\n" * 2


def test_a_packed_version_is_used_as_well(computer: Computer, tmp_path: Path) -> None:
    """A version may come as one file, as on a USB stick."""
    packed = tmp_path / "version.tar"
    subprocess.run(["tar", "-C", computer.version("one"), "-cf", packed, "."], check=True)
    assert computer.do("update", packed).returncode == 0
    assert computer.in_use == "one"


def test_only_the_program_is_copied(computer: Computer) -> None:
    """Models, packages and history of a folder don't come along: each version has its own."""
    folder = computer.version("one")
    left_out = ("models/whisper-base/model.bin", ".git/config", ".mypy_cache/x", "tests/audio/x")
    for name in (*left_out, ".venv/bin/python"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).touch()
    (folder / "models/manifest.toml").touch()
    assert computer.do("update", folder).returncode == 0
    assert (computer.current / "models/manifest.toml").exists()
    assert not [name for name in left_out if (computer.current / name).exists()]
    assert not (computer.current / ".venv/bin/python").exists()


def test_a_sick_version_is_taken_back(computer: Computer) -> None:
    """If the new version isn't well, the old one is used again and the new one is gone."""
    computer.do("update", computer.version("one"))
    done = computer.do("update", computer.version("two", sick=True))
    assert done.returncode == 2
    assert "The old version is in use again." in done.stderr
    assert (computer.in_use, computer.kept) == ("one", ["one"])


def test_a_page_that_nobody_serves_is_not_well(computer: Computer) -> None:
    """A version that never begins to serve is taken for sick, and said to be so."""
    computer.nobody_serves()
    done = computer.do("update", computer.version("one"))
    assert done.returncode == 2
    assert "The new version is not well." in done.stderr
    assert "it broke" in done.stderr


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_kiosk_for_tablets_is_asked_with_tls(computer: Computer, tmp_path: Path) -> None:
    """Where the page has a certificate, whether it is well is asked with TLS."""
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kiosk"]
    subprocess.run([*making, "-keyout", key, "-out", chain], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(chain, key)
    computer.serve_with(tls)
    assert computer.do("update", computer.version("one")).returncode == 0


def test_a_version_that_cannot_be_set_up_is_never_used(computer: Computer) -> None:
    """A version whose own checks fail leaves everything as it is, without a restart."""
    computer.do("update", computer.version("one"))
    done = computer.do("update", computer.version("two", broken=True))
    assert done.returncode == 2
    assert "nothing has changed" in done.stderr
    assert (computer.in_use, computer.kept) == ("one", ["one"])
    assert (computer.root / "systemctl.log").read_text() == "restart mbc-voice.service\n"


def test_going_back_twice_is_there_and_back(computer: Computer) -> None:
    """After an update one can go back, and forth again."""
    computer.do("update", computer.version("one"))
    computer.do("update", computer.version("two"))
    assert computer.do("rollback").returncode == 0
    assert computer.in_use == "one"
    assert computer.do("rollback").returncode == 0
    assert computer.in_use == "two"


def test_a_version_brings_its_services_along(computer: Computer) -> None:
    """An update places the new version's services, and going back the old one's."""
    placed = computer.root / "etc/systemd/system"
    for name in ("one", "two"):
        services = computer.version(name) / "deploy/systemd"
        services.mkdir(parents=True)
        for unit in ("mbc-voice.service", "mbc-voice-screen.service"):
            (services / unit).write_text(name)
        assert computer.do("update", services.parents[1]).returncode == 0
    assert (placed / "mbc-voice.service").read_text() == "two"
    assert not (placed / "mbc-voice-screen.service").exists()
    assert computer.do("rollback").returncode == 0
    assert (placed / "mbc-voice.service").read_text() == "one"
    assert "daemon-reload\nrestart" in (computer.root / "systemctl.log").read_text()


def test_the_screen_shows_the_page_of_the_version_in_use(computer: Computer) -> None:
    """Where there is a screen, its browser starts again with each change of version."""
    screen = computer.root / "etc/systemd/system/mbc-voice-screen.service"
    screen.parent.mkdir(parents=True)
    screen.touch()
    computer.do("update", computer.version("one"))
    computer.do("update", computer.version("two"))
    computer.do("rollback")
    log = (computer.root / "systemctl.log").read_text()
    assert log == "restart mbc-voice.service\ntry-restart mbc-voice-screen.service\n" * 3


def test_the_program_is_asked_with_the_settings_of_the_kiosk(computer: Computer) -> None:
    """What staff type goes to the version in use, as the service would start it."""
    computer.do("update", computer.version("one"))
    program = computer.current / ".venv/bin/mbc-voice"
    _program(program, 'echo "$MBC_VOICE_SETTINGS $XDG_STATE_HOME: $*"')
    told = computer.do("kiosk", "content", "check").stdout
    assert told == "/etc/mbc-voice/mbc-voice.toml /var/lib: content check\n"
    assert computer.do("kiosk", "password").stdout.endswith(": kiosk --staff-password\n")


def test_the_assistant_rests_while_the_sound_is_tried(computer: Computer) -> None:
    """Microphone and loudspeaker are free for the doctor, and the kiosk is back afterwards."""
    computer.do("update", computer.version("one"))
    _program(computer.current / ".venv/bin/mbc-voice", "exit 1")
    (computer.root / "systemctl.log").unlink()
    assert computer.do("kiosk", "doctor").returncode == 1
    log = (computer.root / "systemctl.log").read_text()
    assert log == "stop mbc-voice.service\nstart --no-block mbc-voice.service\n"


def test_whoever_asks_for_nothing_is_told_what_there_is(computer: Computer) -> None:
    """Without a command, all of them are named."""
    told = computer.do("kiosk")
    assert told.returncode == 0
    for command in ("doctor", "password", "update", "rollback"):
        assert f"  {command} " in told.stdout


def test_old_versions_make_room(computer: Computer) -> None:
    """Three versions stay on the disk."""
    for name in ("a", "b", "c", "d"):
        assert computer.do("update", computer.version(name)).returncode == 0
    assert computer.kept == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("script", "arguments", "says"),
    [
        ("update", [], "Say where the new version is"),
        ("update", ["/nowhere"], "There is no /nowhere."),
        ("update", ["/dev/null"], "can't be unpacked"),
        ("rollback", [], "There is no version from before"),
        ("rollback", ["now"], "takes no arguments"),
        ("install", ["--quickly"], "Unknown: --quickly"),
        ("bundle", [], "Say where to put it"),
        ("kiosk", ["rollback"], "There is no version from before"),
        ("kiosk", ["update"], "Say where the new version is"),
    ],
)
def test_wrong_use_gets_one_line(
    computer: Computer, script: str, arguments: list[str], says: str
) -> None:
    """Each script says what is wrong, ends with status 2 and leaves no version behind."""
    done = computer.do(script, *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert not computer.current.exists()
    assert not list((computer.root / "opt").glob("mbc-voice/releases/*"))


def test_a_folder_without_the_program_is_refused(computer: Computer, tmp_path: Path) -> None:
    """What doesn't hold mbc-voice is never set up."""
    (tmp_path / "holiday").mkdir()
    done = computer.do("update", tmp_path / "holiday")
    assert done.returncode == 2
    assert "does not hold mbc-voice" in done.stderr


@pytest.fixture
def screen(computer: Computer) -> dict[str, str]:
    """The environment of a screen whose `cage` and browser are made up."""
    memory = computer.root / "memory"
    memory.mkdir()
    _program(computer.root / "bin/cage", 'shift 3; exec "$@"')
    _program(computer.root / "bin/chromium", f'echo "$HOME $*" >{computer.root}/shown\nexit 7')
    return computer.environ | {"RUNTIME_DIRECTORY": str(memory)}


def test_the_screen_keeps_everything_in_memory(computer: Computer, screen: dict[str, str]) -> None:
    """The browser starts with the page and an empty profile, all in the folder in memory."""
    memory = computer.root / "memory"
    old = memory / "browser/History"
    old.parent.mkdir()
    old.touch()
    done = subprocess.run([DEPLOY / "screen"], env=screen, timeout=60)
    shown = (computer.root / "shown").read_text()
    assert done.returncode == 7
    assert shown.startswith(f"{memory} --kiosk http://127.0.0.1:")
    assert f" --user-data-dir={memory}/browser " in shown
    assert not old.exists()


def test_a_screen_that_cannot_be_shown_ends(computer: Computer, screen: dict[str, str]) -> None:
    """What fails ends with its status, so that it is started again."""
    _program(computer.root / "bin/cage", "exit 3")
    assert subprocess.run([DEPLOY / "screen"], env=screen, timeout=60).returncode == 3


def test_a_screen_that_is_ended_takes_the_browser_along(
    computer: Computer, screen: dict[str, str]
) -> None:
    """Neither the browser nor what shows it outlives the service."""
    alive = computer.root / "alive"
    os.mkfifo(alive)
    _program(computer.root / "bin/cage", 'shift 3; "$@"')
    _program(computer.root / "bin/chromium", f"exec >{alive}; echo here; exec sleep 1000")
    with subprocess.Popen([DEPLOY / "screen"], env=screen) as process, alive.open() as browser:
        assert browser.readline() == "here\n"
        process.terminate()
        process.wait(60)
        ended, _, _ = select.select([browser], [], [], 20)
        assert ended
        assert browser.read() == ""


def _unit(name: str) -> configparser.RawConfigParser:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / name)
    return unit


def test_the_service_starts_what_the_program_knows() -> None:
    """The service's command line is one that the program takes."""
    command = _unit("mbc-voice.service")["Service"]["ExecStart"].split()
    assert command[0] == "/opt/mbc-voice/current/.venv/bin/mbc-voice"
    assert parser().parse_args(command[1:])


def test_whoever_starts_it_by_hand_gets_what_the_service_has() -> None:
    """The service's variables are also those of `mbc-voice-kiosk`."""
    lines = (DEPLOY / "systemd/mbc-voice.service").read_text().splitlines()
    service = [line.removeprefix("Environment=") for line in lines if "Environment=" in line]
    shared = re.search(r"environment=\((.*?)\)", (DEPLOY / "kiosk.sh").read_text(), re.DOTALL)
    assert shared is not None
    assert shared[1].split() == " ".join(service).split()


def test_the_service_reaches_only_its_own_computer() -> None:
    """The system itself keeps the assistant from any network but its own page."""
    service = _unit("mbc-voice.service")["Service"]
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")
    assert service["Restart"] == "always"


def test_the_settings_of_a_kiosk_are_taken() -> None:
    """The settings that are put in place are all known, with values that are allowed."""
    path = DEPLOY / "settings" / "mbc-voice.toml"
    assert settings.load({"MBC_VOICE_SETTINGS": str(path)}).talk.profile == "kiosk"
    assert parse(path.read_text())["paths"]["models"] == "/var/lib/mbc-voice/models"


def test_the_browser_reaches_only_the_page() -> None:
    """The browser's policy lets it open the page's address and no other."""
    policy = json.loads((DEPLOY / "chromium" / "mbc-voice.json").read_text())
    port = settings.Settings().kiosk.port
    assert policy["URLBlocklist"] == ["*"]
    assert set(policy["URLAllowlist"]) == {f"http://127.0.0.1:{port}", f"http://localhost:{port}"}

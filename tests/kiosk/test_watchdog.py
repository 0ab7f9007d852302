"""Signs of life for systemd, at a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbc_voice.shells.kiosk.watchdog import Watchdog


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Return the socket that systemd listens at."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def _environ(systemd: socket.socket, microseconds: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": microseconds}


def test_it_says_that_it_is_ready_well_and_ending(systemd: socket.socket) -> None:
    """Systemd hears READY, then signs of life, then STOPPING."""
    watchdog = Watchdog(lambda: True, _environ(systemd, "30000"))
    watchdog.start()
    heard = [systemd.recv(64) for _ in range(3)]
    watchdog.stop()
    assert heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    while (message := systemd.recv(64)) != b"STOPPING=1":
        assert message == b"WATCHDOG=1"


def test_an_assistant_that_hangs_gives_no_sign(systemd: socket.socket) -> None:
    """As long as the assistant isn't well, nothing is sent."""
    answers = iter([True, False, False, True])
    watchdog = Watchdog(lambda: next(answers, False), _environ(systemd, "30000"))
    watchdog.start()
    heard = [systemd.recv(64) for _ in range(3)]
    assert next(answers, None) is None
    watchdog.stop()
    assert heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    assert systemd.recv(64) == b"STOPPING=1"


@pytest.mark.parametrize("microseconds", ["0", "", "soon", "-5"])
def test_without_a_time_it_only_says_that_it_is_ready(
    systemd: socket.socket, microseconds: str
) -> None:
    """Where systemd wants no signs of life, it gets none."""
    watchdog = Watchdog(lambda: True, _environ(systemd, microseconds))
    watchdog.start()
    watchdog.stop()
    assert [systemd.recv(64), systemd.recv(64)] == [b"READY=1", b"STOPPING=1"]


def test_without_systemd_nothing_happens() -> None:
    """Started by hand, there is nobody to tell and nothing fails."""
    watchdog = Watchdog(lambda: True, {})
    watchdog.start()
    watchdog.stop()


def test_a_socket_that_is_gone_is_no_reason_to_end(tmp_path: Path) -> None:
    """If systemd can't be reached, the assistant goes on."""
    watchdog = Watchdog(lambda: True, {"NOTIFY_SOCKET": str(tmp_path / "gone")})
    watchdog.start()
    watchdog.stop()

"""Fixtures that several areas share; the tests' own modules (`fakes`, `voices`) lie beside it.

No test touches what the person who runs them keeps: settings and state go to folders of the run's
own, for programs that the tests start as well. Only the cache is the person's, because what it
holds took long to learn.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import sound_server as sound

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

KEPT = {"XDG_STATE_HOME": ".local/state", "XDG_CONFIG_HOME": ".config"}
"""Where people's own things are kept: the variable that says so, and the place in their home."""

_tests = itertools.count()
_touched: list[str] = []


def _what_people_keep(folders: list[Path]) -> dict[str, int]:
    """Return when each file of the program in these folders was written, in ns."""
    files = (path for folder in folders for path in (folder / "mbc-voice").rglob("*"))
    return {str(path): path.stat().st_mtime_ns for path in files if path.is_file()}


@pytest.fixture(scope="session", autouse=True)
def kept_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep everything of whoever runs the tests out of them; in CI, fail if a test got at it.

    Elsewhere it is said at the end: it may be that the program itself was used meanwhile.
    """
    own = [Path(os.environ.get(name) or Path.home() / place) for name, place in KEPT.items()]
    before = _what_people_keep(own)
    apart = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        for name in KEPT:
            patch.setenv(name, str(apart / "by-fixtures" / name))
        yield apart
    _touched.extend(sorted(dict(before.items() ^ _what_people_keep(own).items())))
    if _touched and os.environ.get("CI"):
        pytest.fail(f"a test changed what people keep: {', '.join(_touched)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what of the person's own things has changed while the tests ran."""
    for path in _touched:
        terminalreporter.write_line(f"changed by a test, or by you meanwhile: {path}", red=True)


@pytest.fixture(autouse=True)
def _own_home(kept_apart: Path) -> Iterator[None]:
    """Give each test settings and state that no other test has seen."""
    folder = kept_apart / str(next(_tests))
    with pytest.MonkeyPatch.context() as patch:
        for name in KEPT:
            patch.setenv(name, str(folder / name))
        yield


@pytest.fixture
def sound_server() -> Iterator[sound.SoundServer]:
    """A private sound server; skips with the reason where it can't run, but never in CI."""
    reason = sound.why_not()
    if reason and os.environ.get("CI"):
        pytest.fail(f"CI must run the tests with real sound: {reason}")
    if reason:
        pytest.skip(f"no private sound server: {reason}")
    with sound.SoundServer() as server:
        yield server

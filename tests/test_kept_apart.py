"""What people keep is kept apart from what the tests write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mbc_voice import preferences, settings
from mbc_voice.shells.kiosk import counts, password

PLACES = """
from mbc_voice import preferences, settings
from mbc_voice.shells.kiosk import counts, password
print(preferences.default_path(), settings.default_path(), sep="\\n")
print(counts.default_folder(), password.default_path(), sep="\\n")
"""


def test_nothing_is_kept_where_people_keep_it(kept_apart: Path) -> None:
    """Settings, preferences, counts and the staff's password lie in the run's own folders."""
    found = [preferences.default_path(), settings.default_path()]
    found += [counts.default_folder(), password.default_path()]
    assert all(path.is_relative_to(kept_apart) for path in found), found


def test_programs_that_tests_start_keep_it_there_too(kept_apart: Path) -> None:
    """A child process finds the same places as the test that started it."""
    done = subprocess.run(
        [sys.executable, "-c", PLACES], capture_output=True, text=True, check=True
    )
    found = [Path(line) for line in done.stdout.splitlines()]
    assert len(found) == 4
    assert all(path.is_relative_to(kept_apart) for path in found), found


def test_what_a_test_keeps_is_its_own(kept_apart: Path) -> None:
    """A test begins with nothing kept, whatever the tests before it wrote."""
    assert not preferences.default_path().exists()
    assert not settings.default_path().exists()
    assert not counts.default_folder().exists()

"""Setting the staff's password where nobody can type one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_without_a_keyboard_nothing_is_changed(tmp_path: Path) -> None:
    """Started by a program, or ended by Ctrl-D, it says so in one line and keeps what there was."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "mbc_voice", "kiosk", "--staff-password"],
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert done.returncode == 2
    assert done.stderr.endswith("mbc-voice: No password was typed. Nothing was changed.\n")
    assert not list(tmp_path.iterdir())

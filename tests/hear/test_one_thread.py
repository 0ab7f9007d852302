"""Voice activity is cheap: it runs all day on a small computer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os
import numpy as np
from mbc_voice.hear.voice_activity import FRAME, THREAD_LIMIT, SileroVoiceActivity

before = len(os.listdir("/proc/self/task"))
SileroVoiceActivity().probability(np.zeros(FRAME, np.float32))
print(len(os.listdir("/proc/self/task")) - before, os.environ.get(THREAD_LIMIT))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="Linux tells of its threads there")
@pytest.mark.parametrize("limit", [None, "3"])
def test_it_starts_no_threads_and_leaves_the_environment_alone(limit: str | None) -> None:
    """A frame is looked at on the caller's thread; the recognizer's libraries notice nothing."""
    environ = {name: value for name, value in os.environ.items() if name != "OMP_THREAD_LIMIT"}
    if limit is not None:
        environ["OMP_THREAD_LIMIT"] = limit
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0", str(limit)]

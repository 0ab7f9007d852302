"""Two programs at a time on one computer: one file of preferences, one cache of sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mbc_voice.events import Snapshot
from mbc_voice.preferences import Keeper, Kept, read
from mbc_voice.settings import Settings

INSTANCE = """
import sys
from dataclasses import replace
from pathlib import Path
import numpy as np
from mbc_voice.events import Snapshot
from mbc_voice.preferences import Keeper, read
from mbc_voice.settings import Settings
from mbc_voice.speak.render_cache import RenderCache
from mbc_voice.speak.rendering import RenderingKey
from mbc_voice.speak.synthesizer import Rendering

folder, mine = Path(sys.argv[1]), sys.argv[2]
keeper = Keeper(folder / "preferences.toml", Settings(), read(folder / "preferences.toml"))
cache = RenderCache(folder / "spoken", 20_000, {"fake": "1"})
snapshot = Snapshot(phase="ready")
keeper.show(snapshot)
print("ready", flush=True)
sys.stdin.readline()
wrong = 0
for turn in range(300):
    snapshot = replace(snapshot, **{mine: 1 + turn % 5 if mine == "volume" else 100 + turn % 5})
    keeper.show(snapshot)
    wrong += bool(read(folder / "preferences.toml").problem)
    value = turn % 40
    key = RenderingKey(str(value), "fake", 160, "said so")
    cache.put(key, Rendering(np.full(400, value / 64, np.float32), 8_000))
    found = cache.get(key)
    wrong += found is not None and not np.allclose(found.samples, value / 64, atol=1e-3)
print(wrong, cache.problem or "fine", flush=True)
"""


def test_two_programs_share_preferences_and_cache(tmp_path: Path) -> None:
    """Both go on caching, nothing damaged is ever read, and no broken-off file is left."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", INSTANCE, str(tmp_path), mine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mine in ("volume", "words_per_minute")
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    assert [program.communicate(timeout=60)[0] for program in programs] == ["0 fine\n"] * 2
    assert read(tmp_path / "preferences.toml").chosen
    left = [*tmp_path.glob("*.new"), *(tmp_path / "spoken").glob("*.part")]
    assert left == []


@pytest.mark.parametrize("first", ["rate", "volume"])
def test_what_another_program_kept_stays_kept(tmp_path: Path, first: str) -> None:
    """Somebody changes the speed here and the volume there: both count the next time."""
    path = tmp_path / "preferences.toml"
    usual = Snapshot(phase="ready")
    keepers = [Keeper(path, Settings(), Kept()) for _ in range(2)]
    faster = Snapshot(phase="ready", words_per_minute=210)
    louder = Snapshot(phase="ready", volume=10)
    for keeper in keepers:
        keeper.show(usual)
    for keeper, changed in zip(
        keepers, (faster, louder) if first == "rate" else (louder, faster), strict=True
    ):
        keeper.show(changed)
    assert read(path).chosen == {"rate": 210, "volume": 10}

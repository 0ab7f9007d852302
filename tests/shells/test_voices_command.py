"""``voices prepare``: what a disk that is full, or can't be written, means to the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbc_voice.shells.cli import main

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the sentences of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_folder_that_cannot_be_written_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong, and that the program speaks all the same."""
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    assert main(["voices", "prepare"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Sentences can't be kept in")
    assert "Speech goes on" in printed.out
    assert "Traceback" not in printed.err


def test_little_room_is_used_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one megabyte it keeps what fits, the likeliest first, and says that it is full."""
    monkeypatch.setenv("MBC_VOICE_SPEAK_CACHE_MB", "1")
    assert main(["voices", "prepare"]) == 0
    assert "used up" in capsys.readouterr().out
    kept = list((tmp_path / "cache" / "mbc-voice" / "spoken").glob("*.voice"))
    assert kept
    assert sum(path.stat().st_size for path in kept) <= 1_000_000
    assert main(["voices", "prepare"]) == 0
    assert capsys.readouterr().out.startswith("0 sentences")

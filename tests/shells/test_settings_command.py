"""``mbc-voice settings``: what counts, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbc_voice import toml_lines
from mbc_voice.settings import example
from mbc_voice.shells.cli import main


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the settings of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "mbc-voice").mkdir()
    return tmp_path / "mbc-voice"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["settings", *arguments]) == 0
    return capsys.readouterr().out


def test_each_setting_says_where_it_comes_from(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Default, file, change by voice and variable are told apart, and the whole is TOML."""
    path = own_home / "mbc-voice.toml"
    path.write_text("[speak]\nvolume = 5\n", encoding="utf-8")
    kept = "rate = 220\nvolume = 9\n[instead_of]\nrate = 160\nvolume = 7\n"
    (own_home / "preferences.toml").write_text(kept, encoding="utf-8")
    monkeypatch.setenv("MBC_VOICE_TALK_ANSWERS", "short")
    out = printed(capsys)
    assert "rate = 220  # changed by voice or key, instead of 160" in out
    assert f"volume = 5  # {path}:2" in out
    assert 'answers = "short"  # MBC_VOICE_TALK_ANSWERS' in out
    assert "earcons = true  # default" in out
    assert toml_lines.parse(out)["speak"]["rate"] == 220


def test_the_file_that_counts_is_named(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever wants to change a setting learns in which file: the usual one, or the named one."""
    assert f"file: {own_home / 'mbc-voice.toml'}\n" in printed(capsys)
    other = own_home / "kiosk's own.toml"
    other.touch()
    monkeypatch.setenv("MBC_VOICE_SETTINGS", str(other))
    assert f"file: {other}\n" in printed(capsys)


def test_a_kiosk_shows_no_preferences(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was changed at home does not count at a kiosk."""
    kept = "rate = 220\n[instead_of]\nrate = 160\n"
    (own_home / "preferences.toml").write_text(kept, encoding="utf-8")
    monkeypatch.setenv("MBC_VOICE_TALK_PROFILE", "kiosk")
    assert "rate = 160  # default" in printed(capsys)


def test_a_damaged_memory_is_one_line(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Damaged preferences are named, and nothing else happens."""
    (own_home / "preferences.toml").write_text("rate = \n", encoding="utf-8")
    assert main(["settings"]) == 0
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "preferences.toml is damaged" in captured.err
    assert "rate = 160  # default" in captured.out


def test_the_example_is_printed_as_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """The example can be sent straight into a settings file."""
    assert printed(capsys, "--example") == example()

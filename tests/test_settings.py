"""Settings from file and environment, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbc_voice.errors import SettingsError
from mbc_voice.settings import Settings, default_path, load


def from_file(tmp_path: Path, text: str, **environ: str) -> Settings:
    path = tmp_path / "mbc-voice.toml"
    path.write_text(text, encoding="utf-8")
    return load({"MBC_VOICE_SETTINGS": str(path), **environ})


def test_nothing_set_is_the_default(tmp_path: Path) -> None:
    """Without a file and variables, everything has its default."""
    assert Settings() == load({"XDG_CONFIG_HOME": str(tmp_path)})


def test_the_file_is_looked_for_in_the_configuration_folder(tmp_path: Path) -> None:
    """The usual place is the user's configuration folder."""
    path = default_path({"XDG_CONFIG_HOME": str(tmp_path)})
    path.parent.mkdir()
    path.write_text("[speak]\nrate = 200\n", encoding="utf-8")
    assert load({"XDG_CONFIG_HOME": str(tmp_path)}).speak.rate == 200


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable overrules the file for that one setting."""
    text = '[speak]\nrate = 200\nvoice = "system"\n'
    settings = from_file(tmp_path, text, MBC_VOICE_SPEAK_RATE="300")
    assert (settings.speak.rate, settings.speak.voice) == (300, "system")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[speak]\nspeed = 200\n", 2, "unknown setting 'speed' in \\[speak\\]"),
        ("[speak]\n\n# x\nrate = 9\n", 4, "from 80 to 450"),
        ('[speak]\nrate = "200"\n', 2, "whole number"),
        ("[speak]\nrate = true\n", 2, "whole number"),
        ("[speak]\nvoice = 3\n", 2, "text in quotes"),
        ('[hear]\nmicrophone = "x"\n[speak]\nvoice = "bob"\n', 4, "one of auto, hibari, system"),
        ("[talk]\nrate = 200\n", 1, "unknown setting 'talk'"),
        ("rate = 200\n", 1, "unknown setting 'rate'"),
        ("[hear]\nend_pause_ms = 100\n", 2, "from 500 to 3000"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    """An unknown or wrong setting is an error that says where it stands and what is allowed."""
    with pytest.raises(SettingsError, match=says) as caught:
        from_file(tmp_path, text)
    assert f"mbc-voice.toml:{line}: " in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("MBC_VOICE_SPEAK_SPEED", "2", "unknown setting 'speed'"),
        ("MBC_VOICE_TALK_RATE", "2", "no such setting"),
        ("MBC_VOICE_SPEAK_RATE", "fast", "whole number"),
        ("MBC_VOICE_SPEAK_RATE", "9000", "from 80 to 450"),
        ("MBC_VOICE_SETTINGS", "/nowhere/x.toml", "There is no settings file"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str, says: str) -> None:
    """A wrong variable is an error that names it."""
    with pytest.raises(SettingsError, match=says) as caught:
        load({"XDG_CONFIG_HOME": "/nowhere", variable: value})
    assert variable in str(caught.value)


def test_broken_toml_is_one_line(tmp_path: Path) -> None:
    """A file that is not TOML is named, with the reader's own reason."""
    with pytest.raises(SettingsError, match="not valid TOML"):
        from_file(tmp_path, "[speak\n")

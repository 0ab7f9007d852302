"""Settings from file and environment, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbc_voice import toml_lines
from mbc_voice.errors import SettingsError
from mbc_voice.settings import MEANINGS, Settings, default_path, example, load, origins


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
        ("[talks]\nrate = 200\n", 1, "unknown setting 'talks'"),
        ("[talk]\nrate = 200\n", 2, "unknown setting 'rate' in \\[talk\\]"),
        ('[talk]\nearcons = "no"\n', 2, "true or false"),
        ("[talk]\nearcons = 1\n", 2, "true or false"),
        ("[talk]\nthink_seconds = 5\n", 2, "from 8 to 120"),
        ('[talk]\nprofile = "clinic"\n', 2, "one of home, kiosk"),
        ('[talk]\nanswers = "tiny"\n', 2, "one of short, usual, long"),
        ("[speak]\nspeech = true\n", 2, "text in quotes"),
        ("rate = 200\n", 1, "unknown setting 'rate'"),
        ("[hear]\nend_pause_ms = 100\n", 2, "from 500 to 3000"),
        ("[speek]\nrate = 200\n", 1, "Did you mean 'speak'\\? The sections are"),
        ("[speak]\nvolum = 3\n", 2, "Did you mean 'volume'\\? The settings there are"),
        ("[talk]\nvolume = 3\n", 2, "It belongs in \\[speak\\]. The settings there are"),
        ("volume = 3\n", 1, "It belongs in \\[speak\\]. The sections are"),
        ('[speak]\nvoice = "bob"\n', 2, "type: mbc-voice voices list"),
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
        ("MBC_VOICE_TALKS_RATE", "2", "no such setting"),
        ("MBC_VOICE_TALK_EARCONS", "loud", "true or false"),
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


def test_a_variable_for_a_text_may_look_like_a_number(tmp_path: Path) -> None:
    """A device that is called 5 is found by that name."""
    settings = from_file(tmp_path, "", MBC_VOICE_SPEAK_LOUDSPEAKER="5", MBC_VOICE_SPEAK_RATE="200")
    assert (settings.speak.loudspeaker, settings.speak.rate) == ("5", 200)


@pytest.mark.parametrize(("word", "meant"), [("off", False), ("FALSE", False), ("1", True)])
def test_a_variable_can_switch_something_on_or_off(tmp_path: Path, word: str, meant: bool) -> None:
    """Truth is written in TOML as true and false, and in variables also as on and off."""
    settings = from_file(tmp_path, "[talk]\nearcons = true\n", MBC_VOICE_TALK_EARCONS=word)
    assert settings.talk.earcons is meant


def test_each_setting_knows_where_it_was_made(tmp_path: Path) -> None:
    """A setting's place is its line or its variable; defaults have none."""
    path = tmp_path / "own.toml"
    path.write_text("[speak]\nrate = 200\nvolume = 5\n", encoding="utf-8")
    environ = {"MBC_VOICE_SETTINGS": str(path), "MBC_VOICE_SPEAK_RATE": "300"}
    assert origins(environ) == {
        "speak.rate": "MBC_VOICE_SPEAK_RATE",
        "speak.volume": f"{path}:3",
    }


def test_the_example_is_the_defaults(tmp_path: Path) -> None:
    """The commented file says what is the case without it, for every setting there is."""
    assert from_file(tmp_path, example()) == Settings()
    written = toml_lines.parse(example())
    names = {f"{section}.{key}" for section, keys in written.items() for key in keys}
    assert names == set(MEANINGS)


def test_a_pause_of_a_second_and_a_half_ends_no_question() -> None:
    """Slow speakers may pause for 1.5 s inside a sentence."""
    assert Settings().hear.end_pause_ms > 1500

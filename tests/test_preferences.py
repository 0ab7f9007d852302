"""What somebody changed by voice at home, and when it counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mbc_voice.events import Display, Snapshot
from mbc_voice.preferences import Keeper, Kept, default_path, in_force, read, voice
from mbc_voice.settings import Settings, SpeakSettings

USUAL = Settings()
FIRST = Snapshot(phase="ready")


def kept_after(path: Path, *snapshots: Snapshot, usual: Settings = USUAL) -> Kept:
    keeper = Keeper(path, usual, read(path))
    for snapshot in (FIRST, *snapshots):
        keeper.show(snapshot)
    return read(path)


def test_what_was_changed_counts_next_time(tmp_path: Path) -> None:
    """Rate, volume, answers, earcons and the look of the page come back as they were left."""
    left = replace(FIRST, words_per_minute=220, volume=9, answers="short", earcons=False)
    left = replace(left, display=Display(200, "dark"))
    kept = kept_after(tmp_path / "state" / "kept.toml", left)
    settings, places = in_force(USUAL, kept, {})
    assert (settings.speak.rate, settings.speak.volume) == (220, 9)
    assert (settings.talk.answers, settings.talk.earcons) == ("short", False)
    assert (settings.kiosk.text_size, settings.kiosk.theme) == (200, "dark")
    assert places["speak.rate"] == "changed by voice or key, instead of 160"


def test_what_was_changed_back_is_forgotten(tmp_path: Path) -> None:
    """Somebody who goes back to the usual rate has no preference any more."""
    path = tmp_path / "kept.toml"
    assert kept_after(path, replace(FIRST, words_per_minute=220), FIRST) == Kept()


def test_nothing_is_written_as_long_as_nothing_changes(tmp_path: Path) -> None:
    """Talking leaves no file, only changing something does."""
    path = tmp_path / "kept.toml"
    kept_after(path, replace(FIRST, phase="speaking", heard="a question"))
    assert not path.exists()


def test_nothing_said_is_ever_kept(tmp_path: Path) -> None:
    """The file holds how it speaks, and no word of the talk."""
    path = tmp_path / "kept.toml"
    kept_after(path, replace(FIRST, volume=3, heard="my secret", topic="symptoms-lung"))
    text = path.read_text(encoding="utf-8")
    assert "volume = 3" in text
    assert "secret" not in text
    assert "lung" not in text


def test_a_setting_changed_later_counts_again(tmp_path: Path) -> None:
    """Whoever edits the settings file after a change by voice wants what they wrote."""
    kept = kept_after(tmp_path / "kept.toml", replace(FIRST, words_per_minute=220))
    edited = replace(USUAL, speak=SpeakSettings(rate=180))
    assert in_force(edited, kept, {"speak.rate": "own.toml:2"})[0].speak.rate == 180


def test_the_environment_wins(tmp_path: Path) -> None:
    """A variable counts for the run it is given to."""
    kept = kept_after(tmp_path / "kept.toml", replace(FIRST, words_per_minute=220))
    settings, _ = in_force(USUAL, kept, {"speak.rate": "MBC_VOICE_SPEAK_RATE"})
    assert settings.speak.rate == USUAL.speak.rate


def test_the_voice_is_kept_by_the_name_it_is_called_by(tmp_path: Path) -> None:
    """A voice chosen by voice comes back, unless another setting for it was made since."""
    kept = kept_after(tmp_path / "kept.toml", replace(FIRST, voice="English america"))
    assert voice(USUAL, kept, {}) == "English america"
    assert voice(USUAL, kept, {"speak.voice": "MBC_VOICE_SPEAK_VOICE"}) == ""
    assert voice(replace(USUAL, speak=SpeakSettings(voice="system")), kept, {}) == ""
    assert voice(USUAL, Kept(), {}) == ""


@pytest.mark.parametrize(
    "text",
    [
        "rate = \n",
        "rate = 220\n",
        "rate = [1]\n[instead_of]\nrate = 160\n",
        "speed = 220\n[instead_of]\nspeed = 160\n",
        "rate = 220\n[instead_of]\nvolume = 160\n",
        'instead_of = "x"\n',
        "\x00\x01",
    ],
)
def test_a_damaged_file_is_ignored(tmp_path: Path, text: str) -> None:
    """A damaged file is one line for the person, and counts as none."""
    path = tmp_path / "kept.toml"
    path.write_text(text, encoding="utf-8")
    kept = read(path)
    assert str(path) in kept.problem
    assert in_force(USUAL, kept, {}) == (USUAL, {})


def test_bytes_that_are_no_text_are_ignored(tmp_path: Path) -> None:
    """Even a file of random bytes only loses the preferences."""
    path = tmp_path / "kept.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert read(path).problem


def test_a_value_out_of_range_does_not_count(tmp_path: Path) -> None:
    """A rate that can't be set by voice can't come from the file either."""
    path = tmp_path / "kept.toml"
    path.write_text("rate = 9000\n[instead_of]\nrate = 160\n", encoding="utf-8")
    assert in_force(USUAL, read(path), {})[0] == USUAL


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    """Where nothing can be kept, the talk goes on."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    path = tmp_path / "file" / "kept.toml"
    keeper = Keeper(path, USUAL, Kept())
    for snapshot in (FIRST, replace(FIRST, volume=2)):
        keeper.show(snapshot)
    assert not path.exists()


def test_the_file_is_with_the_other_state(tmp_path: Path) -> None:
    """The usual place is the user's state folder, never the settings file."""
    assert default_path({"XDG_STATE_HOME": str(tmp_path)}) == (
        tmp_path / "mbc-voice" / "preferences.toml"
    )

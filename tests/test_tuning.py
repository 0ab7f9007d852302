"""Small computers: how they are known, and what is done differently."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from mbc_voice import tuning
from mbc_voice.settings import HearSettings, Settings

PLENTY = 8000.0


def hearing(**changes: str | int) -> Settings:
    return Settings(hear=replace(HearSettings(), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("machine", "taken", "memory", "small"),
    [
        ("auto", {}, PLENTY, False),
        ("auto", {"whisper-base": tuning.SLOW_MS - 1}, PLENTY, False),
        ("auto", {"whisper-base": tuning.SLOW_MS + 1}, PLENTY, True),
        ("auto", {"whisper-tiny-en": 9000.0}, PLENTY, False),
        ("auto", {}, 1000.0, True),
        ("auto", {}, 0.0, False),
        ("usual", {"whisper-base": 9000.0}, 1000.0, False),
        ("small", {}, PLENTY, True),
    ],
)
def test_a_small_computer_is_known(
    machine: str, taken: dict[str, float], memory: float, small: bool
) -> None:
    """It is slow with Whisper base, or has little memory, or its owner says so."""
    assert tuning.is_small(hearing(machine=machine), taken, memory) is small


def test_a_measurement_is_kept(tmp_path: Path) -> None:
    """What was measured is there the next time; a damaged file counts as none."""
    assert tuning.kept(tmp_path) == {}
    tuning.keep({"whisper-base": 300.5}, tmp_path / "cache")
    assert tuning.kept(tmp_path / "cache") == {"whisper-base": 300.5}
    for damage in ("", "[1]", '{"a": "b"}', '{"a": null}'):
        (tmp_path / "machine.json").write_text(damage, encoding="utf-8")
        assert tuning.kept(tmp_path) == {}


def test_a_disk_that_takes_nothing_is_no_failure(tmp_path: Path) -> None:
    """Where the measurement can't be kept, it is made again."""
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    tuning.keep({"whisper-base": 300.5}, tmp_path / "cache")
    assert tuning.kept(tmp_path / "cache") == {}


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 2)])
def test_a_core_is_left_free(tmp_path: Path, cores: int, threads: int) -> None:
    """The recognizer leaves one core to everything else, and the disk is used sparingly."""
    made = tuning.small(Settings(), tmp_path, cores)
    assert made.hear.threads == threads
    assert made.speak.cache_mb == tuning.SMALL_CACHE_MB


def test_what_somebody_chose_stays(tmp_path: Path) -> None:
    """A recognizer that was named listens on a small computer, too."""
    made = tuning.small(hearing(recognizer="whisper-base"), tmp_path, 4)
    assert made.hear.recognizer == "whisper-base"


@pytest.mark.engine
def test_the_quick_recognizer_listens() -> None:
    """Of the installed recognizers the quickest is taken."""
    models = Path(os.environ.get("MBC_VOICE_PATHS_MODELS", Path(__file__).parents[1] / "models"))
    made = tuning.small(Settings(), models, 4)
    assert made.hear.recognizer in ("vosk", "whisper-tiny-en")

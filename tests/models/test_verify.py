"""Telling whole models from damaged and missing ones, cheaply and thoroughly."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from mbc_voice import settings
from mbc_voice.errors import ModelError
from mbc_voice.models import place, verify
from mbc_voice.models.__main__ import enough
from mbc_voice.models.progress import Progress


def pretend(folder: Path, name: str) -> Path:
    """Lay files of the right names and sizes, full of zeros and taking no room."""
    own = folder / name
    for file in verify.find(name).files:
        (own / file.path).parent.mkdir(parents=True, exist_ok=True)
        with (own / file.path).open("wb") as empty:
            empty.truncate(file.size)
    return own


def states(folder: Path) -> dict[str, str]:
    return {status.name: status.state for status in verify.list_models(folder)}


def test_sizes_tell_at_start_up(tmp_path: Path) -> None:
    """A model is ready when every file has its size; no byte is read for that."""
    own = pretend(tmp_path, "whisper-base")
    assert verify.is_ready("whisper-base", tmp_path)
    assert place.installed("whisper-base", tmp_path) == own
    assert verify.require("whisper-base", tmp_path) == own
    assert states(tmp_path)["whisper-base"] == "installed"
    assert states(tmp_path)["whisper-tiny-en"] == "missing"


def test_hashes_tell_the_rest(tmp_path: Path) -> None:
    """Right sizes with wrong bytes pass the quick look and fail the thorough one."""
    pretend(tmp_path, "whisper-tiny-en")
    found = verify.verify("whisper-tiny-en", tmp_path)
    assert not found.ok
    assert len(found.problems) == 4
    assert found.problems[0].startswith("model.bin has changed")


def test_a_cut_file_is_damage_found_at_load(tmp_path: Path) -> None:
    """A file that lost its end is named, and the error says what to type."""
    own = pretend(tmp_path, "whisper-base")
    with (own / "model.bin").open("r+b") as file:
        file.truncate(1000)
    assert place.installed("whisper-base", tmp_path) is None
    with pytest.raises(ModelError, match=r"damaged\. Type: mbc-voice models install whisper-base"):
        verify.require("whisper-base", tmp_path)
    assert "model.bin has 1000 bytes" in verify.verify("whisper-base", tmp_path).problems[0]


def test_a_missing_model_says_what_to_type(tmp_path: Path) -> None:
    """Missing is not called damaged."""
    with pytest.raises(ModelError, match=r"missing\. Type: mbc-voice models install minilm-l6"):
        verify.require("minilm-l6", tmp_path)
    assert verify.verify("minilm-l6", tmp_path).state == "missing"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"fingerprint": "x", "files": []}', "\0"])
def test_a_broken_record_is_damage_not_a_crash(tmp_path: Path, text: str) -> None:
    """Whatever stands in the record, the model counts as damaged."""
    (tmp_path / "minilm-l6").mkdir()
    (tmp_path / "minilm-l6" / "installed.json").write_text(text)
    assert states(tmp_path)["minilm-l6"] == "damaged"
    assert not verify.verify("minilm-l6", tmp_path).ok


def test_either_recognizer_is_enough_to_run(tmp_path: Path) -> None:
    """Without any recognizer, or without the sentence model, the set-up isn't done."""
    assert not enough("run", tmp_path)
    pretend(tmp_path, "whisper-base")
    assert not enough("run", tmp_path)


def test_plain_lines_where_there_is_no_terminal() -> None:
    """A log gets a line every quarter, not a bar."""
    stream = io.StringIO()
    progress = Progress(stream)
    for done in range(0, 101):
        progress("toy", done * 1_000_000, 100_000_000)
    progress.close()
    assert stream.getvalue().splitlines() == [
        f"  toy: {percent} % of 100 MB" for percent in (0, 25, 50, 75, 100)
    ]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal_ends_its_line() -> None:
    """The bar is redrawn in place, once per percent, and closed with a line's end."""
    stream = Terminal()
    progress = Progress(stream)
    for done in range(1001):
        progress("toy", done, 1000)
    progress.close()
    progress.close()
    text = stream.getvalue()
    assert text.count("\r") == 101
    assert text.endswith("100 % of 1 MB\n")


@pytest.mark.engine
def test_the_installed_models_are_whole() -> None:
    """Every model this machine has agrees with the manifest, byte by byte."""
    folder = place.models_folder(settings.load().paths.models)
    ready = [status.name for status in verify.list_models(folder) if status.state != "missing"]
    assert "whisper-base" in ready
    assert [verify.verify(name, folder).problems for name in ready] == [()] * len(ready)

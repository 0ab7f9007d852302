from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.errors import ModelError
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.vosk import VoskRecognizer
from voices import samples_of, why_not

KOREAN = Path(__file__).parents[2] / "models" / "vosk-ko"
HELLO, STOP, HALT = "안녕하세요", "정지", "멈춰"
ROOM = np.zeros(SAMPLE_RATE // 2, dtype=np.float32)


@functools.cache
def korean() -> VoskRecognizer:
    if not KOREAN.exists():
        pytest.skip("the model vosk-ko is not installed")
    return VoskRecognizer(KOREAN)


def speech(text: str) -> Samples:
    if why_not("ko"):
        pytest.skip(why_not("ko"))
    return np.concatenate([ROOM, samples_of(text, "ko"), ROOM])


def hear(samples: Samples, phrases: list[str] | None = None) -> tuple[list[str], object]:
    ear = korean()
    ear.begin(phrases)
    partial = [ear.feed(samples[at : at + 1600]) for at in range(0, len(samples), 1600)]
    return partial, ear.end()


@pytest.mark.engine
def test_free_speech_is_written_down_as_it_comes() -> None:
    """Partial text grows while one speaks, and the transcript holds the words."""
    partial, said = hear(speech(HELLO))
    assert partial[0] == ""
    assert isinstance(said, Transcript)
    assert "하세요" in said.text
    assert any("하세요" in text for text in partial)
    assert 0.0 < said.confidence <= 1.0


@pytest.mark.engine
@pytest.mark.parametrize("word", [HELLO, STOP, HALT])
def test_a_closed_set_hears_its_phrases(word: str) -> None:
    """Held to a few phrases, the recognizer finds the one that was said."""
    _, said = hear(speech(word), [HELLO, STOP, HALT])
    assert isinstance(said, Transcript)
    assert said.text == word


@pytest.mark.engine
@pytest.mark.parametrize("text", ["병원에 갔습니다", "유방암은 어디로 퍼지나요"])
def test_a_closed_set_hears_nothing_in_other_speech(text: str) -> None:
    """Unrelated speech is silence, not the nearest phrase."""
    _, said = hear(speech(text), [STOP, HALT])
    assert isinstance(said, Silence), said


@pytest.mark.engine
def test_silence_is_silence() -> None:
    """Nothing at all gives no words, freely and held to phrases, and the next one is heard."""
    nothing = np.zeros(SAMPLE_RATE, dtype=np.float32)
    assert hear(nothing) == ([""] * 10, Silence("noise"))
    assert hear(nothing, [STOP]) == ([""] * 10, Silence("noise"))
    assert isinstance(hear(speech(HALT), [HALT])[1], Transcript)


@pytest.mark.engine
def test_a_phrase_with_an_unknown_word_is_left_out() -> None:
    """The engine would shorten it to another phrase; here it can't be heard at all."""
    assert korean().knows_word(STOP)
    assert not korean().knows_word("palbociclib")
    _, said = hear(speech(STOP), [f"palbociclib {STOP}", HELLO])
    assert said != Transcript(STOP)
    assert not isinstance(said, Transcript) or said.text != STOP


@pytest.mark.engine
def test_a_new_segment_knows_nothing_of_an_unfinished_one() -> None:
    """`begin` forgets what was fed before."""
    ear = korean()
    ear.begin([STOP, HALT])
    ear.feed(speech(STOP))
    _, said = hear(speech(HALT), [STOP, HALT])
    assert isinstance(said, Transcript)
    assert said.text == HALT


def test_a_missing_folder_names_what_it_lacks(tmp_path: Path) -> None:
    """No model is a `ModelError` before the engine sees the path."""
    with pytest.raises(ModelError, match=r"lacks am/final.mdl. Install it again"):
        VoskRecognizer(tmp_path / "nowhere")


@pytest.mark.engine
@pytest.mark.parametrize("broken", ["am/final.mdl", "conf/mfcc.conf", "graph/Gr.fst"])
def test_an_emptied_file_is_named(tmp_path: Path, broken: str) -> None:
    """A file without content is as bad as a missing one."""
    model = copy_of_korean(tmp_path)
    (model / broken).unlink()
    (model / broken).touch()
    with pytest.raises(ModelError, match=broken):
        VoskRecognizer(model)


@pytest.mark.engine
def test_a_damaged_model_is_one_clear_line(tmp_path: Path) -> None:
    """An acoustic model that breaks off is reported, and does not take the process down."""
    model = copy_of_korean(tmp_path)
    data = (model / "am/final.mdl").read_bytes()
    (model / "am/final.mdl").unlink()
    (model / "am/final.mdl").write_bytes(data[:100_000])
    code = (
        "import sys; from pathlib import Path\n"
        "from mbc_voice.errors import ModelError\n"
        "from mbc_voice.hear.vosk import VoskRecognizer\n"
        "try: VoskRecognizer(Path(sys.argv[1]))\n"
        "except ModelError as error: print(error)\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(model)], capture_output=True, text=True, timeout=60
    )
    assert (child.returncode, child.stdout) == (
        0, f"The Vosk model in {model} is damaged. Install it again.\n",
    )  # fmt: skip


@pytest.mark.engine
def test_leaving_with_a_model_in_hand_is_silent() -> None:
    """The interpreter shuts down without complaints from the engine."""
    if not KOREAN.exists():
        pytest.skip("the model vosk-ko is not installed")
    code = (
        "import sys; from pathlib import Path\n"
        "from mbc_voice.hear.vosk import VoskRecognizer\n"
        "ear = VoskRecognizer(Path(sys.argv[1])); ear.begin()\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(KOREAN)], capture_output=True, text=True, timeout=60
    )
    assert (child.returncode, child.stderr) == (0, "")


def copy_of_korean(folder: Path) -> Path:
    """Return a copy of the model made of links, so that one file can be spoilt."""
    if not KOREAN.exists():
        pytest.skip("the model vosk-ko is not installed")
    model = folder / "model"
    for file in KOREAN.rglob("*"):
        target = model / file.relative_to(KOREAN)
        if file.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file)
    return model

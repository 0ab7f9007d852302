"""The keyboard's thread, and a standard input that isn't there."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from mbc_voice.shells.keys import Pressed, Question
from mbc_voice.shells.terminal import Keyboard, character_mode


def test_lines_are_questions_and_the_end_is_told() -> None:
    """Each line that holds anything is a question; after the last one the end is told, once."""
    read, write = os.pipe()
    os.write(write, b"where does it spread\n\n  more \nlast")
    os.close(write)
    pressed: list[Pressed] = []
    ended = threading.Event()
    with os.fdopen(read) as stream:
        keyboard = Keyboard(pressed.append, ended.set, stream)
        keyboard.start(characters=False)
        assert ended.wait(10)
        keyboard.close()
    assert pressed == [Question("where does it spread"), Question("more"), Question("last")]


def test_a_closed_input_is_an_end(tmp_path: Path) -> None:
    """Where standard input was closed there are no keys, no error, and the end is told."""
    (tmp_path / "x").write_text("")
    stream = (tmp_path / "x").open()
    stream.close()
    ended = threading.Event()
    with character_mode(stream) as characters:
        assert not characters
    keyboard = Keyboard(lambda _: None, ended.set, stream)
    keyboard.start(characters=False)
    assert ended.wait(10)
    keyboard.close()

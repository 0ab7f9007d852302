"""The real kiosk in a real browser, asked through the browser's microphone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Playwright, WebSocket

import voices
from mbc_voice.audio import SAMPLE_RATE

pytestmark = pytest.mark.engine
QUESTION = "where does breast cancer spread to"
BEFORE_S, AFTER_S = 0.5, 20.0
"""Silence around the question; the browser plays the file again and again."""
PATIENCE_MS = 90_000
HEADER = 12
"""Bytes before the samples of a frame."""


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The question, asked by another voice than the assistant's, with silence around it."""
    reason = voices.why_not("slt")
    if reason:
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    said = voices.samples_of(QUESTION, "slt")
    silence = [np.zeros(int(seconds * SAMPLE_RATE), np.float32) for seconds in (BEFORE_S, AFTER_S)]
    path = tmp_path_factory.mktemp("question") / "question.wav"
    soundfile.write(path, np.concatenate([silence[0], said, silence[1]]), SAMPLE_RATE)
    return path


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[str]:
    """A kiosk whose pages have the sound, and its address."""
    env = os.environ | {"HOME": str(tmp_path), "MBC_VOICE_KIOSK_SOUND": "browser",
                        "MBC_VOICE_KIOSK_OPEN_BROWSER": "false"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "mbc_voice", "kiosk", "--port", "0"],
        env=env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            address = re.search(r"http://\S+:\d+", line)
            if address:
                yield address.group() + "/"
                return
        pytest.fail("the kiosk did not start: " + "".join(lines))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def test_a_question_asked_of_the_page_is_answered_in_it(
    chromium: tuple[Playwright, str], kiosk: str, question: Path
) -> None:
    """What the browser's microphone hears is shown as heard, answered in captions, and sounds."""
    playwright, program = chromium
    browser = playwright.chromium.launch(
        executable_path=program,
        args=["--no-sandbox", "--use-fake-ui-for-media-stream",
              "--use-fake-device-for-media-stream",
              f"--use-file-for-fake-audio-capture={question}"],
    )  # fmt: skip
    page = browser.new_context(permissions=["microphone"]).new_page()
    page.set_default_timeout(PATIENCE_MS)
    sounds: list[bytes] = []
    reports: list[str] = []

    def received(frame: bytes | str) -> None:
        if isinstance(frame, bytes) and len(frame) > HEADER:
            sounds.append(frame)

    def sent(frame: bytes | str) -> None:
        if isinstance(frame, str) and '"played"' in frame:
            reports.append(frame)

    def watch(socket: WebSocket) -> None:
        socket.on("framereceived", received)
        socket.on("framesent", sent)

    page.on("websocket", watch)
    page.goto(kiosk)
    page.click("#start")
    page.wait_for_selector("#main-button[data-does=stop]")
    page.click("#main-button")
    page.wait_for_selector("#main-button[data-does=ask]")
    page.click("#main-button")
    page.wait_for_selector("#state-word[data-label=state-listening]")
    page.wait_for_function("() => document.querySelector('#heard').textContent.includes('spread')")
    page.wait_for_function("() => document.querySelector('#caption').textContent.includes('bones')")
    assert len(reports) > 10
    assert max(np.abs(np.frombuffer(frame[HEADER:], "<i2")).max() for frame in sounds) > 1000
    page.click("#end")
    page.wait_for_selector("#attract", state="visible")
    browser.close()

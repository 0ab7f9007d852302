"""Fixtures for the page in a real browser: one Chromium and one stand-in server for all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    ViewportSize,
    sync_playwright,
)

from page_stand_in import StandIn
from page_visitor import Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def spoken_question(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound file for the browser's microphone: half a second of tone, half of silence."""
    path = tmp_path_factory.mktemp("microphone") / "tone.wav"
    time = np.arange(48_000) / 48_000
    tone = 0.5 * np.sin(2 * np.pi * 440 * time) * (time < 0.5)
    soundfile.write(path, tone.astype(np.float32), 48_000, subtype="PCM_16")
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[Playwright, str]]:
    """What starts a browser, and Debian's Chromium; skips where there is none, but never in CI."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None and os.environ.get("CI"):
        pytest.fail("CI must run the tests of the page: chromium is not installed")
    if program is None:
        pytest.skip("chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        yield playwright, program


@pytest.fixture(scope="module")
def browser(chromium: tuple[Playwright, str], spoken_question: Path) -> Iterator[Browser]:
    """A browser without a window; its microphone hears a tone.

    It ends with the module: one that idles takes a third of a core from the tests that come after.
    """
    playwright, program = chromium
    launched = playwright.chromium.launch(
        executable_path=program,
        args=[
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={spoken_question}",
        ],
    )
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def stand_in_server() -> Iterator[StandIn]:
    """The server for all tests."""
    with StandIn() as server:
        yield server


@pytest.fixture
def stand_in(stand_in_server: StandIn) -> StandIn:
    """The server, as new."""
    stand_in_server.reset()
    return stand_in_server


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """The one tab of a module's tests."""
    context = browser.new_context(viewport=WIDE, permissions=["microphone"])
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.fixture
def opened(tab: Page, stand_in: StandIn) -> Iterator[Page]:
    """A tab on a wide screen; ends in failure if the page complained or left its origin."""
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def fail(error: Error) -> None:
        complaints.append(str(error))

    def requested(request: Request) -> None:
        address = request.url.replace("ws://", "http://")
        if not address.startswith((stand_in.url, "blob:", "data:")):
            complaints.append(f"request to {request.url}")

    tab.set_viewport_size(WIDE)
    tab.emulate_media(reduced_motion="no-preference")
    tab.on("console", complain)
    tab.on("pageerror", fail)
    tab.on("request", requested)
    yield tab
    tab.remove_listener("console", complain)
    tab.remove_listener("pageerror", fail)
    tab.remove_listener("request", requested)
    tab.goto("about:blank")
    known = [text for text in complaints if "ERR_CONNECTION" not in text and "403" not in text]
    assert known == []


@pytest.fixture
def visitor(opened: Page, stand_in: StandIn) -> Visitor:
    """Somebody in front of the page, which waits for a visit."""
    return Visitor(opened, stand_in).arrive()

"""Five keys, the real talk behind the page, and no screen: what is said is all there is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page

from kiosk_server import Serving, serving
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.engines import Engines
from mbc_voice.settings import KioskSettings, Settings, TalkSettings
from mbc_voice.shells.kiosk import site
from mbc_voice.shells.kiosk.own_talks import OwnTalks, share
from mbc_voice.speak.synthesizer import Rendering
from mbc_voice.understand.interpret import Interpreter

KIOSK = Settings(talk=TalkSettings(profile="kiosk"), kiosk=KioskSettings(sound="browser"))
HEARD = """() => {
  window.heard = [];
  const caption = document.querySelector("#caption");
  new MutationObserver(() => {
    if (caption.textContent && caption.textContent !== window.heard.at(-1)) {
      window.heard.push(caption.textContent);
    }
  }).observe(caption, { childList: true, subtree: true, characterData: true });
}"""
"""Keeps every caption; each is a sentence that sounds (`test_every_caption_is_what_sounds`)."""


class Hum:
    """A voice that says a hundred letters in a tenth of a second."""

    name = "hum"

    def render(self, text: str, words_per_minute: int) -> Rendering:
        return Rendering(np.full(24 * len(text), 0.01, np.float32), 24_000)


class Listener:
    """Somebody who only hears, and has five keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def hears(self, text: str) -> None:
        """Wait until this is said, and forget what was said until then."""
        self.page.wait_for_function("(text) => window.heard.includes(text)", arg=text)
        self.page.evaluate("() => { window.heard = []; }")

    def walks_to(self, text: str) -> None:
        """Press next until this is said."""
        for _ in range(40):
            self.page.evaluate("() => { window.heard = []; }")
            self.page.keyboard.press("ArrowDown")
            self.page.wait_for_function("() => window.heard.length > 0")
            if self.page.evaluate("() => window.heard[0]") == text:
                return
        raise AssertionError(f"{text!r} is never said")

    def selects(self) -> None:
        """Press the key that takes what was said last."""
        self.page.evaluate("() => { window.heard = []; }")
        self.page.keyboard.press("Enter")


@pytest.fixture
def served() -> Iterator[Serving]:
    library = load_library(default_content())
    engines = Engines(KIOSK, library, Interpreter(library, None), Hum(), None, None)
    with serving(OwnTalks(share(engines), site.shown(KIOSK, library))) as running:
        yield running


def test_by_five_keys_and_ear_alone(tab: Page, served: Serving) -> None:
    """Somebody who sees nothing begins, finds a topic, hears it, says yes to more, and leaves."""
    tab.goto(served.origin + "/")
    tab.wait_for_selector("#attract", state="visible")
    tab.evaluate(HEARD)
    person = Listener(tab)
    tab.keyboard.press("ArrowDown")
    person.hears("Press next to begin.")
    person.walks_to("Symptoms and tests")
    person.selects()
    person.hears("Symptoms and tests")
    person.walks_to("Symptoms in the lungs")
    person.selects()
    person.hears("A cough that won't go away.")
    tab.wait_for_selector("[data-phase=choosing]")
    person.walks_to("Yes")
    person.selects()
    tab.wait_for_selector("[data-phase=speaking]")
    tab.wait_for_selector("[data-phase=choosing], [data-phase=listening]")
    person.walks_to("Ask a question")
    person.walks_to("End my visit")
    person.selects()
    person.hears("I keep nothing of what you said.")
    tab.wait_for_selector("#attract", state="visible")

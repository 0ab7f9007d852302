"""Somebody in front of the page: shows a state and looks at it as a person would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from page_stand_in import StandIn
from page_states import Shot, shots

SHOWN = """([phase, theme, text, waiting]) => {
  const view = document.body.dataset.view;
  const root = document.documentElement.dataset;
  return document.body.dataset.phase === phase && root.theme === theme && root.text === text &&
    view === (waiting ? "attract" : phase === "ended" ? "ended" : "talk");
}"""

CONTROLS = "button, input, [data-stop]"
"""What the five keys walk through."""

VISIBLE = """(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))"""

FOCUSED = """() => {
  const element = document.activeElement;
  return element.id || element.dataset.say || element.textContent.trim();
}"""


@dataclass
class Visitor:
    """A page and the server it talks to."""

    page: Page
    server: StandIn

    def arrive(self) -> Visitor:
        """Open the page and wait until it shows what the server said."""
        self.page.goto(self.server.url)
        self.page.wait_for_selector("#gone", state="hidden")
        return self

    def see(self, name: str, theme: str = "light", text_size: int = 100) -> Shot:
        """Let the server show one of `page_states.shots`, and open its panel."""
        shot = shots(self.server.library)[name].in_theme(theme, text_size)
        self.close_panel()
        self.server.show(shot.now, **shot.changes)
        wanted = [shot.now.phase, theme, str(text_size), shot.now.visit == "waiting"]
        self.page.wait_for_function(SHOWN, arg=wanted)
        if shot.panel:
            self.open(shot.panel)
        return shot

    def open(self, panel: str) -> None:
        """Press the button of a panel, unless it is open."""
        if self.page.locator(f"#{panel}").is_hidden():
            self.page.click(f"[data-open={panel}]")

    def close_panel(self) -> None:
        """Close the panel that is open, if one is."""
        close = self.page.locator(".panel:not([hidden]) [data-close]")
        if close.count() and close.is_visible():
            close.click()

    def press(self, selector: str) -> dict[str, Any]:
        """Click, and return the message that the page sent for it."""
        self.server.forget()
        self.page.click(selector)
        return self.server.sent.get(timeout=10)

    def key(self, key: str) -> dict[str, Any]:
        """Press a key, and return the message that the page sent for it."""
        self.server.forget()
        self.page.keyboard.press(key)
        return self.server.sent.get(timeout=10)

    def quiet_key(self, key: str) -> None:
        """Press a key that nothing need be sent for."""
        self.page.keyboard.press(key)

    def focused(self) -> str:
        """Return the id, or else the words, of what has the focus."""
        found: str = self.page.evaluate(FOCUSED)
        return found

    def text(self, selector: str) -> str:
        """Return the text of an element as it stands in the page."""
        return self.page.locator(selector).text_content() or ""

    def said_politely(self) -> Locator:
        """Return the region that a screen reader speaks when it is free."""
        return self.page.locator("[role=status]")

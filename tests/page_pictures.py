"""Takes the pictures of the page that stand in ``docs/images``: python tests/page_pictures.py."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from page_stand_in import StandIn
from page_visitor import Visitor

IMAGES = Path(__file__).parents[1] / "docs" / "images"
KIOSK = (1080, 1920, 0.4)
TABLET = (1280, 800, 0.5)
PHONE = (320, 900, 1.0)
"""Width and height in CSS pixels, and how large the picture is."""

PICTURES = {
    "waiting": ("waiting", KIOSK, "light", 100),
    "listening": ("listening", KIOSK, "light", 100),
    "speaking": ("speaking", KIOSK, "light", 100),
    "choosing": ("choosing", KIOSK, "light", 100),
    "body": ("panel-body", KIOSK, "light", 100),
    "typing": ("panel-type", KIOSK, "yellow", 100),
    "warning": ("warning", KIOSK, "light", 100),
    "wide-speaking": ("speaking", TABLET, "light", 100),
    "wide-topics": ("panel-topics", TABLET, "light", 100),
    "wide-dark": ("speaking", TABLET, "dark", 100),
    "wide-yellow": ("panel-screen", TABLET, "yellow", 100),
    "wide-choosing": ("choosing", TABLET, "light", 100),
    "wide-listening": ("listening", TABLET, "light", 100),
    "large-text": ("speaking", TABLET, "light", 300),
    "phone": ("speaking", PHONE, "light", 100),
}


def take(browser: Browser, server: StandIn, name: str) -> None:
    """Take one picture."""
    state, (width, height, scale), theme, text = PICTURES[name]
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    visitor = Visitor(page, server).arrive()
    visitor.see(state, theme, text)
    if state == "listening":
        server.tell("level", value=0.6)
        page.wait_for_selector("#meter[aria-valuenow='60']")
    page.evaluate("() => { document.activeElement.blur(); return document.fonts.ready; }")
    if text == 100:
        page.evaluate("() => scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


def main() -> None:
    """Take all pictures, and make them small where pngquant is there."""
    IMAGES.mkdir(exist_ok=True)
    with StandIn() as server, sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name in PICTURES:
            take(browser, server, name)
        browser.close()
    if shutil.which("pngquant"):
        files = sorted(str(path) for path in IMAGES.glob("*.png"))
        subprocess.run(
            ["pngquant", "--force", "--ext", ".png", "--strip", "32", *files], check=True
        )


if __name__ == "__main__":
    main()

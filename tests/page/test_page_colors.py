"""The three sets of colors, by their numbers: text 7:1, all else that tells something 3:1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLE = Path(__file__).parents[2] / "src/mbc_voice/shells/kiosk/page/style.css"
THEMES = {"light": ":root", "dark": '[data-theme="dark"]', "yellow": '[data-theme="yellow"]'}
TEXT = [
    ("text", "ground"),
    ("text", "card"),
    ("on-strong", "strong"),
    ("on-mark", "mark"),
    ("warn", "warn-ground"),
    ("warn", "card"),
    ("strong", "ground"),
]
PARTS = [
    ("edge", "ground"),
    ("edge", "card"),
    ("edge", "skin"),
    ("text", "skin"),
    ("text", "organ"),
    ("strong", "skin"),
    ("strong", "card"),
    ("warn", "ground"),
    ("focus", "ground"),
    ("focus", "card"),
    ("focus", "focus-gap"),
]


def colors(theme: str) -> dict[str, str]:
    """Return the colors of a theme by name, as ``rrggbb``."""
    style = STYLE.read_text(encoding="utf-8")
    block = style[style.index(f"{THEMES[theme]} {{") :].split("}")[0]
    return dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", block))


def luminance(color: str) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_seven_to_one(theme: str) -> None:
    """Whatever is read has a contrast of at least 7."""
    found = colors(theme)
    weak = {pair: contrast(found[pair[0]], found[pair[1]]) for pair in TEXT}
    assert {pair: value for pair, value in weak.items() if value < 7} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_parts_and_focus_stand_out_three_to_one(theme: str) -> None:
    """Edges, the picture's parts and the ring of the focus have a contrast of at least 3."""
    found = colors(theme)
    weak = {pair: contrast(found[pair[0]], found[pair[1]]) for pair in PARTS}
    assert {pair: value for pair, value in weak.items() if value < 3} == {}

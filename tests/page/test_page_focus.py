"""Where the keyboard is: always somewhere, always seen, never stuck."""

from __future__ import annotations

import pytest

from mbc_voice.events import Snapshot
from page_states import shots
from page_visitor import VISIBLE, Visitor

NAME = "(element) => element.id || element.textContent.trim()"
RING = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const on = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: element.id || element.textContent.trim(),
    width: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    ring: style.outlineColor,
    ground: getComputedStyle(document.body).backgroundColor,
    seen: element.contains(on) || on?.contains(element) || false,
    inside: box.top >= 0 && box.bottom <= innerHeight + 0.5,
  };
}"""


def luminance(color: str) -> float:
    """Return the relative luminance of ``rgb(r, g, b)`` (WCAG 2.2)."""
    parts = [int(part) / 255 for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "yellow"])
def test_tab_reaches_everything_in_order_and_is_seen(visitor: Visitor, theme: str) -> None:
    """Tab visits every control once, in the page's order, each with a ring that can be seen."""
    for name in ("waiting", "speaking", "choosing", "panel-type", "panel-screen"):
        visitor.see(name, theme)
        names = visitor.page.evaluate(f"() => ({VISIBLE})('button, input').map({NAME})")
        visitor.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        seen: list[str] = []
        while len(seen) < len(names):
            visitor.quiet_key("Tab")
            ring = visitor.page.evaluate(RING)
            if ring is None:
                continue
            assert ring["width"] >= 3, ring
            assert contrast(ring["ring"], ring["ground"]) >= 3, ring
            assert ring["seen"], ring
            assert ring["inside"], ring
            seen.append(ring["name"])
        first = names.index(seen[0])
        assert seen == names[first:] + names[:first]


def test_tab_leaves_the_page_again(visitor: Visitor) -> None:
    """After the last control comes the browser, and backwards the same: no trap."""
    visitor.see("panel-type")
    controls = visitor.page.evaluate(f"({VISIBLE})('button, input').length")
    for key in ("Tab", "Shift+Tab"):
        names = []
        for _ in range(2 * controls + 4):
            visitor.quiet_key(key)
            names.append(visitor.focused())
        assert len(set(names)) >= controls


def test_focus_stays_when_the_words_of_a_button_change(visitor: Visitor) -> None:
    """Who paused by the button goes on by the same button."""
    visitor.see("speaking")
    visitor.page.focus("#pause")
    visitor.see("paused")
    assert visitor.focused() == "pause"
    assert "Go on" in visitor.text("#pause")


def test_focus_goes_to_the_heading_when_its_place_is_gone(visitor: Visitor) -> None:
    """Who was on a choice that is no longer there begins at the heading."""
    visitor.see("choosing")
    visitor.page.focus("#choices button")
    visitor.see("speaking")
    assert visitor.focused() == "state-word"


def test_a_panel_takes_the_focus_and_gives_it_back(visitor: Visitor) -> None:
    """A panel begins at its heading; closed, the focus is on the button that opened it."""
    visitor.see("listening")
    for panel in ("topics", "body", "type", "reading", "screen"):
        visitor.open(panel)
        assert visitor.focused() == f"{panel}-title"
        visitor.close_panel()
        assert visitor.focused() == f"open-{panel}"


def test_no_snapshot_moves_the_focus(visitor: Visitor) -> None:
    """News from the assistant never takes the focus from where somebody is."""
    visitor.see("listening")
    visitor.page.focus("#repeat")
    for name in ("thinking", "speaking", "choosing", "warning", "paused", "deaf"):
        visitor.see(name)
        assert visitor.focused() == "repeat", name


def test_every_button_has_a_name_that_begins_with_what_it_shows(visitor: Visitor) -> None:
    """What can be read on a button is how it is called."""
    for name in shots(visitor.server.library):
        visitor.see(name)
        wrong = visitor.page.evaluate(
            f"""() => ({VISIBLE})("button").filter((button) => {{
              const name = button.getAttribute("aria-label") ?? button.textContent.trim();
              return !name || !name.includes(button.innerText.trim());
            }}).map((button) => button.outerHTML)"""
        )
        assert wrong == [], name


def test_after_the_visit_the_focus_is_at_the_start(visitor: Visitor) -> None:
    """The next person begins at the heading of the first page."""
    visitor.see("panel-type")
    visitor.page.focus("#question")
    visitor.server.show(Snapshot(phase="ready", visit="waiting"))
    visitor.page.wait_for_selector("#attract", state="visible")
    assert visitor.focused() == "attract-title"

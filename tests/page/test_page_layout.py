"""How it looks, measured: reflow, text spacing, sizes, lines, motion."""

from __future__ import annotations

import pytest

from page_states import shots
from page_visitor import Visitor

OVERFLOWS = """() => {
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
  for (const element of document.querySelectorAll("h1, h2, p, button, input, figure, li, svg")) {
    if (!element.checkVisibility() || element.closest(".heard-only, .symbols")) continue;
    const box = element.getBoundingClientRect();
    const name = element.id || element.textContent.trim().slice(0, 30);
    if (box.left < -0.5 || box.right > width + 0.5) found.push(`${name} leaves the page`);
    if (element.scrollWidth > element.clientWidth + 1 && element.matches("button, p, h1, h2")) {
      found.push(`${name} is cut`);
    }
  }
  return found;
}"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("button, input")]
    .filter((element) => element.checkVisibility())
    .map((element) => [element.id || element.textContent.trim(), element.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([a, x], i) => boxes.slice(i + 1).forEach(([b, y]) => {
    const beside = x.left >= y.right - 1 || y.left >= x.right - 1;
    const below = x.top >= y.bottom - 1 || y.top >= x.bottom - 1;
    if (!beside && !below) found.push(`${a} over ${b}`);
  }));
  return found;
}"""
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""What WCAG 2.2, 1.4.12 says a person may set."""
SMALLEST_CAPITAL = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  let smallest = Infinity;
  for (const element of document.querySelectorAll("h1, h2, p, button, q, figcaption, input")) {
    if (!element.checkVisibility() || element.closest(".heard-only")) continue;
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
    canvas.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    smallest = Math.min(smallest, canvas.measureText("H").actualBoundingBoxAscent);
  }
  return smallest;
}"""
SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, input")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element.id || element.textContent.trim(), element.getBoundingClientRect()])
  .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
LINES = """() => [...document.querySelectorAll("h1, h2, p, figcaption")]
  .filter((element) => element.checkVisibility() && !element.closest(".heard-only"))
  .map((element) => {
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    return {
      name: element.id || element.textContent.trim().slice(0, 30),
      characters: element.clientWidth / (size * 0.48),
      spacing: parseFloat(style.lineHeight) / size,
      justified: style.textAlign === "justify",
      heading: element.matches("h1, h2"),
    };
  })"""
MM_7_3 = 7.3 / 25.4 * 96
"""CSS pixels at 96 an inch."""


def overflows(visitor: Visitor) -> dict[str, list[str]]:
    """Return what doesn't fit, for every state."""
    found = {}
    size = int(visitor.page.evaluate("() => document.documentElement.dataset.text"))
    for name in shots(visitor.server.library):
        visitor.see(name, text_size=size)
        wrong = visitor.page.evaluate(OVERFLOWS) + visitor.page.evaluate(OVERLAPS)
        if wrong:
            found[name] = wrong
    return found


@pytest.mark.parametrize(
    ("width", "height", "text"),
    [(320, 256, 100), (320, 640, 200), (1280, 800, 200), (1280, 800, 400), (1080, 1920, 400)],
)
def test_nothing_is_lost_when_the_page_is_narrow_or_the_text_large(
    visitor: Visitor, width: int, height: int, text: int
) -> None:
    """At 320 CSS px, and at 400 %, every state is read by scrolling down alone."""
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.see("listening", text_size=text)
    assert overflows(visitor) == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_wider_text_spacing_cuts_nothing(visitor: Visitor, width: int) -> None:
    """With the spacing of WCAG 1.4.12 no word is cut and nothing overlaps."""
    visitor.page.set_viewport_size({"width": width, "height": 800})
    visitor.page.evaluate(SPACING)
    assert overflows(visitor) == {}


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1280, 800), (1920, 1080)])
def test_capitals_are_7_3_mm_high_on_a_kiosk(visitor: Visitor, width: int, height: int) -> None:
    """At 96 dots an inch every capital is at least 7.3 mm high, in every state."""
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.page.evaluate("() => document.fonts.ready")
    smallest = {}
    for name in shots(visitor.server.library):
        visitor.see(name)
        smallest[name] = visitor.page.evaluate(SMALLEST_CAPITAL)
    assert min(smallest.values()) >= MM_7_3, smallest


def test_a_denser_screen_gets_larger_letters(visitor: Visitor) -> None:
    """The server can say how many pixels a capital needs on its screen."""
    visitor.server.welcome["capital_px"] = 40
    visitor.arrive()
    visitor.page.evaluate("() => document.fonts.ready")
    visitor.see("speaking")
    assert visitor.page.evaluate(SMALLEST_CAPITAL) >= 40


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1080, 1920), (320, 640)])
def test_targets_are_72_px(visitor: Visitor, width: int, height: int) -> None:
    """Whatever can be pressed is at least 72 px wide and high, on a phone too."""
    visitor.page.set_viewport_size({"width": width, "height": height})
    small = {}
    for name in shots(visitor.server.library):
        visitor.see(name)
        small[name] = visitor.page.evaluate(SMALL_TARGETS, 72)
    assert {name: found for name, found in small.items() if found} == {}


def test_lines_are_short_spaced_and_ragged(visitor: Visitor) -> None:
    """No line has more than 80 characters; spacing is 1.5 and nothing is justified."""
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    for name in shots(visitor.server.library):
        visitor.see(name)
        for line in visitor.page.evaluate(LINES):
            assert line["characters"] <= 80, (name, line)
            assert line["heading"] or line["spacing"] >= 1.499, (name, line)
            assert not line["justified"], (name, line)


def test_letters_have_no_serifs(visitor: Visitor) -> None:
    """The font is the one that comes with the page, and what stands in for it has no serifs."""
    family = visitor.page.evaluate("() => getComputedStyle(document.body).fontFamily")
    visitor.page.evaluate("() => document.fonts.ready")
    assert family.startswith("Hyperlegible")
    assert family.endswith("sans-serif")
    assert visitor.page.evaluate("() => document.fonts.check('16px Hyperlegible')")


def test_nothing_moves_or_flashes(visitor: Visitor) -> None:
    """No animation runs in any state; where less motion is wanted, no color fades either."""
    visitor.page.emulate_media(reduced_motion="reduce")
    for name in shots(visitor.server.library):
        visitor.see(name)
        assert visitor.page.evaluate("() => document.getAnimations().length") == 0, name
    durations = """() => [...document.querySelectorAll("*")].flatMap((element) => {
      const style = getComputedStyle(element);
      return [style.animationName, style.transitionDuration];
    }).filter((value) => !["none", "0s"].includes(value))"""
    assert visitor.page.evaluate(durations) == []


def test_help_is_always_in_the_same_place(visitor: Visitor) -> None:
    """Help stays where it is, in every state and with any panel open."""
    places = set()
    for name in shots(visitor.server.library):
        visitor.see(name)
        visitor.page.evaluate("() => scrollTo(0, 0)")
        box = visitor.page.locator("#help").bounding_box()
        assert box is not None
        # A scroll bar may come and go: it moves nothing by more than its own width.
        places.add((round(box["x"] / 20), round(box["y"])))
    assert len(places) == 1

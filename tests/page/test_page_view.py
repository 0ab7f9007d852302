"""What matters is in view: on a kiosk without scrolling, in large text by following the speech."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import ViewportSize

from mbc_voice.library import Library, Sentence
from page_states import shots
from page_visitor import Visitor

IN_VIEW = """(selectors) => selectors.filter((selector) =>
  [...document.querySelectorAll(selector)].some((element) => {
    if (!element.checkVisibility()) return true;
    const { top, bottom } = element.getBoundingClientRect();
    return top < -0.5 || bottom > innerHeight + 0.5;
  }))"""
"""Returns those of the selectors of which something is not to be seen whole."""
NEEDED = {
    "speaking": ["#state-word", "#caption", "#undo", "#main-button", "#pause"],
    "paused": ["#state-word", "#caption", "#pause"],
    "thinking": ["#heard", "#undo", "#main-button"],
    "choosing": ["#caption", "#choices button", "#undo", "#main-button"],
    "offer": ["#caption", "#yes", "#no", "#undo", "#main-button"],
    "warning": ["#warning", "#still-here", "#state-word"],
    "deaf": ["#notice", "#main-button"],
    "listening": ["#main-button", "#meter", "#suggested-groups button", "#open-type"],
    "panel-topics": ["#caption", "#main-button", "#topics button"],
    "panel-body": ["#caption", "#body-parts button", "#body-picture svg"],
    "panel-type": ["#question", "#send", "#keys button"],
}
"""What has to be seen in each state by somebody who would never scroll."""
LARGE = 400
KIOSKS: list[ViewportSize] = [
    {"width": 1280, "height": 800}, {"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}
]  # fmt: skip


def out_of_view(visitor: Visitor, *selectors: str) -> list[str]:
    """Return those of which something is not to be seen."""
    found: list[str] = visitor.page.evaluate(IN_VIEW, list(selectors))
    return found


def longest(library: Library) -> Sentence:
    """Return the longest sentence of all answers."""
    passages = [p for topic in library.topics.values() for p in (topic.short, *topic.more)]
    return max((s for p in passages for s in (*p.sentences, *p.items)), key=lambda s: len(s.text))


@pytest.mark.parametrize("size", KIOSKS, ids=lambda size: f"{size['width']}x{size['height']}")
def test_what_is_needed_is_on_the_screen(visitor: Visitor, size: ViewportSize) -> None:
    """On a kiosk's screen nobody has to scroll to read what is said, to choose or to answer."""
    visitor.page.set_viewport_size(size)
    missing = {}
    for name, selectors in NEEDED.items():
        visitor.see(name)
        visitor.page.evaluate("() => scrollTo(0, 0)")
        missing[name] = out_of_view(visitor, *selectors)
    assert {name: found for name, found in missing.items() if found} == {}


@pytest.mark.parametrize("size", KIOSKS, ids=lambda size: f"{size['width']}x{size['height']}")
def test_the_longest_sentence_is_on_the_screen(visitor: Visitor, size: ViewportSize) -> None:
    """So it is for the longest sentence that there is."""
    visitor.page.set_viewport_size(size)
    now = shots(visitor.server.library)["paused"].now
    visitor.see("paused")
    visitor.server.show(replace(now, caption=longest(visitor.server.library)))
    visitor.page.wait_for_selector("#caption.long")
    visitor.page.evaluate("() => scrollTo(0, 0)")
    assert out_of_view(visitor, "#caption", "#main-button", "#pause") == []


def test_large_text_follows_the_word_that_is_said(visitor: Visitor) -> None:
    """At 400 % the page scrolls by itself to the word that sounds, sentence after sentence."""
    sentence = longest(visitor.server.library)
    shot = visitor.see("speaking", text_size=LARGE)
    for word in sentence.text.split()[1:]:
        start = sentence.text.index(word)
        spoken = (start, start + len(word))
        visitor.server.show(replace(shot.now, caption=sentence, spoken=spoken))
        visitor.page.wait_for_function(
            "(word) => document.querySelector('#caption mark')?.textContent === word", arg=word
        )
        assert out_of_view(visitor, "#caption mark") == [], word


@pytest.mark.parametrize("name", ["warning", "choosing", "offer"])
def test_large_text_goes_to_what_is_asked(visitor: Visitor, name: str) -> None:
    """At 400 % the beginning of a warning, and of a question to choose, is brought to view."""
    visitor.see("listening", text_size=LARGE)
    visitor.see(name, text_size=LARGE)
    first = "#warning" if name == "warning" else "#caption"
    box = visitor.page.locator(first).bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 400


def test_who_looks_around_is_left_alone(visitor: Visitor) -> None:
    """After a touch the page doesn't scroll away from under somebody's hands."""
    visitor.see("speaking", text_size=LARGE)
    visitor.page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    visitor.page.mouse.down()
    visitor.page.mouse.up()
    visitor.see("thinking", text_size=LARGE)
    visitor.see("speaking", text_size=LARGE)
    assert out_of_view(visitor, "#caption mark") == ["#caption mark"]

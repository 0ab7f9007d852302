"""The staff's page in a browser: readable by everybody, and usable by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page

from axe import violations
from kiosk_server import SHOWN, Serving, serving
from mbc_voice.content.place import default_content
from mbc_voice.events import Answer
from mbc_voice.shells.kiosk import password
from mbc_voice.shells.kiosk.alerts import Alerts
from mbc_voice.shells.kiosk.counts import Counts
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.password import Door
from mbc_voice.shells.kiosk.staff import Staff

SECRET = "correct horse battery"
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def alerts() -> Alerts:
    return Alerts()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, alerts: Alerts) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("staff")
    password.set_password(folder / "password", SECRET)
    counts = Counts(folder / "counts", lambda: date(2026, 11, 23))
    for topic in SHOWN.library.topics:
        counts.outcome(Answer(topic, 0.9))
    counts.save()
    talk = OneTalk(SHOWN, lambda _: None)
    staff = Staff(
        Door(folder / "password"),
        talk.health,
        folder / "counts",
        default_content(),
        library=lambda: SHOWN.library,
        alerts=alerts,
        say=lambda: None,
    )
    with serving(talk, None, *staff.routes()) as running:
        yield running


def enter(tab: Page, served: Serving) -> None:
    """Give the password by keyboard alone."""
    tab.goto(f"{served.origin}/staff")
    if tab.locator("[type=password]").count():
        tab.keyboard.type(SECRET)
        tab.keyboard.press("Enter")
    tab.wait_for_selector("text=How it does")


def test_no_violation_on_the_staff_s_pages(tab: Page, served: Serving, alerts: Alerts) -> None:
    """No rule of axe-core is broken at the door, inside, or while an emergency is told of."""
    tab.goto(f"{served.origin}/staff")
    found = {"door": violations(tab)}
    enter(tab, served)
    alerts.tell("breathing")
    for path in ("/staff", "/staff/watch", "/staff/preview", "/staff/content"):
        tab.goto(served.origin + path)
        for closed in tab.locator("details:not([open]) summary").all()[:3]:
            closed.click()
        found[path] = violations(tab)
    alerts.seen()
    again = [line for line in found.pop("/staff/watch") if not line.startswith("meta-refresh")]
    assert again == [], "to look again and again is what that page is for"
    assert {path: broken for path, broken in found.items() if broken} == {}


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["320", "1280"])
def test_the_staff_s_pages_fit(tab: Page, served: Serving, size: dict[str, int]) -> None:
    """On a phone as on a desk nothing has to be scrolled sideways."""
    enter(tab, served)
    tab.set_viewport_size({"width": size["width"], "height": size["height"]})
    for path in ("/staff", "/staff/preview", "/staff/watch"):
        tab.goto(served.origin + path)
        wide = "() => [document.documentElement.scrollWidth, innerWidth]"
        needed, there = tab.evaluate(wide)
        assert needed <= there, path


def test_an_emergency_is_put_away_by_keyboard(tab: Page, served: Serving, alerts: Alerts) -> None:
    """The button is the first thing that Tab comes to, and a press takes the alert away."""
    enter(tab, served)
    alerts.tell("breathing")
    tab.goto(f"{served.origin}/staff/watch")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("text=How it does")
    assert tab.locator("[role=alert]").count() == 0
    assert alerts.unseen == ()

"""The staff's page: who gets in, what they see, and what nobody sees."""

from __future__ import annotations

import http.client
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from content_pack import write_pack
from kiosk_server import HOST, SHOWN, Serving, serving
from mbc_voice.errors import ContentError, UsageError
from mbc_voice.events import Answer, Snapshot
from mbc_voice.library import Library
from mbc_voice.shells.kiosk import password
from mbc_voice.shells.kiosk.alerts import KEPT_SECONDS, Alerts
from mbc_voice.shells.kiosk.counts import Counts
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.password import TRIES, TRIES_SECONDS, VISIT_SECONDS, Door
from mbc_voice.shells.kiosk.staff import Staff, plot
from mbc_voice.shells.kiosk.staff_preview import preview

SECRET = "correct horse battery"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("staff")
    password.set_password(made / "password", SECRET)
    counts = Counts(made / "counts", lambda: date(2026, 11, 23))
    counts.outcome(Answer("curable", 0.9))
    counts.visit(Snapshot("ready", visit="waiting"), Snapshot("speaking"))
    counts.save()
    return made


def made(
    door: Door,
    counts: Path,
    *,
    alerts: Alerts | None = None,
    content: Path | None = None,
    say: Callable[[], None] | None = None,
) -> Staff:
    """Return the staff's page over the small library, on 2026-11-23."""
    return Staff(
        door,
        OneTalk(SHOWN, lambda _: None).health,
        counts,
        content or counts,
        library=lambda: SHOWN.library,
        alerts=alerts or Alerts(),
        say=say,
        today=lambda: date(2026, 11, 23),
    )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def alerts(clock: Clock) -> Alerts:
    return Alerts(clock)


@pytest.fixture
def served(folder: Path, clock: Clock, alerts: Alerts, tmp_path: Path) -> Iterator[Serving]:
    talk = OneTalk(SHOWN, lambda _: None)
    door = Door(folder / "password", clock)
    staff = made(door, folder / "counts", alerts=alerts, content=write_pack(tmp_path / "pack"))
    with serving(talk, None, *staff.routes()) as running:
        yield running


def enter(served: Serving, given: str, origin: str | None = None) -> tuple[int, str, str]:
    """Return status, cookie and body after giving this password."""
    asking = http.client.HTTPConnection(HOST, served.port, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers["Origin"] = served.origin if origin is None else origin
    asking.request("POST", "/staff/enter", urlencode({"password": given}), headers)
    answer = asking.getresponse()
    cookie, body = answer.headers.get("set-cookie", ""), answer.read().decode()
    asking.close()
    return answer.status, cookie, body


@pytest.mark.parametrize(
    "path", ["/staff", "/staff/content", "/staff/preview", "/staff/watch", "/staff/counts.csv"]
)
def test_without_the_password_there_is_only_the_door(served: Serving, path: str) -> None:
    """Nothing of the page is shown to strangers, or to whoever makes up a cookie."""
    for headers in ({}, {"Cookie": "mbc-voice-staff=made-up"}):
        status, _, body = served.get(path, headers)
        assert status == 401
        assert b"curable" not in body
        assert b'type="password"' in body


def test_with_the_password_everything_is_shown(served: Serving) -> None:
    """How it does, what was asked, a table to take along, and whether the content is in order."""
    status, cookie, _ = enter(served, SECRET)
    assert status == 303
    lowered = cookie.lower()
    assert "httponly" in lowered
    assert "samesite=strict" in lowered
    assert "path=/staff" in lowered
    known = {"Cookie": cookie.partition(";")[0]}
    status, headers, body = served.get("/staff", known)
    assert status == 200
    assert b"curable" in body
    assert b"<script" not in body
    assert b"style=" not in body
    assert "script-src 'self'" in headers["content-security-policy"]
    status, _, table = served.get("/staff/counts.csv", known)
    assert (status, b"2026-11-23,topic,curable,1" in table) == (200, True)
    status, _, report = served.get("/staff/content", known)
    assert status == 200
    assert b"The content" in report


def test_the_loudspeaker_can_be_tried(folder: Path, tmp_path: Path) -> None:
    """A press lets the kiosk speak; a stranger's does nothing."""
    said: list[str] = []
    talk = OneTalk(SHOWN, lambda _: None)
    staff = made(Door(folder / "password"), tmp_path, say=lambda: said.append("hello"))
    with serving(talk, None, *staff.routes()) as served:
        headers = {"Origin": served.origin}
        assert served.get("/staff/try", headers, "POST")[0] == 401
        _, cookie, _ = enter(served, SECRET)
        headers["Cookie"] = cookie.partition(";")[0]
        assert b"Try the loudspeaker" in served.get("/staff", headers)[2]
        assert served.get("/staff/try", headers, "POST")[0] == 303
    assert said == ["hello"]


def inside(served: Serving) -> dict[str, str]:
    """Return the headers of somebody who gave the password."""
    _, cookie, _ = enter(served, SECRET)
    return {"Cookie": cookie.partition(";")[0], "Origin": served.origin}


def test_an_emergency_is_shown_until_it_was_seen(served: Serving, alerts: Alerts) -> None:
    """The sign stands on the first page and on the one for the desk; a press takes it away."""
    known = inside(served)
    assert b"emergency. Please" not in served.get("/staff/watch", known)[2]
    alerts.tell("breathing")
    for path in ("/staff", "/staff/watch"):
        body = served.get(path, known)[2]
        assert b"breathing, just now" in body
        assert b'role="alert"' in body
    assert b'http-equiv="refresh"' in served.get("/staff/watch", known)[2]
    assert b'http-equiv="refresh"' not in served.get("/staff", known)[2]
    assert served.get("/staff/seen", {"Origin": served.origin}, "POST")[0] == 401
    assert len(alerts.unseen) == 1
    assert served.get("/staff/seen", known, "POST")[0] == 303
    assert b"breathing" not in served.get("/staff/watch", known)[2]


def test_an_emergency_is_told_with_its_age_for_an_hour(clock: Clock) -> None:
    """The newest stands first; after an hour it is forgotten, seen or not."""
    alerts = Alerts(clock)
    alerts.tell("breathing")
    clock.now += 150
    alerts.tell("chest-pain")
    assert [(one.sign, one.minutes) for one in alerts.unseen] == [
        ("chest-pain", 0),
        ("breathing", 2),
    ]
    clock.now += KEPT_SECONDS - 100
    assert [one.sign for one in alerts.unseen] == ["chest-pain"]


def test_the_log_holds_the_sign_of_an_emergency(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever watches the journal is told, in one line with the sign's id."""
    Alerts().tell("breathing")
    assert [record.getMessage() for record in caplog.records] == [
        "a visitor told of an emergency: breathing"
    ]
    assert caplog.records[0].levelname == "WARNING"


def test_the_content_is_read_as_visitors_hear_it(served: Serving) -> None:
    """Every text stands there sentence by sentence, with its source and its review."""
    body = served.get("/staff/preview", inside(served))[2].decode()
    library = SHOWN.library
    for topic in library.topics.values():
        assert f"<summary>{escape(topic.title)}" in body
        assert all(f"<li>{escape(one.text)}" in body for one in topic.short.sentences)
        assert f"Source: {escape(topic.source)}<br>Reviewed: {topic.reviewed}" in body
    said = [one for referral in library.referrals.values() for one in referral.sentences]
    said += [one for sign in library.urgent.values() for one in sign.sentences]
    assert all(escape(one.text) in body for one in said)


@pytest.mark.parametrize(
    ("by", "on", "state"),
    [
        ("pending clinical review", date(2026, 11, 1), "pending clinical review"),
        ("Dr. A. Example", date(2024, 1, 1), "its review is more than a year old"),
        ("Dr. A. Example", date(2026, 11, 1), ""),
    ],
)
def test_a_text_that_waits_for_a_review_says_so(by: str, on: date, state: str) -> None:
    """What nobody has reviewed, or not for a year, is marked, and counted at the top."""
    library = SHOWN.library
    topic = replace(next(iter(library.topics.values())), reviewed=on, reviewed_by=by)
    one = replace(library, topics={topic.id: topic}, referrals={}, urgent={})
    shown = preview(one, date(2026, 11, 23))
    assert f"1 texts. {1 if state else 0} of them" in shown
    assert (f"<strong>({state})</strong>" in shown) == bool(state)
    assert ("by Dr. A. Example" in shown) == (not state)


def test_content_that_can_not_be_read_is_named(folder: Path, tmp_path: Path) -> None:
    """A mistake in a file is shown with the file's name, in place of the texts."""

    def broken() -> Library:
        raise ContentError(tmp_path / "answers.md", 3, "no title")

    staff = Staff(
        Door(folder / "password"), dict, tmp_path, tmp_path, library=broken, alerts=Alerts()
    )
    with serving(OneTalk(SHOWN, lambda _: None), None, *staff.routes()) as served:
        status, _, body = served.get("/staff/preview", inside(served))
    assert (status, b"answers.md:3: no title" in body) == (200, True)


def test_whoever_leaves_is_a_stranger_again(served: Serving, clock: Clock) -> None:
    """Leaving forgets the cookie on both sides, and so does half an hour away."""
    _, cookie, _ = enter(served, SECRET)
    known = {"Cookie": cookie.partition(";")[0]}
    served.get("/staff/leave", known | {"Origin": served.origin}, "POST")
    assert served.get("/staff", known)[0] == 401
    _, cookie, _ = enter(served, SECRET)
    known = {"Cookie": cookie.partition(";")[0]}
    assert served.get("/staff", known)[0] == 200
    clock.now += VISIT_SECONDS + 1
    assert served.get("/staff", known)[0] == 401


def test_guessing_is_slow(served: Serving, clock: Clock) -> None:
    """After five wrong passwords none is looked at for a minute, not even the right one."""
    statuses = [enter(served, "guess")[0] for _ in range(TRIES + 1)]
    assert statuses == [403] * TRIES + [429]
    assert enter(served, SECRET)[0] == 429
    clock.now += TRIES_SECONDS + 1
    assert enter(served, SECRET)[0] == 303


def test_another_page_can_not_send_the_form(served: Serving) -> None:
    """A form from elsewhere is refused before anything is looked at."""
    assert enter(served, SECRET, "http://evil.example")[0] == 403
    assert enter(served, "x" * 5_000)[0] == 413


def test_without_a_password_set_nobody_gets_in(tmp_path: Path) -> None:
    """The page says how to set one, and accepts none."""
    talk = OneTalk(SHOWN, lambda _: None)
    staff = made(Door(tmp_path / "none"), tmp_path)
    with serving(talk, None, *staff.routes()) as served:
        status, _, body = served.get("/staff")
        assert (status, b"--staff-password" in body) == (404, True)
        assert enter(served, "")[0] == 404


def test_the_password_is_kept_as_a_hash_for_one_user(tmp_path: Path) -> None:
    """The file tells nobody the password, and only its owner may read it."""
    path = tmp_path / "deep" / "password"
    password.set_password(path, SECRET)
    assert SECRET not in path.read_text(encoding="ascii")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert password.is_right(path, SECRET)
    assert not password.is_right(path, SECRET + "!")
    with pytest.raises(UsageError, match="at least 8"):
        password.set_password(path, "short")
    path.write_text("scrypt zz zz", encoding="ascii")
    assert not password.is_right(path, SECRET)


def test_a_plot_says_in_words_what_it_shows() -> None:
    """Whoever can't see the bars hears names and numbers; names can do no harm."""
    drawn = plot("Topics", {"a<b": 3, "none": 0, "c": 1})
    assert 'aria-label="a&lt;b: 3; c: 1"' in drawn
    assert drawn.count("<rect") == 2
    assert plot("Nothing", {"a": 0}) == ""

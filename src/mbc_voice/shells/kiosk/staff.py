"""The staff's page: how the kiosk does, what was asked, and whether the content is in order.

Plain HTML without scripts, behind a password; nothing can be changed here, and nothing that anybody
said can be seen. Runs on the server's threads. `Guard` has made sure of host and origin.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mbc_voice.content.report import check_report
from mbc_voice.dialogue import prompts
from mbc_voice.errors import ContentError
from mbc_voice.library import Library
from mbc_voice.shells.kiosk.alerts import Alerts
from mbc_voice.shells.kiosk.counts import COLUMNS, read
from mbc_voice.shells.kiosk.password import Door
from mbc_voice.shells.kiosk.staff_preview import preview

COOKIE = "mbc-voice-staff"
MOST_BYTES = 1_000
"""Of a form."""
DAYS = 31
"""How many days back the plots go."""
BAR, GAP, WIDTH, NAMES = 22, 8, 640, 240
"""Of the plots, in px."""
PLOTS = (
    ("topic", "Topics asked for"),
    ("outcome", "What questions came to"),
    ("referral", "Questions that are not covered, by where they were sent"),
    ("urgent", "Emergencies"),
    ("response", "From the end of a question to the answer"),
)
TRY = (
    "<p>To try the loudspeaker, let it say how loud it is. To try the microphone, speak to the "
    "kiosk and load this page again: <em>loudest</em> is how loud it was in the last ten seconds, "
    "from 0 to 1, and between 0.4 and 0.9 when all is well.</p>"
    '<form method="post" action="/staff/try"><button>Try the loudspeaker</button></form>'
)
LOCKED = "Too many wrong passwords. Please wait a minute."
BACK = '<p><a href="/staff">Back</a></p>'
REFRESH_SECONDS = 10
"""The page to be left open at the desk loads itself anew so often."""


class Staff:
    """The routes of the page. `health` tells how the kiosk does; `content` is the pack's folder.

    `library` reads it as it is now, with the clinic's own words. Raises `ContentError`.
    """

    def __init__(
        self,
        door: Door,
        health: Callable[[], dict[str, object]],
        counts: Path,
        content: Path,
        *,
        library: Callable[[], Library],
        alerts: Alerts,
        say: Callable[[], None] | None = None,
        secure: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._door = door
        self._health = health
        self._counts = counts
        self._content = content
        self._library = library
        self._alerts = alerts
        self._say = say
        self._secure = secure
        self._today = today

    def routes(self) -> list[Route]:
        """Return what is served under ``/staff``."""
        return [
            Route("/staff", self._overview),
            Route("/staff/content", self._check),
            Route("/staff/preview", self._preview),
            Route("/staff/watch", self._watch),
            Route("/staff/seen", self._seen, methods=["POST"]),
            Route("/staff/counts.csv", self._table),
            Route("/staff/try", self._try, methods=["POST"]),
            Route("/staff/enter", self._enter, methods=["POST"]),
            Route("/staff/leave", self._leave, methods=["POST"]),
        ]

    async def _overview(self, request: Request) -> Response:
        if not self._is_inside(request):
            return self._ask()
        days = await asyncio.to_thread(self._days)
        total: Counter[tuple[str, str]] = sum(days.values(), Counter())
        told = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>"
            for name, value in self._health().items()
        )
        visits = {str(day): counted["visit", "begun"] for day, counted in days.items()}
        plots = [plot("Visits by the day", visits)]
        plots += [plot(title, of_kind(total, kind)) for kind, title in PLOTS]
        return page(
            f"{told_of(self._alerts)}<h2>How it does</h2><dl>{told}</dl>"
            f"{TRY if self._say is not None else ''}"
            f"<h2>The last {DAYS} days</h2>{''.join(plots)}"
            '<p><a href="/staff/counts.csv" download>All of it as a table (CSV)</a></p>'
            '<p><a href="/staff/watch">Watch for emergencies, at the desk</a></p>'
            '<p><a href="/staff/preview">Read the content, as visitors hear it</a></p>'
            '<p><a href="/staff/content">Check the content</a></p>'
            '<form method="post" action="/staff/leave"><button>Leave</button></form>'
        )

    async def _check(self, request: Request) -> Response:
        if not self._is_inside(request):
            return self._ask()
        text, fine = await asyncio.to_thread(
            check_report, self._content, self._today(), prompt_flaws=prompts.check
        )
        state = "It can be used." if fine else "It can't be used until that is put right."
        return page(f"<h2>The content</h2><p>{state}</p><pre>{escape(text)}</pre>{BACK}")

    async def _preview(self, request: Request) -> Response:
        """Show every text as it stands now; the kiosk takes it in at its next start."""
        if not self._is_inside(request):
            return self._ask()
        try:
            library = await asyncio.to_thread(self._library)
        except ContentError as error:
            return page(f"<h2>The content</h2><pre>{escape(str(error))}</pre>{BACK}")
        texts = await asyncio.to_thread(preview, library, self._today())
        return page(f"<h2>The content, as visitors hear it</h2>{texts}{BACK}")

    async def _watch(self, request: Request) -> Response:
        """Show emergencies alone, for a screen that nobody touches."""
        if not self._is_inside(request):
            return self._ask()
        told = told_of(self._alerts) or "<p>Nobody at the kiosk told of an emergency.</p>"
        note = f"<p>This page looks again every {REFRESH_SECONDS} seconds.</p>"
        return page(f"{told}{note}{BACK}", refresh=REFRESH_SECONDS)

    async def _seen(self, request: Request) -> Response:
        """Somebody has seen what visitors told of."""
        if not self._is_inside(request):
            return self._ask()
        self._alerts.seen()
        return RedirectResponse("/staff", 303)

    async def _try(self, request: Request) -> Response:
        """Let the kiosk say something."""
        if not self._is_inside(request):
            return self._ask()
        if self._say is not None:
            self._say()
        return RedirectResponse("/staff", 303)

    async def _table(self, request: Request) -> Response:
        if not self._is_inside(request):
            return self._ask()
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(["day", *COLUMNS])
        for day, counted in (await asyncio.to_thread(self._days, None)).items():
            writer.writerows((day, *key, count) for key, count in sorted(counted.items()))
        headers = {"Content-Disposition": 'attachment; filename="counts.csv"'}
        return Response(written.getvalue(), media_type="text/csv", headers=headers)

    async def _enter(self, request: Request) -> Response:
        if not self._door.exists:
            return self._ask()
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return Response(status_code=413)
        if self._door.locked:
            return self._ask(429, LOCKED)
        password = QueryParams(body).get("password", "")
        name = await asyncio.to_thread(self._door.enter, password)
        if name is None:
            return self._ask(403, LOCKED if self._door.locked else "That is not the password.")
        answer = RedirectResponse("/staff", 303)
        answer.set_cookie(
            COOKIE, name, path="/staff", httponly=True, samesite="strict", secure=self._secure
        )
        return answer

    async def _leave(self, request: Request) -> Response:
        self._door.leave(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/staff", 303)
        answer.delete_cookie(COOKIE, path="/staff")
        return answer

    def _is_inside(self, request: Request) -> bool:
        return self._door.exists and self._door.knows(request.cookies.get(COOKIE, ""))

    def _ask(self, status: int = 401, problem: str = "") -> Response:
        if not self._door.exists:
            hint = "<p>No password is set. Type: mbc-voice kiosk --staff-password</p>"
            return page(hint, 404)
        told = f'<p role="alert">{escape(problem)}</p>' if problem else ""
        return page(
            f'{told}<form method="post" action="/staff/enter"><p><label>Password '
            '<input type="password" name="password" autocomplete="current-password" required '
            "autofocus></label></p><p><button>Enter</button></p></form>",
            status,
        )

    def _days(self, most: int | None = DAYS) -> dict[str, Counter[tuple[str, str]]]:
        """Return what was counted on each day, the oldest first."""
        paths = sorted(self._counts.glob("????-??-??.csv"))
        return {path.stem: read(path) for path in (paths[-most:] if most else paths)}


def told_of(alerts: Alerts) -> str:
    """Return what visitors told of and nobody has seen yet; nothing if there is nothing."""
    unseen = alerts.unseen
    if not unseen:
        return ""
    lines = "".join(
        f"<li>{escape(one.sign)}, {f'{one.minutes} min ago' if one.minutes else 'just now'}</li>"
        for one in unseen
    )
    return (
        '<div role="alert"><p><strong>Somebody at the kiosk told of an emergency. Please go and '
        f"look.</strong></p><ul>{lines}</ul>"
        '<form method="post" action="/staff/seen"><button>I have seen to it</button></form></div>'
    )


def of_kind(counted: Counter[tuple[str, str]], kind: str) -> dict[str, int]:
    """Return the counts of one kind by id, the most frequent first."""
    found = {id: count for (of, id), count in counted.items() if of == kind}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def plot(title: str, counts: dict[str, int]) -> str:
    """Return a plot of bars as SVG, each with its name and number; nothing where all are 0."""
    shown = {name: count for name, count in counts.items() if count}
    if not shown:
        return ""
    scale = (WIDTH - NAMES - 60) / max(shown.values())
    bars = []
    for number, (name, count) in enumerate(shown.items()):
        top, length = number * (BAR + GAP), max(1, round(count * scale))
        bars.append(
            f'<text x="0" y="{top + 16}">{escape(name)}</text>'
            f'<rect x="{NAMES}" y="{top}" width="{length}" height="{BAR}"></rect>'
            f'<text x="{NAMES + length + 8}" y="{top + 16}">{count}</text>'
        )
    told = escape("; ".join(f"{name}: {count}" for name, count in shown.items()))
    height = len(shown) * (BAR + GAP)
    return (
        f"<h3>{escape(title)}</h3>"
        f'<svg role="img" aria-label="{told}" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}">{"".join(bars)}</svg>'
    )


def page(body: str, status: int = 200, refresh: int = 0) -> HTMLResponse:
    """Return a whole page around this, which loads itself anew after `refresh` seconds, if any."""
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{again}<title>mbc-voice: staff</title>"
        '<link rel="stylesheet" href="/page/staff.css"></head>'
        f"<body><main><h1>For the staff</h1>{body}</main></body></html>",
        status,
    )

"""The server as a browser, a stranger and an attacker meet it, through a real socket."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from kiosk_server import HOST, SHOWN, PageClient, Serving, serving
from mbc_voice.errors import UsageError
from mbc_voice.events import Command, Snapshot, TimerEnded, Understood
from mbc_voice.library import Sentence
from mbc_voice.parts import Posted, Typed
from mbc_voice.shells.kiosk import guard, patience
from mbc_voice.shells.kiosk.app import Allowance, application
from mbc_voice.shells.kiosk.certificate import Certificate
from mbc_voice.shells.kiosk.guard import HEADERS, Allowed
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.server import Server, listening_at
from mbc_voice.shells.kiosk.site import gone_sound, picture
from mbc_voice.speak.synthesizer import Rendering


class Inbox:
    """What was posted, without the server's asking whether anybody lives."""

    def __init__(self) -> None:
        self.items: list[Posted] = []
        self._arrived = threading.Condition()

    def post(self, item: Posted) -> None:
        if item == TimerEnded("still alive?"):
            return
        with self._arrived:
            self.items.append(item)
            self._arrived.notify_all()

    def wait(self, count: int) -> list[Posted]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.items) >= count, 20)
            return self.items


@pytest.fixture(scope="module")
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture(scope="module")
def talk(inbox: Inbox) -> OneTalk:
    return OneTalk(SHOWN, inbox.post)


@pytest.fixture(scope="module")
def served(talk: OneTalk) -> Iterator[Serving]:
    with serving(talk) as running:
        yield running


# ---------------------------------------------------------------- what is served


def test_the_page_is_served_with_its_headers(served: Serving) -> None:
    """The page may run its own scripts and reach its own server, and nothing else."""
    status, headers, body = served.get("/")
    assert status == 200
    assert b"<html" in body
    for name, value in HEADERS.items():
        assert headers[name.lower()] == value
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/page/../run.py",
        "/page/%2e%2e%2frun.py",
        "/page//etc/passwd",
        "/page/nothing.js",
        "/page/",
        "/run.py",
        "/page/page",
        "/take-away/tests.svg",
        "/gone.wav",
    ],
)
def test_nothing_but_the_page_is_served(served: Serving, path: str) -> None:
    """No path leads to any other file of this computer."""
    assert served.get(path)[0] == 404


def test_the_watchdog_is_answered(served: Serving) -> None:
    """Whoever watches over the program learns whether it lives."""
    status, _, body = served.get("/health")
    assert (status, json.loads(body)["ok"]) == (200, True)


def test_a_topic_can_be_taken_away_as_a_picture() -> None:
    """Where the clinic has the text somewhere, the page gets a QR code that leads there."""
    page = replace(SHOWN, take_away=lambda topic: f"https://clinic.example/{topic}")
    with serving(OneTalk(page, lambda _: None, picture=picture(page))) as server:
        status, headers, body = server.get("/take-away/tests.svg")
        assert (status, headers["content-type"]) == (200, "image/svg+xml")
        assert body.startswith(b"<svg")
        assert b"script" not in body
        assert server.get("/take-away/no-such-topic.svg")[0] == 404


def test_the_page_can_say_that_the_server_is_gone() -> None:
    """It gets the sentence as sound while the server is there; without a voice there is none."""

    class Voice:
        name = "hum"

        def render(self, text: str, words_per_minute: int) -> Rendering:
            return Rendering(np.zeros(10 * len(text), np.float32), 24_000)

    sound = gone_sound(Voice(), 160)
    assert gone_sound(None, 160) is None
    with serving(OneTalk(SHOWN, lambda _: None, gone_sound=lambda: sound)) as server:
        status, headers, body = server.get("/gone.wav")
    assert (status, headers["content-type"], body[:4]) == (200, "audio/wav", b"RIFF")


# ---------------------------------------------------------------- who is let in


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "", "127.0.0.1:1"]
)
def test_another_name_is_refused(served: Serving, host: str) -> None:
    """A site that gives this computer a name of its own gets nothing (DNS rebinding)."""
    assert served.get("/", {"Host": host})[0] in (400, 421)


def test_only_our_own_page_may_talk(served: Serving) -> None:
    """A page from elsewhere can't open the connection, whatever address it uses."""
    for origin in ("http://evil.example", "null", "https://127.0.0.1", None):
        with pytest.raises(InvalidStatus) as caught, served.page(origin=origin):
            pass
        assert caught.value.response.status_code == 403


def test_nobody_may_post(served: Serving) -> None:
    """What does more than reading needs our own origin, and even then there is nothing to do."""
    assert served.get("/", method="POST")[0] == 403
    assert served.get("/", {"Origin": served.origin}, "POST")[0] == 405


def test_a_token_is_asked_for_away_from_this_computer() -> None:
    """With the token the page opens, and keeps it in a cookie that scripts can't read."""
    with listening_at(HOST, 0) as free:
        port = free.port
    token = "a long and secret token"
    allowed = Allowed(frozenset((f"{HOST}:{port}",)), "http", token)
    answers: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guarded = guard.Guard(app, allowed, clock=lambda: 0.0)
    sent: list[Message] = []

    def ask(query: str = "", cookie: str = "", path: str = "/") -> int:
        sent.clear()
        headers = [(b"host", f"{HOST}:{port}".encode())]
        headers += [(b"cookie", f"mbc-voice={cookie}".encode())] if cookie else []
        scope: Scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
        }
        run(guarded, scope, sent)
        return int(sent[0]["status"])

    assert ask() == 401
    assert ask(path="/health") == 200
    assert ask("token=" + token.replace(" ", "+")) == 303
    cookie = dict(sent[0]["headers"])[b"set-cookie"].decode().lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" in cookie
    assert ask(cookie=f'"{token}"') == 200
    answers = [ask("token=guess") for _ in range(20)]
    assert answers[0] == 401
    assert answers[-1] == 429


def run(app: guard.Guard, scope: Scope, sent: list[Message]) -> None:
    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    coroutine = app(scope, receive, send)
    with pytest.raises(StopIteration):
        coroutine.send(None)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("::", False),
        ("kiosk.example", False),
    ],
)
def test_only_this_computer_is_loopback(host: str, expected: bool) -> None:
    """Every other address can be reached by others."""
    assert guard.is_loopback(host) is expected


def test_a_port_in_use_is_told_in_one_line() -> None:
    """A second start says what is wrong and what to do."""
    with listening_at(HOST, 0) as first, pytest.raises(UsageError) as caught:
        listening_at(HOST, first.port)
    assert "is in use" in str(caught.value)
    assert "--port" in str(caught.value)
    with pytest.raises(UsageError, match="has no address"):
        listening_at("192.0.2.1", 0)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_with_a_certificate_everything_is_encrypted(tmp_path: Path) -> None:
    """Page and connection go by TLS, and nothing is answered without it."""
    chain, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    subprocess.run(
        [*making, *names, "-keyout", key, "-out", chain], check=True, capture_output=True
    )
    trusted = ssl.create_default_context(cafile=str(chain))
    with listening_at(HOST, 0) as listening:
        port = listening.port
        let_in = Allowed(guard.hosts([HOST], port, "https"), "https")
        app = application(OneTalk(SHOWN, lambda _: None), let_in)
        server = Server(app, listening, Certificate(str(chain), str(key)))
        server.start()
        try:
            asking = http.client.HTTPSConnection(HOST, port, timeout=10, context=trusted)
            asking.request("GET", "/health")
            answer = asking.getresponse()
            assert answer.status == 200
            assert answer.headers["strict-transport-security"]
            asking.close()
            origin = Origin(f"https://{HOST}:{port}")
            with connect(f"wss://{HOST}:{port}/talk", origin=origin, ssl=trusted) as page:
                assert json.loads(page.recv(timeout=20))["kind"] == "welcome"
            plain = http.client.HTTPConnection(HOST, port, timeout=10)
            plain.request("GET", "/health")
            with pytest.raises((http.client.HTTPException, OSError)):
                plain.getresponse()
            plain.close()
        finally:
            server.stop()


def test_a_certificate_of_no_use_is_told(tmp_path: Path) -> None:
    """A wrong file is one line, with the settings to correct."""
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing", encoding="ascii")
    with listening_at(HOST, 0) as listening:
        app = application(OneTalk(SHOWN, lambda _: None), Allowed(frozenset()))
        for path in (wrong, tmp_path / "missing.pem"):
            server = Server(app, listening, Certificate(str(path), str(path)))
            with pytest.raises(UsageError, match=r"kiosk\.certificate"):
                server.start()


# ---------------------------------------------------------------- the connection


def test_a_page_is_welcomed_and_heard(served: Serving, inbox: Inbox, talk: OneTalk) -> None:
    """Buttons and questions reach the assistant; what it shows reaches the page."""
    before = len(inbox.items)
    with served.page() as page:
        assert page.frame()["kind"] == "welcome"
        assert page.frame()["kind"] == "snapshot"
        page.send(kind="command", name="volume", number=5)
        page.send(kind="text", text="is it bad")
        posted = inbox.wait(before + 2)[before:]
        assert posted == [Understood(Command("volume", 5), by="key"), Typed("is it bad")]
        talk.show(Snapshot("speaking", Sentence("a.1", "Hello.")))
        assert page.frame()["caption"] == {"id": "a.1", "text": "Hello."}
        talk.board.level(0.5)
        assert page.frame() == {"kind": "level", "value": 0.5}


def test_a_wrong_message_is_refused_and_the_next_one_taken(served: Serving) -> None:
    """A mistake costs one line on the console; ten in a row cost the connection."""
    with served.page() as page:
        page.send(kind="nonsense")
        assert "kinds of a message" in page.until("refused")["reason"]
        page.send(kind="visit", what="extend")
        for _ in range(9):
            page.socket.send("{")
        for _ in range(9):
            page.until("refused")
        page.socket.send(b"\0")
        with pytest.raises(ConnectionClosed) as caught:
            page.until("nothing")
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1008


@given(frames=st.lists(st.text() | st.binary(), max_size=12))
def test_no_sequence_of_frames_breaks_the_server(
    served: Serving, frames: list[str | bytes]
) -> None:
    """Whatever a client sends, the next page is served as if nothing had happened."""
    with served.page() as page:
        try:
            for frame in frames:
                page.socket.send(frame)
        except ConnectionClosed:
            pass
    with served.page() as page:
        assert page.frame()["kind"] == "welcome"


@pytest.mark.parametrize("frame", ["x" * 100_000, b"x" * 100_000], ids=["text", "sound"])
def test_an_oversized_frame_ends_the_connection(served: Serving, frame: str | bytes) -> None:
    """It isn't even read to its end."""
    with served.page() as page:
        page.socket.send(frame)
        with pytest.raises(ConnectionClosed) as caught:
            page.until("nothing")
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1009


def test_a_flood_ends_the_connection(served: Serving) -> None:
    """Whoever sends more than hands can is not our page; others notice nothing."""
    with served.page() as other, served.page() as page:
        with pytest.raises(ConnectionClosed):
            flood(page)
        other.send(kind="nonsense")
        other.until("refused")


def flood(page: PageClient) -> None:
    for _ in range(100_000):
        page.send(kind="visit", what="extend")


def test_a_connection_that_asks_for_nothing_holds_nobody_up(served: Serving) -> None:
    """Open, silent connections leave room for others."""
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(socket.create_connection((HOST, served.port), timeout=10))
        assert served.get("/health")[0] == 200


def test_whoever_asks_for_nothing_is_cut_off(
    served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A silent connection ends after a while; a page that is connected stays."""
    monkeypatch.setattr(patience, "REQUEST_SECONDS", 0.1)
    with served.page() as page, socket.create_connection((HOST, served.port), timeout=10) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert silent.recv(1) == b""
        page.send(kind="nonsense")
        page.until("refused")


def test_a_page_that_reads_nothing_holds_up_no_other(served: Serving, talk: OneTalk) -> None:
    """A slow page gets its sentences later; a quick one gets them now."""
    with served.page() as slow, served.page() as quick:
        for number in range(200):
            talk.show(Snapshot("speaking", Sentence(f"b.{number}", "Long. " * 40)))
        read = [quick.until("snapshot") for _ in range(1)]
        while read[-1]["caption"] is None or read[-1]["caption"]["id"] != "b.199":
            read.append(quick.until("snapshot"))
        assert captions(slow, "b.199") == [f"b.{number}" for number in range(200)]


def captions(page: PageClient, last: str) -> list[str]:
    """Return the sentences that a page is shown, up to the last."""
    found: list[str] = []
    while not found or found[-1] != last:
        caption = page.until("snapshot")["caption"]
        if (
            caption is not None
            and caption["id"].startswith(last[:2])
            and caption["id"] not in found
        ):
            found.append(caption["id"])
    return found


def test_twenty_pages_at_once_miss_no_sentence(served: Serving, talk: OneTalk) -> None:
    """All of them are shown every sentence, in order, while all of them steer."""
    with ExitStack() as stack:
        pages = [stack.enter_context(served.page()) for _ in range(20)]
        for page in pages:
            page.until("snapshot")
        seen: dict[int, list[str]] = {}
        readers = [
            threading.Thread(target=lambda n=n: seen.update({n: captions(pages[n], "c.149")}))
            for n in range(20)
        ]
        for reader in readers:
            reader.start()
        for number in range(150):
            talk.show(Snapshot("speaking", Sentence(f"c.{number}", "A sentence.")))
            pages[number % 20].send(kind="visit", what="extend")
        for reader in readers:
            reader.join(20)
        assert [seen[n] for n in range(20)] == [[f"c.{n}" for n in range(150)]] * 20


def test_the_end_is_told(inbox: Inbox) -> None:
    """A page learns that the assistant ends, and then the connection closes."""
    talk = OneTalk(SHOWN, inbox.post)
    with ExitStack() as stack:
        server = stack.enter_context(serving(talk))
        page = stack.enter_context(server.page())
        page.until("snapshot")
        talk.board.say_goodbye("I am not working right now.")
        assert page.until("gone")["text"] == "I am not working right now."


def test_an_allowance_grows_with_time() -> None:
    """So much at once, so much a second, and no more."""
    now = [0.0]
    allowance = Allowance(2.0, 4.0, clock=lambda: now[0])
    assert [allowance.allows() for _ in range(5)] == [True] * 4 + [False]
    now[0] += 1.0
    assert [allowance.allows() for _ in range(3)] == [True, True, False]
    now[0] += 100.0
    assert not allowance.allows(5.0)
    assert allowance.allows(4.0)

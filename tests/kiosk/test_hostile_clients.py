"""Malformed, slow, greedy and flooding clients, at a real socket beside a visitor who is none."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send
from uvicorn.server import ServerState
from websockets.exceptions import ConnectionClosed

from kiosk_server import HOST, SHOWN, PageClient, Serving, serving
from mbc_voice.parts import Posted, Typed
from mbc_voice.shells.kiosk import guard, password, patience
from mbc_voice.shells.kiosk.app import Allowance
from mbc_voice.shells.kiosk.guard import Allowed
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.patience import PatientSocket

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
SECRET = "correct horse"


@pytest.fixture(scope="module")
def inbox() -> list[Posted]:
    return []


async def read_form(request: Request) -> Response:
    """Read all that is sent, as the staff's page does with a form."""
    return Response(await request.body())


FORM = Route("/form", read_form, methods=["POST"])


@pytest.fixture(scope="module")
def served(inbox: list[Posted]) -> Iterator[Serving]:
    with serving(OneTalk(SHOWN, inbox.append), None, FORM) as running:
        yield running


@pytest.fixture
def visitor(served: Serving) -> Iterator[PageClient]:
    """A page that was open before."""
    with served.page() as page:
        page.until("snapshot")
        yield page


def the_next_is_served(served: Serving) -> None:
    """Check that whoever comes is welcomed and answered."""
    with served.page() as page:
        page.until("welcome")
        is_served(page)


def is_served(visitor: PageClient) -> None:
    """Check that what the visitor does is answered."""
    visitor.send(kind="nonsense")
    visitor.until("refused")
    visitor.send(kind="visit", what="extend")


@contextmanager
def raw(served: Serving, address: str = HOST) -> Iterator[socket.socket]:
    """A plain connection to the server, from an address of this computer."""
    with socket.create_connection(
        (HOST, served.port), timeout=20, source_address=(address, 0)
    ) as client:
        yield client


@contextmanager
def upgraded(served: Serving) -> Iterator[socket.socket]:
    """A plain connection that has become a page's."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /talk HTTP/1.1",
        f"Host: {HOST}:{served.port}",
        f"Origin: {served.origin}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    ]
    with raw(served) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        assert client.recv(12) == b"HTTP/1.1 101"
        yield client


def frame(opcode: int, data: bytes = b"", *, last: bool = True, masked: bool = True) -> bytes:
    """Return a frame of a WebSocket (RFC 6455), masked with zeros."""
    length = len(data)
    mask = 0x80 if masked else 0
    if length < 126:
        size = bytes([mask | length])
    else:
        size = bytes([mask | 126]) + length.to_bytes(2, "big")
    return bytes([last << 7 | opcode]) + size + (bytes(4) if masked else b"") + data


def send_all(client: socket.socket, data: bytes) -> None:
    """Send data, unless the other end cuts, and read what there is to it."""
    with suppress(OSError):
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
    drain(client)


def drain(client: socket.socket) -> None:
    """Read until the other end closes, or cuts."""
    with suppress(ConnectionError):
        while client.recv(65_536):
            pass


def pour(client: socket.socket, data: bytes, count: int, over: threading.Event) -> None:
    """Send data again and again, as long as it is taken."""
    client.settimeout(0.1)
    for _ in range(count):
        if over.is_set():
            return
        try:
            client.sendall(data)
        except TimeoutError:
            pass
        except OSError:
            return


# ---------------------------------------------------------------- malformed

pieces = st.builds(
    frame, st.integers(0, 15), st.binary(max_size=130), last=st.booleans(), masked=st.booleans()
) | st.binary(max_size=20)


@settings(max_examples=60)
@given(st.lists(pieces, max_size=8))
def test_no_bytes_of_a_page_break_the_server(served: Serving, sent: list[bytes]) -> None:
    """Frames of any kind, whole or not, cost their sender the connection and nobody else."""
    with upgraded(served) as client:
        send_all(client, b"".join(sent) + frame(CLOSE))
    the_next_is_served(served)


@settings(max_examples=60)
@given(
    st.sampled_from([b"GET / HTTP/1.1\r\n", b"POST /form HTTP/1.1\r\n", b"GET /talk ", b""]),
    st.binary(max_size=300),
)
def test_no_bytes_of_a_request_break_the_server(served: Serving, start: bytes, rest: bytes) -> None:
    """What isn't HTTP is answered with an error, or not at all."""
    with raw(served) as client:
        send_all(client, start + rest + b"\r\n\r\n")
    the_next_is_served(served)


@given(st.text())
def test_a_strange_name_is_nobody(door: password.Door, name: str) -> None:
    """While staff are inside, any other name is unknown, in foreign letters too."""
    assert not door.knows(name)
    door.leave(name)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> password.Door:
    """Return a door with somebody inside."""
    path = tmp_path_factory.mktemp("door") / "staff-password"
    password.set_password(path, SECRET)
    door = password.Door(path)
    assert door.enter(SECRET)
    return door


# ---------------------------------------------------------------- slow


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1\r\nHost: ",
        "GET /health HTTP/1.1\r\nHost: {at}\r\n\r\nG",
        "GET /health HTTP/1.1\r\nHost: {at}\r\nContent-Length: 900\r\n\r\nso",
        "POST /form HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\n"
        "Content-Length: 900\r\n\r\npassword=",
    ],
    ids=["head", "second", "body", "form"],
)
def test_whoever_dawdles_in_a_request_is_cut_off(
    inbox: list[Posted], head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that doesn't end is ended, wherever it has stopped."""
    monkeypatch.setattr(patience, "REQUEST_SECONDS", 0.1)
    with serving(OneTalk(SHOWN, inbox.append), None, FORM) as other, raw(other) as slow:
        slow.sendall(head.format(at=f"{HOST}:{other.port}").encode())
        drain(slow)
        assert other.get("/health")[0] == 200


# ---------------------------------------------------------------- greedy


def test_one_address_can_not_take_all_connections(served: Serving, visitor: PageClient) -> None:
    """Whoever opens as many connections as there are leaves half of them to others."""
    with ExitStack() as stack:
        try:
            greedy = [stack.enter_context(raw(served, "127.0.0.2")) for _ in range(96)]
        except OSError:
            pytest.skip("this system has only one address of its own")
        drain(greedy[-1])
        assert served.get("/health")[0] == 200
        is_served(visitor)


def test_wrong_tokens_lock_out_only_who_gave_them() -> None:
    """A guesser is made to wait; who has the right token isn't."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    allowed = Allowed(frozenset(("kiosk:8750",)), "https", "a long and secret token")
    guarded = guard.Guard(app, allowed, clock=lambda: 0.0)

    def status(address: str, token: str) -> int:
        cookie = f'mbc-voice="{token}"'.encode()
        headers = [(b"host", b"kiosk:8750"), (b"cookie", cookie)]
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b""}
        asyncio.run(guarded(scope | {"headers": headers, "client": (address, 1)}, receive, send))
        found: int = sent[-1]["status"] if "status" in sent[-1] else sent[-2]["status"]
        sent.clear()
        return found

    assert [status("192.0.2.66", "guess") for _ in range(11)] == [401] * 10 + [429]
    assert status("192.0.2.66", "a long and secret token") == 429
    assert status("192.0.2.7", "a long and secret token") == 200


# ---------------------------------------------------------------- flooding


@pytest.mark.parametrize(
    "data",
    [
        frame(PING) * 500,
        frame(PONG) * 500,
        frame(BINARY, bytes(6_400)),
        frame(TEXT, b"{}") * 100,
        frame(BINARY, last=False) + frame(0, last=False) * 500,
    ],
    ids=["pings", "pongs", "sound", "messages", "fragments"],
)
def test_a_visitor_is_served_in_a_flood(served: Serving, visitor: PageClient, data: bytes) -> None:
    """Whatever is poured in beside it, a page that behaves is answered."""
    over = threading.Event()
    with ExitStack() as stack:
        flooding: list[threading.Thread] = []
        for _ in range(3):
            client = stack.enter_context(upgraded(served))
            arguments = (client, data, 10_000, over)
            flooding += [
                threading.Thread(target=pour, args=arguments),
                threading.Thread(target=drain_quietly, args=(client, over)),
            ]
        for thread in flooding:
            thread.start()
        try:
            for _ in range(20):
                is_served(visitor)
        finally:
            over.set()
            for thread in flooding:
                thread.join(20)
    assert not any(thread.is_alive() for thread in flooding)


def drain_quietly(client: socket.socket, over: threading.Event) -> None:
    """Read what comes, until it is over."""
    while not over.is_set():
        try:
            if not client.recv(65_536):
                return
        except TimeoutError:
            pass
        except OSError:
            return


def test_a_message_in_endless_pieces_ends_the_connection(served: Serving) -> None:
    """Empty pieces of a message that never ends are not collected for ever."""
    with upgraded(served) as client:
        client.sendall(frame(TEXT, last=False) + frame(0, last=False) * patience.FRAGMENTS)
        drain(client)


def test_more_questions_than_anybody_types_are_refused(
    served: Serving, inbox: list[Posted]
) -> None:
    """Typed questions cost more than buttons do, and so fewer of them are taken."""
    with served.page() as page, pytest.raises(ConnectionClosed) as caught:
        ask_without_end(page)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1008
    assert 10 <= len([item for item in inbox if isinstance(item, Typed)]) < 30


def ask_without_end(page: PageClient) -> None:
    for _ in range(60):
        page.send(kind="text", text="what is it")
    while "too many questions" in page.until("refused")["reason"]:
        pass


class FakeLoop:
    """Time that goes on when something is waited for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.later: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.later.append((self.now + seconds, call))

    def run(self) -> None:
        while self.later:
            self.now, call = self.later.pop(0)
            call()


class FakeTransport:
    """A connection that can be told to read nothing."""

    reading = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def is_closing(self) -> bool:
        return False


class Paced(PatientSocket):
    """Keeps what it takes, and when."""

    def __init__(self, loop: FakeLoop) -> None:
        config = uvicorn.Config(lambda: None)
        config.load()
        super().__init__(config=config, server_state=ServerState(), app_state={})
        self.loop = loop  # type: ignore[assignment]
        self.transport = FakeTransport()  # type: ignore[assignment]
        self.taken: list[tuple[float, bytes]] = []
        rates = patience.BYTES_A_SECOND, patience.BYTES_AT_ONCE
        self._pace = Allowance(*rates, clock=lambda: loop.now)

    def _take(self, data: bytes) -> None:
        assert isinstance(self.loop, FakeLoop)
        self.taken.append((self.loop.now, data))


@settings(max_examples=50)
@given(st.lists(st.integers(1, 200_000), min_size=1, max_size=4))
def test_a_flood_is_taken_whole_in_order_and_slowly(sizes: list[int]) -> None:
    """What a page sends too quickly waits; nothing of it is lost or changes its place."""
    loop = FakeLoop()
    asyncio.set_event_loop(made := asyncio.new_event_loop())
    try:
        paced = Paced(loop)
    finally:
        asyncio.set_event_loop(None)
        made.close()
    data = [bytes([number]) * size for number, size in enumerate(sizes)]
    for part in data:
        paced.data_received(part)
    loop.run()
    assert b"".join(part for _, part in paced.taken) == b"".join(data)
    assert paced.transport.reading  # type: ignore[attr-defined]
    total = 0
    for at, part in paced.taken:
        total += len(part)
        assert total <= patience.BYTES_AT_ONCE + at * patience.BYTES_A_SECOND + 1


def test_a_busy_server_catches_up_with_what_waits() -> None:
    """Where the loop comes late again and again, a page's sound doesn't fall behind for ever."""
    loop = FakeLoop()
    asyncio.set_event_loop(made := asyncio.new_event_loop())
    try:
        paced = Paced(loop)
    finally:
        asyncio.set_event_loop(None)
        made.close()
    paced.data_received(bytes(2 * int(patience.BYTES_AT_ONCE)))
    loop.now += 1.0
    paced._go_on()
    assert sum(len(part) for _, part in paced.taken) == patience.BYTES_AT_ONCE

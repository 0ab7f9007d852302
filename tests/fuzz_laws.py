"""What must hold whatever comes in from outside: for random tests and for a fuzzer alike.

Each law takes bytes and returns nothing; it raises whenever the program would have broken.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send

from content_pack import FILES
from kiosk_server import SHOWN
from mbc_voice import settings
from mbc_voice.content import clinic, lint
from mbc_voice.content.load import load_library, read_pack
from mbc_voice.content.report import preview
from mbc_voice.errors import ContentError, SettingsError
from mbc_voice.events import Context, Snapshot, outcome_ids
from mbc_voice.library import Library
from mbc_voice.shells.kiosk import protocol
from mbc_voice.shells.kiosk.board import meaning
from mbc_voice.shells.kiosk.guard import Allowed, Guard
from mbc_voice.shells.kiosk.protocol import RefusedError
from mbc_voice.shells.kiosk.shown import Shown
from mbc_voice.understand.interpret import Interpreter
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.wake_phrase import WakePhrase

CONTENT = Path(__file__).parents[1] / "content" / "en"
Law = Callable[[bytes], None]


@functools.cache
def folder() -> Path:
    """Return a folder for files that a law needs, in memory where the system has some."""
    memory = Path("/dev/shm")
    where = memory if os.access(memory, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="mbc-voice-laws-", dir=where))


@functools.cache
def library() -> Library:
    """Return the English pack."""
    return load_library(CONTENT)


def one_line(error: Exception) -> str:
    """Return an error's text, which people read: one line, not endless."""
    text = str(error)
    assert text
    assert len(text.splitlines()) == 1, text
    return text


# ---------------------------------------------------------------- from the page


def page_frame(data: bytes) -> None:
    """A frame from a page is a known message, sound within bounds, or refused in one line."""
    try:
        samples = protocol.microphone_block(data)
        assert 160 <= len(samples) <= 3200
        assert float(abs(samples).max()) <= 1.0
    except RefusedError as error:
        one_line(error)
    try:
        message = protocol.parse(data.decode("utf-8", "surrogateescape"), SHOWN.known)
    except RefusedError as error:
        check_refusal(error)
        return
    meaning(message, SHOWN, Snapshot("ready"))


def check_refusal(error: RefusedError) -> None:
    """Check that a reason repeats nothing of what came."""
    assert one_line(error).isascii()


TOKEN = "a long and secret token"
HOST = "kiosk.example:8750"
_NEVER = "nothing may be read before it is known who asks"


def request(data: bytes) -> None:
    """Whatever a request's head holds, it is answered; without host and token it goes no further.

    The data: lines ``name: value``, the first one path and query.
    """
    first, *lines = data.split(b"\n")
    path, _, query = first.partition(b"?")
    headers = [tuple(line.split(b": ", 1)) for line in lines if b": " in line]
    kind = "websocket" if path.startswith(b"/talk") else "http"
    scope: Scope = {
        "type": kind,
        "method": "GET",
        "path": path.decode("latin-1"),
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("192.0.2.7", 1),
    }
    reached: list[Scope] = []
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope)

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError(_NEVER)

    guard = Guard(app, Allowed(frozenset((HOST,)), "https", TOKEN), clock=lambda: 0.0)
    coroutine = guard(scope, receive, send)
    with contextlib.suppress(StopIteration):
        coroutine.send(None)
    assert bool(reached) != bool(sent)
    if reached:
        assert (b"host", HOST.encode()) in [
            (name, value.lower()) for name, value in scope["headers"]
        ]
        cookies = b" ".join(value for name, value in scope["headers"] if name == b"cookie")
        assert path == b"/health" or TOKEN.encode() in cookies
    elif kind == "http":
        assert sent[0]["status"] in (303, 401, 403, 421, 429)
        assert all(b"\n" not in value + name for name, value in sent[0]["headers"])


# ---------------------------------------------------------------- from the staff's files


def settings_file(data: bytes) -> None:
    """A settings file gives settings within their bounds, or one line with file and line."""
    path = folder() / "mbc-voice.toml"
    path.write_bytes(data)
    try:
        found = settings.load({"MBC_VOICE_SETTINGS": str(path)})
    except SettingsError as error:
        check_place(error, path, data)
        return
    for name, (low, high) in settings.RANGES.items():
        section, key = name.split(".")
        assert low <= getattr(getattr(found, section), key) <= high


def clinic_file(data: bytes) -> None:
    """A clinic's file changes the library and nothing breaks, or one line says what is wrong."""
    path = folder() / "kiosk.toml"
    path.write_bytes(data)
    try:
        found = clinic.read(path, library())
    except ContentError as error:
        check_place(error, path, data)
        return
    changed = clinic.apply(found, library())
    assert changed.topics
    assert all(sign.sentences for sign in changed.urgent.values())
    Shown(changed, keypad=found.keypad, capital_px=found.capital_px, clinic=found.name).welcome()
    assert found.take_away(next(iter(changed.topics))) != ""


def content_file(data: bytes) -> None:
    """A pack with any file damaged loads whole, or every error names a line that there is.

    The data: the file's name in its first line, then what stands in it.
    """
    first, _, rest = data.partition(b"\n")
    name = first.decode("utf-8", "replace").strip()
    if name not in FILES:
        name = sorted(FILES)[len(first) % len(FILES)]
    pack_folder = _pack()
    path = pack_folder / name
    try:
        path.write_bytes(rest)
        pack, errors = read_pack(pack_folder)
    finally:
        path.write_bytes(FILES[name].encode())
    assert (pack is None) == bool(errors)
    for error in errors:
        one_line(error)
        count = (rest if error.path == path else error.path.read_bytes()).count(b"\n")
        lone = rest.count(b"\r")
        assert error.line is None or 1 <= error.line <= count + lone + 1
    if pack is not None:
        for finding in lint.check(pack, today=date(2026, 11, 1), facts={}):
            str(finding)
        for topic in pack.library.topics:
            assert preview(pack.library, topic)


@functools.cache
def _pack() -> Path:
    where = folder() / "pack"
    for name, text in FILES.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_bytes(text.encode())
    return where


def check_place(error: Exception, path: Path, data: bytes) -> None:
    """Check that an error names the file, and no line that it doesn't have."""
    assert one_line(error).startswith(str(path))
    found = re.match(r":(\d+): ", one_line(error)[len(str(path)) :])
    if found:
        assert 1 <= int(found[1]) <= len(data.decode("utf-8").splitlines()) + 1


# ---------------------------------------------------------------- from the visitor's mouth

CONTEXTS = (
    Context(),
    Context(topic="symptoms-liver"),
    Context(topic="where-it-spreads", choices=("symptoms-bone", "symptoms-liver")),
)


@functools.cache
def interpreter() -> Interpreter:
    """Return the understanding of a part of the real content, without any model."""
    whole = library()
    kept = ("symptoms-bone", "symptoms-liver", "symptoms-lung", "where-it-spreads")
    part = replace(
        whole,
        topics={id: whole.topics[id] for id in kept},
        referrals={id: whole.referrals[id] for id in ("cost", "doses", "other-cancers")},
    )
    return Interpreter(part, None)


WAKE = WakePhrase("hello nurse")


def words(data: bytes) -> None:
    """Whatever was said has one outcome, wherever the talk is, with ids that there are."""
    text = data.decode("utf-8", "surrogateescape")
    plain = normalize(text)
    assert normalize(plain) == plain
    rest = WAKE.rest(text)
    assert rest is None or len(rest) <= len(text)
    loaded = library()
    known = {*loaded.topics, *loaded.referrals, *loaded.urgent, *loaded.commands}
    for context in CONTEXTS:
        outcome = interpreter().interpret(text, context)
        assert set(outcome_ids(outcome)) <= known
        interpreter().degree(text, context, outcome)


LAWS: Mapping[str, Law] = {
    "page": page_frame,
    "request": request,
    "settings": settings_file,
    "clinic": clinic_file,
    "content": content_file,
    "words": words,
}

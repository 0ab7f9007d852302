"""All that can be set, in groups: the defaults, what values are allowed, and what each one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HearSettings:
    """How it listens."""

    microphone: str = ""
    """Part of the device's name; empty for the system's default."""
    recognizer: str = "auto"
    """``auto``, ``vosk``, ``whisper-base`` or ``whisper-tiny-en``."""
    end_pause_ms: int = 1600
    """Silence that ends a question; 500 to 3000. Within one, people pause for up to 1.5 s."""
    threads: int = 2
    """Threads the recognizer may use; 1 to 16."""
    machine: str = "auto"
    """``usual``, or ``small`` for a Raspberry Pi or the like; ``auto`` is what `tuning` knows."""
    mode: str = "auto"
    """``always``, ``push-to-talk`` or ``wake-phrase``; ``auto`` is ``always``, at a kiosk
    ``push-to-talk``."""
    wake_phrase: str = "hello nurse"
    """What a question begins with in the mode ``wake-phrase``."""
    echo_cancellation: str = "auto"
    """Whether our own voice is taken out of what is heard: ``on``, ``off``, or ``auto``: unless the
    system does so already."""


@dataclass(frozen=True, slots=True)
class SpeakSettings:
    """How it speaks."""

    loudspeaker: str = ""
    """Part of the device's name; empty for the system's default."""
    voice: str = "auto"
    """``auto``, ``hibari`` or ``system``."""
    rate: int = 160
    """Words a minute; 80 to 450."""
    volume: int = 7
    """0 to 10, in steps of 3 dB."""
    cache_mb: int = 200
    """Megabytes of disk for sentences that are spoken already; 0 to 4000."""
    speech: str = "on"
    """``on``, or ``off`` to print everything and leave the speaking to a screen reader."""


@dataclass(frozen=True, slots=True)
class TalkSettings:
    """How it talks with people."""

    profile: str = "home"
    """``home`` remembers how one person likes it; ``kiosk`` forgets each visit."""
    answers: str = "usual"
    """``short``, ``usual`` or ``long``: how much is read before the offer to go on."""
    earcons: bool = True
    """Whether short sounds go with the words."""
    think_seconds: int = 15
    """Time to think before a gentle prompt; 8 to 120."""


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """The page, and who may reach it."""

    host: str = "127.0.0.1"
    """The address it is served at; others than this computer's own need a certificate."""
    port: int = 8750
    """0 is any free one."""
    open_browser: bool = True
    """Whether a browser is opened, on a desktop."""
    sound: str = "kiosk"
    """``kiosk``: this computer's microphone and loudspeaker; ``browser``: those of each page."""
    text_size: int = 100
    """Percent, at the start of a visit; 100 to 400."""
    theme: str = "light"
    """``light``, ``dark`` or ``yellow``: colors at the start of a visit."""
    clinic: str = ""
    """The file that tells of the clinic, ``kiosk.toml``; empty for none."""
    certificate: str = ""
    """File with the certificate (PEM), for pages on other computers."""
    certificate_key: str = ""
    """File with its key."""
    token: str = ""
    """What a page on another computer must know; at least 16 characters."""


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Where things are."""

    content: str = ""
    """The content pack's folder; empty for the one that comes with the program."""
    models: str = ""
    """The models' folder; empty for the usual one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, in groups."""

    hear: HearSettings = field(default_factory=HearSettings)
    speak: SpeakSettings = field(default_factory=SpeakSettings)
    talk: TalkSettings = field(default_factory=TalkSettings)
    kiosk: KioskSettings = field(default_factory=KioskSettings)
    paths: PathSettings = field(default_factory=PathSettings)


RANGES: Mapping[str, tuple[int, int]] = {
    "hear.end_pause_ms": (500, 3000),
    "hear.threads": (1, 16),
    "speak.rate": (80, 450),
    "speak.volume": (0, 10),
    "speak.cache_mb": (0, 4000),
    "talk.think_seconds": (8, 120),
    "kiosk.port": (0, 65535),
    "kiosk.text_size": (100, 400),
}
"""Inclusive bounds of the numbers."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "hear.machine": ("auto", "usual", "small"),
    "hear.recognizer": ("auto", "vosk", "whisper-base", "whisper-tiny-en"),
    "hear.echo_cancellation": ("auto", "on", "off"),
    "hear.mode": ("auto", "always", "push-to-talk", "wake-phrase"),
    "speak.voice": ("auto", "hibari", "system", "dispatcher"),
    "speak.speech": ("on", "off"),
    "talk.profile": ("home", "kiosk"),
    "talk.answers": ("short", "usual", "long"),
    "kiosk.sound": ("kiosk", "browser"),
    "kiosk.theme": ("light", "dark", "yellow"),
}
"""Allowed values of the words; a setting not named here takes any text."""

MEANINGS: Mapping[str, str] = {
    "hear.microphone": "part of its name; empty for the usual one; see: mbc-voice devices",
    "hear.recognizer": "what turns speech into text",
    "hear.end_pause_ms": "how long a pause ends your question, in thousandths of a second",
    "hear.machine": "small for a Raspberry Pi or the like; auto finds out when doctor is run",
    "hear.threads": "how much of the computer it may use for listening",
    "hear.echo_cancellation": "take its own voice out of what it hears",
    "hear.mode": "what is meant for it: everything, what follows a press, or a phrase",
    "hear.wake_phrase": "the phrase, two or three words that nobody says by chance",
    "speak.loudspeaker": "part of its name; empty for the usual one; see: mbc-voice devices",
    "speak.voice": "which voice speaks",
    "speak.rate": "words a minute",
    "speak.volume": "how loud",
    "speak.cache_mb": "megabytes of disk where spoken sentences are kept, so that it speaks sooner",
    "speak.speech": "off: print everything, and let a screen reader speak",
    "talk.profile": "home remembers how you like it; kiosk forgets each visit",
    "talk.answers": "how much is read before you are asked whether to go on",
    "talk.earcons": "short sounds beside the words",
    "talk.think_seconds": "seconds to think before it gently speaks up",
    "kiosk.host": "the address of the page",
    "kiosk.port": "the number after the address",
    "kiosk.open_browser": "whether the page is opened, on a desktop",
    "kiosk.sound": "whose microphone and loudspeaker: this computer's, or the page's",
    "kiosk.text_size": "how large the page's letters are at first, in percent",
    "kiosk.theme": "the page's colors at first",
    "kiosk.clinic": "a file that tells of the clinic; see docs/kiosk.md",
    "kiosk.certificate": "a certificate, for pages on other computers",
    "kiosk.certificate_key": "the key of the certificate",
    "kiosk.token": "what pages on other computers must know",
    "paths.content": "another content pack's folder",
    "paths.models": "another folder for the models",
}
"""What each setting does, in a few words, for people."""

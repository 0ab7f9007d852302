"""Settings: from a TOML file and the environment; an unknown key is an error, never ignored.

The file is ``mbc-voice.toml`` in the user's configuration folder, or the one that
``MBC_VOICE_SETTINGS`` names. ``MBC_VOICE_SECTION_KEY`` in the environment wins over the file:
``MBC_VOICE_SPEAK_RATE=200``. What somebody changed by voice is the business of `preferences`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

from mbc_voice import toml_lines
from mbc_voice.errors import SettingsError

PREFIX = "MBC_VOICE_"


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

ON, OFF = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
"""How a variable says true and false."""

Value: TypeAlias = str | int | bool


@dataclass(frozen=True, slots=True)
class Given:
    """A setting that somebody made, and where."""

    section: str
    key: str
    value: Any
    """As it was written; not checked yet."""
    place: str
    """``FILE:LINE``, or the name of a variable."""


def default_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the settings file is looked for when nobody names one."""
    base = environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "mbc-voice" / "mbc-voice.toml"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings from the file, if there is one, and the environment.

    Raises `SettingsError` naming file and line (or the variable) for anything unknown or wrong.
    """
    settings = Settings()
    for item in given(environ):
        settings = _set(settings, item)
    return settings


def origins(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the place where each setting was made, by ``section.key``; defaults are left out."""
    return {f"{item.section}.{item.key}": item.place for item in given(environ)}


def given(environ: Mapping[str, str]) -> Iterator[Given]:
    """Yield all settings that were made, the weaker ones first. Raises `SettingsError`."""
    named = environ.get(PREFIX + "SETTINGS")
    path = Path(named) if named else default_path(environ)
    if named and not path.is_file():
        raise SettingsError(f"There is no settings file {path}. Correct {PREFIX}SETTINGS.")
    if path.is_file():
        yield from _from_file(path)
    yield from _from_environment(environ)


def changed(settings: Settings, section: str, key: str, value: object, place: str) -> Settings:
    """Return the settings with one of them changed. Raises `SettingsError`, naming the place."""
    return _set(settings, Given(section, key, value, place))


def example() -> str:
    """Return a settings file with every setting at its default, and what it does."""
    lines = ["# Settings of mbc-voice. Leave out what you don't want to change.", ""]
    for section in _groups():
        lines.append(f"[{section}]")
        group = getattr(Settings(), section)
        for item in fields(group):
            name = f"{section}.{item.name}"
            lines.append(f"# {MEANINGS[name]}{allowed(name)}")
            lines.append(f"{item.name} = {as_toml(getattr(group, item.name))}")
        lines.append("")
    return "\n".join(lines)


def allowed(name: str) -> str:
    """Return the values a setting may have, as words to add to its meaning."""
    if name in RANGES:
        low, high = RANGES[name]
        return f": {low} to {high}"
    if name in CHOICES:
        return f": {', '.join(CHOICES[name][:-1])} or {CHOICES[name][-1]}"
    return ""


def as_toml(value: Value) -> str:
    """Return a value as it is written in TOML."""
    return json.dumps(value, ensure_ascii=False)


def _from_file(path: Path) -> Iterator[Given]:
    try:
        text = path.read_text(encoding="utf-8")
        data = toml_lines.parse(text)
    except toml_lines.TomlError as error:
        raise SettingsError(f"{path}:{error.line}: not valid TOML: {error.reason}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} can't be read. Check that it is a text file.") from error
    lines = toml_lines.places(text)
    for section, values in data.items():
        if section not in _groups() or not isinstance(values, dict):
            known = ", ".join(f"[{name}]" for name in _groups())
            raise SettingsError(
                f"{path}:{toml_lines.find(lines, section)}: unknown setting {section!r}. "
                f"The sections are {known}."
            )
        for key, value in values.items():
            yield Given(section, key, value, f"{path}:{toml_lines.find(lines, section, key)}")


def _from_environment(environ: Mapping[str, str]) -> Iterator[Given]:
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == PREFIX + "SETTINGS":
            continue
        section, _, key = variable[len(PREFIX) :].lower().partition("_")
        if section not in _groups():
            raise SettingsError(f"{variable}: there is no such setting. See docs/home.md.")
        yield Given(section, key, _read(section, key, value), variable)


def _read(section: str, key: str, value: str) -> Value:
    """Return a variable's text as what the setting is: a number, a truth or a text."""
    default = getattr(getattr(Settings(), section), key, None)
    if isinstance(default, bool):
        word = value.lower()
        return True if word in ON else False if word in OFF else value
    number = isinstance(default, int) and re.fullmatch(r"\d{1,6}", value)
    return int(value) if number else value


def _groups() -> tuple[str, ...]:
    return tuple(item.name for item in fields(Settings))


def _set(settings: Settings, item: Given) -> Settings:
    group = getattr(settings, item.section)
    known = {one.name for one in fields(group)}
    if item.key not in known:
        raise SettingsError(
            f"{item.place}: unknown setting {item.key!r} in [{item.section}]. "
            f"The settings there are {', '.join(sorted(known))}."
        )
    _check(f"{item.section}.{item.key}", getattr(group, item.key), item.value, item.place)
    return replace(settings, **{item.section: replace(group, **{item.key: item.value})})


_WANTED = {bool: "true or false", int: "a whole number", str: "text in quotes"}


def _check(name: str, current: object, value: object, place: str) -> None:
    if type(value) is not type(current):
        raise SettingsError(f"{place}: {name} must be {_WANTED[type(current)]}.")
    if name in RANGES and isinstance(value, int):
        low, high = RANGES[name]
        if not low <= value <= high:
            raise SettingsError(f"{place}: {name} must be from {low} to {high}.")
    if name in CHOICES and value not in CHOICES[name] and not _is_named_voice(name, value):
        raise SettingsError(f"{place}: {name} must be one of {', '.join(CHOICES[name])}.")


def _is_named_voice(name: str, value: object) -> bool:
    """Return whether this names one of the system's voices, such as ``system:english-scotland``."""
    return name == "speak.voice" and isinstance(value, str) and value.startswith("system:")

"""Settings: from a TOML file and the environment; an unknown key is an error, never ignored.

The file is ``mbc-voice.toml`` in the user's configuration folder, or the one that
``MBC_VOICE_SETTINGS`` names. ``MBC_VOICE_SECTION_KEY`` in the environment wins over the file:
``MBC_VOICE_SPEAK_RATE=200``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

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
    end_pause_ms: int = 800
    """Silence that ends a question; 500 to 3000."""
    threads: int = 2
    """Threads the recognizer may use; 1 to 16."""


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


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Where things are."""

    content: str = ""
    """The content pack's folder; empty for the one that comes with the program."""
    models: str = ""
    """The models' folder; empty for the usual one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, in three groups."""

    hear: HearSettings = field(default_factory=HearSettings)
    speak: SpeakSettings = field(default_factory=SpeakSettings)
    paths: PathSettings = field(default_factory=PathSettings)


RANGES: Mapping[str, tuple[int, int]] = {
    "hear.end_pause_ms": (500, 3000),
    "hear.threads": (1, 16),
    "speak.rate": (80, 450),
    "speak.volume": (0, 10),
}
"""Inclusive bounds of the numbers."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "hear.recognizer": ("auto", "vosk", "whisper-base", "whisper-tiny-en"),
    "speak.voice": ("auto", "hibari", "system"),
}
"""Allowed values of the words; a setting not named here takes any text."""

Group = TypeVar("Group", HearSettings, SpeakSettings, PathSettings)


def default_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the settings file is looked for when nobody names one."""
    base = environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "mbc-voice" / "mbc-voice.toml"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings from the file, if there is one, and the environment.

    Raises `SettingsError` naming file and line (or the variable) for anything unknown or wrong.
    """
    named = environ.get(PREFIX + "SETTINGS")
    path = Path(named) if named else default_path(environ)
    settings = Settings()
    if named and not path.is_file():
        raise SettingsError(f"There is no settings file {path}. Correct {PREFIX}SETTINGS.")
    if path.is_file():
        settings = _from_file(path)
    return _from_environment(settings, environ)


def _from_file(path: Path) -> Settings:
    try:
        text = path.read_text(encoding="utf-8")
        data = toml_lines.parse(text)
    except toml_lines.TomlError as error:
        raise SettingsError(f"{path}:{error.line}: not valid TOML: {error.reason}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} can't be read. Check that it is a text file.") from error
    lines = toml_lines.places(text)
    settings = Settings()
    for section, values in data.items():
        if section not in _groups() or not isinstance(values, dict):
            known = ", ".join(f"[{name}]" for name in _groups())
            raise SettingsError(
                f"{path}:{toml_lines.find(lines, section)}: unknown setting {section!r}. "
                f"The sections are {known}."
            )
        for key, value in values.items():
            place = f"{path}:{toml_lines.find(lines, section, key)}"
            settings = _set(settings, section, key, value, place)
    return settings


def _from_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == PREFIX + "SETTINGS":
            continue
        section, _, key = variable[len(PREFIX) :].lower().partition("_")
        if section not in _groups():
            raise SettingsError(f"{variable}: there is no such setting. See docs/home.md.")
        number = int(value) if re.fullmatch(r"\d{1,6}", value) else value
        settings = _set(settings, section, key, number, variable)
    return settings


def _groups() -> tuple[str, ...]:
    return tuple(item.name for item in fields(Settings))


def _set(settings: Settings, section: str, key: str, value: Any, place: str) -> Settings:
    group = getattr(settings, section)
    known = {item.name for item in fields(group)}
    if key not in known:
        raise SettingsError(
            f"{place}: unknown setting {key!r} in [{section}]. "
            f"The settings there are {', '.join(sorted(known))}."
        )
    _check(f"{section}.{key}", getattr(group, key), value, place)
    return replace(settings, **{section: replace(group, **{key: value})})


def _check(name: str, current: object, value: object, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, type(current)):
        wanted = "a whole number" if isinstance(current, int) else "text in quotes"
        raise SettingsError(f"{place}: {name} must be {wanted}.")
    if name in RANGES and isinstance(value, int):
        low, high = RANGES[name]
        if not low <= value <= high:
            raise SettingsError(f"{place}: {name} must be from {low} to {high}.")
    if name in CHOICES and value not in CHOICES[name]:
        raise SettingsError(f"{place}: {name} must be one of {', '.join(CHOICES[name])}.")

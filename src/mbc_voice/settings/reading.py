"""From the file and the environment to `Settings`; whatever is wrong is named with its place."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

from mbc_voice import toml_lines
from mbc_voice.errors import SettingsError
from mbc_voice.settings.groups import CHOICES, MEANINGS, RANGES, Settings

PREFIX = "MBC_VOICE_"

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


def path_in_use(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the settings file that counts, whether it is there or not."""
    named = environ.get(PREFIX + "SETTINGS")
    return Path(named) if named else default_path(environ)


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
    path = path_in_use(environ)
    if environ.get(PREFIX + "SETTINGS") and not path.is_file():
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
                f"{_hint(section, _groups())}The sections are {known}."
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
    known = _names(group)
    if item.key not in known:
        raise SettingsError(
            f"{item.place}: unknown setting {item.key!r} in [{item.section}]. "
            f"{_hint(item.key, known)}The settings there are {', '.join(sorted(known))}."
        )
    _check(f"{item.section}.{item.key}", getattr(group, item.key), item.value, item.place)
    return replace(settings, **{item.section: replace(group, **{item.key: item.value})})


def _hint(name: str, known: Collection[str]) -> str:
    """Return what may have been meant by an unknown name, as a sentence; "" if nobody can tell."""
    homes = [group for group in _groups() if name in _names(getattr(Settings(), group))]
    if homes:
        return f"It belongs in {' or '.join(f'[{home}]' for home in homes)}. "
    near = get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]!r}? " if near else ""


def _names(group: Any) -> set[str]:
    return {item.name for item in fields(group)}


_WANTED = {bool: "true or false", int: "a whole number", str: "text in quotes"}


def _check(name: str, current: object, value: object, place: str) -> None:
    if type(value) is not type(current):
        raise SettingsError(f"{place}: {name} must be {_WANTED[type(current)]}.")
    if name in RANGES and isinstance(value, int):
        low, high = RANGES[name]
        if not low <= value <= high:
            raise SettingsError(f"{place}: {name} must be from {low} to {high}.")
    if name in CHOICES and value not in CHOICES[name] and not _is_named_voice(name, value):
        own = " For one of the system's own voices, type: mbc-voice voices list"
        raise SettingsError(
            f"{place}: {name} must be one of {', '.join(CHOICES[name])}."
            f"{own if name == 'speak.voice' else ''}"
        )


def _is_named_voice(name: str, value: object) -> bool:
    """Return whether this names one of the system's voices, such as ``system:english-scotland``."""
    return name == "speak.voice" and isinstance(value, str) and value.startswith("system:")

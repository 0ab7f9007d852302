"""What one person changed by voice or keys at home, kept between two runs. Nothing they said is.

Owns one small file beside the user's other state; the settings file is never written. A value
counts only as long as the setting it replaced is the same: whoever changes a setting later wants
that. The environment wins over both. A damaged file is ignored. Runs on the assistant's loop.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mbc_voice import settings as making
from mbc_voice import toml_lines
from mbc_voice.errors import SettingsError
from mbc_voice.events import Snapshot
from mbc_voice.settings import PREFIX, Settings, Value

log = logging.getLogger(__name__)

SECTIONS: Mapping[str, str] = {
    "rate": "speak",
    "volume": "speak",
    "answers": "talk",
    "earcons": "talk",
    "text_size": "kiosk",
    "theme": "kiosk",
}
"""The settings that can be changed by voice, and where they stand. The voice is kept as well, by
the name it is called by."""

HEAD = "# What you changed by voice or by key. Delete this file to go back to your settings."


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds."""

    chosen: Mapping[str, Value] = field(default_factory=dict)
    instead_of: Mapping[str, Value] = field(default_factory=dict)
    """What each setting was when it was changed."""
    problem: str = ""
    """Why the file is ignored, in one line; empty if all is well."""


def default_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the file is."""
    base = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "mbc-voice" / "preferences.toml"


def read(path: Path) -> Kept:
    """Return what was kept; never raises."""
    try:
        data = toml_lines.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Kept()
    except (OSError, ValueError):
        return Kept(problem=f"{path} is damaged, so your usual settings count.")
    instead_of = data.pop("instead_of", {})
    kinds = (str, int)
    known = {key: value for key, value in data.items() if key in (*SECTIONS, "voice")}
    whole = isinstance(instead_of, dict) and all(isinstance(one, kinds) for one in known.values())
    if not whole or known != data or set(known) != set(instead_of):
        return Kept(problem=f"{path} is damaged, so your usual settings count.")
    return Kept(known, instead_of)


def in_force(
    settings: Settings, kept: Kept, origins: Mapping[str, str]
) -> tuple[Settings, dict[str, str]]:
    """Return the settings with what was kept, and all places; what doesn't count is left out.

    `origins` are the places of the settings that were made (`settings.origins`).
    """
    places = dict(origins)
    for key, section in SECTIONS.items():
        name = f"{section}.{key}"
        before = getattr(getattr(settings, section), key)
        by_variable = origins.get(name, "").startswith(PREFIX)
        if key not in kept.chosen or by_variable or kept.instead_of[key] != before:
            continue
        try:
            settings = making.changed(settings, section, key, kept.chosen[key], "preferences")
        except SettingsError:
            continue
        places[name] = f"changed by voice or key, instead of {making.as_toml(before)}"
    return settings, places


def voice(settings: Settings, kept: Kept, origins: Mapping[str, str]) -> str:
    """Return the name of the voice that was chosen last, as it is said; empty if none counts."""
    by_variable = origins.get("speak.voice", "").startswith(PREFIX)
    same = kept.instead_of.get("voice") == settings.speak.voice
    return str(kept.chosen.get("voice", "")) if same and not by_variable else ""


class Keeper:
    """Writes the file whenever a snapshot shows that something was changed."""

    def __init__(self, path: Path, usual: Settings, kept: Kept) -> None:
        """`usual` are the settings without what was kept."""
        self._path = path
        self._usual: dict[str, Value] = {
            key: getattr(getattr(usual, section), key) for key, section in SECTIONS.items()
        }
        self._usual["voice"] = usual.speak.voice
        self._chosen = dict(kept.chosen)
        self._instead_of = dict(kept.instead_of)
        self._last: dict[str, Value] | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Take note of a snapshot; the first one tells how it began."""
        now: dict[str, Value] = {
            "rate": snapshot.words_per_minute,
            "volume": snapshot.volume,
            "answers": snapshot.answers,
            "earcons": snapshot.earcons,
            "text_size": snapshot.display.text_size,
            "theme": snapshot.display.theme,
            "voice": snapshot.voice,
        }
        last, self._last = self._last, now
        if last is None or last == now:
            return
        self._read_again()
        for key, value in now.items():
            if value != last[key]:
                self._choose(key, value)
        try:
            self._write()
        except OSError:
            log.warning("what was changed can't be kept: %s can't be written", self._path)

    def _read_again(self) -> None:
        """Take over what another program on this computer has kept meanwhile."""
        kept = read(self._path)
        if not kept.problem:
            self._chosen, self._instead_of = dict(kept.chosen), dict(kept.instead_of)

    def _choose(self, key: str, value: Value) -> None:
        if value == self._usual[key]:
            self._chosen.pop(key, None)
            self._instead_of.pop(key, None)
        else:
            self._chosen[key] = value
            self._instead_of[key] = self._usual[key]

    def _write(self) -> None:
        lines = [HEAD, *_lines(self._chosen), "", "[instead_of]", *_lines(self._instead_of), ""]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text("\n".join(lines), encoding="utf-8")
        fresh.replace(self._path)


def _lines(values: Mapping[str, Value]) -> list[str]:
    return [f"{key} = {making.as_toml(value)}" for key, value in values.items()]

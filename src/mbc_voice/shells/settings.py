"""``mbc-voice settings``: the settings in force, and where each of them comes from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields

from mbc_voice import preferences
from mbc_voice.settings import Settings, as_toml, example, load, origins, path_in_use


def run(arguments: argparse.Namespace) -> int:
    """Print all settings as TOML, or a commented file to start from."""
    if arguments.example:
        print(example(), end="")
        return 0
    settings, places = load(), origins()
    if settings.talk.profile == "home":
        kept = preferences.read(preferences.default_path())
        if kept.problem:
            print(f"mbc-voice: {kept.problem}", file=sys.stderr)
        settings, places = preferences.in_force(settings, kept, places)
    print("\n".join(_lines(settings, places)))
    return 0


def _lines(settings: Settings, places: Mapping[str, str]) -> Iterator[str]:
    yield f"# Your settings file: {path_in_use()}"
    for section in fields(settings):
        yield ""
        yield f"[{section.name}]"
        group = getattr(settings, section.name)
        for item in fields(group):
            place = places.get(f"{section.name}.{item.name}", "default")
            yield f"{item.name} = {as_toml(getattr(group, item.name))}  # {place}"

"""Settings: from a TOML file and the environment; an unknown key is an error, never ignored.

The file is ``mbc-voice.toml`` in the user's configuration folder, or the one that
``MBC_VOICE_SETTINGS`` names. ``MBC_VOICE_SECTION_KEY`` in the environment wins over the file:
``MBC_VOICE_SPEAK_RATE=200``. What somebody changed by voice is the business of `preferences`.
"""

from __future__ import annotations

from mbc_voice.settings.groups import (
    CHOICES,
    MEANINGS,
    RANGES,
    HearSettings,
    KioskSettings,
    PathSettings,
    Settings,
    SpeakSettings,
    TalkSettings,
)
from mbc_voice.settings.reading import (
    PREFIX,
    Given,
    Value,
    allowed,
    as_toml,
    changed,
    default_path,
    example,
    given,
    load,
    origins,
    path_in_use,
)

__all__ = [
    "CHOICES",
    "MEANINGS",
    "PREFIX",
    "RANGES",
    "Given",
    "HearSettings",
    "KioskSettings",
    "PathSettings",
    "Settings",
    "SpeakSettings",
    "TalkSettings",
    "Value",
    "allowed",
    "as_toml",
    "changed",
    "default_path",
    "example",
    "given",
    "load",
    "origins",
    "path_in_use",
]

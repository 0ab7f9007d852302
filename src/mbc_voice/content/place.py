"""Where the content that comes with the program is.

Any thread.
"""

from __future__ import annotations

from pathlib import Path

from mbc_voice.errors import ContentError


def default_content() -> Path:
    """Return the folder of the pack that comes with the program.

    In a checkout that is ``content/en`` beside ``src``; in an installed package it lies inside.
    Raises `ContentError` if it is in neither place.
    """
    return find(Path(__file__).resolve().parents[1])


def find(package: Path) -> Path:
    """Return the pack that belongs to the package in this folder; raises `ContentError`."""
    checkout = package.parents[1] / "content" / "en"
    inside = package / "_data" / "content" / "en"
    if package.parent.name == "src" and checkout.is_dir():
        return checkout
    if inside.is_dir():
        return inside
    raise ContentError(inside, None, "the reviewed text is missing: install mbc-voice again")

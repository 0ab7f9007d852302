"""The content pack in use, and where the models are."""

from __future__ import annotations

from pathlib import Path

from mbc_voice.content import clinic as clinics
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.dialogue import prompts
from mbc_voice.errors import ContentError
from mbc_voice.library import Library
from mbc_voice.models import place
from mbc_voice.settings import Settings


def content_folder(settings: Settings) -> Path:
    """Return the folder of the content pack in use."""
    return Path(settings.paths.content) if settings.paths.content else default_content()


def models_folder(settings: Settings) -> Path:
    """Return the folder the models are in."""
    return place.models_folder(settings.paths.models)


def library(settings: Settings) -> Library:
    """Return the whole library, checked. Raises `ContentError`."""
    folder = content_folder(settings)
    loaded = load_library(folder)
    for problem in prompts.check(loaded):
        raise ContentError(folder / "prompts.toml", None, problem)
    if not settings.kiosk.clinic:
        return loaded
    return clinics.apply(clinics.read(Path(settings.kiosk.clinic), loaded), loaded)


def clinic(settings: Settings) -> clinics.Clinic:
    """Return what the clinic says of itself. Raises `ContentError`."""
    return clinics.read(Path(settings.kiosk.clinic)) if settings.kiosk.clinic else clinics.Clinic()

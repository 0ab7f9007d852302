"""Where the models and their manifest are: in a checkout, or beside an installed program.

Owns no state. Any thread.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mbc_voice.models import manifest, record

PACKAGE = Path(__file__).resolve().parents[1]


def checkout() -> Path | None:
    """Return the source tree this program runs from, or None if it was installed."""
    root = PACKAGE.parents[1]
    is_checkout = (root / "pyproject.toml").is_file() and (root / "models").is_dir()
    return root if is_checkout and root / "src" / PACKAGE.name == PACKAGE else None


def manifest_path() -> Path:
    """Return where the manifest is; it travels inside the installed package."""
    root = checkout()
    data = root if root is not None else PACKAGE / "_data"
    return data / "models" / "manifest.toml"


def models_folder(setting: str = "", environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that holds the models; it need not exist yet.

    `setting` is `PathSettings.models`, which wins if it isn't empty. Otherwise it is ``models`` of
    the checkout, or ``mbc-voice/models`` among the user's data for an installed program.
    """
    if setting:
        return Path(setting).expanduser().absolute()
    root = checkout()
    if root is not None:
        return root / "models"
    data = environ.get("XDG_DATA_HOME")
    base = Path(data) if data else Path.home() / ".local" / "share"
    return base / "mbc-voice" / "models"


def installed(name: str, folder: Path | None = None) -> Path | None:
    """Return a model's own folder if it is there and whole as far as sizes tell, else None.

    `folder` holds all models; without it, it is `models_folder()`. Raises `ModelError` only if
    the manifest can't be read.
    """
    model = manifest.load(manifest_path()).get(name)
    if model is None:
        return None
    path = (folder if folder is not None else models_folder()) / name
    return None if record.problems(model, path) else path

"""Reading one file of the library: bytes in, clean text out, or a reason why not.

Everything staff may do to a text file by accident is caught here, once for all formats. Any
thread.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from mbc_voice.errors import ContentError

MAX_BYTES = 256 * 1024
"""No file of the library comes near this; a larger one was put there by mistake."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was read, once."""

    path: Path
    data: bytes
    """The bytes on disk, for the fingerprint."""
    text: str
    """The text, its lines ending in ``\\n``, its no-break spaces made plain."""


def read_source(path: Path) -> Source:
    """Return the file's bytes and text; raises `ContentError` for anything but clean UTF-8."""
    data = _read(path)
    if data.startswith(_BOM):
        raise ContentError(path, 1, "the file starts with an invisible mark: save it as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = "a letter here is not in UTF-8: save the file with the encoding UTF-8"
        raise ContentError(path, line, reason) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    _refuse_unseen(path, text)
    return Source(path, data, text)


def _read(path: Path) -> bytes:
    try:
        if not path.exists():
            raise ContentError(path, None, "this file is missing: the library needs it")
        if not path.is_file():
            raise ContentError(path, None, "this is not a file: take it away or put a file there")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = "the file can't be read: check that you are allowed to open it"
        raise ContentError(path, None, reason) from error
    if len(data) > MAX_BYTES:
        reason = f"the file is larger than {MAX_BYTES // 1024} KB: keep only the text in it"
        raise ContentError(path, None, reason)
    return data


def _refuse_unseen(path: Path, text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.isascii() and line.isprintable():
            continue
        for letter in line:
            if letter == "\t":
                raise ContentError(path, number, "there is a tab here: use spaces instead")
            if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp", "Co", "Cn"}:
                reason = f"there is an invisible character (U+{ord(letter):04X}): type it again"
                raise ContentError(path, number, reason)

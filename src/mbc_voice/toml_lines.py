"""Where things stand in a TOML text: the line of a table, of a key, of a piece of text.

Python's TOML reader gives values without lines, and every error of ours names a line. This reads
just enough of TOML's layout (headers, keys, strings, arrays) to find them. Pure; any thread.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

Place = tuple[str | int, ...]
"""Where a value is: ``("hear", "rate")``, or ``("urgent", 0, "say")`` in the first [[urgent]]."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_TOKEN = re.compile(
    r"""\"\"\"|'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|[\[\]{}]""",
)
_AT_LINE = re.compile(r"\(at line (\d+)")


class TomlError(ValueError):
    """A text is not valid TOML; `line` is where (1-based)."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def parse(text: str) -> dict[str, Any]:
    """Return the values of a TOML text; raises `TomlError` with the line of what is wrong."""
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found.group(1)) if found else max(1, len(text.splitlines()))
        reason = re.sub(r"\s*\(at [^)]*\)", "", str(error))
        raise TomlError(line, reason) from error
    except RecursionError as error:
        raise TomlError(1, "Too many brackets inside one another") from error
    return values


def places(text: str) -> dict[Place, int]:
    """Return the line (1-based) of every table and key of a valid TOML text."""
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line = lines[number]
        header, key = _HEADER.match(line), _KEY.match(line)
        if key:
            found.setdefault((*table, *_names(key.group(1))), number + 1)
            number = _end_of_value(lines, number, key.end())
        elif header:
            table = _names(header.group(2))
            if header.group(1) == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.setdefault(table, number + 1)
        number += 1
    return found


def line_of_text(lines: Sequence[str], value: str, start: int) -> int:
    """Return the first of the lines from `start` on that holds `value`, or `start` if none does."""
    quoted = f'"{value}"', f"'{value}'"
    for number in range(start - 1, len(lines)):
        if any(text in lines[number] for text in quoted):
            return number + 1
    return start


def find(known: Mapping[Place, int], *place: str | int) -> int | None:
    """Return the line of a place, or of the nearest table around it, or None."""
    while place:
        if place in known:
            return known[place]
        place = place[:-1]
    return None


def _names(dotted: str) -> Place:
    parts = re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted)
    return tuple(part.strip().strip("\"'") for part in parts)


def _end_of_value(lines: list[str], number: int, column: int) -> int:
    """Return the index of the line on which the value that starts here ends."""
    depth, quote = 0, ""
    while True:
        line = lines[number]
        while True:
            if quote:
                end = line.find(quote, column)
                if end < 0:
                    break
                column, quote = end + 3, ""
            token = _TOKEN.search(line, column)
            if not token:
                break
            column = token.end()
            if token.group() in ('"""', "'''"):
                quote = token.group()
            elif token.group() in "[{":
                depth += 1
            elif token.group() in "]}":
                depth -= 1
        if (depth <= 0 and not quote) or number + 1 >= len(lines):
            return number
        number, column = number + 1, 0

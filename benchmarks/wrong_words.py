"""Word errors: how many words of a text were written down wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def plain(text: str) -> list[str]:
    """Return the words alone: lower case, no signs, small numbers in words."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d+", text.lower().replace("\u2019", "'"))
    return [
        SMALL[int(word)] if word.isdigit() and int(word) < len(SMALL) else word for word in words
    ]


def wrong_words(
    wanted: Sequence[str],
    heard: Sequence[str],
    same: Callable[[str, str], bool] = lambda one, other: one == other,
) -> int:
    """Return the fewest words to change, leave out and put in (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(wanted, 1):
        before, row[0] = row[0], index
        for at, other in enumerate(heard, 1):
            changed = before + (not same(word, other))
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, changed)
    return row[-1]

"""Numbers and signs that voices say badly, as the words a person would say.

Telephone numbers digit by digit, fractions, emergency numbers, ranges, and the Latin
abbreviations. Pure; any thread.
"""

from __future__ import annotations

import re

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

_FRACTIONS = {
    "1/2": "half",
    "1/3": "third",
    "2/3": "two thirds",
    "1/4": "quarter",
    "3/4": "three quarters",
    "\N{VULGAR FRACTION ONE HALF}": "half",
    "\N{VULGAR FRACTION ONE THIRD}": "third",
    "\N{VULGAR FRACTION TWO THIRDS}": "two thirds",
    "\N{VULGAR FRACTION ONE QUARTER}": "quarter",
    "\N{VULGAR FRACTION THREE QUARTERS}": "three quarters",
}

_ABBREVIATIONS = {
    "e.g.": "for example",
    "i.e.": "that is",
    "etc.": "and so on",
    "vs.": "versus",
    "&": "and",
    "24/7": "twenty-four seven",
}

_PATTERN = re.compile(
    r"(?P<phone>(?<![\w-])(?:\+?1[-. ])?(?:\(\d{3}\) ?|\d{3}-)?\d{3}-\d{4}(?![\w-])"
    r"|(?<![\w-])1-\d{3}(?:-[\dA-Z]+)+(?![\w-]))"
    r"|(?P<short>(?<![\w.,-])(?:911|988|211)(?![\w-]|[.,]\d))"
    r"|(?P<fraction>(?<![\w/])(?:(?P<whole>\d+)[ -]?)?"
    r"(?P<part>[1-3]/[2-4]|[\N{VULGAR FRACTION ONE HALF}\N{VULGAR FRACTION ONE THIRD}"
    r"\N{VULGAR FRACTION TWO THIRDS}\N{VULGAR FRACTION ONE QUARTER}"
    r"\N{VULGAR FRACTION THREE QUARTERS}])(?![\w/]))"
    r"|(?P<range>(?<![\w-])(?P<low>\d{1,3}) ?[-\N{EN DASH}] ?(?P<high>\d{1,3})(?![\w-]))"
    r"|(?P<short_form>(?<!\w)(?:e\.g\.|i\.e\.|etc\.|vs\.|&|24/7)(?!\w))",
)


def say_numbers(text: str) -> str:
    """Return the text with its telephone numbers, fractions and abbreviations in words."""
    return _PATTERN.sub(_words, text)


def _words(found: re.Match[str]) -> str:
    if found["phone"]:
        return _phone(found["phone"])
    if found["short"]:
        return _spelled(found["short"])
    if found["range"]:
        return f"{found['low']} to {found['high']}"
    if found["short_form"]:
        words = _ABBREVIATIONS[found["short_form"]]
        return words + ("." if _ends_text(found) and found["short_form"] == "etc." else "")
    return _fraction(found["part"], found["whole"]) or found.group()


def _ends_text(found: re.Match[str]) -> bool:
    return not found.string[found.end() :].strip()


def _phone(number: str) -> str:
    """Return the digits one by one, with a comma, which voices hear as a pause, between groups."""
    groups = re.findall(r"\d+|[A-Z]+", number)
    return ", ".join(_spelled(group) if group.isdigit() else group.lower() for group in groups)


def _spelled(digits: str) -> str:
    return " ".join(_DIGITS[int(digit)] for digit in digits)


def _fraction(part: str, whole: str | None) -> str:
    """Return ``2 1/2`` as "2 and a half"; an empty text for a fraction no one says."""
    words = _FRACTIONS.get(part, "")
    if not words:
        return ""
    single = not words.startswith(("two", "three"))
    if whole:
        return f"{whole} and {'a ' if single else ''}{words}"
    return f"one {words}" if single else words

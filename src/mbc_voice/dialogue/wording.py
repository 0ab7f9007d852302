"""Small words made from data: numbers, lists of titles, letters. Pure, and nothing medical."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mbc_voice.library import Library

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TO_NINETY = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _TO_NINETEEN.split(), _TO_NINETY.split()

_CODE_WORDS = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November "
    "Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu"
)
CODE_WORDS = {word[0].lower(): word for word in _CODE_WORDS.split()}
"""The international radio alphabet (ICAO)."""


def number(value: int) -> str:
    """Return a whole number in words, as far as 999; beyond, or below 0, in digits."""
    if not 0 <= value <= 999:
        return str(value)
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    hundreds, rest = divmod(value, 100)
    return f"{_ONES[hundreds]} hundred" + (f" {number(rest)}" if rest else "")


def within(library: Library, title: str) -> str:
    """Return a title as it stands inside a sentence: "symptoms in the lungs", but "HER2"."""
    title = title.rstrip(".?! ")
    first = title.partition(" ")[0]
    named = any(item.word == first for item in library.pronunciations)
    if named or not first[1:].islower():
        return title
    return title[:1].lower() + title[1:]


def either(names: Sequence[str]) -> str:
    """Return "a", "a or b", "a, b, or c"; words they all begin with are said once."""
    names = _say_beginning_once(names)
    if len(names) < 3:
        return " or ".join(names)
    return f"{', '.join(names[:-1])}, or {names[-1]}"


def same_beginning(names: Sequence[str]) -> int:
    """Return how many first words all names share, leaving each at least one of its own."""
    rows = [name.split() for name in names]
    shortest = min((len(row) for row in rows), default=1)
    for count in range(shortest - 1):
        if len({row[count].lower() for row in rows}) > 1:
            return count
    return max(0, shortest - 1)


def _say_beginning_once(names: Sequence[str]) -> list[str]:
    shared = same_beginning(names) if len(names) > 1 else 0
    return [names[0], *(" ".join(name.split()[shared:]) for name in names[1:])] if names else []


def letters(word: str) -> str:
    """Return "p. a. l. b" for "palb"; digits become words, other signs are left out."""
    return ". ".join(_sign(sign) for sign in _signs(word))


def code_words(word: str) -> str:
    """Return "p as in Papa, a as in Alfa" for "pa"."""
    return ", ".join(
        f"{sign} as in {CODE_WORDS[sign]}" if sign in CODE_WORDS else _sign(sign)
        for sign in _signs(word)
    )


_CODED = re.compile(
    r"(?:\b(?:it|that|this|the word) ?)?(?:\bagain )?(?:with|in|using|by) (?:the )?"
    r"(?:code ?words?|(?:radio|phonetic) alphabet)$",
    re.IGNORECASE,
)


def coded(word: str) -> tuple[str, bool]:
    """Return the word of "palbociclib with code words", and whether code words were asked for."""
    plain = _CODED.sub("", word.strip()).strip()
    return plain, plain != word.strip()


def hard_word(library: Library, text: str) -> str:
    """Return the last word of the text that has an entry in the pronunciations, else the longest.

    Empty if the text has no word.
    """
    hard = {item.word.lower() for item in library.pronunciations}
    words = re.findall(r"[^\W_][\w/'-]*", text)
    known = [word for word in words if word.lower() in hard]
    return known[-1] if known else max(words, key=len, default="")


def _signs(word: str) -> list[str]:
    return [sign for sign in word.lower()[:40] if sign.isalnum() or sign == "-"]


def _sign(sign: str) -> str:
    if sign == "-":
        return "dash"
    return _ONES[int(sign)] if sign in "0123456789" else sign

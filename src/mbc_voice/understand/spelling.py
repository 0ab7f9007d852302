"""Tables of English that `normalize` reads: contractions, spellings, numbers.

Pure data and two pure functions; any thread may use them.
"""

from __future__ import annotations

import re

from mbc_voice.understand.vocabulary import words_of

CONTRACTIONS: dict[str, str] = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "ain't": "is not",
    "let's": "let us",
    "it's": "it is",
    "what's": "what is",
    "where's": "where is",
    "when's": "when is",
    "how's": "how is",
    "why's": "why is",
    "who's": "who is",
    "that's": "that is",
    "there's": "there is",
    "here's": "here is",
    "she's": "she is",
    "he's": "he is",
    "everything's": "everything is",
    "something's": "something is",
    "someone's": "someone is",
    "somebody's": "somebody is",
    "y'all": "you all",
    "ma'am": "madam",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "gimme": "give me",
    "lemme": "let me",
    "dunno": "do not know",
    "kinda": "kind of",
    "ok": "okay",
    "okey": "okay",
    "yep": "yes",
    "yeah": "yes",
    "yup": "yes",
    "nope": "no",
    "nah": "no",
    "pls": "please",
    "plz": "please",
    "mum": "mom",
    "mummy": "mom",
    "mommy": "mom",
    "mam": "mom",
    "mets": "metastases",
    "met's": "metastases",
    "dr": "doctor",
    "doc": "doctor",
    "meds": "medicines",
    "chemo": "chemotherapy",
    "onc": "oncologist",
}
"""Whole tokens and what they stand for; the short words for long ones are everyday clinic talk."""

_WITHOUT_APOSTROPHE = words_of(
    "aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't shouldn't wasn't "
    "weren't won't wouldn't i'm i've you've we've they've you're they're what's where's how's "
    "who's that's there's here's she's he's let's you'll they'll it'll that'll"
)
_ENDINGS = {"re": "are", "ve": "have", "ll": "will", "m": "am"}


def _written_out(contraction: str) -> str:
    if contraction in CONTRACTIONS:
        return CONTRACTIONS[contraction]
    if contraction.endswith("n't"):
        return f"{contraction[:-3]} not"
    stem, _, ending = contraction.partition("'")
    return f"{stem} {_ENDINGS[ending]}"


CONTRACTIONS.update({word.replace("'", ""): _written_out(word) for word in _WITHOUT_APOSTROPHE})

SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"^oe(?=str|dem|soph)", "e"),
        (r"haem", "hem"),
        (r"anaem", "anem"),
        (r"anaesth", "anesth"),
        (r"kaem", "kem"),
        (r"rrhoea", "rrhea"),
        (r"gynaec", "gynec"),
        (r"paed", "ped"),
        (r"orthopaed", "orthoped"),
        (r"\b(tum|col|fav|lab|flav|hum|vap|od|hon|rum|behavi|neighb)our", r"\1or"),
        (r"isation(s?)$", r"ization\1"),
        (r"(?<=metasta)sis(e[ds]?|ing)$", r"siz\1"),
        (r"(recogn|organ|summar|critic|minim|maxim|normal|special)is(e[drs]?|ing)$", r"\1iz\2"),
        (r"(paral|anal)ys(e[ds]?|ing)$", r"\1yz\2"),
        (r"^(cent|lit|fib|theat)re(s?)$", r"\1er\2"),
        (r"^programme", "program"),
        (r"^grey", "gray"),
        (r"^(diagno)zed$", r"\1sed"),
        (r"^dizzyness$", "dizziness"),
    )
)
"""British endings (and a few common slips) with the American ones, applied in this order."""


def _listed(text: str) -> list[str]:
    return text.split()


_UNITS = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _listed("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_LARGEST = 9_999
NUMBERS: dict[str, int] = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * tens for tens, word in enumerate(_TENS) if tens
}
"""The number words of one word."""

ORDINALS: dict[str, int] = {}
"""The ordinals of one word: "third" is 3."""


def number_words(digits: str) -> list[str]:
    """Return how a number is said: whole up to 9,999, else digit by digit."""
    whole, _, fraction = digits.partition(".")
    if not whole.isascii() or len(whole) > 4:
        words = [_UNITS[int(digit)] for digit in whole if digit.isdecimal()]
    else:
        words = _cardinal(int(whole))
    if fraction:
        words = [*words, "point", *(_UNITS[int(digit)] for digit in fraction if digit.isdecimal())]
    return words


def ordinal_words(digits: str) -> list[str]:
    """Return how an ordinal is said: ``21`` is twenty first."""
    words = number_words(digits)
    return [*words[:-1], _ordinal(words[-1])] if words else []


def read_number(words: list[str]) -> int | None:
    """Return the number that the words say, cardinal or ordinal, 0 to 9,999; None if none."""
    total = part = 0
    if not words:
        return None
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word in NUMBERS:
            part += NUMBERS[word]
        elif last and word in ORDINALS:
            part += ORDINALS[word]
        elif word in ("hundred", "hundredth")[: 1 + last] and 0 < part < 10:
            part *= 100
        elif word in ("thousand", "thousandth")[: 1 + last] and 0 < part < 10:
            total, part = part * 1000, 0
        elif word != "and" or last or not place:
            return None
    return total + part


def _cardinal(number: int) -> list[str]:
    if number < 20:
        return [_UNITS[number]]
    if number < 100:
        rest = number % 10
        return [_TENS[number // 10], *([_UNITS[rest]] if rest else [])]
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = number % size
    return [*_cardinal(number // size), name, *(_cardinal(rest) if rest else [])]


def _ordinal(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    return f"{word[:-1]}ieth" if word.endswith("ty") else f"{word}th"


ORDINALS.update({_ordinal(word): number for word, number in NUMBERS.items()})

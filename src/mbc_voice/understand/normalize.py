"""One spelling for everything that means the same, so that the rest compares plain words.

Owns `normalize`, a pure function; any thread may call it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mbc_voice.understand.dialect import DIALECT
from mbc_voice.understand.spelling import CONTRACTIONS, SPELLINGS, number_words, ordinal_words

LIMIT = 10_000
"""Characters of an utterance that are read; the rest is dropped."""

_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u00b4`\u2032]")
_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])(?!(?:st|nd|rd|th)\b)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:st|nd|rd|th)?(?![^\W_])|[^\W_]+(?:'[^\W_]+)*|%|&|\+")
_GRUNTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:(?:u+h+|m+|u+m+)[ -]?h+u*[hm]+|mhm+|a+ha+)\b"), "yes"),
    (re.compile(r"^\W*(?:uh|nuh|unh)[ -](?:uh|unh)\W*$"), "no"),
    (re.compile(r"^\W*(?:e+h+|(?:h+m+|m{2,}|e+rm+)\W*\?)\W*$"), "pardon"),
    (re.compile(r"\bwi[ -]fi\b"), "wifi"),
)
"""Yes and no without words: "uh-huh", "mm-hmm"; "uh-uh" and "eh?", where nothing else is said."""
_GRUNT = re.compile("|".join(grunt.pattern for grunt, _ in _GRUNTS))
_HESITATION = re.compile(r"u+h*m+|u+h+|e+rm+|h+m+|m{2,}|e+h+|a+hm+")
_HESITANT = re.compile(rf"(?<!\S)(?:{_HESITATION.pattern}|er)(?!\S)")
_DIGIT = re.compile(r"\d")
_BRITISH = re.compile("|".join(british.pattern for british, _ in SPELLINGS))
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_STAGES = {"i": "one", "ii": "two", "iii": "three", "iv": "four", "1v": "four"}
_SIGNS = {"%": "percent", "&": "and", "+": "positive"}
_RECEPTOR_AFTER = {"positive", "negative", "status", "plus", "minus", "pr", "receptor", "and"}
_ER_BEFORE = {"the", "an", "to"}
_LONGEST_STUTTER = 3


def normalize(text: str) -> str:
    """Return the words of `text` in one form, separated by single spaces.

    Lower case without accents; contractions written out ("can't", "cant" and "cannot" become "can
    not"); numbers as words ("stage IV", "stage 4" and "stage four" agree, so do "HER2" and
    "her 2"); American spelling; no punctuation, hesitations ("um") or stutters ("the the").
    Letters of any script stay. Never raises; what it returns it leaves unchanged.
    """
    words = text
    while True:
        again = _once(words)
        if again == words:
            return words
        words = again


def _once(text: str) -> str:
    plain = _folded(_APOSTROPHES.sub("'", text[:LIMIT])).lower()
    if _GRUNT.search(plain):
        for grunt, meaning in _GRUNTS:
            plain = grunt.sub(meaning, plain)
    if _DIGIT.search(plain):
        plain = _GLUED.sub(" ", plain)
    words: list[str] = []
    for token in _TOKEN.findall(plain):
        words.extend(_spoken(token))
    words = _without_stutter(_without_hesitation(_with_stages(words)))
    return _bounded(" ".join(words))


def _folded(text: str) -> str:
    """Return the text with its letters in their simplest form, without accents."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def forget() -> None:
    """Let go of the single words that were kept to be quicker: somebody may have said them."""
    _spoken.cache_clear()


@lru_cache(maxsize=8192)
def _spoken(token: str) -> tuple[str, ...]:
    """Return the words one token is said as."""
    return tuple(_said(token))


def _said(token: str) -> list[str]:
    if token in _SIGNS:
        return [_SIGNS[token]]
    ordinal = _ORDINAL.fullmatch(token)
    if ordinal:
        return ordinal_words(ordinal.group(1))
    if token[0].isdigit():
        return number_words(token)
    if token in CONTRACTIONS:
        return CONTRACTIONS[token].split()
    if token in DIALECT:
        return DIALECT[token].split()
    if token.endswith("n't"):
        return [token[:-3], "not"]
    stem, _, ending = token.partition("'")
    endings = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}
    if ending in endings:
        return [stem, endings[ending]]
    return [_american(stem if ending == "s" else token.replace("'", ""))]


def _american(word: str) -> str:
    if _BRITISH.search(word):
        for british, american in SPELLINGS:
            word = british.sub(american, word)
    return word


def _with_stages(words: list[str]) -> list[str]:
    """Read Roman numerals after "stage", and only there."""
    if "stage" not in words:
        return words
    return [
        _STAGES.get(word, word) if place and words[place - 1] == "stage" else word
        for place, word in enumerate(words)
    ]


def _without_hesitation(words: list[str]) -> list[str]:
    if not _HESITANT.search(" ".join(words)):
        return words
    return [
        word
        for place, word in enumerate(words)
        if not _HESITATION.fullmatch(word) and not (word == "er" and _is_pause(words, place))
    ]


def _is_pause(words: list[str], place: int) -> bool:
    """Tell "er" the hesitation from ER the receptor and ER the emergency room."""
    after = words[place + 1] if place + 1 < len(words) else ""
    before = words[place - 1] if place else ""
    return after not in _RECEPTOR_AFTER and before not in _ER_BEFORE


def _without_stutter(words: list[str]) -> list[str]:
    """Drop one to three words said twice in a row."""
    if len(set(words)) == len(words):
        return words
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for length in range(1, _LONGEST_STUTTER + 1):
            if len(kept) >= 2 * length and kept[-length:] == kept[-2 * length : -length]:
                del kept[-length:]
                break
    return kept


def _bounded(text: str) -> str:
    return text if len(text) <= LIMIT else text[:LIMIT].rpartition(" ")[0] or text[:LIMIT]

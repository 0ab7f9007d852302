"""One spelling for everything that means the same, so that the rest compares plain words.

Owns `normalize`, a pure function; any thread may call it.
"""

from __future__ import annotations

import re
import unicodedata

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
_HESITATION = re.compile(r"u+h*m+|u+h+|e+rm+|h+m+|m{2,}|e+h+|a+hm+")
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
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text[:LIMIT]))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter)).lower()
    for grunt, meaning in _GRUNTS:
        plain = grunt.sub(meaning, plain)
    words: list[str] = []
    for token in _TOKEN.findall(_GLUED.sub(" ", plain)):
        words.extend(_spoken(token))
    words = _without_stutter(_without_hesitation(_with_stages(words)))
    return _bounded(" ".join(words))


def _spoken(token: str) -> list[str]:
    """Return the words one token is said as."""
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
    return [
        _STAGES.get(word, word) if place and words[place - 1] == "stage" else word
        for place, word in enumerate(words)
    ]


def _without_hesitation(words: list[str]) -> list[str]:
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

"""How written words sound, roughly: one short key for spellings that a recognizer confuses.

Owns the phonetic key and the likeness of two keys. The idea is Metaphone's (L. Philips, 1990):
consonants that are heard alike share a letter. Ours goes further where speech recognition does:
voiced and unvoiced consonants fall together, and vowels are kept as one letter, so that the number
of syllables counts. Pure; any thread may call it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"\b[kgp]n", "n"),
        (r"\bwr", "r"),
        (r"\bps(?=[aeiouy])", "s"),
        (r"\bx", "s"),
        (r"\bwh", "w"),
        (r"\bx", "s"),
        (r"mb\b", "m"),
        (r"igh", "i"),
        (r"ough\b", "o"),
        (r"augh(?=t)", "o"),
        (r"gh\b", "f"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"tch", "c"),
        (r"sch", "sk"),
        (r"\bch(?=r|em|ol)", "k"),
        (r"ch|sh|(?<=[a-z])tion|(?<=[a-z])[cs]ion", "S"),
        (r"th", "t"),
        (r"ck|cc(?![eiy])|qu?|kh", "k"),
        (r"sc(?=[eiy])", "s"),
        (r"c(?=[eiy])", "s"),
        (r"dg(?=[eiy])|j", "S"),
        (r"(?<=[a-z])g(?=[eiy])", "S"),
        (r"[cg]", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"v", "f"),
        (r"b", "p"),
        (r"d", "t"),
        (r"(?<=[aeiouy])w|(?<=[aeiouy])h|h(?![aeiouy])|e\b", ""),
        (r"[aeiouyw]+", "A"),
    )
)
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=20_000)
def sound_of(words: str) -> str:
    """Return the phonetic key of normalised words, run together: "pause" and "paws" are ``pAs``."""
    key = " ".join(words.split())
    for pattern, sound in _RULES:
        key = pattern.sub(sound, key)
    return _DOUBLED.sub(r"\1", key.replace(" ", "")).replace("AA", "A")


def likeness(one: str, other: str) -> float:
    """Return how alike two keys are, from 0 to 1 (edits divided by the longer length)."""
    from rapidfuzz.distance import OSA

    return float(OSA.normalized_similarity(one, other))

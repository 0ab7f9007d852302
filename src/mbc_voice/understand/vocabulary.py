"""Words by what they do in a sentence: function words, question words, stems.

Pure data and pure functions; any thread may use them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list written as running text."""
    return frozenset(text.split())


QUESTION_WORDS = words_of(
    "what where when why who which whose how is are was were do does did can could will would "
    "should shall may might has have had am"
)
"""Words that open a question."""

FUNCTION_WORDS = words_of(
    "a an the of to in on at by for from with about as into onto and or but if then than that "
    "this these those there here it its i me my mine you your yours he him his she her hers we us "
    "our they them their is are was were be been being am do does did done have has had having "
    "can could will would shall should may might must not no so just very really too also any "
    "some what where when why who which whose how please"
)
"""Words that carry grammar and little else."""

_SUFFIXES = re.compile(r"(?<=\w{3})(?:ing|(?<!e)ed|ies|es|s|e|y|iness|ness|less|ly)$")
_DOUBLE = re.compile(r"([bdglmnprt])\1$")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return `word` without its commonest endings: breathe, breathing and breath agree."""
    short = word
    for _ in range(2):
        shorter = _SUFFIXES.sub("", short)
        if len(shorter) < 3 or shorter == short:
            break
        short = _DOUBLE.sub(r"\1", shorter) if len(shorter) > 3 else shorter
    return short


def content_words(words: str, without: Iterable[str] = FUNCTION_WORDS) -> list[str]:
    """Return the words of a normalised text that are not in `without`."""
    left_out = without if isinstance(without, frozenset) else frozenset(without)
    return [word for word in words.split() if word not in left_out]

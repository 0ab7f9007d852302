"""Which written word is being heard: the words of a caption, laid beside the words that were said.

What is said differs from what is shown: numbers are spelt out, hard words respelled, "HER2+" is two
words. Equal words are matched first; what lies between two matches belongs together in its order.
Pure and thread-free.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from mbc_voice.speak.synthesizer import Word

_WRITTEN = re.compile(r"[^\W_](?:\S*[\w+%])?")
"""A word without the signs around it: ``HER2+`` and ``don't``, but not the full stop."""


class SaidWord(NamedTuple):
    """A word that a voice said."""

    text: str
    sample: int
    """Where it begins in the voice's sound."""


def written_words(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text begins and ends, in characters."""
    return [found.span() for found in _WRITTEN.finditer(text)]


def align(text: str, said: Sequence[SaidWord]) -> tuple[Word, ...]:
    """Return when each word of the written text begins, in the order of the text.

    Written words that share one said word become one; nothing is returned for a word not said.
    """
    written = written_words(text)
    said = [word for word in said if _letters(word.text)]
    matcher = SequenceMatcher(
        None,
        [_letters(text[start:end]) for start, end in written],
        [_letters(word.text) for word in said],
        autojunk=False,
    )
    pairs: list[tuple[int, int]] = []
    for _, first, last, low, high in matcher.get_opcodes():
        pairs += _shared_out(range(first, last), range(low, high))
    return _words(written, said, pairs)


def stretched(words: Iterable[Word], speed: float) -> tuple[Word, ...]:
    """Return the words of a sound that was played `speed` times as fast."""
    return tuple(replace(word, sample=round(word.sample / speed)) for word in words)


def _shared_out(written: range, said: range) -> list[tuple[int, int]]:
    """Return which said word each of these written words begins with."""
    if not said:
        return []
    share = len(said) / max(1, len(written))
    return [(index, said[int(place * share)]) for place, index in enumerate(written)]


def _words(
    written: Sequence[tuple[int, int]],
    said: Sequence[SaidWord],
    pairs: Sequence[tuple[int, int]],
) -> tuple[Word, ...]:
    found = []
    for spoken, group in groupby(pairs, key=lambda pair: pair[1]):
        places = [written[index] for index, _ in group]
        found.append(Word(places[0][0], places[-1][1], said[spoken].sample))
    return tuple(found)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())

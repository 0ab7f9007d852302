"""How hard a text is to follow: the reading grade of Flesch and Kincaid.

Grade = 0.39 x words per sentence + 11.8 x syllables per word - 15.59 (Kincaid et al., "Derivation
of new readability formulas", 1975). Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_WORD = re.compile(r"[A-Za-z0-9]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?:[^aeiouytd]ed|[^aeiouysxzcg]es|[^aeiouylr]e|[aeiouy][lr]e|[^aeiou]rre)$"
    r"|[aeiouy][^aeiouy]e(?=(?:ful|ness|less|ly|ment|times?|thing|where|one|body)\b)"
)
_APART = re.compile(
    r"(?<![tscgx])i(?:on|ous)|(?<![tc])ia(?!l)|ia\b|ie(?:r|st|t)s?\b|(?:[^aeiouqg]|\b)ua|uid|rea\b|"
    r"eo(?!us|p|n)|[aeiouy]ing\b|ism\b|uou|(?:sm|thm)\b|io\b|usea\b|iet(?!.*ed)"
)
"""Neighbouring vowels that are two syllables, and a syllable without a vowel."""


def words(text: str) -> list[str]:
    """Return the words of a text; the parts of ``X-ray`` are two."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Return how many syllables a word of English prose has, by its spelling; at least one."""
    apart = len(re.findall(r"[sd]n\W?t$", word.lower()))
    word = re.sub(r"[^a-z]", "", word.lower())
    count = apart + len(_VOWELS.findall(word)) + len(_APART.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    return max(1, count)


def grade(sentences: Iterable[str], familiar: Collection[str] = ()) -> float:
    """Return the school grade that follows these sentences easily.

    Words in `familiar` (lower case) don't count as long: names of drugs, for instance, that the
    listener came to ask about. Returns 0.0 for no words.
    """
    texts = [words(sentence) for sentence in sentences]
    texts = [text for text in texts if text]
    counted = [word for text in texts for word in text if word.lower() not in familiar]
    if not counted:
        return 0.0
    length = sum(map(len, texts)) / len(texts)
    weight = sum(map(syllables, counted)) / len(counted)
    return 0.39 * length + 11.8 * weight - 15.59

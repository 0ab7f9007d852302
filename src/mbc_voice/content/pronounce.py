"""How a sentence is said: the text a voice is given for the text that is shown.

Captions keep the written text; only the synthesizer sees what is made here. Pure; any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from mbc_voice.content.spoken_numbers import say_numbers
from mbc_voice.library import Pronunciation

_APOSTROPHE = "['\N{RIGHT SINGLE QUOTATION MARK}]"

_HISSING = ("s", "z", "ʃ", "ʒ", "ʧ", "ʤ")
_VOICELESS = ("p", "t", "k", "f", "θ")

Say = Callable[[Pronunciation, str, str], str]
"""(entry, the word as written, its ending) → what the voice is given."""


class Pronouncer:
    """Writes sentences as voices say them right, from the library's pronunciations.

    A word is found whole, in any case, with its possessive or plural s; the longest first. A word
    written all in capitals (``PET``) is found only so. A hyphen beside it is said as a space, and
    a plus sign after it as "positive": ``ER-positive``, ``ER+``.
    """

    def __init__(self, pronunciations: Iterable[Pronunciation]) -> None:
        self._exact: dict[str, Pronunciation] = {}
        self._folded: dict[str, Pronunciation] = {}
        for entry in pronunciations:
            if re.fullmatch(r"[A-Z]+", entry.word):
                self._exact[entry.word] = entry
            else:
                self._folded[entry.word.casefold()] = entry
        self._pattern = self._compile()

    def for_natural_voice(self, text: str) -> str:
        """Return the text for hibari: hard words as ``[word](/phonemes/)``."""
        return self._said(text, _linked)

    def for_system_voice(self, text: str) -> str:
        """Return the text for a system's voice: hard words respelled, such as ``fez-goh``."""
        return self._said(text, _respelled)

    def _compile(self) -> re.Pattern[str] | None:
        words = sorted((*self._exact, *self._folded), key=len, reverse=True)
        if not words:
            return None
        either = "|".join(
            re.escape(word) if word in self._exact else f"(?i:{re.escape(word)})" for word in words
        )
        return re.compile(
            rf"(?:(?<=[A-Za-z])(?P<before>-))?(?<![^\W_])(?P<word>{either})"
            rf"(?P<ending>{_APOSTROPHE}s|s{_APOSTROPHE}?|(?<=s){_APOSTROPHE}|)(?!\w)"
            r"(?P<plus>\+)?(?P<after>-(?=[A-Za-z]))?"
        )

    def _said(self, text: str, say: Say) -> str:
        text = say_numbers(re.sub(r"[\[\]]", " ", text))
        if self._pattern is None:
            return text

        def replace(found: re.Match[str]) -> str:
            word = found["word"]
            entry = self._exact.get(word) or self._folded[word.casefold()]
            said = say(entry, word, found["ending"])
            before = " " if found["before"] else ""
            plus = " positive" if found["plus"] else ""
            return f"{before}{said}{plus}{' ' if found['after'] else ''}"

        return self._pattern.sub(replace, text)


def _linked(entry: Pronunciation, word: str, ending: str) -> str:
    if not entry.phonemes:
        return word + ending
    shown = re.sub(r"[^A-Za-z]", "", word) or "word"
    return f"[{shown}](/{entry.phonemes}{_ending_phonemes(entry.phonemes, ending)}/)"


def _ending_phonemes(phonemes: str, ending: str) -> str:
    """Return the sound of a plural or possessive s after these phonemes."""
    if "s" not in ending:
        return ""
    if phonemes.endswith(_HISSING):
        return "ᵻz"
    return "s" if phonemes.endswith(_VOICELESS) else "z"


def _respelled(entry: Pronunciation, word: str, ending: str) -> str:
    if entry.say == entry.word:
        return word + ending
    parts = (part if part.isupper() else part.lower() for part in entry.say.split())
    return " ".join(parts) + ending

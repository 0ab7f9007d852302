"""The alarm that likeness raises: words that no rule knows, and that are like reports of a sign.

Owns how like they must be. Read-only after construction; any thread may ask it.
"""

from __future__ import annotations

from mbc_voice.events import Evidence, Urgent
from mbc_voice.understand.everyday import PEOPLE
from mbc_voice.understand.frames import is_acute, is_mild, names_a_subject
from mbc_voice.understand.matcher import Match
from mbc_voice.understand.urgent import UrgentSigns
from mbc_voice.understand.vocabulary import FUNCTION_WORDS, QUESTION_WORDS, stem

ALARM = 0.6
"""Share of all urgent signs together from which likeness alone raises the alarm..."""

ALARM_IF_STRANGE = 0.95
"""...and where it is "a bit", or few words hold one that no example does: "I took the bus"..."""

ALARM_IF_ACUTE = 0.3
"""...and where the words say that it is sudden, bad or out of hand..."""

ALARM_IF_TOLD = 0.35
"""...and where somebody tells at some length how they or others are."""

_FEW = 6
_NEUTRAL = FUNCTION_WORDS | QUESTION_WORDS | {word for one in PEOPLE for word in one.split()}
"""Words that every report may hold, whoever has the sign."""


class Alarm:
    """Whether words are so like a sign's examples that they report it."""

    def __init__(self, signs: UrgentSigns, reported: frozenset[str]) -> None:
        """Use the words of the examples of all signs, `reported`."""
        self._signs = signs
        self._reported = {stem(word) for word in reported}

    def raised(self, words: str, match: Match) -> Urgent | None:
        """Return the sign that normalised `words` are like, unless they only ask about it."""
        sign, _ = match.others.get("urgent", ("", 0.0))
        unsure = match.urgent < max(self._bar(words), match.rival_of("urgent"))
        if unsure or not self._signs.is_like(sign, words):
            return None
        evidence = Evidence("urgent", f"{sign}: like the examples of signs", match.urgent)
        return Urgent(sign, match.urgent, (evidence,))

    def _bar(self, words: str) -> float:
        """Return the share of all signs together that such words need."""
        if is_acute(words):
            return ALARM_IF_ACUTE
        if is_mild(words):
            return ALARM_IF_STRANGE
        if len(words.split()) > _FEW:
            return ALARM_IF_TOLD if names_a_subject(words) else ALARM
        return ALARM_IF_STRANGE if self._is_strange(words) else ALARM

    def _is_strange(self, words: str) -> bool:
        """Return whether one of the words is in no report of a sign."""
        telling = {stem(word) for word in words.split() if word not in _NEUTRAL}
        return not telling <= self._reported

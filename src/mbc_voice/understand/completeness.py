"""Were these words all, or will there be more? Judged by what they mean and by how they end.

Owns the four degrees, and what tells them apart. A question can be whole and still go on ("what are
the symptoms", "... in the brain"): the library's own wordings tell. Pure; any thread may call it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import Literal, TypeAlias

from mbc_voice.events import (
    SILENCING,
    Answer,
    Choose,
    Command,
    NotCovered,
    Outcome,
    Urgent,
    outcome_ids,
)
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.vocabulary import words_of
from mbc_voice.understand.wordings import Wording

Degree: TypeAlias = Literal["order", "whole", "likely", "unclear", "unfinished"]
"""``order``: a command, to be obeyed at once; ``whole``: plainly a question that we know;
``likely``: one that might go on; ``unclear``: no question that we know; ``unfinished``: it breaks
off in the middle."""

SURE = 0.85
"""Chance from which a question counts as known: 3 % wrong among held-out wordings."""
AT_ONCE_MS, LIKELY_MS, LONGEST_MS = 288, 768, 3_000
"""Pauses that end what is whole, what is likely to be, and what is unfinished."""
_FEW = 3
"""So many words hardly make a question."""

_OPEN = words_of(
    "the a an my your our their his and or but because if whether than as of very i we he she "
    "they can could should would will does am until while unless also just maybe been be being"
)
"""Words that no sentence ends with, or hardly any."""
_AUXILIARY = words_of("is are was were")
"""Words that end a question told as a statement: "tell me what hormone therapy is"."""
_ASKING = words_of("what where when why how who whose which")
_TAKES_MORE = words_of("spell volume number topic")
"""Orders that a word or a number follows."""
_HANGING = words_of("to for in on at by from with about into onto during after before between per")
"""Words that end a question only if it began with a question word: "what is it for"."""
_RELATIVE = re.compile(
    r"\b(?:a|an|any|some|the|something|anything|someone|anyone|somebody|anybody)\b.*"
    r" (?:i|we|you|he|she|they) (?:can|could|should|would|might|may|must|need to|have to)"
    r"(?: \w+)+ \w+"
)
"""Nor do they hang after a relative clause: "are there trials I could take part in"."""
_ONE_OF_TWO = re.compile(
    r"\b(?:difference|differ|choose|choosing|decide|deciding|choice)\b.* between"
    r"(?! (?:each|every|these|those|all|any|both|the two)\b)"
    r"(?: \w+){0,3} (?!\w*s\b|them\b|both\b|two\b)\w+$"
)
"""One of two things that are named; the other comes after a breath: "between one treatment ..."."""
_OPENING = re.compile(
    r"(?:(?:so|and|well|okay|hello|hi|please|excuse me) )*"
    r"(?:(?:can|could|would|will) you(?: please)?(?: tell| explain| say)?(?: me| us)?"
    r"|(?:i|we) (?:want|wanted|need|would like|was wondering|am wondering|have a question)"
    r"(?: to)?(?: know| ask| hear| understand)?(?: you)?"
    r"|(?:do|did) you know|(?:please )?tell (?:me|us)|what about|how about|what is|what are"
    r"|is there|are there|can i|should i|may i|let us|let me|my question is|i have)"
)
"""How people begin before they come to the point."""
_BREAKS_OFF = re.compile(
    r"(?:\.\.\.|\u2026|[,;:\u2013\u2014-]|\b(?:u+h*m+|u+h+|e+r+m*|h+m+))[\s.]*$", re.IGNORECASE
)
"""A hesitation at the end, or a mark of one."""


class Completeness:
    """Judges by the examples that one library is understood with."""

    def __init__(self, examples: Iterable[Wording]) -> None:
        asked = sorted((one.text, one.label.id) for one in examples if one.weight == 1.0)
        self._texts = [text for text, _ in asked]
        self._ids = [id for _, id in asked]

    def degree(self, text: str, outcome: Outcome) -> Degree:
        """Return how complete a transcript is that was understood as `outcome`."""
        words = normalize(text)
        exact = isinstance(outcome, Command | Urgent) and outcome.score == 1.0
        if isinstance(outcome, Command) and exact:
            more = words in _TAKES_MORE or self._goes_on(words, outcome)
            return "likely" if more and outcome.name not in SILENCING else "order"
        if not exact and (_BREAKS_OFF.search(text) or _hangs(words)):
            return "unfinished"
        match outcome:
            case Urgent():
                return "whole" if exact else "likely"
            case Answer(score=score):
                low = score < SURE or _ends_low(words)
                return "likely" if low or self._goes_on(words, outcome) else "whole"
            case Choose() | Command():
                return "likely"
            case NotCovered(referral=referral, score=score):
                return _declined(text, words, known=referral is not None and score >= SURE)
            case _:
                return "unclear"

    def _goes_on(self, words: str, outcome: Outcome) -> bool:
        """Return whether people who begin like this may also mean something else."""
        start = f"{words} "
        at = bisect_left(self._texts, start)
        ids = outcome_ids(outcome)
        while at < len(self._texts) and self._texts[at].startswith(start):
            if self._ids[at] not in ids:
                return True
            at += 1
        return False


def pause_ms(degree: Degree, usual: int) -> int:
    """Return how long a pause ends what is so complete, where `usual` is the longest within one."""
    match degree:
        case "order" | "whole":
            return min(AT_ONCE_MS, usual)
        case "likely":
            return min(LIKELY_MS, usual)
        case "unclear":
            return usual
        case "unfinished":
            return max(usual, LONGEST_MS)


def _declined(text: str, words: str, *, known: bool) -> Degree:
    """Return how complete a question is that has no answer; `known`: it is one we expect."""
    long = len(words.split()) > _FEW
    if known:
        return "whole" if long and not _ends_low(words) else "likely"
    return "likely" if long and text.rstrip().endswith("?") else "unclear"


def _hangs(words: str) -> bool:
    """Return whether the words end where no sentence does."""
    parts = words.split()
    last = parts[-1] if parts else ""
    if _OPENING.fullmatch(words) or last in _OPEN:
        return True
    if (one := _ONE_OF_TWO.search(words)) and "and" not in one[0].split():
        return True
    if last in _AUXILIARY:
        return _ASKING.isdisjoint(parts[1:-2])
    asks = len(parts) > _FEW and not _ASKING.isdisjoint(parts[:-2])
    return last in _HANGING and not asks and not _RELATIVE.search(words)


def _ends_low(words: str) -> bool:
    """Return whether the last word may be followed by what it belongs to."""
    return not words or words.split()[-1] in _HANGING | _ASKING | _AUXILIARY

"""Utterances that lean on what was said before: "what about the liver", "no, the lungs".

Owns the rules for choices on offer and for the topic last answered. Read-only after construction;
one thread asks it, the one that interprets.
"""

from __future__ import annotations

import re

from mbc_voice.events import Answer, Command, Context, Evidence
from mbc_voice.understand.politeness import strip_politeness
from mbc_voice.understand.spelling import ORDINALS, read_number
from mbc_voice.understand.titles import Titles

CHOICE_WORDS = 8
"""An answer to "which one?" is no longer than this."""

LEANING_WORDS = 10
"""A question that leans on the last one is no longer than this."""

_SURE = 0.95
_LEAD = re.compile(
    r"^(?:no |not (?:that|this|that one|this one) |okay |and |but |so |i (?:meant|mean|said|want) |"
    r"(?:the )?other one |actually |sorry |yes |then )+"
)
_ABOUT = re.compile(
    r"^(?:and |but |so |okay )*(?:what|how) about |^(?:and|or|but) (?:also )?(?!what|how)"
)
_PICK = re.compile(
    r"^(?:the |number |option |choice |topic |i (?:want|choose|pick|will take) |give me |take |"
    r"let us (?:hear|do) |tell me about )*(?P<number>[a-z ]+?)"
    r"(?: one| option| choice| topic| please)*$"
)
_POINTING = re.compile(r"\b(?:it|that|this|them|they|those|these)\b")
_BOTH = {"both", "both of them", "both of those", "both please"}
_ALL = _BOTH | {"all of them", "all of those", "each of them", "all three"}
_LAST = {"last", "latter", "bottom"}


class FollowUps:
    """How short answers and leaning questions are read."""

    def __init__(self, titles: Titles) -> None:
        """Use the library's titles."""
        self._titles = titles

    def choice(self, words: str, context: Context) -> Answer | Command | None:
        """Return the topic on offer that normalised `words` pick, by place or by name.

        For all of them it is the command "both", which also stands alone.
        """
        if strip_politeness(words) in _BOTH:
            return Command("both", evidence=(Evidence("context", "both", _SURE),))
        if not context.choices or len(words.split()) > CHOICE_WORDS:
            return None
        said = _LEAD.sub("", f"{words} ").strip() or words
        if strip_politeness(said) in _ALL:
            return Command("both", evidence=(Evidence("context", "all of the choices", _SURE),))
        place = _place(said, len(context.choices))
        if place is not None:
            return _answer(context.choices[place], f"number {place + 1} of the choices")
        named = self._titles.among(said, context.choices)
        if len(named) == 1:
            return _answer(named[0], "named among the choices")
        return None

    def sibling(self, words: str, context: Context) -> Answer | None:
        """Return the topic beside the last one: "what about the liver" after "the bones"."""
        leans = bool(_ABOUT.match(words) or _LEAD.match(words)) or len(words.split()) <= 3
        if not context.topic or not leans or len(words.split()) > LEANING_WORDS:
            return None
        topic = self._titles.sibling(words, context.topic)
        return _answer(topic, f"the same about this as in {context.topic}") if topic else None

    def spelled_out(self, words: str, context: Context) -> str | None:
        """Return normalised `words` with "it" or "that" replaced by what was talked about.

        None if nothing was, or if they don't point back.
        """
        if not context.topic or len(words.split()) > LEANING_WORDS:
            return None
        subject = self._titles.subject(context.topic)
        if _POINTING.search(words):
            return _POINTING.sub(subject, words, count=1)
        if _ABOUT.match(words):
            return f"{_ABOUT.sub('', words, count=1)} {subject}"
        return None


def points_back(words: str) -> bool:
    """Return whether normalised `words` hold "it", "that" or the like."""
    return bool(_POINTING.search(words))


def _place(words: str, offered: int) -> int | None:
    """Return which of the choices, from 0, a number or "the last one" picks."""
    picked = _PICK.match(words)
    if not picked:
        return None
    said = picked["number"].split()
    if len(said) == 1 and said[0] in _LAST:
        return offered - 1
    number = read_number(said)
    plain = number is not None and (len(said) == 1 or said[-1] in ORDINALS)
    return number - 1 if number is not None and plain and 1 <= number <= offered else None


def _answer(topic: str, why: str) -> Answer:
    return Answer(topic, _SURE, (Evidence("context", why, _SURE),))

"""Utterances that lean on what was said before: "what about the liver", "no, the lungs".

Owns the rules for choices on offer and for the topic last answered. Read-only after construction;
one thread asks it, the one that interprets.
"""

from __future__ import annotations

import re

from mbc_voice.events import Answer, Command, Context, Evidence
from mbc_voice.library import Library, Topic
from mbc_voice.understand.normalize import normalize
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
    r"(?: one| option| choice| topic| please| thing| of (?:those|them|these)| on the list)*$"
)
_POINTING = re.compile(r"\b(?:it|that|this|them|they|those|these)\b")
_OTHERS = re.compile(
    r"^(?:and |what |which |about |tell me about |are there |any |are |the |name |list )*"
    r"(?:others?|another)(?: ones?| kinds?| types?| sorts?| drugs?| options?)?(?: are there)?$"
)
_FELT = re.compile(
    r"^(?:and |but |so |okay )*(?:is|are|does|do|will|would|was|can) "
    r"(?:it|this|that|they|these|those)"
    r"(?: all| really| very| usually| going to)?(?: be| feel)? "
    r"(?:hurt|sting|painful|sore|uncomfortable|unpleasant|hurt (?:much|a lot|me|you))$"
)
_BOTH = {"both", "both of them", "both of those", "both please"}
_ALL = _BOTH | {"all of them", "all of those", "each of them", "all three"}
_LAST = {"last", "latter", "bottom"}


class FollowUps:
    """How short answers and leaning questions are read."""

    def __init__(self, titles: Titles, library: Library) -> None:
        """Use the library's titles, and the lists that its answers read out."""
        self._titles = titles
        self._named = {topic.id: normalize(topic.title) for topic in library.topics.values()}
        self._lists = {topic.id: self._listed_in(topic) for topic in library.topics.values()}

    def _listed_in(self, topic: Topic) -> tuple[str, ...]:
        """Return the topics that the first list of an answer names; "" for any other item."""
        items = next((part.items for part in (topic.short, *topic.more) if part.items), ())
        named = tuple(self._topic_of(normalize(item.text), topic) for item in items)
        return named if len(set(filter(None, named))) > 1 else ()

    def _topic_of(self, item: str, topic: Topic) -> str:
        named = self._titles.named(item)
        followed = self._titles.among(item, topic.follow)
        beside = self._titles.sibling(item, topic.id)
        return named or (followed[0] if len(followed) == 1 else beside or "")

    def listed(self, words: str, context: Context) -> Answer | None:
        """Return the topic that "the second one" is in a list just read, or "the last one"."""
        list_read = context.choices or self._lists.get(context.topic or "", ())
        if not list_read or len(words.split()) > CHOICE_WORDS:
            return None
        said = _LEAD.sub("", f"{words} ").strip() or words
        place = _place(said, len(list_read))
        if place is None or not list_read[place]:
            return None
        if context.choices and _LAST.isdisjoint(said.split()):
            return None
        return _answer(list_read[place], f"number {place + 1} of the list that was read")

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
        if _OTHERS.match(words):
            return f"other kinds of {self._named.get(context.topic, subject)}"
        if _POINTING.search(words):
            return _POINTING.sub(subject, words, count=1)
        if _ABOUT.match(words):
            return f"{_ABOUT.sub('', words, count=1)} {subject}"
        return None

    def felt(self, words: str, context: Context) -> str | None:
        """Return "does it hurt" with what was talked about in place of "it"; or None."""
        found = _FELT.match(words)
        if not context.topic or not found:
            return None
        return f"does {self._named.get(context.topic, 'it')} hurt"


def asks_for_others(words: str) -> bool:
    """Return whether normalised `words` ask for what was not told yet: "what are the others"."""
    return bool(_OTHERS.match(words))


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

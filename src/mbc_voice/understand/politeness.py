"""What people wrap an order in, and one plain form for orders that differ in small words only.

Owns the courtesies, the wishes ("I'd like ...") and the everyday synonyms of orders. Pure; any
thread may call it.
"""

from __future__ import annotations

import re

from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.vocabulary import FUNCTION_WORDS, QUESTION_WORDS, words_of


def _phrases_of(text: str) -> tuple[str, ...]:
    """Return the phrases, longest first, so that "right now" goes before "now"."""
    return tuple(sorted((normalize(phrase) for phrase in text.split(", ")), key=len, reverse=True))


_LEADING = _phrases_of(
    "please, kindly, just, okay, right, well, so, now, then, and, hey, hi, hello, sorry, oh, "
    "alright, excuse me, can you, could you, would you, will you, can we, could we, can i, "
    "could i, may i, you can, you could, would you mind, do you mind, if you could, "
    "i want you to, i need you to, i would like you to, i'd like to, i want to, i need to, "
    "tell me how to, show me how to, "
    "let me, let us, you need to, you have to, you should, go ahead and, try to, maybe, "
    "actually, computer, assistant, might you, are you able to, is it possible to, would it be "
    "possible to, do you think you could, do you think you can, i wonder if you could, i was "
    "wondering if you could, i was hoping you could, if you would, if you can, be so kind as to, "
    "be a dear and, do me a favor and, i'd love to, i'd prefer to, i'd rather, i'd prefer you to, "
    "i'd love you to, would you be able to, perhaps, alexa, siri, google, hey google, okay google, "
    "hey siri, sorry i'm deaf, i'm deaf, i'm a bit deaf, love, dear, darling, honey, sweetheart, "
    "mate, my love, my dear, robot, madam, sir, miss"
)
_TRAILING = _phrases_of(
    "please, now, right now, for me, to me, thanks, thank you, thank you very much, okay, "
    "then, a bit, a little, a little bit, just a bit, if you can, if you could, "
    "if you would, will you, would you, can you, could you, so i can hear, already, there, "
    "dear, love, at once, for a moment, for a second, for a minute, and, but, so, thanks a lot, "
    "many thanks, thank you so much, cheers, darling, my love, sweetheart, honey, mate, friend, "
    "if you do not mind, if you would not mind, if that is okay, if that is all right, if it is "
    "not too much trouble, if possible, when you can, when you are ready, today, straight away, "
    "i think, i guess, i suppose, right there, for us, won't you, as well, too, instead, "
    "much appreciated, bless you, from now on, from here on, thank you for your help, thanks for "
    "your help, thank you for everything, thanks for everything, thank you for your time, "
    "than that, than this, this time, again then, or something, or whatever, or so, for once, "
    "from here, if that's alright, if that's no trouble, if you like, i'm hard of hearing, "
    "i'm deaf, next time, a wee bit, a touch, a tad, a notch, a smidge, a fraction, "
    "for heaven's sake, for goodness sake, for goodness' sake, for god's sake, for pete's sake"
)
_WISHES = _phrases_of(
    "i would like, i would love, i want, i need, i will have, i will take, i will go with, "
    "i will go for, give me, let me have, let me hear, can i have, could i have, may i have, "
    "can we have, could we have, can you do, could you do, do, hear, have, i fancy, "
    "i would like to hear, i want to hear, can you give me, could you give me, can you make it, "
    "could you make it, make it, try, how about, what about, let us have, let us try, i think, "
    "i prefer, i would prefer, what was, go back to, back to, go to, take me to, take me back to"
)
_ASIDES = _phrases_of(
    "a little bit more, a bit more, a little more, a little bit, a little, a bit, please, exactly, "
    "just, really, actually, even, now, again please, a touch, a tad, a notch, a shade, slightly, "
    "somewhat, ever so, rather, kind of, sort of, for me, to me, quite, over again, at all, here, "
    "there, little"
)
"""Small additions that may stand anywhere in an order; "over again" counts as "again"."""

_KEPT = {"over again": "again"}
_BEFORE = tuple(f"{phrase} " for phrase in _LEADING)
_BEFORE_WISHED = (*_BEFORE, *(f"{phrase} " for phrase in _WISHES))
_AFTER = tuple(f" {phrase}" for phrase in _TRAILING)
_BETWEEN = tuple(
    (f" {phrase} ", f" {_KEPT[phrase]} " if phrase in _KEPT else " ") for phrase in _ASIDES
)
_SAME_PHRASE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), plain)
    for pattern, plain in (
        (r"have you got|you have got|have you", "do you have"),
        (r"(?:am i|are we) (?:supposed|meant|allowed) to|ought (?:i|we) to|shall i|must i", "do i"),
        (r"all of (?:it|that|this)|it all|that all|the (?:whole )?lot|the (?:whole|entire|full) "
         r"(?:thing|lot|of it)|everything|every bit of it|every word", "everything"),
        (r"one more time|once more|once again|another time|a second time", "again"),
        (r"two times|twice|double", "twice"),
        (r"(?:it|this|that|the) one", "it"),
        (r"(go|move|skip|jump) on to", r"\1 to"),
        (r"(?:go|run) (?:through|over)", "say"),
        (r"(?:need|wish|care) to", "want to"),
        (r"(?:tell|show) (?:me )?(what|where|how|which)((?: \w+)?) (i|we|you) "
         r"(can|should|could|am|are)", r"\1\2 \4 \3"),
        (r"more quickly|quickly|quicker|faster|speedier", "faster"),
        (r"more slowly|slowlier", "slower"),
        (r"more quietly|more softly|quieter|softer", "softer"),
        (r"more loudly|louder", "louder"),
        (r"start(?:ing)? over|begin(?:ning)? again", "start again"),
        (r"(tell|give|read|show|say|let|teach|play|take|get) (?:me|us)", r"\1"),
    )
)  # fmt: skip
_ANY_PHRASE = re.compile("|".join(pattern.pattern for pattern, _ in _SAME_PHRASE))
_SAME_WORD = {
    plain: words_of(others)
    for plain, others in {
        "say": "speak talk tell read recite",
        "go": "skip jump move hop advance going",
        "choose": "pick select take",
        "turn": "switch put set",
        "beep": "sound chime tone bleep ding noise",
        "part": "section paragraph passage chapter",
        "sentence": "line",
        "topic": "subject theme",
        "start": "begin",
        "whole": "entire full complete",
        "minute": "second moment sec tick while",
        "short": "brief concise",
        "done": "finish through",
        "it": "that this them those these",
        "usual": "normal regular ordinary standard",
        "speed": "pace rate",
        "show": "teach",
        "what": "which",
        "previous": "earlier",
        "beginning": "start top",
        "forward": "ahead forwards onward onwards",
        "back": "backward backwards",
    }.items()
}
_ENDING = re.compile(r"(?<=\w{3})ing$|(?<=\w{2}[^\Wsiu])s$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_MINDING = re.compile(r"^(?:would|do) you mind (\w+ing)\b")
"""What opens "would you mind stopping"."""
_ASKS = re.compile(
    r"(?:do|does|did|should|will|must) "
    r"(?:i|we|they|she|he|it|that|those|these|my)\b"
)
_DROPPED = words_of("the a an your my our you to of some any for in and do will at")
_FEWEST = 2


def _base(word: str) -> str:
    """Return a word without "-ing" or the "-s" of a plural: stopping, stops and stop agree."""
    shorter = _ENDING.sub("", word)
    return _DOUBLED.sub(r"\1", shorter) if shorter != word else word


_PLAIN_WORD = {_base(word): _base(plain) for plain, same in _SAME_WORD.items() for word in same}


def strip_politeness(words: str) -> str:
    """Return `words` without what people wrap an order in; all of them if nothing else is left."""
    return _stripped(words, _BEFORE, _AFTER)


def strip_opening(words: str) -> str:
    """Return `words` without what opens an order only: "stop for a second" keeps its end."""
    return _stripped(words, _BEFORE, ())


def strip_wishes(words: str) -> str:
    """Return `words` without courtesies, "I'd like", "can I have" and the like."""
    words = _MINDING.sub(lambda found: _base(found[1]), words)
    return _stripped(words, _BEFORE_WISHED, _AFTER)


def asks(words: str) -> bool:
    """Return whether normalised `words` have the order of a question: "do i need all of them"."""
    return bool(_ASKS.match(words))


def without_asides(words: str) -> str:
    """Return normalised `words` without "a little", "exactly" and the like, wherever they stand."""
    spaced = f" {words} "
    for aside, kept in _BETWEEN:
        spaced = spaced.replace(aside, kept)
    if words.endswith(" more") and not spaced.endswith(" more "):
        spaced += "more"
    return spaced.strip() or words


def plain_order(words: str) -> str:
    """Return the one form that orders share that differ in articles, asides and synonyms.

    Only ever compare it with the plain form of another order. It is empty if what is left is
    less than two words, or small words only, which would be too little to tell by.
    """
    plain = without_asides(words)
    if _ANY_PHRASE.search(plain):
        for pattern, same in _SAME_PHRASE:
            plain = pattern.sub(same, plain)
    bases = (_PLAIN_WORD.get(word, word) for word in map(_base, plain.split()))
    kept = [word for word in bases if word not in _DROPPED]
    tells = any(word not in FUNCTION_WORDS and word not in QUESTION_WORDS for word in kept)
    return " ".join(kept) if tells and len(kept) >= _FEWEST else ""


def _stripped(words: str, leading: tuple[str, ...], trailing: tuple[str, ...]) -> str:
    """Return the words without the first of `leading` and of `trailing` that fits, and so on."""
    plain = words
    while True:
        shorter = _strip_once(plain, leading, trailing)
        if shorter == plain or not shorter:
            return plain
        plain = shorter


def _strip_once(words: str, leading: tuple[str, ...], trailing: tuple[str, ...]) -> str:
    if words.startswith(leading):
        return words[len(next(filter(words.startswith, leading))) :]
    if words.endswith(trailing):
        return words[: -len(next(filter(words.endswith, trailing)))]
    return words

"""How a symptom is spoken of: happening now, asked about, denied, feared or long past.

Owns the frames that tell "I can't breathe" from "can it cause trouble breathing". Pure; any thread
may call it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mbc_voice.understand.politeness import strip_politeness
from mbc_voice.understand.vocabulary import QUESTION_WORDS, words_of


class Span(NamedTuple):
    """Words from `start` up to, but not including, `end`."""

    start: int
    end: int


_ASIDE = re.compile(
    r"^(?:please )?(?:(?:can|could|would) you )?(?:tell me|explain|i (?:just )?(?:want|need|would "
    r"like) to (?:know|ask)|i (?:was|am) (?:just )?(?:wondering|asking|curious)|do you know|"
    r"i have a question|question|talk to me)(?: about)?(?: if| whether)? "
)
_TOPIC_NOUNS = re.compile(
    r"\b(?:symptoms?|signs?|side effects?|causes?|caused|complications?|risks?|treatments?|"
    r"reasons?|warning signs?|information|advice|meaning|difference|effects?|metastas[ei]s)\b"
)
_REQUESTS = re.compile(r"^(?:about|information|info|advice|explain|define|talk about|read)\b")
_SUBJECT = re.compile(
    r"\b(?:i|we|she|he|they|someone|somebody|everything|(?:my|her|his|our|their)(?: \w+)"
    r"|(?:the|this|that|a) (?:man|woman|lady|person|patient|girl|boy|guy|gentleman))\b"
)
_NOT_BEFORE_SUBJECT = words_of(
    "can could will would should shall may might must do does did am is are was were have has had "
    "if when whenever whether unless until once how chance chances risk likely "
    "make makes making cause causes causing give gives affect affects for of to in on about from "
    "into get getting after before during with at not"
)
_WHAT_TO_DO = re.compile(
    r"^(?:what if|what (?:should|do|can|must|shall) (?:i|we|you) do|who (?:should|do|can) (?:i|we) "
    r"(?:call|tell|ask|ring)|where (?:should|do|can) (?:i|we) go|should (?:i|we) (?:call|go|worry|"
    r"be worried|ring|see|get help))\b"
)
_WHY_ME = re.compile(
    r"^why (?:am|is|are|do|does|did|can|have|has)(?: not)? (?:i|my|she|her|he|his)\b"
)
_IS_IT_BAD = re.compile(
    r"^is (?:it|this|that) (?:normal|bad|serious|dangerous|okay|urgent|an emergency|all right|"
    r"alright|common) (?:that|when|if|because) (?:i|my|she|he|her|his)\b"
)
_DENIALS = re.compile(
    r"(?:\b(?:no|not|never|without|nor|neither|any|stopped having|no longer)"
    r"|\bdo not have|\bdoes not have|\bfree of)"
    r"(?: (?!i\b|my\b|and\b|but\b|she\b|he\b|because\b)\w+){0,2}$"
)
_NEVER = re.compile(r"\bnever (?:had|got|suffered|experienced) (?!such|this|so|anything|pain)")
_NOT_HAD = re.compile(r"\b(?:have|has) not (?:had|got) (?:a|an|any|another)\b")
_FEARS = re.compile(
    r"\b(?:afraid|scared|frightened|terrified|worried|fear|nervous|anxious|in case|prevent|avoid|"
    r"stop me|risk of|chance of|dream|dreamt|read about|heard about|article|movie|book)"
    r"(?: (?!i\b|because\b|and\b)\w+){0,3}$"
)
_ORDERED = (
    r"(?:please|help|call|ring|phone|fetch|send|come|hurry|tell|hear|do something|bring|find|"
    r"explain|talk|give|say|get (?:me|us|a|an|the|someone|somebody|help|my))\b"
)
_GENERAL_YOU = re.compile(rf"^(?:can|could|will|would|do|does|may|might|should) you (?!{_ORDERED})")
"""Not an order to us: "can you have a reaction to it"."""
_SOMEBODY = re.compile(
    r"^(?:please )?(?:can|could|will|would) (?:someone|somebody|anyone|anybody|one of you|we) "
    rf"(?={_ORDERED})"
)
"""Opens an order to whoever is near: "will someone ring for an ambulance"."""
_HEARSAY = re.compile(
    r"^(?:\w+ ){0,2}(?:read|heard|seen|saw|watched|was told|told me|says? online)"
    r"(?: somewhere| online| once| a story| an article)?(?: that| of| about| where)\b"
)
_NARROWLY = re.compile(r"\b(?:nearly|almost) (?:fell|fall|died|dropped|jumped|choked)\b")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SUPPOSED = re.compile(
    r"\b(?:if|in case|suppose|supposing|whenever|should|were) (?:i|we|she|he|you|they|one|someone|"
    r"my \w+|(?:the|a|his|her) \w+) (?:do |does |did |should |suddenly )?(?:ever\b|gets?\b|"
    r"starts?\b|develops?\b|were to\b|"
    r"was to\b|comes? down|bleed\b|catch\b|run a\b|goes\b|rises?\b|hits?\b|reaches\b)|"
    r"\b(?:if|in case) (?:it|that|this) (?:ever )?(?:happens|happened|should)\b|"
    r"\b(?:one day|some day|someday|next (?:week|time|month|year)|in (?:the )?future)\b"
)
_YEARS_AGO = (
    r"one thousand nine hundred|two thousand|nineteen|(?:the )?(?:early |late |mid )?(?:nineteen )?"
    r"(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|war)\b"
)
_SHOCK = re.compile(
    r"\b(?:nearly|almost|about) (?:fainted|collapsed|choked|passed out|had a \w+(?: \w+)?) "
    r"(?:when|as|at|after|hearing|seeing) (?:i|she|he|they|we|the (?:news|price|bill|doctor)) "
    r"?(?:told|saw|heard|said|got|read|opened|rang|called)?"
)
_PAST = re.compile(
    rf"\bin (?:{_MONTHS}|two thousand(?: \w+)*|(?:nineteen|twenty) \w+)$|"
    rf"\b(?:in|during|around|since|of) (?:{_YEARS_AGO})|"
    r"\bwhen (?:i|he|she) was (?:little|small|six|seven|eight|nine|ten|a (?:baby|child|kid|boy|"
    r"girl|toddler|teenager)|\w+teen|(?:twenty|thirty|forty|fifty)(?: \w+)?)\b|"
    r"\b(?:decades|centuries) ago\b|"
    r"\bas an? (?:\w+ )?(?:girl|boy|child|kid|baby|teenager|student)\b|"
    r"\b(?:in|at) (?:school|college|high school|the army|my (?:teens|twenties|thirties))\b|"
    r"(?<!at )\bonce(?=$| is| was| could| did| does| and)|"
    r"\bstopped (?:\w+ ){0,2}ago\b|\bcleared up\b|\bsettled down\b|\bwas nothing\b|"
    r"\bthat was (?:before|when|in|last|years|months|back|a long|ages)\b|"
    r"\bbefore (?:all )?(?:this|that|i knew)\b|\b(?:ages|a while|long) ago\b|"
    r"\b(?:years?|months?) (?:back|before|earlier)\b|\blost (?:her|him|them|my \w+) to\b|"
    r"\b(?:killed|took) (?:her|his|their) own life\b|\bonce (?:when|before|years|in)\b|"
    r"\b(?:used to|years? ago|months? ago|last (?:year|month|spring|summer|fall|autumn|winter)|"
    r"in the past|when i was (?:a|young|little|pregnant|first)|"
    r"(?<!my )(?<!her )(?<!his )back (?:then|in)|"
    r"went away|gone now|(?:is|am|are|feel|feels|feeling) (?:better|fine|okay|all right) now|"
    r"(?<!heart )(?<!breathing )(?:has|have) (?:now )?stopped(?=$| now| already| since| bleeding|"
    r" hurting| shaking| vomiting| coughing| and| but| by)|died|passed away|"
    r"as a child|before i was diagnosed|never again)\b"
)
_NOW = re.compile(
    r"\b(?:now|right now|today|tonight|this morning|suddenly|all of a sudden|getting worse|"
    r"i am|i feel|i can not|(?<!can i )(?<!could i )(?<!may i )still|again|she is|he is|keeps?|"
    r"at the moment)\b"
)


_ELLIPSIS = re.compile(
    r"^(?:can not|could not|am|have|had|has|(?:is|are)(?: not)? \w+ing|is not|are not) "
    r"(?!i\b|you\b|we\b|they\b|he\b|she\b|it\b|the\b|my\b|her\b|his\b|people\b|patients\b|"
    r"there\b|any|some|women\b|a symptom|symptoms?\b|common)"
)
"""A report without its "I" or "she": "can not breathe", "having pain", "is not breathing"."""

_HAPPENS = re.compile(
    r"\b(?:something|a thing|common|usual|normal|typical|expected|part of|caused|due to|to do with|"
    r"happens?|a symptom|a sign|likely)\b"
)
"""Makes a question of such a report: "is vomiting blood something that happens"."""

_CAN = re.compile(
    r"^(?:(?:help|please|oh|god|me) )*(?P<before>(?:i|he|she|we|they|mom|dad|my \w+) can) "
    r"(?P<rest>(?!see\b|hear\b|talk\b|speak\b|say\b|also\b|only\b|not\b)\w+(?: \w+){0,3})$"
)
_EASED = re.compile(r"\b(?:now|again|better|fine|okay|well|easily|normally|how|what|help|if)\b")


_ACUTE = re.compile(
    r"\b(?:suddenly|sudden|quick|quickly|hurry|help|emergency|ambulance|nine one one|"
    r"nine nine nine|now i|can not (?:stop|breathe|feel|even|get up)|"
    r"will not stop|never had|(?:i have|he has|she has) ever (?:had|felt)|keeps?|"
    r"really (?:hard|bad|badly|drowsy|sleepy|confused)|very|worst|terrible|awful|agony|screaming|"
    r"pouring|swelling up|gushing|everywhere|soaked|blood|bloody|doubled|whole|in one go|"
    r"all at once|straight back|everything i|not himself at all|not herself at all|"
    r"not myself at all|not making|dying|"
    r"unbearable|excruciating|no feeling|gone (?:numb|dead|blue|gray|limp|black|weak)|just (?:fell|"
    r"dropped|collapsed|went|stopped|sitting)|(?:i|she|he) (?:is|am) going to)\b"
)


def with_unheard_not(words: str) -> str | None:
    """Return "i can not breathe" for "i can breathe": a bare statement; None for all else."""
    found = _CAN.match(words)
    if not found or _EASED.search(found["rest"]):
        return None
    return f"{found['before']} not {found['rest']}"


def is_acute(words: str) -> bool:
    """Return whether the words say that something is sudden, severe or out of hand."""
    return bool(_ACUTE.search(words))


def is_about(words: str, sign: Span) -> bool:
    """Return whether normalised `words` ask about a symptom rather than report it.

    `sign` is where the symptom stands in ``words.split()``.
    """
    if _HEARSAY.match(words):
        return True
    if _GENERAL_YOU.match(words):
        return not _reported(words, sign)
    asked = _ASIDE.sub("", strip_politeness(_SOMEBODY.sub("", words)), count=1)
    if _WHAT_TO_DO.match(asked) or _WHY_ME.match(asked) or _IS_IT_BAD.match(asked):
        return False
    spoken = asked.split()
    if not spoken:
        return False
    aside = asked != strip_politeness(_SOMEBODY.sub("", words))
    reported = _ELLIPSIS.match(f"{asked} ") and not _HAPPENS.search(asked)
    opens = spoken[0] in QUESTION_WORDS and not reported
    question = opens or bool(_REQUESTS.match(asked)) or aside
    if not question and not _names_a_subject(words):
        return bool(_TOPIC_NOUNS.search(words))
    return question and not _reported(words, sign)


def is_denied(words: str, sign: Span) -> bool:
    """Return whether the symptom is denied or only feared: the words just before it say so."""
    spoken = words.split()
    before, inside = " ".join(spoken[: sign.start]), " ".join(spoken[sign.start : sign.end])
    return bool(
        _DENIALS.search(before)
        or _NOT_HAD.search(inside)
        or _FEARS.search(before)
        or _NEVER.search(inside)
        or _NARROWLY.search(words)
        or _SHOCK.search(words)
    )


def is_supposed(words: str) -> bool:
    """Return whether the words only suppose it: "if I ever get a fever", "in case I get ..."."""
    return bool(_SUPPOSED.search(words)) and not _NOW.search(words)


def is_past(words: str) -> bool:
    """Return whether the words speak of long ago or of something that is over."""
    if re.search(r"\b(?:better|fine|okay|gone|all right|behind (?:me|us|her|him)) now\b", words):
        return True
    return bool(_PAST.search(words)) and not _NOW.search(words)


def _names_a_subject(words: str) -> bool:
    return bool(_SUBJECT.search(words))


def _reported(words: str, sign: Span) -> bool:
    """Return whether somebody is said to have the symptom.

    That is a subject that no question word turns into a question, before the sign or part of it.
    """
    spoken = words.split()
    for found in _SUBJECT.finditer(words):
        place = words.count(" ", 0, found.start())
        before = spoken[place - 1] if place else ""
        inverted = before in _NOT_BEFORE_SUBJECT or before in QUESTION_WORDS
        if place and not inverted and place < sign.end:
            return True
    return False

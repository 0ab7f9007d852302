"""How a symptom is spoken of: told, asked about, denied or feared.

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
    r"\b(?:i|we|she|he|they|mom|dad|mother|father|grandma|grandpa|granny|gran|nan|grandad|"
    r"someone|somebody|everything|(?:my|her|his|our|their)(?: \w+)"
    r"|(?:the|this|that|a) (?:man|woman|lady|person|patient|girl|boy|guy|gentleman))\b"
)
_NOT_BEFORE_SUBJECT = words_of(
    "can could will would should shall may might must do does did am is are was were have has had "
    "if when whenever whether unless until once how chance chances risk likely "
    "make makes making cause causes causing give gives affect affects for of to in on about from "
    "into get getting after before during with at not"
)
_WHAT_TO_DO = re.compile(
    r"^(?:what if|what (?:should|do|can|must|shall) (?:i|we|you) do"
    r"(?! (?:about|against) (?!my\b|this\b|the\b|her\b|his\b))|"
    r"who (?:should|do|can) (?:i|we) "
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
_NO_LONGER_THERE = (
    "feeling|movement|air|breath|breathing|pulse|heartbeat|response|strength|control|sensation|"
    "power|point|reason|hope|grip|use"
)
_NONE_OF_THESE = re.compile(
    rf"\bno (?!(?:{_NO_LONGER_THERE})\b)\w+(?: (?!i\b)\w+){{0,2}}? (?:and |or )?"
    rf"no (?!(?:{_NO_LONGER_THERE})\b)\w+"
)
"""A list of what is not there: "no chest pain no breathlessness just tired"."""
_HAS_NONE = re.compile(
    rf"\b(?:have|has|had|got) no (?!(?:{_NO_LONGER_THERE}|wish|strength)\b)(?!longer|more)"
)
_NONE = re.compile(
    rf"^(?:there (?:is|was) |i have )?no (?!(?:{_NO_LONGER_THERE}|i|she|he|it|we|they|my|one|more|"
    r"please|stop|wait|help|water|food|pee|urine|way)\b)\w+"
)
_BUT = re.compile(
    r"\b(?:but|and (?:i|she|he|my|now)|now|suddenly|can not|"
    r"(?:he is|she is|i am)(?! (?:only|just|fine|okay|all right)\b))\b"
)
"""Opens what is the matter, after what is not: "no fever but she can't breathe"."""
_NOT_ANY = re.compile(
    r"\b(?:not|never|without) (?:having|had|got|have|feeling|felt|getting|been having) any "
    rf"(?!(?:{_NO_LONGER_THERE}|water|food|drink|sleep|pee|wee|urine|fluids?)\b)"
)
_NOT_AT_ALL = re.compile(
    r"\b(?:is|am|are|was|were|did|do|does|has|have) not (?:really |actually |at all |even )?"
    r"(?:confused|delirious|faint\w*|collaps\w*|unconscious|pass(?:ed|ing)? out|suicidal|chok\w*|"
    r"bleeding|vomiting|fitting|(?:have|having|had) (?:a )?(?:fit|stroke|seizure))\b"
)
_TAKEN_BACK = (_NOT_HAD, _HAS_NONE, _NONE_OF_THESE, _NOT_ANY, _NOT_AT_ALL)
_NOT_SO = re.compile(
    r"\b(?P<kept>(?:i|we|she|he|they|it|mom|dad|my \w+) )"
    r"(?:(?:do|does|did) not (?:really |actually |even )?(?=(?:have|feel|get|need|want)\b)|"
    r"(?P<verb>have|has|am|is|are|was) not (?:really |actually |even )?)"
)
_FEARS = re.compile(
    r"\b(?:afraid|scared|frightened|terrified|worried|fear|nervous|anxious|in case|prevent|avoid|"
    r"stop me|risk of|chance of|dream|dreamt|read about|heard about|article|movie|book)"
    r"(?: (?!i\b|because\b|and\b)\w+){0,3}$"
)
_ORDERED = (
    r"(?:please|help|call|ring|phone|fetch|send|come|hurry|tell|hear|do something|bring|find|"
    r"explain|talk|give|say|get (?:me|us|a|an|the|someone|somebody|help|my))\b"
)
_FEARED = re.compile(
    r"\b(?:afraid|scared|frightened|terrified|worried|nervous|fear) (?:of|about) "
    r"(?!(?:what|hurting|harming|killing)\b)"
)
_ASKED_WITHIN = re.compile(
    r"(?<=\w )(?:could|can|does|is|will|would|might|has) (?:it|this|that|these|they)\b"
)
"""Words that lie on both sides of such a question are no sign: "double vision, has it gone to"."""
_WHETHER_I = re.compile(
    r"^(?:can|could|may|might|will|would|should) (?:i|we|you|she|he|they|it|my \w+) "
    r"(?:still |also |ever |just |really )?"
    r"(?:have|get|be|feel|develop|catch|suffer|lose|go|end up)\b"
)
"""No request: "can I have a temperature with a cold"."""
_DESPAIRS = re.compile(
    r"^(?:what is|what would be|is there(?: any| a)?|where is) (?:the )?point\b|"
    r"^why (?:go on|carry on|keep going|bother|live)\b"
)
"""No question: "what's the point in carrying on"."""
_URGES = re.compile(r"\b(?:it|this|that) is (?:really |very |so )?(?:urgent|an emergency)$")
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
_SHOCK = re.compile(
    r"\b(?:nearly|almost|about) (?:fainted|collapsed|choked|passed out|had a \w+(?: \w+)?) "
    r"(?:when|as|at|after|hearing|seeing) (?:i|she|he|they|we|the (?:news|price|bill|doctor)) "
    r"?(?:told|saw|heard|said|got|read|opened|rang|called)?"
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

_LAUGHED = re.compile(r"\b(?:laugh|laughed|laughing|giggl\w+) (?:so|until|till)\b")
_ANIMAL = re.compile(
    r"^(?:(?:my|our|the|her|his|a) )?(?:\w+ )?"
    r"(?:dog|cat|puppy|kitten|horse|rabbit|hamster|pet|bird|budgie)\b"
)
_ANYBODY = re.compile(r"\b(?:i|me|she|he|him|her|us|we|my (?!dog|cat|puppy|kitten|horse|pet)\w+)\b")
_AFTER_SUBJECT = words_of(
    "is are am was were has have had feel feels felt hurt hurts ache aches keep keeps kept can "
    "could will would does do did just went go goes gone going started stopped starts stops got "
    "gets look looks looked seem seems suddenly still now never always fell fainted collapsed "
    "says said thinks wants took swelled swells died dropped passed"
)
"""Words that make the "my leg" before them the one that a question tells of."""

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


_MILD = re.compile(
    r"\b(?:a bit|a little|little bit|bit of a|slightly|slight|mild|mildly|a touch)\b"
)


def with_unheard_not(words: str) -> str | None:
    """Return "i can not breathe" for "i can breathe": a bare statement; None for all else."""
    found = _CAN.match(words)
    if not found or _EASED.search(found["rest"]):
        return None
    return f"{found['before']} not {found['rest']}"


def is_mild(words: str) -> bool:
    """Return whether the words make little of it: "my head hurts a bit"."""
    return bool(_MILD.search(words))


def is_acute(words: str) -> bool:
    """Return whether the words say that something is sudden, severe or out of hand."""
    return bool(_ACUTE.search(words))


def is_about(words: str, sign: Span) -> bool:
    """Return whether normalised `words` ask about a symptom rather than report it.

    `sign` is where the symptom stands in ``words.split()``.
    """
    if _URGES.search(words) or _DESPAIRS.match(words):
        return False
    if _HEARSAY.match(words) or _is_of_an_animal(words) or _is_cut_by_a_question(words, sign):
        return True
    if _GENERAL_YOU.match(words) or _WHETHER_I.match(words):
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
    if not question and not names_a_subject(words):
        return bool(_TOPIC_NOUNS.search(words))
    return question and not _reported(words, sign)


def is_denied(words: str, sign: Span) -> bool:
    """Return whether the symptom is denied or only feared: the words just before it say so."""
    spoken = words.split()
    before, inside = " ".join(spoken[: sign.start]), " ".join(spoken[sign.start : sign.end])
    return bool(
        _DENIALS.search(before)
        or any(_covers(pattern, words, sign) for pattern in _TAKEN_BACK)
        or _FEARS.search(before)
        or _FEARED.search(inside)
        or _NEVER.search(inside)
        or _NARROWLY.search(words)
        or _SHOCK.search(words)
        or _LAUGHED.search(words)
    )


def _covers(pattern: re.Pattern[str], words: str, sign: Span) -> bool:
    """Return whether the pattern stands at the sign, and no other story follows it."""
    found = pattern.search(words)
    if found is None or _BUT.search(words[found.end() :]):
        return False
    start = words.count(" ", 0, found.start())
    end = words.count(" ", 0, found.end()) + 1
    return sign.start <= end and start < sign.end


def says_none(words: str) -> bool:
    """Return whether the words begin by saying that something is not there: "no blood in it"."""
    found = _NONE.match(words)
    return found is not None and not _BUT.search(words[found.end() :])


def without_denial(words: str) -> str | None:
    """Return "i have a fever" for "i do not have a fever"; None for words that deny nothing."""
    said = _NOT_SO.sub(lambda it: it["kept"] + (f"{it['verb']} " if it["verb"] else ""), words)
    return said if said != words else None


def _is_cut_by_a_question(words: str, sign: Span) -> bool:
    spoken = words.split()
    inside = spoken[sign.start : sign.end]
    return len(inside) < len(spoken) and bool(_ASKED_WITHIN.search(" ".join(inside)))


def _is_of_an_animal(words: str) -> bool:
    return bool(_ANIMAL.match(words)) and not _ANYBODY.search(words)


def names_a_subject(words: str) -> bool:
    """Return whether somebody, or something of theirs, is spoken of."""
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
        after = words[found.end() :].split()[:1]
        is_object = " " in found[0] and _AFTER_SUBJECT.isdisjoint(after)
        if place and not inverted and not is_object and place < sign.end:
            return True
    return False

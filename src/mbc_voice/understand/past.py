"""When a symptom is spoken of as being there: now, long ago, or only supposed.

Owns the frames that tell "I have a fever" from "I had a fever last year" and "if I get a fever".
Pure; any thread may call it.
"""

from __future__ import annotations

import re

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SUPPOSED = re.compile(
    r"\b(?:if|in case|suppose|supposing|whenever|should|were) (?:i|we|she|he|you|they|one|someone|"
    r"my \w+|(?:the|a|his|her) \w+) (?:do |does |did |should |suddenly )?(?:ever\b|gets?\b|"
    r"starts?\b|develops?\b|were to\b|"
    r"was to\b|comes? down|bleed\b|catch\b|run a\b|goes\b|rises?\b|hits?\b|reaches\b)|"
    r"\bif (?:someone|somebody|anyone|anybody|people|one|a (?:person|patient|man|woman)) "
    r"(?!is\b)\w+s\b|"
    r"\bwhat if (?:the|this|that|it|my|they|i accidentally)(?: \w+){0,2}? (?:makes?|gives?|causes?|"
    r"goes|gets|comes|starts|takes?)\b|"
    r"^(?:suppose|supposing|let us say|imagine) (?:someone|somebody|anyone|anybody|a \w+)\b|"
    r"\b(?:says|say|said|tells|told) .* why is that$|"
    r"\b(?:if|in case) (?:it|that|this) (?:ever )?(?:happens|happened|should)\b|"
    r"\b(?:one day|some day|someday|next (?:week|time|month|year)|in (?:the )?future)\b"
)
_YEARS_AGO = (
    r"one thousand nine hundred|two thousand|nineteen|(?:the )?(?:early |late |mid )?(?:nineteen )?"
    r"(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|war)\b"
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
    r"\b(?:have|has) had (?:a|an|one|some|two|fits|seizures)(?: \w+){0,2}? before$|"
    r"\bstopped (?:\w+ ){0,2}ago\b|\bcleared up\b|\bsettled down\b|\bwas nothing\b|"
    r"\bthat was (?:before|when|in|last|years|months|back|a long|ages)\b|"
    r"\bbefore (?:all )?(?:this|that|i knew)\b|\b(?:ages|a while|long) ago\b|"
    r"\b(?:years?|months?) (?:back|before|earlier)\b|\blost (?:her|him|them|my \w+) to\b|"
    r"\b(?:killed|took) (?:her|his|their) own life\b|\bonce (?:when|before|years|in)\b|"
    r"\b(?:used to|years? ago|months? ago|last (?:year|month|spring|summer|fall|autumn|winter)|"
    r"in the past|when i was (?:a|young|little|pregnant|first)|"
    r"(?<!my )(?<!her )(?<!his )back (?:then|in)|"
    r"went away|gone now|(?<!breathing )(?<!heart )it stopped$|"
    r"(?:but|and) (?:it|that|they) (?:is|are|has|have|had)(?: all)? (?:gone|passed)"
    r"(?: down| away| off| now)?$|"
    r"(?:is|am|are|feel|feels|feeling) (?:better|fine|okay|all right) now|"
    r"(?<!heart )(?<!breathing )(?:has|have) (?:now )?stopped(?=$| now| already| since| bleeding|"
    r" hurting| shaking| vomiting| coughing| and| but| by)|died|passed away|"
    r"as a child|before i was diagnosed|never again)\b"
)
_OVER = re.compile(
    r"\b(?:last week|yesterday|ago|the other day|at the weekend)\b.* "
    r"(?:is|am) (?:fine|okay|all right)$|"
    r"\b(?:better|fine|okay|gone|all right|behind (?:me|us|her|him)) now\b|"
    r"\b(?:breathing|breath|pain|chest|temperature|fever|bleeding|legs?|arms?|head|headache|heart|"
    r"speech|vision|sight|breathes|walks|talks|sleeps|"
    r"can (?:breathe|walk|see|speak|talk|swallow|pee)) "
    r"(?:is |are |feels? |has been |have been )?(?:all |much |a bit |a lot )?"
    r"(?:fine|okay|better|all right|normal|easier|under control)"
    r"(?=$| (?:now|since|after|today|again|at night|thanks|thank)\b)"
)
_NOW = re.compile(
    r"\b(?:now|right now|today|tonight|this morning|suddenly|all of a sudden|getting worse|"
    r"i am|i feel|i can not|(?<!can i )(?<!could i )(?<!may i )still|again|she is|he is|keeps?|"
    r"at the moment)\b"
)


def is_supposed(words: str) -> bool:
    """Return whether the words only suppose it: "if I ever get a fever", "in case I get ..."."""
    return bool(_SUPPOSED.search(words)) and not _NOW.search(words)


def is_past(words: str) -> bool:
    """Return whether the words speak of long ago or of something that is over."""
    if _OVER.search(words):
        return True
    return bool(_PAST.search(words)) and not _NOW.search(words)

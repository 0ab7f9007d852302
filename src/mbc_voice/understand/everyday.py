"""Everyday words for people, for the body, and for what befalls it.

Owns the thesaurus that lets a sign written in plain words ("swollen lips") be heard in others
("lips all puffed up"), whoever has it. Pure; any thread may call it.
"""

from __future__ import annotations

import re

from mbc_voice.understand.normalize import normalize

_PEOPLE = (
    "mom, mother, mama, dad, father, papa, parent, husband, hubby, wife, missus, spouse, partner, "
    "boyfriend, girlfriend, fiance, fiancee, son, daughter, boy, girl, child, kid, baby, toddler, "
    "brother, sister, grandma, grandmother, granny, gran, nan, nana, grandpa, grandfather, "
    "grandad, granddad, grandson, granddaughter, aunt, auntie, uncle, cousin, niece, nephew, "
    "friend, mate, neighbor, roommate, colleague, carer, caregiver, lady, woman, man, gentleman, "
    "guy, bloke, lad, person, patient, visitor, someone, somebody, he, she"
)
PEOPLE = tuple(normalize(name) for name in _PEOPLE.split(", "))
"""Anyone but oneself, by one word; a sign that may be "she" may be any of them."""

_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), plain)
    for pattern, plain in (
        (r"breastbone|breast bone|sternum|ribcage|rib cage", "chest"),
        (r"skull|noggin|forehead|temples?", "head"),
        (r"split(?= (?:my|his|her|their|open) )", "banged"),
        (r"(?:get|catch) (?:my|her|his|their) wind", "get my breath"),
        (r"bum|backside|rear end|undercarriage", "bottom"),
        (r"(?:tummy|belly|guts)", "stomach"),
        (r"puff(?:ed|ing|y)(?: right)?(?: up)?|swell(?:ed|ing)?(?: right)? up|swelled|swole|"
         r"balloon(?:ed|ing)(?: up)?|blown up|blowing up|bloated up|twice (?:its|their) size",
         "swollen"),
        (r"flopp(?:y|ing)|flopped", "limp"),
        (r"(?:took|had|having|taken) (?:a|an)(?: \w+)? (?:tumble|spill|fall|slip)|tumbled|tumble|"
         r"toppled(?: over)?|keeled over sideways|(?:went|gone|going) (?:flying|flat)|"
         r"came a cropper|(?:came|come|coming) off (?:the|a|his|her|my)|"
         r"lost (?:her|his|my) footing", "fell"),
        (r"rouse|roused|(?:come|came|coming) (?:round|around)|stir|be woken", "wake up"),
        (r"(?:bring|brought|bringing|brings)(?: \w+){0,2}? (?:back )?up|chuck(?:ing|ed)? up|"
         r"(?:retch|heav|spew|barf|upchuck|puk)(?:ing|ed)", "throwing up"),
        (r"(?:\w+teen|twenty|thirty|forty|fifty|hundred|six|seven|eight|nine|eleven|twelve|"
         r"dozens of|countless|umpteen|a dozen|so many) times", "ten times"),
        (r"trembling|quivering|shuddering|juddering|quaking", "shaking"),
        (r"flailing|spasming|in spasms?|jolting", "jerking"),
        (r"downed|gulped(?: down)?|popped|necked|swigged|ingested|drunk|drank|knocked back",
         "swallowed"),
        (r"(?:double|twice|triple|treble|three times|four times)(?: (?:the|my|her|his|their|your|a|"
         r"what|usual|normal|as|dose|doses|amount|much|many|of|prescribed))+", "too much"),
        (r"(?:an |two )?extra (?:doses?|tablets?|pills?)(?: of)?", "too much medicine"),
        (r"garbled|mumbled|jumbled|mangled|all over the place", "jumbled"),
        (r"gobbledygook|gibberish|nonsense|rubbish|word salad", "gibberish"),
        (r"mixed up|muddle headed|all muddled|addled", "muddled"),
        (r"drooling|dribbling", "drooping"),
        (r"blistering|pounding|thumping", "splitting"),
        (r"gashed|whacked|walloped|clouted|bashed|thumped|clonked|cracked", "banged"),
        (r"gushing|streaming|spraying|running down|pumping out|bleeding out", "pouring"),
        (r"medic|medics|doctors|physician|nurses|staff|paramedics?", "doctor"),
        (r"right away|straight away|fast|asap|this minute|this instant", "quickly"),
    )
)  # fmt: skip


def everyday_to_plain(words: str) -> str:
    """Return normalised `words` in the plainer words that signs are written in."""
    for pattern, plain in _SAME:
        words = pattern.sub(plain, words)
    return words

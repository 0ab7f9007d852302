"""The syntax of a command's phrases, checked when they are loaded.

``[optional]``, ``(one|other)``, ``[one|other]`` and the slots ``{number}`` and ``{word}``; what a
template expands to is the business of `understand`. Pure; any thread.
"""

from __future__ import annotations

import re

SLOTS = ("number", "word")
"""The slots a phrase may hold."""

_PAIRS = {"]": "[", ")": "(", "}": "{"}


def flaw(template: str) -> str:
    """Return what is wrong with a phrase's template, or an empty text."""
    for slot in re.findall(r"\{([^{}]*)\}", template):
        if slot not in SLOTS:
            return f"there is no slot {{{slot}}}: the slots are {{number}} and {{word}}"
    if re.search(r"\(\s*\)|\[\s*\]|[\[(|]\s*\||\|\s*[\])|]", template):
        return "an alternative is empty: write [word] for a word that may be left out"
    found = _unbalanced(template)
    if found:
        return found
    rest = re.sub(r"\{\w+\}", "x", template)
    wrong = re.search(r"[^\w\s'\[\]()|-]", rest)
    if wrong:
        return f"{wrong.group()!r} is never heard: write only words"
    if not re.sub(r"\[[^\[\]]*\]", "", rest).strip():
        return "all of this phrase may be left out: keep at least one word"
    return ""


def _unbalanced(template: str) -> str:
    still_open: list[str] = []
    for letter in template:
        if letter in _PAIRS.values():
            still_open.append(letter)
        elif letter in _PAIRS and (not still_open or still_open.pop() != _PAIRS[letter]):
            return f"{letter!r} closes nothing: write {_PAIRS[letter]!r} before it"
        elif letter == "|" and (not still_open or still_open[-1] == "{"):
            return "put '|' between brackets: (one|other)"
    return f"{still_open[-1]!r} is never closed" if still_open else ""

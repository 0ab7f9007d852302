"""Our own phrases: which ones the dialogue needs, and how they become sentences. Pure.

The texts themselves are content (``prompts.toml``). Nothing medical is ever made here: a
placeholder is filled with a title, a number, a word to spell or a section's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mbc_voice.library import SILENT, Library, Sentence

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Needed:
    """What the dialogue asks of one prompt."""

    placeholders: frozenset[str] = frozenset()
    """Names that may stand in braces in its text."""
    tries: int = 1
    """How many different texts it must have, for the first, second, third time."""
    silent_tries: int = 0
    """How many its variant for those who type must have, where that tells of other things and has
    to be there; 0 where it has as many, if there is one at all."""


def _needed(placeholders: str = "", tries: int = 1, silent_tries: int = 0) -> Needed:
    return Needed(frozenset(placeholders.split()), tries, silent_tries)


_REQUIRED: Mapping[str, Needed] = MappingProxyType(
    {
        "greeting": _needed(),
        "greeting-push": _needed(),
        "greeting-wake": _needed("phrase"),
        # answers
        "title": _needed("title"),
        "list-count": _needed("count"),
        "list-grouped": _needed("size"),
        "list-next": _needed("count"),
        "offer-more": _needed(),
        "offer-topic": _needed("title"),
        "offer-topics": _needed("titles"),
        "offer-then": _needed("title"),
        "answer-end": _needed(),
        "anything-else": _needed(),
        "urgent-repeat": _needed(),
        # choices
        "confirm-topic": _needed("title"),
        "choose": _needed("count"),
        "choose-again": _needed(),
        "choice": _needed("number title"),
        "choose-which": _needed(),
        "choose-next": _needed("count"),
        "choose-range": _needed("count"),
        "no-list": _needed(),
        "topics": _needed("topics sections"),
        "section": _needed("number section titles"),
        "section-topics": _needed("section count"),
        "voices": _needed("count"),
        # when it goes wrong
        "no-match": _needed(tries=3),
        "no-match-short": _needed(),
        "nothing-heard": _needed(tries=3),
        "too-long": _needed(),
        "silence": _needed(tries=3),
        "silence-push": _needed(tries=3),
        "silence-wake": _needed("phrase", tries=3),
        "visit-timeout": _needed("seconds"),
        "microphone-lost": _needed(),
        "microphone-back": _needed(),
        "broken": _needed(),
        "not-possible": _needed(),
        # reading control
        "faster": _needed("rate"),
        "slower": _needed("rate"),
        "normal-speed": _needed("rate"),
        "twice-as-fast": _needed("rate"),
        "half-as-fast": _needed("rate"),
        "speed": _needed("rate"),
        "speed-range": _needed("rate"),
        "rate-highest": _needed("rate"),
        "rate-lowest": _needed("rate"),
        "volume": _needed("level"),
        "no-sound": _needed(),
        "volume-highest": _needed("level"),
        "volume-lowest": _needed("level"),
        "voice": _needed("voice"),
        "one-voice": _needed(),
        "no-such-voice": _needed("count"),
        "answers-short": _needed(),
        "answers-usual": _needed(),
        "answers-long": _needed(),
        "answers-shortest": _needed(),
        "answers-longest": _needed(),
        "earcons-on": _needed(),
        "earcons-off": _needed(),
        "text-size": _needed("percent"),
        "text-largest": _needed(),
        "text-smallest": _needed(),
        "theme-light": _needed(),
        "theme-dark": _needed(),
        "theme-yellow": _needed(),
        "more-time": _needed(),
        "where-reading": _needed("number count title"),
        "where-choosing": _needed("count"),
        "where-start": _needed(),
        "where-tour": _needed("number count"),
        "first-sentence": _needed(),
        "spell": _needed("word letters"),
        "spell-code-words": _needed("word letters"),
        "spell-what": _needed(),
        # the talk
        "help-listening": _needed(),
        "help-reading": _needed(),
        "help-paused": _needed(),
        "help-choosing": _needed(),
        "help-offer": _needed(),
        "help-tour": _needed(),
        "tour": _needed(tries=5, silent_tries=3),
        "declined": _needed(),
        "start-over": _needed(),
        "goodbye": _needed(),
        "goodbye-kiosk": _needed(),
        "undone-topic": _needed(),
        "undone-delivery": _needed(),
        "nothing-offered": _needed(),
        "nothing-more": _needed(),
        "nothing-to-repeat": _needed(),
        "nothing-to-resume": _needed(),
        "nothing-to-undo": _needed(),
        "no-earlier-topic": _needed(),
    }
)


def required() -> Mapping[str, Needed]:
    """Return every prompt the dialogue uses, by name; each may have a silent variant beside it."""
    return _REQUIRED


def check(library: Library) -> list[str]:
    """Return what is wrong with the library's prompts, one line each; empty if all is well."""
    problems = []
    for name, needed in required().items():
        problems += _problems(library, name, needed)
        if needed.silent_tries or name + SILENT in library.prompts:
            variant = replace(needed, tries=needed.silent_tries or needed.tries)
            problems += _problems(library, name + SILENT, variant)
    return problems


def is_variant(name: str) -> bool:
    """Return whether a prompt of this name stands in for another where nothing sounds."""
    return name.endswith(SILENT)


def printed(library: Library) -> Library:
    """Return the library for people who type and read: variants in the place of their prompts.

    They keep the name of the prompt they stand in for, so that nobody else need know of them.
    """
    prompts = library.prompts
    return replace(
        library,
        prompts={
            name: prompts.get(name + SILENT, texts)
            for name, texts in prompts.items()
            if not is_variant(name)
        },
    )


def render(library: Library, name: str, attempt: int = 0, **values: str) -> tuple[Sentence, ...]:
    """Return a prompt as sentences with ids ``prompt.<name>.<n>``, numbered through its texts.

    `attempt` picks the first, second, third text; beyond the last it stays at the last. Never
    raises: a prompt that is missing gives no sentence, an unknown placeholder gives no word
    (`check` has reported both before the program starts).
    """
    texts = library.prompts.get(name, ())
    if not texts:
        return ()
    chosen = min(attempt, len(texts) - 1)
    before = sum(len(_split(text)) for text in texts[:chosen])
    return tuple(
        Sentence(f"prompt.{name}.{before + number}", _fill(text, values))
        for number, text in enumerate(_split(texts[chosen]), start=1)
    )


def is_prompt(sentence: Sentence) -> bool:
    """Return whether a sentence was made from a prompt, and is not reviewed text."""
    return sentence.id.startswith("prompt.")


def _problems(library: Library, name: str, needed: Needed) -> list[str]:
    texts = library.prompts.get(name, ())
    if not texts:
        return [f"the prompt {name!r} is missing"]
    problems = []
    if len(set(texts)) < needed.tries:
        problems.append(f"the prompt {name!r} needs {needed.tries} different texts")
    for text in texts:
        problems += _problems_of(name, text, needed)
    return problems


def _problems_of(name: str, text: str, needed: Needed) -> list[str]:
    if not text.strip():
        return [f"the prompt {name!r} has an empty text"]
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - needed.placeholders)
    allowed = ", ".join(f"{{{item}}}" for item in sorted(needed.placeholders)) or "none"
    return [
        f"the prompt {name!r} has the unknown placeholder {{{item}}}; it may have: {allowed}"
        for item in unknown
    ]


def _split(text: str) -> list[str]:
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def _fill(text: str, values: Mapping[str, str]) -> str:
    filled = _PLACEHOLDER.sub(lambda found: values.get(found.group(1), ""), text)
    filled = re.sub(r"([.!?])\.", r"\1", filled)
    return filled[:1].upper() + filled[1:]

"""Choices: which of a few topics was meant, the list of topics, and the list of voices.

A few are said at a time. Every choice has a number; it can be picked by number or by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mbc_voice.dialogue import answering, delivery, reading, recovery, speaking, wording
from mbc_voice.dialogue.offers import OfferChoice, OfferTopic
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import Next, State
from mbc_voice.library import Section, Sentence

STEM = 5
"""Letters by which a word of a group's title is known: "symptom" is "symptoms"."""

EXAMPLES = 2
"""Titles named as examples for each section."""


def choose(state: State, topics: Sequence[str]) -> Next:
    """Ask which of these topics was meant."""
    known = tuple(dict.fromkeys(item for item in topics if item in state.library.topics))[:3]
    if not known:
        return recovery.no_match(state)
    if len(known) == 1:
        title = wording.within(state.library, state.library.topics[known[0]].title)
        sentences = render(state.library, "confirm-topic", title=title)
        return speaking.say(state, sentences, offer=OfferTopic(known[0]))
    intro = render(state.library, "choose", count=wording.number(len(known)))
    return _page(state, OfferChoice(known, 0), intro)


def list_sections(state: State) -> Next:
    """Say which groups of topics there are, each with a few titles."""
    sections = _sections(state)
    intro = render(
        state.library,
        "topics",
        topics=wording.number(len(state.library.topics)),
        sections=wording.number(len(sections)),
    )
    return _page(state, OfferChoice(sections, 0, "sections"), intro)


def list_group(state: State, number: int | None, word: str) -> Next:
    """Say the topics of one group, by its number from 1 or by words of its title."""
    ids = _sections(state)
    if number is not None and 1 <= number <= len(ids):
        return _list_topics(state, ids[number - 1])
    named = group_named(state, word)
    return list_sections(state) if named is None else _list_topics(state, named)


def group_named(state: State, words: str) -> str | None:
    """Return the only group of topics whose title has all of these words, small ones aside."""
    said = _stems(words)
    found = [
        item.id
        for item in state.library.sections
        if said and said <= _stems(item.title) and _topics_in(state, item.id)
    ]
    return found[0] if len(found) == 1 else None


def list_voices(state: State) -> Next:
    """Say which voices there are."""
    if len(state.voices) < 2:
        return speaking.note(state, "one-voice")
    intro = render(state.library, "voices", count=wording.number(len(state.voices)))
    return _page(state, OfferChoice(state.voices, 0, "voices"), intro)


def next_page(state: State, choice: OfferChoice) -> Next:
    """Say the next few of a list; if all were said, say the whole question again."""
    if choice.said < len(choice.ids):
        return _page(state, choice, ())
    return _page(state, replace(choice, said=0), render(state.library, "choose-again"))


def pick(state: State, choice: OfferChoice, number: int) -> Next:
    """Take the choice with this number, from 1."""
    if not 1 <= number <= len(choice.ids):
        return speaking.note(state, "choose-range", count=wording.number(len(choice.ids)))
    picked = choice.ids[number - 1]
    if choice.of == "topics":
        return answering.tell(state, picked)
    if choice.of == "voices":
        return delivery.picked_voice(state, picked)
    return _list_topics(state, picked)


def named(choice: OfferChoice) -> tuple[str, ...]:
    """Return those that were named in the last go; all of them before any was."""
    start, end = 0, reading.group_end(len(choice.ids), 0)
    while end < choice.said:
        start, end = end, reading.group_end(len(choice.ids), end)
    return choice.ids[start:end]


def titles(state: State, choice: OfferChoice) -> tuple[str, ...]:
    """Return what can be chosen, in order, as it is said."""
    if choice.of == "topics":
        return tuple(state.library.topics[item].title for item in choice.ids)
    if choice.of == "voices":
        return choice.ids
    return tuple(_section(state, item).title for item in choice.ids)


def _list_topics(state: State, section_id: str) -> Next:
    topics = _topics_in(state, section_id)
    intro = render(
        state.library,
        "section-topics",
        section=_section(state, section_id).title,
        count=wording.number(len(topics)),
    )
    return _page(state, OfferChoice(topics, 0), intro)


def _page(state: State, choice: OfferChoice, intro: Sequence[Sentence]) -> Next:
    end = reading.group_end(len(choice.ids), choice.said)
    sentences = list(intro)
    for index in range(choice.said, end):
        sentences += _line(state, choice, index)
    left = reading.group_end(len(choice.ids), end) - end
    if left:
        sentences += render(state.library, "choose-next", count=wording.number(left))
    else:
        sentences += render(state.library, "choose-which")
    return speaking.say(state, sentences, offer=replace(choice, said=end))


def _line(state: State, choice: OfferChoice, index: int) -> tuple[Sentence, ...]:
    library, number = state.library, wording.number(index + 1)
    if choice.of != "sections":
        return render(library, "choice", number=number, title=titles(state, choice)[index])
    section = _section(state, choice.ids[index])
    examples = [
        wording.within(library, library.topics[item].title)
        for item in _topics_in(state, section.id)[:EXAMPLES]
    ]
    return render(
        library, "section", number=number, section=section.title, titles=wording.either(examples)
    )


def _sections(state: State) -> tuple[str, ...]:
    return tuple(item.id for item in state.library.sections if _topics_in(state, item.id))


def _stems(text: str) -> set[str]:
    """Return the first letters of each word that isn't small: enough to tell groups apart."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return {word[:STEM] for word in words if len(word) >= STEM - 1}


def _section(state: State, section_id: str) -> Section:
    return next(item for item in state.library.sections if item.id == section_id)


def _topics_in(state: State, section_id: str) -> tuple[str, ...]:
    return tuple(key for key, item in state.library.topics.items() if item.section == section_id)

"""What is said to a question: an answer portion by portion, a referral, an urgent message.

An answer opens with its topic's title, so that a wrong one is noticed, and every portion closes
with one offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mbc_voice.dialogue import reading, recovery, speaking, wording
from mbc_voice.dialogue.offers import Offer, OfferAgain, OfferChoice, OfferMore, OfferTopic
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.reading import Line
from mbc_voice.dialogue.state import Next, Reading, State, UndoTopic, leave_topic, remember
from mbc_voice.events import Alert
from mbc_voice.library import Sentence


def tell(state: State, topic: str, queue: tuple[str, ...] = ()) -> Next:
    """Begin an answer: its title, its short text, an offer. `queue` is offered afterwards."""
    if topic not in state.library.topics:
        return recovery.no_match(state)
    talk = state.talk
    if talk.reading is None or talk.reading.topic != topic:
        undo = UndoTopic(talk.reading, talk.history)
        state = remember(leave_topic(state), undo=undo)
    state = remember(state, reading=Reading(topic, queue=queue))
    return read(state, 0, reading.portion_end(_script(state), 0))


def more(state: State) -> Next | None:
    """Go on with the topic: the rest of its portion and the next. None if all of it was said."""
    place = state.talk.reading
    if place is None:
        return None
    lines = _script(state)
    if place.place >= len(lines):
        return None
    start = place.place
    if state.speaking_turn or start >= place.end:
        return read(state, start, reading.portion_end(lines, place.end))
    return read(state, start, place.end)


def read_all(state: State) -> Next | None:
    """Read from here to the topic's end, or all of it again. None outside an answer."""
    place = state.talk.reading
    if place is None:
        return None
    end = len(_script(state))
    return read(state, place.place if place.place < end else 0, end)


def read_section(state: State, by: int) -> Next | None:
    """Read from the next passage on (`by` is 1), or go back to the start of this or the last (-1).

    After the last passage only the offer is left. None outside an answer, and at its end.
    """
    place = state.talk.reading
    if place is None:
        return None
    lines = _script(state)
    now = min(place.place, max(0, place.end - 1))
    start = reading.passage_start(lines, lines[now].passage)
    if by > 0 or start == now:
        start = reading.passage_start(lines, max(0, lines[now].passage + by))
    if start is None:
        return None if place.place >= len(lines) else read(state, len(lines), len(lines))
    return read(state, start, max(place.end, reading.portion_end(lines, start)))


def read(state: State, start: int, end: int) -> Next:
    """Say the lines from `start` to before `end` of the topic, then an offer."""
    place = state.talk.reading
    if place is None:
        return recovery.no_match(state)
    lines = _script(state)
    places = reading.said(lines, start, end)
    state = remember(state, reading=replace(place, place=start, end=end))
    offer, words = _offer(state, lines, end)
    sentences = (*(lines[i].sentence for i in places), *words)
    return speaking.say(state, sentences, offer=offer, places=places)


def refer(state: State, referral_id: str | None, nearest: tuple[str, ...] = ()) -> Next:
    """Say where to turn with a question that isn't covered, and offer the nearest topic.

    `nearest` are topics that the question itself points to; without any, the referral's own count.
    Nobody is asked twice: what ends in a question is followed by none of ours.
    """
    referral = state.library.referrals.get(referral_id or "")
    if referral is None:
        return recovery.no_match(state)
    state = recovery.understood_well(leave_topic(state))
    offer, words = _offer_topic(state, (nearest or referral.nearest)[:1], otherwise="anything-else")
    if offer is None and any(item.text.endswith("?") for item in referral.sentences[-1:]):
        words = ()
    return speaking.say(state, (*referral.sentences, *words), offer=offer)


def warn(state: State, sign_id: str) -> Next:
    """Say what to do in an emergency, before and above everything else, and alert the staff."""
    sign = state.library.urgent.get(sign_id)
    if sign is None:
        state, actions = recovery.no_match(state)
        return state, (*actions, Alert(sign_id))
    words = (state.profile == "home" and sign.at_home) or sign.sentences
    if state.safety and state.talk.turn.sentences[: len(words)] == words:
        return state, ()
    sentences = (*words, *render(state.library, "urgent-repeat"))
    state, actions = speaking.say(
        leave_topic(state), sentences, offer=OfferAgain(), priority="safety"
    )
    return state, (*actions, Alert(sign_id))


def where(state: State) -> tuple[int, int]:
    """Return which sentence of the topic this is, from 1, and of how many; zeros outside one."""
    place = state.talk.reading
    return reading.position(_script(state), place) if place is not None else (0, 0)


def queue_after(state: State, topic: str) -> tuple[str, ...]:
    """Return what is still to come after a topic that was asked for together with others."""
    place = state.talk.reading
    return place.queue[1:] if place is not None and place.queue[:1] == (topic,) else ()


def _script(state: State) -> tuple[Line, ...]:
    place = state.talk.reading
    if place is None:
        return ()
    return reading.script(state.library, place.topic, state.delivery.answers)


def _offer(state: State, lines: Sequence[Line], end: int) -> tuple[Offer, tuple[Sentence, ...]]:
    """Return the one offer that closes a portion, and its words."""
    library, place = state.library, state.talk.reading
    if place is not None and place.queue:
        return _offer_topic(state, place.queue[:1], prompt="offer-then")
    if end >= len(lines):
        return _offer_following(state)
    if lines[end].kind == "item" and lines[end - 1].kind == "item":
        count = wording.number(reading.portion_end(lines, end) - end)
        return OfferMore(), render(library, "list-next", count=count)
    return OfferMore(), render(library, "offer-more", attempt=lines[end].portion - 1)


def _offer_following(state: State) -> tuple[Offer, tuple[Sentence, ...]]:
    """Offer what comes after a topic: one to say yes to, or a family of titles to choose from."""
    place, library = state.talk.reading, state.library
    told = set(state.talk.history)
    ids = library.topics[place.topic].follow if place is not None else ()
    ids = tuple(item for item in ids if item in library.topics and item not in told)
    family = _family([library.topics[item].title for item in ids])
    if family < 2:
        return _offer_topic(state, ids[:1])
    chosen = ids[:family]
    titles = wording.either(
        [wording.within(library, library.topics[item].title) for item in chosen]
    )
    return OfferChoice(chosen, len(chosen)), render(library, "offer-topics", titles=titles)


def _offer_topic(
    state: State,
    ids: Sequence[str],
    prompt: str = "offer-topic",
    otherwise: str = "answer-end",
) -> tuple[Offer, tuple[Sentence, ...]]:
    library = state.library
    known = [item for item in ids if item in library.topics]
    if not known:
        return None, render(library, otherwise)
    title = wording.within(library, library.topics[known[0]].title)
    return OfferTopic(known[0]), render(library, prompt, title=title)


def _family(titles: Sequence[str]) -> int:
    """Return how many titles, from the first, begin with the same two words (at most 4)."""
    size = 1
    while size < min(len(titles), reading.AT_ONCE):
        if wording.same_beginning(titles[: size + 1]) < 2:
            break
        size += 1
    return size

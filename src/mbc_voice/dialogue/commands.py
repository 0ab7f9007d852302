"""Every command by its id in the library, and what it does. Pure.

The ids are the library's (``commands.toml``). One that can't be done now gets a short helpful
line; only "stop" is answered by silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from mbc_voice.dialogue import (
    answering,
    attention,
    choosing,
    control,
    delivery,
    display,
    listening,
    speaking,
    tour,
)
from mbc_voice.dialogue.offers import (
    OfferAgain,
    OfferChoice,
    OfferCodeWords,
    OfferMore,
    OfferTopic,
    OfferTour,
)
from mbc_voice.dialogue.prompts import render
from mbc_voice.dialogue.state import Next, Paused, State, Talk, UndoDelivery, UndoTopic, remember
from mbc_voice.events import Action, Command, Forget


def obey(state: State, command: Command) -> Next:
    """Do what the command says, whatever the state."""
    if state.silent and command.name in SOUND:
        return speaking.note(state, "no-sound")
    match command:
        case Command("choose-number", number=number):
            return _choose_number(state, number or 0)
        case Command("volume", number=level):
            return delivery.volume(state, level)
        case Command("speed", number=rate):
            return delivery.speed(state, rate)
        case Command("spell", word=word):
            return control.spell(state, word)
        case Command("voice", number=number, word=word):
            return delivery.voice(state, number, word)
        case Command("group", number=number, word=word):
            return choosing.list_group(state, number, word)
        case Command(name) if name in _PLAIN:
            return _PLAIN[name](state)
        case _:
            return speaking.note(state, "not-possible")


def greet(state: State) -> Next:
    """Say hello; on a kiosk, to a new visitor, with everything as usual."""
    reset: tuple[Action, ...] = ()
    if state.profile == "kiosk":
        state, reset = listening.forget_visit(state)
    name, values = attention.prompt(state, "greeting")
    state, actions = speaking.reply(state, name, 0, **values)
    return state, (*reset, *actions)


def _yes(state: State) -> Next:
    offer = state.talk.offer
    match offer:
        case OfferMore() | OfferChoice():
            return control.more(state)
        case OfferTopic(topic=topic):
            return answering.tell(state, topic, answering.queue_after(state, topic))
        case OfferAgain():
            return control.repeat_all(state)
        case OfferCodeWords(word=word):
            return control.spell_in_code_words(state, word)
        case OfferTour():
            return tour.go_on(state, offer)
        case None:
            return speaking.reply(state, "nothing-offered")


def _no(state: State) -> Next:
    return speaking.reply(remember(state, offer=None), "declined")


def _both(state: State) -> Next:
    """Tell all that was named in the last go, and no more: a long list is not meant by "both"."""
    offer = state.talk.offer
    if isinstance(offer, OfferChoice) and offer.of == "topics" and offer.ids:
        named = choosing.named(offer)
        return answering.tell(state, named[0], named[1:])
    return _yes(state)


def _choose_number(state: State, number: int) -> Next:
    offer = state.talk.offer
    if isinstance(offer, OfferChoice):
        return choosing.pick(state, offer, number)
    return speaking.reply(state, "no-list")


def _help(state: State) -> Next:
    """Say what can be said now. What is being said goes on afterwards."""
    if isinstance(state.phase, Paused):
        return speaking.note(state, "help-paused")
    if state.speaking_turn:
        return speaking.note(state, _help_about(state, "help-reading"))
    return speaking.reply(state, _help_about(state, "help-offer"))


def _help_about(state: State, about_answer: str) -> str:
    """Return the name of the help that fits what is on offer."""
    match state.talk.offer:
        case OfferTour():
            return "help-tour"
        case OfferChoice() if not (state.speaking_turn and state.talk.turn.places):
            return "help-choosing"
        case OfferMore() | OfferTopic():
            return about_answer
        case _:
            return "help-reading" if state.speaking_turn else "help-listening"


def _back(state: State) -> Next:
    history = state.talk.history
    if not history:
        return speaking.note(state, "no-earlier-topic")
    return answering.tell(remember(state, reading=None, history=history[:-1]), history[-1])


def _undo(state: State) -> Next:
    match state.talk.undo:
        case UndoDelivery(delivery=before):
            return delivery.restore(state, before)
        case UndoTopic(reading=reading, history=history):
            state = remember(state, reading=reading, history=history, undo=None, offer=None)
            return speaking.reply(state, "undone-topic")
        case None:
            return speaking.note(state, "nothing-to-undo")


def _start_over(state: State) -> Next:
    if state.profile == "kiosk":
        return greet(state)
    fresh = Talk(heard=state.talk.heard, asked=state.talk.asked)
    return speaking.reply(replace(state, talk=fresh), "start-over")


def _goodbye(state: State) -> Next:
    """Say goodbye; a kiosk has forgotten what was said before it does."""
    if state.profile == "home":
        return speaking.say(state, render(state.library, "goodbye"), offer=None, then="quit")
    sentences = render(state.library, "goodbye-kiosk")
    state, actions = speaking.say(replace(state, talk=Talk()), sentences, offer=None, then="rest")
    return state, (Forget(), *actions)


_PLAIN: Mapping[str, Callable[[State], Next]] = MappingProxyType(
    {
        "stop": speaking.stop,
        "pause": control.pause,
        "resume": control.resume,
        "repeat": control.repeat,
        "repeat-all": control.repeat_all,
        "next": control.next_sentence,
        "previous": control.previous_sentence,
        "next-section": control.next_section,
        "previous-section": control.previous_section,
        "more-time": control.more_time,
        "more": control.more,
        "read-all": control.read_all,
        "where-am-i": control.where_am_i,
        "faster": delivery.faster,
        "slower": delivery.slower,
        "twice-as-fast": delivery.twice_as_fast,
        "half-as-fast": delivery.half_as_fast,
        "normal-speed": delivery.normal_speed,
        "louder": delivery.louder,
        "softer": delivery.softer,
        "voices": choosing.list_voices,
        "shorter-answers": delivery.shorter_answers,
        "longer-answers": delivery.longer_answers,
        "earcons-on": delivery.earcons_on,
        "earcons-off": delivery.earcons_off,
        "text-larger": display.larger,
        "text-smaller": display.smaller,
        "text-normal": display.normal_size,
        "theme": display.next_theme,
        "theme-light": display.light,
        "theme-dark": display.dark,
        "theme-yellow": display.yellow,
        "yes": _yes,
        "no": _no,
        "both": _both,
        "topics": choosing.list_sections,
        "help": _help,
        "tour": tour.begin,
        "back": _back,
        "undo": _undo,
        "start-over": _start_over,
        "goodbye": _goodbye,
    }
)
"""The commands without a number or a word."""

KNOWN = frozenset(_PLAIN) | {"choose-number", "volume", "speed", "spell", "voice", "group"}
"""Ids of all commands the dialogue can do."""

UNINTERRUPTING = frozenset(
    (
        "louder",
        "softer",
        "volume",
        "faster",
        "slower",
        "twice-as-fast",
        "half-as-fast",
        "normal-speed",
        "speed",
        "text-larger",
        "text-smaller",
        "text-normal",
        "theme",
        "theme-light",
        "theme-dark",
        "theme-yellow",
    )
)
"""Commands that take effect without cutting off a safety message."""

BEGINNING = frozenset(("help", "topics", "tour", "group", "start-over"))
"""Commands that begin a visit at a kiosk; others, between two visits, are somebody's talk."""

SOUND = UNINTERRUPTING | {"voice", "voices", "earcons-on", "earcons-off"}
"""Commands about the sound itself, which nothing can do where a screen reader speaks."""

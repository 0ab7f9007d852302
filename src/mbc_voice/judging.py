"""What was heard, and whether it was meant for us: from words to what the dialogue is told of them.

Pure apart from `OwnWords`, which it only reads; used by the assistant's loop. While nothing is
said, everything is for us. Over our voice an order, an emergency or a question that is surely one
gets through; the last only where our own voice isn't heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from mbc_voice.events import (
    SILENCING,
    Answer,
    Command,
    Event,
    NotCovered,
    NothingHeard,
    Outcome,
    QuestionWentOn,
    Silence,
    Transcript,
    Understood,
    Urgent,
)
from mbc_voice.hear.echo import OwnWords
from mbc_voice.hear.listener import Heard
from mbc_voice.hear.turn import added
from mbc_voice.interrupting import LONGEST_ORDER, interrupts

SURE = 0.85
"""Chance from which a question that goes on over our voice is believed."""

Understand: TypeAlias = Callable[[str], Outcome]
"""What words mean where the talk is now."""


@dataclass(frozen=True, slots=True)
class Over:
    """What somebody speaks over."""

    clean: bool
    """Whether our own voice is no part of what is heard."""
    priority: Literal["safety", "answer", "notice"]
    """Of what is being said."""


def judge(
    heard: Heard, since: float, understand: Understand, own: OwnWords, over: Over
) -> tuple[Event, ...]:
    """Return what the dialogue is told of this; nothing if it wasn't meant for us.

    `since` is when, on the clock of `own`, its sound may first have held words of ours.
    """
    said = heard.said
    if isinstance(said, Silence):
        nothing = Understood(NothingHeard(said.why))
        return (nothing,) if heard.mode == "anything" else ()
    if heard.mode == "anything":
        return _question(said.text, heard, understand)
    said = _unless_ours(said, since, own)
    if over.clean:
        meant = _interruption(said, since, understand, own, over.priority)
    else:
        meant = _order(said, since, understand, own)
    return meant or _rest(said.text, heard.after, since, understand, own)


def _question(text: str, heard: Heard, understand: Understand) -> tuple[Event, ...]:
    """Return a question, and the order that came right after it, if one did.

    A question that went on is understood as a whole; but "the lungs", answered, and then "slower"
    are two things that were said, and the first is not to be lost.
    """
    if heard.after:
        rest = added(text, heard.after)
        stop = _silencing(rest, understand)
        if stop is not None:
            return (Understood(stop, text),)
        order, first = understand(rest), understand(heard.after)
        if isinstance(order, Command) and order.score == 1.0 and not isinstance(first, NotCovered):
            return Understood(first, heard.after), Understood(order, rest)
    outcome = understand(text)
    if heard.cut and not isinstance(outcome, Answer | Urgent | Command):
        outcome = NothingHeard("long")
    return (Understood(outcome, text),)


def _unless_ours(said: Transcript, since: float, own: OwnWords) -> Transcript:
    """Return the first reading in place of another, if it was our own voice coming back."""
    if said.instead_of and own.echoes(said.instead_of, since):
        return replace(said, text=said.instead_of, instead_of="")
    return said


def _interruption(
    said: Transcript,
    since: float,
    understand: Understand,
    own: OwnWords,
    priority: Literal["safety", "answer", "notice"],
) -> tuple[Event, ...]:
    """Return what was said over our voice, if it was meant for us.

    A "stop" is believed in any case; what else sounds like our own words may be what the canceller
    left of them.
    """
    outcome = understand(said.text)
    stops = isinstance(outcome, Command) and outcome.name in SILENCING
    meant = interrupts(outcome, len(said.text.split()), priority)
    if not meant or (not stops and own.echoes(said.text, since)):
        return ()
    return (Understood(outcome, said.text),)


def _order(
    said: Transcript, since: float, understand: Understand, own: OwnWords
) -> tuple[Event, ...]:
    """Return what was called out while we spoke, unless it is our own voice coming back."""
    if not own.echoes(said.text, since):
        outcome = understand(said.text)
        order = isinstance(outcome, Command) and outcome.score == 1.0
        if isinstance(outcome, Urgent) or (order and len(said.text.split()) <= LONGEST_ORDER):
            return (Understood(outcome, said.text),)
    stop = _silencing(own.left_over(said.text, since), understand)
    return () if stop is None else (Understood(stop),)


def _rest(
    text: str, after: str, since: float, understand: Understand, own: OwnWords
) -> tuple[Event, ...]:
    """Return the whole of a question that went on over the first words of its answer.

    Nothing, if any of the rest is ours, or it makes no other question.
    """
    if not after or own.left_over(text, since) != OwnWords().left_over(text, since):
        return ()
    outcome = understand(f"{after} {text}")
    better = isinstance(outcome, Answer) and outcome.score >= SURE
    if better and outcome != understand(after):
        return QuestionWentOn(), Understood(outcome, f"{after} {text}")
    return ()


def _silencing(text: str, understand: Understand) -> Command | None:
    """Return the command to be silent that these words are, if they are one."""
    outcome = understand(text)
    if not isinstance(outcome, Command) or outcome.score < 1.0:
        return None
    return outcome if outcome.name in SILENCING else None

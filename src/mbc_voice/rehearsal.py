"""What the program can be expected to say: found by playing the dialogue through, ahead of time.

Pure. The dialogue itself decides, so that the sentences are the very ones it says, prompts filled
in and offers included. Nothing that a person said is among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from mbc_voice import page_words
from mbc_voice.dialogue import prompts
from mbc_voice.dialogue.state import Delivery, Length, Profile, Speaking, State, begin
from mbc_voice.dialogue.step import step
from mbc_voice.events import (
    Answer,
    Choose,
    Command,
    Event,
    NotCovered,
    Speak,
    Started,
    Understood,
    Urgent,
    UtteranceEnded,
)
from mbc_voice.library import Library

PORTIONS = 40
"""No topic is read in more portions."""
AT_ONCE = 3
"""Topics in one question which of them was meant."""
NUMBERS = {"volume": range(11), "choose-number": range(1, 6)}
"""Commands with a number, and the numbers to try."""
LENGTHS: tuple[Length, ...] = ("usual", "short", "long")


def sentences(library: Library, profile: Profile = "home") -> tuple[str, ...]:
    """Return every text that questions and commands lead to, each once, the likeliest first.

    A few that depend on the way there are left out, such as "Sentence four of nine".
    """
    talk = _Rehearsal(begin(library, profile=profile))
    talk.play(talk.fresh, Started())
    for topic in library.topics:
        talk.read(talk.fresh, topic)
    for referral in library.referrals:
        talk.play(talk.fresh, Understood(NotCovered(referral, 1.0)))
    for sign in library.urgent:
        talk.play(talk.fresh, Understood(Urgent(sign)))
    talk.choose(tuple(library.topics))
    talk.command(library)
    for length in LENGTHS[1:]:
        begun = begin(library, profile=profile, delivery=Delivery(answers=length))
        for topic in library.topics:
            talk.read(begun, topic)
    talk.note(_fixed_prompts(library))
    talk.note(reviewed(library))
    talk.note(page_words.sentences(library))
    return tuple(talk.said)


class _Rehearsal:
    """Plays events, and keeps what is said."""

    def __init__(self, fresh: State) -> None:
        self.fresh = fresh
        self.said: dict[str, None] = {}

    def note(self, texts: Iterator[str]) -> None:
        self.said |= dict.fromkeys(texts)

    def play(self, state: State, event: Event) -> State:
        """Let this happen, and let what follows be said to its end."""
        return self._until_quiet(self._step(state, event))

    def read(self, state: State, topic: str) -> None:
        """Read a topic to its end, portion by portion."""
        state = self.play(state, Understood(Answer(topic, 1.0)))
        for _ in range(PORTIONS):
            known = len(self.said)
            state = self.play(state, Understood(Command("more")))
            if len(self.said) == known:
                return

    def choose(self, topics: tuple[str, ...]) -> None:
        """Offer every topic in each place of a choice of any length, and alone."""
        for at in range(len(topics)):
            few = (topics[at:] + topics)[:AT_ONCE]
            for length in range(len(few), 0, -1):
                self.play(self.fresh, Understood(Choose(few[:length], 1.0)))

    def command(self, library: Library) -> None:
        """Give every command at the start, amid an answer, after it, and before a choice."""
        asked = Understood(Answer(next(iter(library.topics)), 1.0))
        reading = self._step(self.fresh, asked)
        choice = Understood(Choose(tuple(islice(library.topics, AT_ONCE)), 1.0))
        listing = Understood(Command("topics"))
        for state in (
            self.fresh,
            reading,
            self._until_quiet(reading),
            self.play(self.fresh, choice),
            self.play(self.fresh, listing),
        ):
            for name in library.commands:
                for number in (None, *NUMBERS.get(name, ())):
                    after = self.play(state, Understood(Command(name, number)))
                    self.play(after, Understood(Command("next")))

    def _step(self, state: State, event: Event) -> State:
        state, actions = step(state, event)
        for action in actions:
            if isinstance(action, Speak):
                self.note(sentence.text for sentence in action.utterance.sentences)
        return state

    def _until_quiet(self, state: State) -> State:
        for _ in range(PORTIONS):
            if not isinstance(state.phase, Speaking):
                break
            state = self._step(state, UtteranceEnded(state.phase.utterance.id))
        return state


def reviewed(library: Library) -> Iterator[str]:
    """Yield the text of every reviewed sentence."""
    for topic in library.topics.values():
        for passage in (topic.short, *topic.more):
            yield from (one.text for one in (*passage.sentences, *passage.items))
    for referral in library.referrals.values():
        yield from (one.text for one in referral.sentences)
    for sign in library.urgent.values():
        yield from (one.text for one in (*sign.sentences, *sign.at_home))


def _fixed_prompts(library: Library) -> Iterator[str]:
    for name, texts in library.prompts.items():
        if prompts.is_variant(name):
            continue
        for attempt, text in enumerate(texts):
            if "{" not in text:
                yield from (one.text for one in prompts.render(library, name, attempt))

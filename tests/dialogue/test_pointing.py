"""What is said to somebody who comes by key to something on the page."""

from __future__ import annotations

from hypothesis import assume, given

from mbc_voice.dialogue.state import Ended, Ready
from mbc_voice.dialogue.step import spoken
from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import (
    Answer,
    Pointed,
    SentenceStarted,
    Started,
    Understood,
    UtteranceEnded,
)
from mbc_voice.library import Sentence
from moves import LIBRARY, talks
from script import Talk

HELP = Sentence("page.help", "Help")
NEXT = Sentence("page.next", "Next")


@given(talks())
def test_only_the_stop_is_said(talk: Talk) -> None:
    """Whatever is being said gives way to the words of the stop, but for a safety message."""
    assume(not isinstance(talk.state.phase, Ended | Ready))
    safety = talk.state.safety
    turn = talk.state.talk.turn
    talk.happens(Pointed((HELP,)))
    assert spoken(talk.actions) == (() if safety else (HELP,))
    assert talk.state.talk.turn == turn


def test_a_newer_stop_replaces_an_older_one() -> None:
    """Whoever walks on quickly hears the stop they are at."""
    talk = Talk(LIBRARY)
    talk.happens(Started())
    talk.happens(Pointed((HELP,)))
    talk.happens(Pointed((NEXT,)))
    assert spoken(talk.actions) == (NEXT,)
    assert snapshot(talk.state).caption == NEXT


def test_an_answer_goes_on_where_it_was() -> None:
    """After looking around, "resume" goes on with the sentence that was cut off."""
    talk = Talk(LIBRARY)
    talk.happens(Understood(Answer(next(iter(LIBRARY.topics)), 1.0), by="key"))
    said = spoken(talk.actions)
    talk.happens(SentenceStarted(talk.state.utterances, 1))
    talk.happens(Pointed((HELP,)))
    talk.happens(SentenceStarted(talk.state.utterances, 0))
    talk.happens(UtteranceEnded(talk.state.utterances))
    assert snapshot(talk.state).phase in ("listening", "choosing")
    talk.line("key: resume")
    assert spoken(talk.actions) == said[1:]


def test_nobody_is_spoken_to_between_two_visits() -> None:
    """A waiting kiosk stays silent."""
    talk = Talk(LIBRARY, profile="kiosk")
    talk.happens(Pointed((HELP,)))
    assert talk.actions == ()


def test_what_is_shown_stays_under_somebody_s_fingers() -> None:
    """While a stop is said, the offer that it is part of is still there to be pressed."""
    talk = Talk(LIBRARY)
    talk.happens(Understood(Answer("symptoms-lung", 1.0), by="key"))
    assert snapshot(talk.state).phase == "speaking"
    talk.happens(Pointed((HELP,)))
    assert snapshot(talk.state).phase == "choosing"
    talk.happens(SentenceStarted(talk.state.utterances, 0))
    assert (snapshot(talk.state).phase, snapshot(talk.state).caption) == ("choosing", HELP)
    talk.happens(UtteranceEnded(talk.state.utterances))
    assert (snapshot(talk.state).phase, snapshot(talk.state).caption) == ("choosing", None)


@given(talks())
def test_a_stop_changes_no_state_that_is_shown(talk: Talk) -> None:
    """Whatever is shown beside the caption is the same while a stop is said and after it."""
    assume(not isinstance(talk.state.phase, Ended | Ready) and not talk.state.safety)
    talk.happens(Pointed((HELP,)))
    assume(talk.state.phase.then in ("listen", "pause"))  # type: ignore[union-attr]
    assume(talk.state.notice is None)
    during = snapshot(talk.state)
    talk.happens(UtteranceEnded(talk.state.utterances))
    after = snapshot(talk.state)
    assert (during.phase, during.options, during.topic) == (after.phase, after.options, after.topic)

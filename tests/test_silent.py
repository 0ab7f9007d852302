"""The voice without sound."""

from __future__ import annotations

from mbc_voice.assistant import Assistant
from mbc_voice.dialogue.state import begin
from mbc_voice.events import (
    Answer,
    Context,
    Event,
    Outcome,
    SentenceStarted,
    Started,
    Utterance,
    UtteranceEnded,
)
from mbc_voice.library import Sentence
from mbc_voice.parts import Typed, Voice
from mbc_voice.silent import SilentVoice
from small_library import small_library

TOLD = (Sentence("a.1", "One."), Sentence("a.2", "Two."))


def test_each_sentence_is_written_once_and_reported() -> None:
    """What is to be said is written sentence by sentence, and then it is over."""
    news: list[Event] = []
    written: list[str] = []
    voice: Voice = SilentVoice(news.append, written.append)
    voice.say(Utterance(7, TOLD))
    assert written == ["One.", "Two."]
    assert news == [SentenceStarted(7, 0), SentenceStarted(7, 1), UtteranceEnded(7)]


def interpret(text: str, context: Context) -> Outcome:
    return Answer("ibrance", 0.9)


def test_what_is_written_is_over_before_the_next_question() -> None:
    """Questions that wait already cut nothing off: everything is read to its end."""
    written: list[str] = []
    news: list[Assistant] = []
    voice = SilentVoice(lambda event: news[0].post_next(event), written.append)
    assistant = Assistant(begin(small_library()), interpret, voice, show=lambda snapshot: None)
    news.append(assistant)
    for item in (Started(), Typed("one"), Typed("two")):
        assistant.post(item)
    assistant.finish_when_quiet()
    assert assistant.run() == 0
    assert written.count("Ibrance is palbociclib.") == 2
    assert written.count("What else would you like to know?") == 2

"""Clean lines for a screen reader."""

from __future__ import annotations

import io
from dataclasses import replace

from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import Snapshot
from mbc_voice.shells.captions import Captions
from mbc_voice.shells.lines import Lines
from script import Talk
from small_library import small_library

QUIET = Snapshot(phase="listening")


def test_the_question_stands_before_its_answer_and_each_sentence_on_one_line() -> None:
    """Lines come in the order of the talk, whole however long, and without decoration."""
    out = io.StringIO()
    lines = Lines(out)
    long = "A very long sentence " * 20 + "ends."
    lines.say("Title.")
    lines.say(long)
    lines.show(Snapshot(phase="speaking", heard="a question"))
    lines.show(replace(QUIET, heard="a question"))
    assert out.getvalue() == f"You: a question\nTitle.\n{long}\n(listening)\n"


def test_the_same_question_asked_again_is_printed_again() -> None:
    """Who asks the same thing twice sees both questions, and each once."""
    for screen in (Lines, Captions):
        out = io.StringIO()
        shown = screen(out)
        for asked in (1, 1, 2):
            shown.show(Snapshot(phase="speaking", heard="a question", asked=asked))
        assert out.getvalue().count("You: a question") == 2


def test_a_sentence_said_again_is_printed_again() -> None:
    """Repeat prints the line again: that is what a screen reader can speak."""
    out = io.StringIO()
    lines = Lines(out)
    for _ in range(2):
        lines.say("Again.")
        lines.show(Snapshot(phase="speaking"))
    assert out.getvalue() == "Again.\nAgain.\n"


def test_lines_wait_while_a_question_is_typed() -> None:
    """Nothing breaks into the words being typed; it comes when they were sent."""
    out = io.StringIO()
    lines = Lines(out)
    lines.typed("")
    lines.typed("wh")
    lines.line("News.")
    lines.typed("w")
    lines.typed(None)
    assert out.getvalue().endswith(": wh\b \b\nNews.\n")
    lines.typed(None)
    assert out.getvalue().endswith("News.\n")


def captioned(*lines: str) -> list[str]:
    """Return what the captions of a talk add for the last of these lines."""
    out = io.StringIO()
    captions, talk = Captions(out), Talk(small_library())
    for line in lines:
        before = len(out.getvalue())
        talk.line(line)
        captions.show(snapshot(talk.state))
    return out.getvalue()[before:].split("\n\n")[:-1]


READING = ("key: answer spread-where", "sentence 1", "sentence 2")


def test_a_caption_said_again_is_printed_again() -> None:
    """Who asks by key for the sentence again sees it again."""
    sentence = captioned(*READING)
    assert len(sentence) == 1
    assert captioned(*READING, "word: 2 3 7", "key: repeat") == sentence


def test_a_caption_that_goes_on_is_not_printed_again() -> None:
    """Words that are heard, and a new speed from the same word on, add nothing."""
    assert captioned(*READING, "word: 2 3 7") == []
    assert captioned(*READING, "word: 2 3 7", "key: faster") == []

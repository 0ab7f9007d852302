"""Were these words all? Judged over the real content, or a part of it that needs no model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.events import Answer, Command, Context, NotCovered
from mbc_voice.understand.completeness import Completeness, Degree, pause_ms
from mbc_voice.understand.interpret import Interpreter
from mbc_voice.understand.wordings import Label, Wording

EXAMPLES = Completeness(
    [
        Wording("what are the symptoms", Label("topic", "overview"), 1.0),
        Wording("what are the symptoms in the brain", Label("topic", "brain"), 1.0),
        Wording("no more", Label("command", "stop"), 1.0),
    ]
)


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("Stop.", "order"),
        ("Pause", "order"),
        ("Slower.", "order"),
        ("Volume five", "order"),
        ("Spell", "likely"),
        ("No.", "likely"),
        ("Is it curable?", "whole"),
        ("What are the symptoms in the brain?", "whole"),
        ("I can't breathe.", "whole"),
        ("What are the symptoms", "likely"),
        ("Can you tell me what hormone therapy is?", "likely"),
        ("Is there a clinical trial that she could join in", "likely"),
        ("Is there anything I should watch out for?", "likely"),
        ("Can they give something for", "unfinished"),
        ("The symptoms are", "unfinished"),
        ("What about the", "unfinished"),
        ("What about", "unfinished"),
        ("I would like to know", "unfinished"),
        ("I have pain in my", "unfinished"),
        ("What is the difference between radiation", "unfinished"),
        ("How do I choose between one treatment", "unfinished"),
        ("What is the difference between these", "unclear"),
        ("How long between each scan", "unclear"),
        ("What happens in between chemo", "likely"),
        ("What are the symptoms in the brain and", "unfinished"),
        ("What are the symptoms in, um...", "unfinished"),
        ("Symptoms in the liver, uh", "unfinished"),
    ],
)
def test_how_complete_words_are(interpreter: Interpreter, text: str, degree: Degree) -> None:
    """Orders and whole questions, those that may go on, and those that break off."""
    assert interpreter.degree(text) == degree


def test_a_pick_from_what_is_on_offer_is_whole(interpreter: Interpreter) -> None:
    """One word that names what was offered needs nothing after it."""
    context = Context(None, ("symptoms-lung", "symptoms-brain"))
    assert interpreter.degree("the lungs", context) == "whole"


def test_a_question_that_others_begin_with_may_go_on() -> None:
    """Where another topic's wording begins alike, the end is not certain."""
    assert EXAMPLES.degree("What are the symptoms?", Answer("overview", 0.99)) == "likely"
    last = "What are the symptoms in the brain?"
    assert EXAMPLES.degree(last, Answer("brain", 0.99)) == "whole"
    assert EXAMPLES.degree("No", Command("no")) == "likely"


def test_question_marks_count_where_nothing_fits() -> None:
    """A long question without an answer is likely whole if it was heard as one."""
    nothing = NotCovered(None, 0.9)
    assert EXAMPLES.degree("Did you see the game tonight?", nothing) == "likely"
    assert EXAMPLES.degree("Did you see the game tonight", nothing) == "unclear"


@given(st.text(max_size=60), st.sampled_from([Answer("brain", 0.9), NotCovered("cost", 0.9)]))
def test_any_text_has_a_degree(text: str, outcome: Answer | NotCovered) -> None:
    """Whatever a recognizer writes, it is judged without raising."""
    assert EXAMPLES.degree(text, outcome) in ("whole", "likely", "unclear", "unfinished")


@pytest.mark.parametrize("usual", [500, 1600, 3000])
def test_less_complete_words_are_waited_for_longer(usual: int) -> None:
    """The waits rise with doubt, and only what is unfinished outlasts the usual pause."""
    degrees: tuple[Degree, ...] = ("order", "whole", "likely", "unclear", "unfinished")
    waits = [pause_ms(degree, usual) for degree in degrees]
    assert waits == sorted(waits)
    assert max(waits[:-1]) == usual
    assert waits[-1] >= usual

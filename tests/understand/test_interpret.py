from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbc_voice.events import (
    OUTCOME_NAMES,
    Answer,
    Choose,
    Command,
    Context,
    NotCovered,
    NothingHeard,
    Outcome,
    Urgent,
    outcome_ids,
)
from mbc_voice.library import Library
from mbc_voice.understand.deciding import decide
from mbc_voice.understand.interpret import Interpreter
from mbc_voice.understand.matcher import Match

PLACES = ("symptoms-bone", "symptoms-liver", "symptoms-lung", "symptoms-brain")
ODD = [
    "",
    " ",
    "?!",
    "um",
    "\U0001f642\U0001f642",
    "\x00\x1b[2J",
    "the of and",
    "'; DROP TABLE topics; --",
    "$(rm -rf /)",
    "\u4f60\u597d \u0645\u0631\u062d\u0628\u0627",
    "a" * 10_000,
    "word " * 5_000,
    "9" * 10_000,
    "\ud800 lone",
    "what is it that you are",
    "SELECT * FROM answers WHERE id=1 OR 1=1",
    "`curl x | sh` && exit 1",
    "\u2764\ufe0f\U0001f468\u200d\U0001f469\u200d\U0001f467 cancer \U0001f622",
    "\u0643\u064a\u0641 \u0430\u0431\u0432 \u0e01\u0e02 \ud55c\uad6d\uc5b4",
    "\u202e\u0007\u0085 bone\x00 pain\ufeff",
    "can i " * 1_700,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_input_has_an_outcome(small: Interpreter, text: str) -> None:
    """Empty, endless, foreign or hostile text is understood as something, without an error."""
    assert type(small.interpret(text)) in OUTCOME_NAMES


@pytest.mark.engine
@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("where dose it spred to", "where-it-spreads"),
        ("hormoan therapy", "treatment-hormone"),
        ("waht are simptoms in the livr", "symptoms-liver"),
    ],
)
def test_a_mistyped_question_is_answered(interpreter: Interpreter, typed: str, topic: str) -> None:
    """What would be sent away is read again with its typing errors mended, and says so."""
    outcome = interpreter.interpret(typed)
    assert outcome_ids(outcome) == [topic]
    assert isinstance(outcome, Answer)
    assert "spelling" in {item.source for item in outcome.evidence}


@pytest.mark.engine
@pytest.mark.parametrize(
    "text",
    [
        "my grandad had a heart attack in 1990",
        "what should i do if i get a fever one day",
        "if my temperature ever gets high who do i ring",
        "my aunt had a stroke in the eighties",
        "i nearly fainted when she told me",
        "it makes my blood boil",
        "i can't walk far",
    ],
)
def test_what_was_long_ago_or_is_only_supposed_is_no_alarm(
    interpreter: Interpreter, text: str
) -> None:
    """What happened decades ago, might happen one day or is a figure of speech alarms nobody."""
    assert not isinstance(interpreter.interpret(text), Urgent)


@pytest.mark.engine
@pytest.mark.parametrize(
    "text",
    [
        "i can't feel my lakes",
        "she's panting really hard just sitting there",
        "everything i eat or drink comes straight back",
        "he's taken a whole week's tablets in one go",
        "she cannae move her airm",
        "mi cyaan breathe",
        "i've been saving up my tablets so i can go",
    ],
)
def test_what_is_only_like_an_emergency_is_one_where_it_is_acute(
    interpreter: Interpreter, text: str
) -> None:
    """Unusual or garbled words for something sudden or severe raise the alarm."""
    assert isinstance(interpreter.interpret(text), Urgent)


@pytest.mark.engine
@pytest.mark.parametrize(
    "text",
    [
        "i can't do this anymore",
        "please stay with me",
        "we said goodbye yesterday",
        "i don't want chemo anymore",
        "do i need all of them",
        "that was very kind of you",
    ],
)
def test_despair_and_questions_are_no_orders(interpreter: Interpreter, text: str) -> None:
    """One word of an order does not make an order of what somebody feels or asks."""
    assert not isinstance(interpreter.interpret(text), Command)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("eh?", "repeat", None),
        ("uh huh", "yes", None),
        ("ya", "yes", None),
        ("slower than that", "slower", None),
        ("hey google turn it up", "louder", None),
        ("volume sixty percent", "volume", 6),
        ("set it to a hundred percent", "volume", 10),
        ("the last one", "choose-number", None),
    ],
)
def test_orders_with_small_things_around_them(
    interpreter: Interpreter, text: str, name: str, number: int | None
) -> None:
    """Grunts, trailing words, other machines' names and percents leave an order an order."""
    outcome = interpreter.interpret(text)
    assert isinstance(outcome, Command)
    assert (outcome.name, outcome.number) == (name, number)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "topic", "expected"),
    [
        ("the second of those", "treatment-overview", "treatment-chemo"),
        ("the last one", "where-it-spreads", "symptoms-brain"),
        ("does it hurt", "treatment-chemo", "symptoms-from-treatment"),
        ("is it painful", "diagnosis-tests", "test-experience"),
        ("what are the others", "treatment-hormone", "treatment-hormone-other"),
    ],
)
def test_short_questions_mean_what_was_just_read(
    interpreter: Interpreter, text: str, topic: str, expected: str
) -> None:
    """A place in a list, pain, or "the others" is taken of the topic last answered."""
    assert expected in outcome_ids(interpreter.interpret(text, Context(topic)))


@pytest.mark.engine
def test_a_garbled_name_tells_more_than_the_word_of_an_order_in_it(
    interpreter: Interpreter,
) -> None:
    """Afinitor, heard as "a fin a tour", is not the tour."""
    assert outcome_ids(interpreter.interpret("a fin a tour")) == ["treatment-hormone-other"]


@pytest.mark.engine
@pytest.mark.parametrize("text", ["the wallpaper peels in spring", "triangles have three sides"])
def test_no_referral_is_named_for_what_is_far_from_all(interpreter: Interpreter, text: str) -> None:
    """Words that are like no example get the plain prompt for what was not understood."""
    outcome = interpreter.interpret(text)
    assert isinstance(outcome, NotCovered)
    assert outcome.referral is None


@pytest.mark.engine
@pytest.mark.parametrize("text", ODD)
def test_odd_input_has_an_outcome_with_the_model_too(interpreter: Interpreter, text: str) -> None:
    """The sentence model takes whatever is left of such text as well."""
    assert type(interpreter.interpret(text, Context("symptoms-bone"))) in OUTCOME_NAMES


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from([Context(), Context("symptoms-bone"), Context(None, PLACES)]),
)
def test_any_text_has_one_outcome_and_always_the_same(
    small: Interpreter, text: str, context: Context
) -> None:
    """Whatever is said anywhere gives one outcome, and the same one again."""
    first = small.interpret(text, context)
    assert type(first) in OUTCOME_NAMES
    assert small.interpret(text, context) == first


def test_no_words_are_nothing_heard(small: Interpreter) -> None:
    """Silence, hesitation and punctuation are no question."""
    assert small.interpret("") == small.interpret("um, uh...") == NothingHeard()


@pytest.mark.parametrize("context", [Context(), Context("symptoms-lung"), Context(None, PLACES)])
def test_urgent_signs_and_commands_win_over_the_talk(small: Interpreter, context: Context) -> None:
    """Wherever the talk is, an emergency is an emergency and "stop" stops."""
    assert small.interpret("stop, I can't breathe", context) == Urgent("breathing")
    stop = small.interpret("stop", context)
    assert isinstance(stop, Command)
    assert stop.name == "stop"


@pytest.mark.parametrize(
    ("text", "context", "ids"),
    [
        ("the liver", Context(None, PLACES), ["symptoms-liver"]),
        ("no, the lungs", Context("symptoms-brain", PLACES), ["symptoms-lung"]),
        ("the last one", Context(None, PLACES), ["symptoms-brain"]),
        ("both", Context(None, PLACES[:2]), ["both"]),
        ("both", Context("symptoms-bone"), ["both"]),
        ("what about the liver", Context("symptoms-bone"), ["symptoms-liver"]),
        ("and in the brain", Context("symptoms-bone"), ["symptoms-brain"]),
        ("no, the lungs", Context("symptoms-brain"), ["symptoms-lung"]),
    ],
)
def test_short_replies_lean_on_the_talk(
    small: Interpreter, text: str, context: Context, ids: list[str]
) -> None:
    """A reply that names or counts is read by what was offered or said before."""
    assert outcome_ids(small.interpret(text, context)) == ids


def match(first: float, any_: float, *shares: float, referral: float = 0.05) -> Match:
    topics = tuple((f"t{place}", share) for place, share in enumerate(shares))
    return Match(topics, first, any_, {"referral": ("r", referral)}, ("an example", 0.5))


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (match(0.9, 0.95, 0.8, 0.1), Answer("t0", 0.9)),
        (match(0.5, 0.9, 0.3, 0.28, 0.2, 0.19), Choose(("t0", "t1", "t2"), 0.9)),
        (match(0.5, 0.9, 0.3, 0.28, 0.01), Choose(("t0", "t1"), 0.9)),
        (match(0.2, 0.3, 0.1, 0.05, referral=0.6), NotCovered("r", 0.8)),
        (match(0.9, 0.95, 0.3, 0.1, referral=0.6), NotCovered("r", 0.1)),
        (match(0.0, 0.0, 0.01, 0.01, referral=0.001), NotCovered(None, 1.0)),
    ],
)
def test_chances_become_decisions(found: Match, outcome: Outcome) -> None:
    """A clear topic is answered, near ties are offered, and the rest is declined."""
    decided = decide(found)
    assert type(decided) is type(outcome)
    assert outcome_ids(decided) == outcome_ids(outcome)
    assert getattr(decided, "score") == pytest.approx(getattr(outcome, "score"))  # noqa: B009


def test_the_reasons_are_given(small: Interpreter) -> None:
    """An answer carries what spoke for it."""
    outcome = small.interpret("symptoms when it is in the liver")
    assert isinstance(outcome, Answer)
    assert outcome.evidence


@pytest.mark.engine
def test_every_title_asked_as_a_question_reaches_its_topic(
    interpreter: Interpreter, library: Library
) -> None:
    """All titles, bare or within a question, are answered by their topic."""
    frames = ("{}", "tell me about {}", "what about {}?", "can you tell me about {} please")
    wrong = [
        (frame, topic.title)
        for topic in library.topics.values()
        for frame in frames
        if outcome_ids(interpreter.interpret(frame.format(topic.title))) != [topic.id]
    ]
    assert wrong == []


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "kind", "id"),
    [
        ("my mom's cancer went into her bones, what will she feel", Answer, "symptoms-bone"),
        ("bones", Answer, "symptoms-bone"),
        ("side effects", Answer, "symptoms-from-treatment"),
        ("what is i brands for", Answer, "treatment-er-her2neg"),
        ("her septin", Answer, "treatment-her2"),
        ("zometa", Answer, "treatment-bone-drugs"),
        ("what is her to", Answer, "treatment-her2"),
        ("What is palbicyclib?", Answer, "treatment-er-her2neg"),
        ("no thank you", Command, "no"),
        ("thank you", NotCovered, "thanks"),
        ("what does letrozole do", Answer, "treatment-hormone"),
        ("can lung metastasis cause chest pain", Answer, "symptoms-lung"),
        ("how much ibrance should i take", NotCovered, "doses"),
        ("tell me a joke", NotCovered, "small-talk"),
        ("i feel my heart racing and i can't get any air", Urgent, "breathing"),
    ],
)
def test_people_are_understood(
    interpreter: Interpreter, text: str, kind: type[Outcome], id: str
) -> None:
    """Everyday, short and garbled questions reach the right place."""
    outcome = interpreter.interpret(text)
    assert (kind, [id]) == (type(outcome), outcome_ids(outcome))


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("how much ibrance should i take", "treatment-er-her2neg"),
        ("what is the dose of herceptin", "treatment-her2"),
        ("zometa how often", "treatment-bone-drugs"),
    ],
)
def test_a_referral_names_the_topic_of_a_name_in_the_question(
    interpreter: Interpreter, text: str, nearest: str
) -> None:
    """What isn't covered leads to what is known about the medicine that was named."""
    outcome = interpreter.interpret(text)
    assert isinstance(outcome, NotCovered)
    assert outcome.nearest[0] == nearest
    assert len(outcome.nearest) <= 2


@pytest.mark.engine
@pytest.mark.parametrize(
    ("text", "context", "id"),
    [
        ("how is that treated", Context("symptoms-bone"), "treatment-bone-drugs"),
        ("and the side effects", Context("treatment-chemo"), "symptoms-from-treatment"),
        ("is there a cure", Context("symptoms-bone"), "curable"),
        ("how long does it last", Context("treatment-radiation"), "treatment-radiation"),
    ],
)
def test_leaning_questions_are_spelled_out(
    interpreter: Interpreter, text: str, context: Context, id: str
) -> None:
    """A pointing word stands for what was talked about; a question that stands alone stays so."""
    assert outcome_ids(interpreter.interpret(text, context)) == [id]


@pytest.mark.parametrize("text", ["xqzt blorf", "a b", "the the of", "lorem ipsum dolor"])
def test_words_nobody_knows_mean_nothing(interpreter: Interpreter, text: str) -> None:
    """Words that stand in no question of the library lead to no referral."""
    outcome = interpreter.interpret(text)
    assert isinstance(outcome, NotCovered)
    assert outcome.referral is None

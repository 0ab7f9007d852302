from __future__ import annotations

import pytest

from mbc_voice.events import Answer, Choose, Command, NotCovered, NothingHeard, Outcome, Urgent
from mbc_voice.understand.interpret import Interpreter
from mbc_voice.understand.second_reading import (
    READINGS,
    better_among,
    speeds,
    wants_second_reading,
)


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (Answer("symptoms-bone", 0.95), False),
        (Answer("symptoms-bone", 0.72), True),
        (Choose(("symptoms-bone", "symptoms-liver"), 0.8), True),
        (NotCovered("cost", 0.9), True),
        (NothingHeard(), True),
        (Command("stop"), False),
        (Command("start-over"), True),
        (Urgent("breathing"), False),
    ],
)
def test_only_a_doubtful_outcome_is_read_again(outcome: Outcome, wanted: bool) -> None:
    """Most orders, alarms and sure answers stand as they were first read."""
    assert wants_second_reading(outcome) == wanted


DOUBT = NotCovered(None, 0.5)


@pytest.mark.parametrize(
    ("first", "over_us", "worth"),
    [
        (DOUBT, False, True),
        (Answer("symptoms-bone", 0.7), False, True),
        (Choose(("symptoms-bone", "symptoms-liver"), 0.8), False, True),
        (DOUBT, True, False),
        (NotCovered("cost", 0.9), False, False),
        (NothingHeard("unclear"), False, False),
        (Command("goodbye"), False, False),
    ],
)
def test_other_speeds_are_for_what_may_become_an_answer(
    first: Outcome, over_us: bool, worth: bool
) -> None:
    """The sound is always read as it is first; where only an alarm counts, that is all."""
    found = speeds(first, over_us=over_us)
    assert found[0] == 1.0
    assert (len(found) > 1) == worth


def better(first: Outcome, *readings: str, over_us: bool = False) -> str | None:
    """Return what counts in place of a first reading, by the meanings below."""
    return better_among(first, readings, lambda text: MEANINGS.get(text, DOUBT), over_us=over_us)


MEANINGS: dict[str, Outcome] = {
    "urgent": Urgent("breathing"),
    "stop": Command("stop"),
    "a kind of stop": Command("stop", score=0.8),
    "yes": Command("yes"),
    "one": Command("choose-number", number=1),
    "goodbye": Command("goodbye"),
    "lungs": Answer("symptoms-lung", 0.95),
    "the lungs": Answer("symptoms-lung", 0.92),
    "liver": Answer("symptoms-liver", 0.95),
    "perhaps bones": Answer("symptoms-bone", 0.89),
}


@pytest.mark.parametrize("over_us", [True, False])
def test_an_emergency_among_the_readings_is_heard(small: Interpreter, over_us: bool) -> None:
    """The urgent sign of a later reading counts, whatever else there is."""
    readings = ("where is the train", "stop", "I can't breathe")
    found = better_among(DOUBT, readings, small.interpret, over_us=over_us)
    assert found == "I can't breathe"


@pytest.mark.parametrize(
    ("readings", "counts"),
    [
        (("tree", "stop", "lungs"), "stop"),
        (("tree", "lungs"), "lungs"),
        (("liver", "the lungs", "lungs"), "the lungs"),
        (("liver", "lungs"), "liver"),
        (("tree", "perhaps bones", "a kind of stop", "yes", "goodbye", "one"), None),
        (("yes", "one"), None),
        ((*["tree"] * READINGS, "lungs", "urgent"), None),
        ((), None),
    ],
)
def test_exact_orders_and_very_sure_answers_count(
    readings: tuple[str, ...], counts: str | None
) -> None:
    """The order first, then the answer that most readings agree on; nothing that is less sure."""
    assert better(DOUBT, *readings) == counts
    assert better(DOUBT, *readings, over_us=True) is None


@pytest.mark.parametrize(
    "first", [NotCovered("cost", 0.9), NothingHeard("unclear")], ids=["sent elsewhere", "unclear"]
)
def test_a_known_refusal_gives_way_to_an_emergency_alone(first: Outcome) -> None:
    """What we know to send elsewhere, or couldn't write down, becomes no answer."""
    assert better(first, "lungs", "stop") is None
    assert better(first, "lungs", "urgent") == "urgent"


@pytest.mark.parametrize("over_us", [True, False])
def test_start_may_have_been_stop(over_us: bool) -> None:
    """An emergency counts in place of one that "stop" is misheard as, and "stop", and no more."""
    start = Command("start-over")
    assert better(start, "lungs", "stop", over_us=over_us) == "stop"
    assert better(start, "lungs", "stop", "urgent", over_us=over_us) == "urgent"
    assert better(start, "lungs", "yes", over_us=over_us) is None


@pytest.mark.parametrize("text", ["my leg of lamb", "can't move my car"])
def test_a_few_words_of_something_else_are_no_sign(small: Interpreter, text: str) -> None:
    """A word that no report of a sign holds takes the alarm from a short likeness."""
    assert not isinstance(small.interpret(text), Urgent)

"""Keys of a terminal, as bytes in and names out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.shells.keys import (
    LONGEST_QUESTION,
    HeldKeys,
    Key,
    KeyDecoder,
    Pressed,
    Question,
    TypingChanged,
    TypingLeft,
    TypingStarted,
)


def feed(*chunks: bytes) -> list[Pressed]:
    decoder = KeyDecoder()
    pressed = [item for chunk in chunks for item in decoder.feed(chunk)]
    return pressed + decoder.flush()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b" ", "space"),
        (b"+", "plus"),
        (b"-", "minus"),
        (b"\x1b[A", "up"),
        (b"\x1bOC", "right"),
        (b"\x1b[1~", "home"),
        (b"\x1b", "escape"),
        (b"r", "r"),
        (b"R", "R"),
        (b"?", "?"),
        (b"7", "7"),
    ],
)
def test_a_key_has_its_name(data: bytes, name: str) -> None:
    """Each key arrives under the name the library uses."""
    assert [Key(name)] == feed(data)


def test_a_sequence_may_arrive_in_pieces() -> None:
    """An arrow key split over two reads is still one key."""
    assert [Key("up")] == feed(b"\x1b", b"[A")


def test_escape_before_another_key_is_two_keys() -> None:
    """Escape followed at once by a letter is Escape and the letter."""
    assert [Key("escape"), Key("r")] == feed(b"\x1br")


def test_unknown_sequences_are_passed_over() -> None:
    """A function key that means nothing here does nothing, and what follows still works."""
    assert [Key("space")] == feed(b"\x1b[15~ ")


def test_enter_begins_and_sends_a_question() -> None:
    """Between two Enters every key is a letter of the question."""
    assert [
        TypingStarted(),
        TypingChanged("h"),
        TypingChanged("hi"),
        TypingChanged("h"),
        TypingChanged("ho"),
        Question("ho"),
        Key("h"),
    ] == feed(b"\rhi\x7fo\rh")


def test_escape_leaves_typing_without_a_question() -> None:
    """Escape, and Enter on an empty line, send nothing."""
    assert [TypingStarted(), TypingChanged("x"), TypingLeft()] == feed(b"\nx", b"\x1b")
    assert [TypingStarted(), TypingLeft()] == feed(b"\n\n")


def test_a_typed_question_is_bounded() -> None:
    """A stuck key can't fill the memory."""
    decoder = KeyDecoder()
    decoder.feed(b"\n" + b"a" * 10_000)
    assert decoder.typing is not None
    assert len(decoder.typing) == LONGEST_QUESTION


@given(st.lists(st.binary(max_size=12), max_size=20))
def test_any_bytes_are_survived(chunks: list[bytes]) -> None:
    """Whatever a terminal sends, nothing is raised and the next Escape is understood."""
    decoder = KeyDecoder()
    for chunk in chunks:
        decoder.feed(chunk)
    decoder.flush()
    decoder.feed(b"\x1b")
    assert decoder.flush() in ([Key("escape")], [TypingLeft()])


@given(st.text(alphabet="ab \x1b[AO\r", max_size=30), st.integers(min_value=0, max_value=30))
def test_splitting_the_bytes_changes_nothing(text: str, at: int) -> None:
    """The same bytes give the same keys however the reads fall, if none is flushed between."""
    data = text.encode()
    assert feed(data) == feed(data[:at], data[at:])


@pytest.mark.parametrize(("key", "delay"), [("tab", 0.5), ("space", 0.5), ("down", 0.1)])
def test_a_stuck_key_counts_once(key: str, delay: float) -> None:
    """A key held down for ten minutes is one press, and the next real press counts again."""
    times = [10.0, *(10.0 + delay + 0.033 * number for number in range(18_000))]
    now = [0.0]
    held = HeldKeys(lambda: now[0])
    taken = 0
    for now[0] in times:
        taken += not held.repeats(key)
    assert taken == 1
    now[0] += 1.0
    assert not held.repeats(key)


def test_quick_presses_of_a_person_count() -> None:
    """Three sentences on in a second are three."""
    now = [10.0]
    held = HeldKeys(lambda: now[0])
    for _ in range(3):
        assert not held.repeats("down")
        now[0] += 0.2

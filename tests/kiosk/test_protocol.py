"""What the page may send, and what becomes of everything else."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.shells.kiosk import protocol
from mbc_voice.shells.kiosk.protocol import (
    CommandGiven,
    Known,
    Message,
    PlaceAsked,
    Played,
    RefusedError,
    TalkPressed,
    TextTyped,
    TopicAsked,
    VisitAsked,
    parse,
)

KNOWN = Known(
    frozenset(("stop", "volume", "spell")), frozenset(("symptoms-lung",)), frozenset(("lungs",))
)

MESSAGES: list[tuple[dict[str, Any], Message]] = [
    ({"kind": "command", "name": "stop"}, CommandGiven("stop")),
    ({"kind": "command", "name": "volume", "number": 0}, CommandGiven("volume", 0)),
    ({"kind": "command", "name": "spell", "word": "HER2"}, CommandGiven("spell", None, "HER2")),
    ({"kind": "text", "text": "  is it\u00a0bad? "}, TextTyped("is it bad?")),
    ({"kind": "topic", "id": "symptoms-lung"}, TopicAsked("symptoms-lung")),
    ({"kind": "place", "id": "lungs"}, PlaceAsked("lungs")),
    ({"kind": "talk", "open": True}, TalkPressed(True)),
    ({"kind": "visit", "what": "extend"}, VisitAsked("extend")),
    ({"kind": "played", "clip": 3, "sample": 4800}, Played(3, 4800)),
]


@pytest.mark.parametrize(("data", "expected"), MESSAGES, ids=lambda item: str(item)[:40])
def test_known_messages_are_taken(data: dict[str, Any], expected: Message) -> None:
    """Each kind of message is what the page about the protocol says."""
    assert parse(json.dumps(data), KNOWN) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "one JSON object"),
        ("[]", "one JSON object"),
        ("[" * 4000, "one JSON object"),
        ('{"kind": NaN}', "one JSON object"),
        ("x" * 4097, "at most 4096 characters"),
        ('{"kind": "quit"}', "the kinds of a message"),
        ('{"kind": ["stop"]}', "the kinds of a message"),
        ('{"kind": "command", "name": "rm -rf"}', "command: unknown name"),
        ('{"kind": "command", "name": {}}', "command: unknown name"),
        ('{"kind": "command", "name": "volume", "number": true}', "whole number from 0 to 999"),
        ('{"kind": "command", "name": "volume", "number": 1000}', "whole number from 0 to 999"),
        ('{"kind": "command", "name": "volume", "number": 1.0}', "whole number from 0 to 999"),
        ('{"kind": "command", "name": "stop", "path": "/etc"}', "too many fields"),
        ('{"kind": "text", "text": ""}', "text is empty"),
        ('{"kind": "text", "text": "\\u0007"}', "control characters"),
        ('{"kind": "text", "text": "\\ud800"}', "control characters"),
        ('{"kind": "text"}', "at most 500 characters"),
        (json.dumps({"kind": "text", "text": "a" * 501}), "at most 500 characters"),
        ('{"kind": "topic", "id": "../../secret"}', "topic: unknown id"),
        ('{"kind": "talk", "open": 1}', "true or false"),
        ('{"kind": "visit", "what": "for ever"}', "visit: unknown what"),
        ('{"kind": "played", "clip": -1, "sample": 0}', "whole number"),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, reason: str) -> None:
    """What isn't a message is told by kind and field, never by what stood there."""
    with pytest.raises(RefusedError, match=reason) as caught:
        parse(text, KNOWN)
    assert "\n" not in str(caught.value)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["kind", "name", "number", "word", "text", "id", "open", "what", "clip", "sample"]
)
kinds = st.sampled_from([data["kind"] for data, _ in MESSAGES])
likely = st.sampled_from(
    ["stop", "volume", "symptoms-lung", "lungs", True, 3, "start", "what is it"]
)
objects = st.dictionaries(names | st.text(max_size=5), likely | json_values, max_size=5)


@given(
    st.text()
    | objects.map(json.dumps)
    | st.builds(lambda kind, fields: json.dumps({**fields, "kind": kind}), kinds, objects)
)
def test_no_text_does_more_than_being_refused(text: str) -> None:
    """Whatever comes is a known message with known ids and modest sizes, or refused."""
    try:
        message = parse(text, KNOWN)
    except RefusedError:
        return
    match message:
        case CommandGiven(name=name, number=number, word=word):
            assert name in KNOWN.commands
            assert number is None or 0 <= number <= 999
            assert len(word) <= 60
        case TextTyped(text=typed):
            assert 0 < len(typed) <= 500
            assert typed.isprintable() or not typed.isascii()
        case TopicAsked(id=id):
            assert id in KNOWN.topics
        case PlaceAsked(id=id):
            assert id in KNOWN.places


@given(st.binary(max_size=7000))
def test_blocks_of_the_microphone_are_sound_or_refused(data: bytes) -> None:
    """A block becomes half as many samples, all within bounds; odd and oversized ones don't."""
    try:
        samples = protocol.microphone_block(data)
    except RefusedError:
        assert len(data) % 2 or not 320 <= len(data) <= 6400
        return
    assert len(samples) == len(data) // 2
    assert samples.dtype == np.float32
    assert float(np.abs(samples).max()) <= 1.0


def test_a_frame_of_sound_is_laid_out_as_written() -> None:
    """Clip, first sample, flags, and little-endian samples, held to their range."""
    frame = protocol.sound_frame(7, 4800, np.array([0.0, 1.0, -2.0], np.float32), protocol.LAST)
    assert frame.hex() == "07000000" + "c0120000" + "01000000" + "0000" + "ff7f" + "0180"

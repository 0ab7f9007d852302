"""The laws hold for damaged input of every kind, and for what a fuzzer once broke them with."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz_laws import LAWS
from fuzz_seeds import seeds

ODD = (
    "\x00", "\t", "\r", "\n", "\u2028", "\ufeff", "\u202e", "\U0001f622", "\udcff", "é",
    "ß", "İ", "९", "²",
    '"', "'", "\\", '"""', "[", "]", "{", "}", "[[", "---", "- ", ":", "#", "|", "%", "%00", "..",
    "null", "NaN", "1e999", "-1", "true", "0x", "9" * 400, "a" * 3_000, "[" * 2_000,
)  # fmt: skip
"""What is put where it doesn't belong."""

inserted = st.sampled_from([text.encode("utf-8", "surrogateescape") for text in ODD]) | st.binary(
    max_size=8
)
edits = st.tuples(st.integers(0, 2**16), st.integers(0, 40), inserted)
"""Where, how much is taken away there, and what is put there."""


def damaged(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Return data after some edits."""
    for place, taken, put in changes:
        start = place % (len(data) + 1)
        data = data[:start] + put + data[start + taken :]
    return data


@pytest.mark.parametrize("name", LAWS)
def test_what_is_as_it_should_be_is_taken(name: str) -> None:
    """Every law holds for input without a flaw, and there is some for each."""
    assert seeds()[name]
    for seed in seeds()[name]:
        LAWS[name](seed)


@pytest.mark.parametrize(
    ("name", "examples"),
    [
        ("page", 300),
        ("request", 300),
        ("settings", 200),
        ("clinic", 150),
        ("content", 100),
        ("words", 40),
    ],
)
def test_what_is_damaged_breaks_nothing(name: str, examples: int) -> None:
    """Cut, doubled, foreign or senseless input has an answer or one clear line."""

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(seeds()[name]), st.lists(edits, min_size=1, max_size=4))
    def holds(seed: bytes, changes: list[tuple[int, int, bytes]]) -> None:
        LAWS[name](damaged(seed, changes))

    holds()


@pytest.mark.parametrize("name", LAWS)
@given(data=st.binary(max_size=200))
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_noise_breaks_nothing(name: str, data: bytes) -> None:
    """Bytes without any sense have an answer or one clear line."""
    LAWS[name](data)

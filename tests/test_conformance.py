"""`docs/conformance.md` holds every requirement, and each names a proof that exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "conformance.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| (EN|508|WCAG|Ear|Manner) ", line)
]
CLOSED = (
    "5.1.2.2 5.1.3.1 5.1.3.3 5.1.3.4 5.1.3.5 5.1.3.6 5.1.3.9 5.1.3.10 5.1.3.11 8.2.1 5.1.3.14 "
    "5.1.3.15 5.1.4 5.1.5 5.1.6 5.1.7 5.2 5.6 5.7 5.8 5.9 407.5 408.3"
)
"""Clauses of EN 301 549 and Section 508 that bind a product nothing can be attached to."""
WCAG = (
    "1.4.6 1.4.4 1.4.10 1.4.12 1.4.11 2.4.13 2.4.7 2.4.11 2.1.1 2.1.2 2.1.4 2.5.5 2.5.3 2.2.1 "
    "2.2.6 2.3.3 4.1.3 3.3.1 3.3.3 3.2.6 3.1.3 3.1.4 3.1.6 3.1.5 1.4.8"
)


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(one.name for one in functions if one.name.startswith("test_"))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_is_proved_by_tests_that_exist(row: list[str]) -> None:
    """Each row says what is asked, and names a test that is there, or a person's work."""
    assert len(row) == 3
    assert row[1]
    named = re.findall(r"`([^`]+)`", row[2])
    for name in named:
        path, _, test = name.partition("::")
        assert (ROOT / path).is_file(), name
        assert test in names_in(ROOT / path), name
    assert named or re.search(r"\*\*(hardware|review)\*\*", row[2])


def test_no_requirement_is_left_out() -> None:
    """Every clause that binds the kiosk or its page has a row."""
    found = set(re.findall(r"\d+(?:\.\d+)+", " ".join(row[0] for row in ROWS)))
    assert set(CLOSED.split()) | set(WCAG.split()) <= found

"""What is counted of a day: how often what was asked, and no word of anybody."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.events import (
    Answer,
    Choose,
    Command,
    NotCovered,
    NothingHeard,
    Outcome,
    Snapshot,
    Urgent,
)
from mbc_voice.shells.kiosk.counts import COLUMNS, Counts, read, waits
from mbc_voice.timing import Mark

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def rows(folder: Path, day: date = MONDAY) -> list[tuple[str, ...]]:
    with (folder / f"{day}.csv").open(encoding="utf-8", newline="") as lines:
        found = [tuple(row) for row in csv.reader(lines)]
    assert list(found[0]) == COLUMNS
    return found[1:]


def test_topics_outcomes_visits_and_times_are_counted(tmp_path: Path) -> None:
    """A day's file is a table that any spreadsheet opens."""
    counts = Counts(tmp_path, lambda: MONDAY)
    outcomes: list[Outcome] = [
        Answer("curable", 0.9),
        Answer("curable", 0.8),
        NotCovered("cost", 0.9),
        NotCovered(None, 0.9),
        Urgent("bleeding"),
        Command("louder"),
        Choose(("a", "b"), 0.5),
        NothingHeard(),
    ]
    for outcome in outcomes:
        counts.outcome(outcome)
    waiting, active = Snapshot("ready", visit="waiting"), Snapshot("speaking")
    for before, now in [(waiting, active), (active, active), (active, waiting)]:
        counts.visit(before, now)
    for seconds in (0.2, 0.31, 5.0):
        counts.response(seconds)
    counts.save()
    assert rows(tmp_path) == [
        ("outcome", "answer", "2"),
        ("outcome", "choose", "1"),
        ("outcome", "command", "1"),
        ("outcome", "not_covered", "2"),
        ("outcome", "nothing_heard", "1"),
        ("outcome", "urgent", "1"),
        ("referral", "cost", "1"),
        ("response", "over 4000 ms", "1"),
        ("response", "up to 300 ms", "1"),
        ("response", "up to 600 ms", "1"),
        ("topic", "curable", "2"),
        ("urgent", "bleeding", "1"),
        ("visit", "begun", "1"),
    ]


def test_no_word_of_anybody_is_counted(tmp_path: Path) -> None:
    """A word to be spelled, or a list by name, is somebody's own."""
    counts = Counts(tmp_path, lambda: MONDAY)
    counts.outcome(Command("spell", word="rumpelstiltskin"))
    counts.outcome(Command("group", word="rumpelstiltskin"))
    counts.save()
    assert "rumpelstiltskin" not in (tmp_path / f"{MONDAY}.csv").read_text(encoding="utf-8")


def test_a_second_run_of_the_day_goes_on_counting(tmp_path: Path) -> None:
    """Starting again loses nothing, and a new day has a file of its own."""
    for _ in range(2):
        counts = Counts(tmp_path, lambda: MONDAY)
        counts.outcome(Answer("curable", 0.9))
        counts.save()
    assert ("topic", "curable", "2") in rows(tmp_path)
    day = [MONDAY]
    counts = Counts(tmp_path, lambda: day[0])
    counts.outcome(Answer("timing", 0.9))
    day[0] = TUESDAY
    counts.outcome(Answer("outlook", 0.9))
    counts.save()
    assert ("topic", "timing", "1") in rows(tmp_path)
    assert rows(tmp_path, TUESDAY) == [("outcome", "answer", "1"), ("topic", "outlook", "1")]


def test_nothing_counted_is_nothing_written(tmp_path: Path) -> None:
    """A day without anybody leaves no file."""
    counts = Counts(tmp_path / "counts", lambda: MONDAY)
    counts.save()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_costs_only_the_counts(tmp_path: Path) -> None:
    """The talk goes on."""
    (tmp_path / "counts").write_text("a file", encoding="utf-8")
    counts = Counts(tmp_path / "counts", lambda: MONDAY)
    counts.outcome(Answer("curable", 0.9))
    counts.save()


@given(data=st.binary(max_size=200))
def test_a_damaged_file_counts_for_what_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Whatever stands in it, counting goes on."""
    path = tmp_path_factory.mktemp("counts") / f"{MONDAY}.csv"
    path.write_bytes(data)
    counts = Counts(path.parent, lambda: MONDAY)
    counts.outcome(Answer("curable", 0.9))
    counts.save()
    assert read(path)["topic", "curable"] >= 1


def test_response_times_are_those_from_the_end_of_a_question() -> None:
    """The first sentence after a question counts, not those that follow it or come by key."""
    marks = [
        Mark("rendered", 1.0),
        Mark("turn ended", 5.0),
        Mark("heard", 5.3),
        Mark("rendered", 5.5),
        Mark("rendered", 9.0),
        Mark("turn ended", 20.0),
    ]
    assert list(waits(marks)) == [0.5]

"""Stages, percentiles, report and picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.bench.figures import STAGES, Figures, Turn, percentiles, report, stages_of
from mbc_voice.bench.plot import svg
from mbc_voice.timing import Mark, Name

NAMES: tuple[Name, ...] = ("turn ended", "heard", "understood", "rendered")


def figures(*turns: Turn) -> Figures:
    machine: dict[str, str | int | float] = {
        "processor": "A & B <fast>",
        "cores": 2,
        "memory_gb": 4.0,
        "system": "Linux",
        "load": 0.1,
    }
    setup: dict[str, str | int] = {"recognizer": "whisper-base", "voice": "hibari"}
    return Figures(machine, setup, 2.0, 2.5, 400.0, 450.0, 0.04, turns)


def turn(total: float) -> Turn:
    stages = {name: total / len(STAGES) for name in STAGES}
    return Turn('Is 1 < 2 & "so"?', "topic", "topic", total, stages, 50.0, "key", 0.5)


def test_stages_follow_the_marks() -> None:
    """Each stage ends at the last mark of its kind before the sound."""
    names: tuple[Name, ...] = ("heard", *NAMES, "rendered")
    marks = [Mark(name, at) for name, at in zip(names, (0.5, 1.6, 1.7, 1.8, 1.9, 9.0), strict=True)]
    wanted = {"endpoint": 600, "recognize": 100, "understand": 100, "render": 100, "play": 100}
    assert stages_of(marks, 1.0, 2.0) == pytest.approx(wanted)


def test_recognizing_ahead_takes_no_time() -> None:
    """What was done before the speech had ended is not waited for."""
    marks = [Mark("heard", 0.8), Mark("understood", 0.9), Mark("rendered", 1.1)]
    stages = stages_of(marks, 1.0, 1.2)
    assert stages == pytest.approx(
        {"endpoint": 0, "recognize": 0, "understand": 0, "render": 100, "play": 100}
    )


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.floats(0, 10))), st.floats(0, 5))
def test_stages_add_up(marks: list[tuple[Name, float]], ended: float) -> None:
    """Whatever was marked when, the stages add up to the whole, and none is negative."""
    sounded = ended + 5.0
    in_order = sorted((Mark(*mark) for mark in marks), key=lambda mark: mark.at)
    stages = stages_of(in_order, ended, sounded)
    assert sum(stages.values()) == pytest.approx(5000.0)
    assert min(stages.values()) >= 0.0


def test_percentiles_of_nothing() -> None:
    """Without values there is no median; with them there are both."""
    assert percentiles([]) is None
    assert percentiles(range(101)) == {"p50": 50.0, "p95": 95.0, "n": 101}


def test_report_and_json_tell_the_same() -> None:
    """The lines for people show the medians that the JSON holds; a missed question counts."""
    made = figures(turn(600.0), turn(1000.0), Turn("What?", "topic"))
    summary = json.loads(json.dumps(made.as_json()))["summary"]
    assert (summary["asked"], summary["answered"], summary["right"]) == (3, 2, 2)
    assert summary["first_sound_ms"] == {"p50": 800.0, "p95": 980.0, "n": 2}
    text = report(made)
    assert "2 of 3 questions were answered" in text
    assert "800" in text
    assert "980" in text


@pytest.mark.parametrize("totals", [(), (600.0, 5200.0)])
def test_picture_is_whole(totals: tuple[float, ...]) -> None:
    """The picture is well-formed, says in words what it shows, and has a bar for each stage."""
    root = ElementTree.fromstring(svg(figures(*map(turn, totals))))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}desc") is not None
    bars = root.findall(f"{space}rect/{space}title")
    assert len(bars) == len(totals) * len(STAGES)

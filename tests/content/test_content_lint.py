"""What is worth a second look in content that loads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content_pack import ANSWER, BONES, FILES, write_pack
from mbc_voice.content.lint import Finding, check
from mbc_voice.content.load import load_pack

TODAY = date(2026, 11, 1)
FACTS = {"F15": "bones", "F17": "lungs"}


def findings(folder: Path, **keys: object) -> tuple[Finding, ...]:
    return check(load_pack(folder), TODAY, **{"facts": FACTS, **keys})  # type: ignore[arg-type]


def test_a_fact_nobody_says_is_an_error(tmp_path: Path) -> None:
    """Every fact must be cited by an answer; one that is not is named with its text."""
    found = findings(write_pack(tmp_path), facts={**FACTS, "F20": "it may pass"})[0]
    assert (found.severity, found.path) == ("error", tmp_path / "answers")
    assert found.reason == "no answer says the fact F20: it may pass"


def test_a_fact_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """An answer can't cite a fact that is in no list."""
    found = findings(write_pack(tmp_path), facts={"F17": "lungs"})[0]
    assert (found.severity, found.path.name, found.line) == ("error", "bones.md", 5)
    assert "there is no fact F15" in found.reason


def test_a_pack_without_a_list_of_facts_needs_none(tmp_path: Path) -> None:
    """Where there is no facts.toml, nothing is said of facts."""
    assert not [one for one in findings(write_pack(tmp_path), facts=None) if "fact" in one.reason]


LONG = "word " * 30 + "end."
SHORT = "It may reach the bones."


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        (SHORT, 11, "the short answer has only 5 words"),
        (SHORT * 1 + " Yes, it may." * 12, 11, "the short answer has 41 words"),
        (f"{SHORT}\n\n{LONG}", 13, "a sentence of 31 words"),
        ("Considerable abdominal complications accompany chemotherapy.", None, "reading grade"),
        (f"{SHORT}\n\nTake zolaparib.", 13, "'zolaparib' is not in pronunciation.toml"),
        (f"{SHORT}\n\nTake it (Zolatex).", 13, "'Zolatex' is not in"),
        (f"{SHORT}\n\nHave a DEXA scan, or HER2.", 13, "'DEXA' is not in"),
        (f"{SHORT}\n\nTest CA15-3.", 13, "'CA15-3' is not in"),
    ],
)
def test_what_is_hard_by_ear_is_advice(
    tmp_path: Path, body: str, line: int | None, reason: str
) -> None:
    """Lengths, grades and unknown names are warnings with their line."""
    found = findings(write_pack(tmp_path, bones=BONES.replace(SHORT, body)))
    named = [one for one in found if reason in one.reason]
    assert [(one.severity, one.path.name, one.line) for one in named] == [
        ("warning", "bones.md", line)
    ]


def test_a_list_counts_towards_a_short_answer_but_not_against_it(tmp_path: Path) -> None:
    """A list is read in parts, so a long one does not make the short answer too long."""
    items = "\n".join(f"- the sign number {number} of it all" for number in range(20))
    body = BONES.replace(SHORT, f"It may reach the bones. These are the signs:\n{items}")
    found = findings(write_pack(tmp_path, bones=body))
    assert not [one for one in found if one.path.name == "bones.md"]


@pytest.mark.parametrize(
    ("reviewed", "reason"),
    [
        ("2024-11-01", "reviewed 24 months ago"),
        ("2024-11-02", ""),
        ("2026-11-02", "still to come"),
        ("2026-11-01", ""),
    ],
)
def test_old_reviews_are_told(tmp_path: Path, reviewed: str, reason: str) -> None:
    """After two years, to the day, a text should be reviewed again."""
    text = ANSWER.replace("2026-01-31", reviewed)
    found = [one for one in findings(write_pack(tmp_path, lungs=text)) if "review" in one.reason]
    assert [(one.path.name, one.line, reason in one.reason) for one in found] == (
        [("lungs.md", 7, True)] if reason else []
    )


@pytest.mark.parametrize(
    ("home", "reason"),
    [("Tell the staff. Call 911.", "there is no staff"), ("Call now " * 15, "in 'say_home'")],
)
def test_what_is_said_at_home_is_checked_too(tmp_path: Path, home: str, reason: str) -> None:
    """At home nobody is sent to staff that isn't there, and no sentence is too long."""
    text = FILES["urgent.toml"].replace("phrases", f'say_home = "{home.strip()}"\nphrases', 1)
    found = [one for one in findings(write_pack(tmp_path, urgent=text)) if reason in one.reason]
    assert [(one.path.name, one.line) for one in found] == [("urgent.toml", 7)]


def test_urgent_signs_are_reviewed_too(tmp_path: Path) -> None:
    """The words for an emergency grow old like any others."""
    text = FILES["urgent.toml"].replace("2026", "2020")
    found = findings(write_pack(tmp_path, urgent=text))
    assert ("urgent.toml", 5) in [(one.path.name, one.line) for one in found]


def test_jargon_in_a_prompt_is_told(tmp_path: Path) -> None:
    """What we say ourselves uses words of daily life."""
    text = FILES["prompts.toml"].replace("Still nothing", "Invalid input")
    found = [one for one in findings(write_pack(tmp_path, prompts=text)) if "prompt" in one.reason]
    assert [(one.line, one.severity) for one in found] == [(2, "warning"), (2, "warning")]
    assert "'input'" in found[0].reason


def test_words_the_recognizer_lacks_need_an_alias(tmp_path: Path) -> None:
    """A word people must say, that the recognizer doesn't know, is told unless it has an alias."""
    unknown = {"lungs", "quiet", "breathe", "e"}
    folder = write_pack(tmp_path)
    found = findings(folder, knows_word=lambda word: word not in unknown)
    told = [(one.path.name, one.line) for one in found if "recognizer" in one.reason]
    assert told == [
        ("lungs.md", 3),
        ("commands.toml", 4),
        ("pronunciation.toml", 5),
        ("urgent.toml", 7),
    ]
    alias = (
        FILES["pronunciation.toml"] + '[[word]]\nword = "quiet"\nsay = "quiet"\nspoken = ["x"]\n'
    )
    found = findings(
        write_pack(tmp_path / "b", pronunciation=alias),
        knows_word=lambda word: word not in unknown,
    )
    assert "commands.toml" not in [one.path.name for one in found if "recognizer" in one.reason]


def test_errors_come_first_and_read_as_file_and_line(tmp_path: Path) -> None:
    """A finding reads FILE:LINE: reason, and errors stand above advice."""
    found = findings(write_pack(tmp_path), facts={"F17": "lungs"})
    kinds = [one.severity for one in found]
    assert kinds == sorted(kinds)
    assert str(found[0]).startswith(f"{tmp_path / 'answers' / 'bones.md'}:5: there is no fact")
    assert "(advice)" in str(found[-1])

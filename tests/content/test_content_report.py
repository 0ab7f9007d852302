"""What the content commands print and write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content_pack import write_pack
from mbc_voice.content.load import load_library, read_pack
from mbc_voice.content.report import Kind, check_report, new_topic, preview
from mbc_voice.errors import UsageError

TODAY = date(2026, 11, 1)


def test_a_good_pack_is_counted(tmp_path: Path) -> None:
    """The last line sums up what there is; advice does not make a pack unusable."""
    folder = write_pack(tmp_path / "en")
    (tmp_path / "facts.toml").write_text('F15 = "bones"\nF17 = "lungs"\n', encoding="utf-8")
    text, ok = check_report(folder, TODAY)
    last = text.splitlines()[-1]
    assert ok
    assert last.startswith("2 topics, 1 referral, 1 urgent sign, 1 command, 2 of 2 facts said")
    assert "notes of advice" in last


def test_a_missing_fact_makes_a_pack_unusable(tmp_path: Path) -> None:
    """The pack's own list of facts comes before the one beside it."""
    folder = write_pack(tmp_path / "en")
    (tmp_path / "facts.toml").write_text('F15 = "bones"\nF17 = "lungs"\n', encoding="utf-8")
    (folder / "facts.toml").write_text(
        'F15 = "bones"\nF17 = "lungs"\nF20 = "it may pass"\n', encoding="utf-8"
    )
    text, ok = check_report(folder, TODAY)
    assert not ok
    assert "no answer says the fact F20: it may pass" in text
    assert "2 of 3 facts said" in text


def test_every_error_is_listed_with_its_place(tmp_path: Path) -> None:
    """A malformed pack is reported file by file, and not used."""
    folder = write_pack(tmp_path, lungs="x", urgent="y")
    (folder / "facts.toml").write_text("f = 1\n", encoding="utf-8")
    text, ok = check_report(folder, TODAY)
    assert not ok
    assert f"{folder / 'answers' / 'lungs.md'}:1: the first line must be ---" in text
    assert f"{folder / 'urgent.toml'}:1: this can't be read" in text
    assert f"{folder / 'facts.toml'}:1: a fact can't be called 'f'" in text
    assert text.splitlines()[-1] == "3 errors: nothing is read aloud until this is put right."


def test_what_the_prompts_lack_is_an_error(tmp_path: Path) -> None:
    """A pack that the program would not start with does not pass the check."""
    folder = write_pack(tmp_path)
    text, ok = check_report(folder, TODAY, prompt_flaws=lambda library: [*library.prompts][:1])
    assert not ok
    assert text.splitlines() == [
        f"{folder / 'prompts.toml'}: greeting",
        "1 error: nothing is read aloud until this is put right.",
    ]


def test_a_preview_reads_sentence_by_sentence(tmp_path: Path) -> None:
    """Each sentence stands after its id, and what is said differently below it."""
    text = "It may reach the lungs. There are two signs:"
    library = load_library(write_pack(tmp_path))
    shown = preview(library, "lungs").splitlines()
    assert shown[0] == "In the lungs (lungs)"
    assert [line.split("  ")[1] for line in shown[2:4]] == text.replace(". ", ".\n").splitlines()
    assert "At more:" in shown
    assert shown[-1] == "lungs.6  Dr. Lee may ask for an X-ray."
    assert "    said: This may be an emergency. Call nine one one." not in shown
    assert preview(library, "breathing").splitlines()[-1] == "    said: Call nine one one."
    assert "referral.cost.1  I can't say" in preview(library, "referral.cost")
    assert preview(library, "cost") == preview(library, "referral.cost")


def test_a_preview_of_nothing_is_a_usage_error(tmp_path: Path) -> None:
    """An unknown id is told in one line, with how to find the right one."""
    with pytest.raises(UsageError, match="There is no answer called 'lung'"):
        preview(load_library(write_pack(tmp_path)), "lung")


@pytest.mark.parametrize(("kind", "name"), [("answer", "answers"), ("referral", "referrals")])
def test_a_new_file_must_be_filled_in_before_it_is_used(
    tmp_path: Path, kind: Kind, name: str
) -> None:
    """A new file is written where it belongs, and the pack asks for what is missing in it."""
    folder = write_pack(tmp_path)
    path = new_topic(folder, "hair-loss", "Losing  your hair", kind)
    assert path == folder / name / "hair-loss.md"
    pack, errors = read_pack(folder)
    assert pack is None
    assert {error.path for error in errors} == {path}
    filled = path.read_text(encoding="utf-8")
    filled = filled.replace("section:\n", "section: symptoms\n").replace("source:\n", "source: x\n")
    filled = filled.replace("reviewed:\n", "reviewed: 2026-01-01\n")
    filled = filled.replace("reviewed_by:\n", "reviewed_by: x\n")
    filled = filled.replace("ask:\n", "ask:\n  - will my hair go\n") + "It may.\n"
    path.write_text(filled, encoding="utf-8")
    library = load_library(folder)
    assert preview(library, "hair-loss").startswith("Losing your hair (")


@pytest.mark.parametrize(
    ("name", "title", "reason"),
    [
        ("lungs", "x", "exists already"),
        ("cost", "x", "exists already"),
        ("../evil", "x", "can't be an id"),
        ("Hair Loss", "x", "can't be an id"),
        ("", "x", "can't be an id"),
        ("hair", " ", "Give a title"),
        ("hair", 'a "b"', "Give a title"),
        ("hair", "a\x00b", "Give a title"),
    ],
)
def test_a_new_file_never_replaces_or_escapes(
    tmp_path: Path, name: str, title: str, reason: str
) -> None:
    """A taken or impossible id, and an impossible title, write nothing."""
    folder = write_pack(tmp_path)
    before = sorted((path, path.read_bytes()) for path in tmp_path.rglob("*.md"))
    with pytest.raises(UsageError, match=reason):
        new_topic(folder, name, title)
    assert before == sorted((path, path.read_bytes()) for path in tmp_path.rglob("*.md"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A pack's folder that is not there is one clear line."""
    with pytest.raises(UsageError, match="can't be written"):
        new_topic(tmp_path / "nowhere", "hair", "Hair")

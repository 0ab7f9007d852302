"""Loading a whole content pack, and what is said of a malformed one."""

from __future__ import annotations

import dataclasses
import os
from datetime import date
from pathlib import Path

import pytest

from content_pack import ANSWER, BONES, FILES, REFERRAL, write_pack
from mbc_voice.content.load import load_library, load_pack, read_pack
from mbc_voice.content.source import MAX_BYTES
from mbc_voice.errors import ContentError
from mbc_voice.library import Place


def error_of(folder: Path) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_library(folder)
    return caught.value


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_a_topic_is_read_whole(tmp_path: Path) -> None:
    """A topic holds its keys, its short answer with its list, and what comes at more."""
    topic = load_library(write_pack(tmp_path)).topics["lungs"]
    assert (topic.title, topic.section, topic.facts) == ("In the lungs", "symptoms", ("F17",))
    assert (topic.reviewed, topic.reviewed_by) == (date(2026, 1, 31), "Dr. Example")
    assert topic.ask == ("what about my lungs", "no breath", "5")
    assert topic.follow == ("bones",)
    assert [(one.id, one.text) for one in topic.short.sentences] == [
        ("lungs.1", "It may reach the lungs."),
        ("lungs.2", "There are two signs:"),
    ]
    assert [(one.id, one.text) for one in topic.short.items] == [
        ("lungs.3", "A cough that won't go away."),
        ("lungs.4", "Chest pain."),
    ]
    assert [[one.text for one in passage.sentences] for passage in topic.more] == [
        ["Tell your doctor.", "Dr. Lee may ask for an X-ray."]
    ]
    assert [one.id for one in topic.more[0].sentences] == ["lungs.5", "lungs.6"]


def test_the_other_files_are_read(tmp_path: Path) -> None:
    """Referrals, urgent signs, commands, prompts and pronunciations have their shapes."""
    library = load_library(write_pack(tmp_path))
    assert (library.language, library.title) == ("en-US", "A small pack")
    referral = library.referrals["cost"]
    assert [one.id for one in referral.sentences] == ["referral.cost.1", "referral.cost.2"]
    assert referral.nearest == ("lungs",)
    sign = library.urgent["breathing"]
    assert [one.text for one in sign.sentences] == ["This may be an emergency.", "Call 911."]
    assert sign.signs == ((("can't", "cannot"), ("breathe",)),)
    assert sign.at_home == ()
    assert (sign.reviewed, sign.unless) == (date(2026, 1, 31), ("used to",))
    assert library.commands["stop"].phrases == ("stop [talking]", "(be|go) quiet")
    assert library.commands["stop"].keys == ("space",)
    assert library.prompts["greeting"] == ("Hello.",)
    assert len(library.prompts["nothing-heard"]) == 3
    assert library.pronunciations[0].spoken == ("h e r two",)


def test_topics_are_listed_as_the_pack_says(tmp_path: Path) -> None:
    """Topics named in pack.toml come first in their section, the others by name."""
    assert list(load_library(write_pack(tmp_path)).topics) == ["lungs", "bones"]
    plain = changed(FILES["pack.toml"], 'topics = ["lungs"]\n', "")
    assert list(load_library(write_pack(tmp_path, pack=plain)).topics) == ["bones", "lungs"]


PLACE = '[[place]]\nid = "chest"\nname = "The chest"\ntopic = "TOPIC"\n'


def test_places_of_the_body_lead_to_topics(tmp_path: Path) -> None:
    """A pack may name the places that a picture shows; one without a topic is told by its line."""
    pack = FILES["pack.toml"] + PLACE.replace("TOPIC", "lungs")
    library = load_library(write_pack(tmp_path / "a", pack=pack))
    assert library.places == (Place("chest", "The chest", "lungs"),)
    with pytest.raises(ContentError, match=r"no file answers/hand.md: correct the place 'chest'"):
        load_library(write_pack(tmp_path / "b", pack=pack.replace('lungs"\n', 'hand"\n')))


def test_sentences_know_their_lines(tmp_path: Path) -> None:
    """Those who check the content can name the line of every sentence."""
    pack = load_pack(write_pack(tmp_path))
    path = tmp_path / "answers" / "lungs.md"
    assert pack.lines["lungs.1"] == (path, 15)
    assert pack.lines["lungs.4"] == (path, 17)
    assert pack.lines["lungs.6"] == (path, 19)
    assert pack.lines["referral.cost.2"] == (tmp_path / "referrals" / "cost.md", 10)


def test_the_fingerprint_tells_every_byte_and_name(tmp_path: Path) -> None:
    """The same files have the same fingerprint wherever they lie; any change gives another."""
    one = load_library(write_pack(tmp_path / "one")).fingerprint
    assert one == load_library(write_pack(tmp_path / "two")).fingerprint
    folder = write_pack(tmp_path / "three", lungs=ANSWER + "\n")
    assert one != load_library(folder).fingerprint
    assert len(one) == 64


def test_windows_line_ends_make_no_difference(tmp_path: Path) -> None:
    """A file saved with carriage returns loads the same, lines included."""
    plain = load_pack(write_pack(tmp_path / "a"))
    folder = write_pack(tmp_path / "b", lungs=ANSWER.replace("\n", "\r\n"))
    pack = load_pack(folder)
    assert plain.library.topics == pack.library.topics
    assert pack.lines["lungs.4"] == (folder / "answers" / "lungs.md", 17)


FRONT_MATTER = [
    ("reviewed: 2026-01-31\n", "", 1, "the key 'reviewed' is missing"),
    ("ask:\n", "asks:\n", 9, "unknown key 'asks': did you mean 'ask'?"),
    ("follow: [bones]", "follow: [bones]\nzebra: 1", 14, "unknown key 'zebra': the keys are id"),
    ("follow: [bones]", "follow: [xyz]", 13, "'xyz' is named in 'follow', but there is no file"),
    ("follow: [bones]", "follow: [lungs]", 13, "names itself"),
    ("follow: [bones]", "follow: [bones, bones]", 13, "stands twice"),
    ("follow: [bones]", "follow: bones", 13, "'follow' must be a list"),
    ("follow: [bones]", "follow: [[bones]]", 13, "an item of 'follow' is not one text"),
    ("follow: [bones]", "id: lungs", 13, "'id' stands here twice"),
    ("id: lungs", "id: lung", 2, "the id 'lung' must be the file's name: 'lungs'"),
    ("id: lungs", "id: The Lungs", 2, "may only hold a-z"),
    ("id: lungs", "id: [lungs]", 2, "'id' must be one text"),
    ("id: lungs", "id:", 2, "'id' is empty"),
    ("title: In the lungs", "title: In: the lungs", 3, "put text with a colon"),
    ("title: In the lungs", "title: &a x", 3, "put the text in quotes"),
    ("title: In the lungs", "title: *a", 3, "put the text in quotes"),
    ("title: In the lungs", "title: !!python/name:os.system x", 3, "put the text in quotes"),
    ("title: In the lungs", "title: {a: b}", 3, "'title' must be one text or a list"),
    ("title: In the lungs", "title: 'In the lungs", 3, "can't be read"),
    ("section: symptoms", "section: other", 4, "no section 'other': the sections are symptoms"),
    ("facts: [F17]", "facts: [17]", 5, "'17' is not the id of a fact"),
    ("facts: [F17]", "facts: F17", 5, "'facts' must be a list"),
    ("reviewed: 2026-01-31", "reviewed: 31.1.2026", 7, "'reviewed' is not a date"),
    ("reviewed: 2026-01-31", "reviewed: 2026-02-30", 7, "'reviewed' is not a date"),
    ("  - no breath", "  - ", 11, "an item of 'ask' is empty"),
    ("  - no breath", "  - no: breath", 11, "an item of 'ask' is not one text"),
    ("  - no breath", "  - What about my LUNGS?", 11, "stands in lungs.md:10 too"),
    ("  - no breath", "  - what about my bones", 11, "stands in bones.md:9 too"),
    ("  - no breath", "  - no\tbreath", 11, "a tab"),
    ("  - no breath", "  - no\u200bbreath", 11, "an invisible character (U+200B)"),
    ("---\nid", "id", 1, "the first line must be ---"),
    ("---\nIt", "It", 1, "a second line --- is missing"),
    ("---\nid", "---\n- a\n---\nid", 2, "write one key a line"),
    ("---\nid", "---\nx\n---\nid", 2, "write one key a line"),
    ("---\nid", "---\n---\nid", 1, "the key 'id' is missing"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), FRONT_MATTER)
def test_wrong_front_matter_is_named(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    """Anything wrong with an answer's keys is told with file, line and what to do."""
    folder = write_pack(tmp_path, lungs=changed(ANSWER, old, new))
    found = [error for error in read_pack(folder)[1] if error.path.name == "lungs.md"]
    assert [(error.line, reason in error.reason) for error in found[:1]] == [(line, True)]


BODY = [
    ("Tell your", "# Signs\n\nTell your", 19, "a heading"),
    ("Tell your", "Tell [your](x)", 19, "a link"),
    ("Tell your", "Tell **your**", 19, "'*' and '_'"),
    ("Tell your", "Tell _your_", 19, "'*' and '_'"),
    ("Tell your", "| a | b |\nTell your", 19, "a table"),
    ("Tell your", "1. Tell your", 19, "'- ' in front"),
    ("Tell your", "* Tell your", 19, "'- ' in front"),
    ("Tell your", "> Tell your", 19, "'>'"),
    ("Tell your", "```\nTell your", 19, "'`'"),
    ("Tell your", "<b>Tell</b> your", 19, "HTML"),
    ("Tell your", "<!-- x -->\nTell your", 19, "HTML"),
    ("Tell your", "See https://example.org.\nTell your", 19, "a web address"),
    ("Tell your", "---\n\nTell your", 19, "a ruled line"),
    ("Tell your", "  Tell your", 19, "at the margin"),
    ("Tell your", "Tell {your}", 19, "'{' and '}'"),
    ("\nTell your", "Tell your", 18, "leave an empty line between"),
    ("Tell your doctor.", "- tell\n\nTell your doctor.", 19, "say what the list is first"),
    ("two signs:", "two signs.", 15, "must end in a colon"),
    ("- chest pain;", "  - chest pain", 17, "at the margin"),
    ("- chest pain;", "-chest pain", 17, "a space after the '-'"),
    ("- chest pain;", "-", 17, "is empty"),
    ("an X-ray.", "an X-ray", 19, "end the paragraph with"),
    ("an X-ray.", "these:", 19, "no list follows"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BODY)
def test_markdown_a_voice_cannot_read_is_named(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    """Anything but paragraphs and introduced lists is refused with its line."""
    error = error_of(write_pack(tmp_path, lungs=changed(ANSWER, old, new)))
    assert (error.path.name, error.line) == ("lungs.md", line)
    assert reason in error.reason


def test_a_list_may_follow_after_an_empty_line_and_its_items_go_on(tmp_path: Path) -> None:
    """A list may stand apart from its introduction, and an item over two lines."""
    text = changed(ANSWER, "signs:\n- a cough that", "signs:\n\n- a cough\n  that")
    topic = load_library(write_pack(tmp_path, lungs=text)).topics["lungs"]
    assert topic.short.items[0].text == "A cough that won't go away."


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "reason"),
    [
        ("pack", 'language = "en-US"\n', "", 1, "the key 'language' is missing"),
        ("pack", "en-US", "English!", 1, "write it as en-US"),
        ("pack", "[[section]]", "[[sections]]", 3, "unknown key 'sections'"),
        ("pack", '["lungs"]', '["lung"]', 6, "there is no file answers/lung.md"),
        ("pack", '["lungs"]', '["lungs", "lungs"]', 6, "listed twice"),
        ("urgent", "signs =", "sings =", 8, "unknown key 'sings': did you mean 'signs'?"),
        ("urgent", 'title = "Trouble breathing"\n', "", 1, "the key 'title' is missing"),
        ("urgent", "2026-01-31", '"soon"', 5, "'reviewed' is not a date"),
        ("urgent", "2026-01-31", "7", 5, "must be one text"),
        ("urgent", '[[["can\'t", "cannot"], ["breathe"]]]', '["can\'t"]', 8, "write signs as"),
        ("urgent", '[[["can\'t", "cannot"], ["breathe"]]]', "[]", 8, "write signs as"),
        ("urgent", '["breathe"]', "[7]", 8, "a list of words"),
        ("urgent", "[[urgent]]", "[urgent]", 1, "there is no [[urgent]] here"),
        ("urgent", 'say = "', "say = ", 6, "this can't be read"),
        ("urgent", '["i can\'t breathe"]', "[]", 7, "the list 'phrases' is empty"),
        ("commands", "stop [talking]", "stop [talking", 4, "'[' is never closed"),
        ("commands", "stop [talking]", "stop talking]", 4, "']' closes nothing"),
        ("commands", "stop [talking]", "stop [(talking])", 4, "closes nothing"),
        ("commands", "stop [talking]", "stop {speed}", 4, "there is no slot {speed}"),
        ("commands", "stop [talking]", "stop | be quiet", 4, "between brackets"),
        ("commands", "stop [talking]", "stop (now|)", 4, "an alternative is empty"),
        ("commands", "stop [talking]", "[stop] [talking]", 4, "may be left out"),
        ("commands", "stop [talking]", "stop!", 4, "'!' is never heard"),
        ("commands", '"stop [talking]"', '"Stop", "stop"', 4, "stands in commands.toml:4 too"),
        ("commands", 'says = "Stop talking."', "says = 3", 3, "'says' must be one text"),
        ("prompts", "greeting", "Greeting", 1, "can't be called 'Greeting'"),
        ("prompts", '"Hello."', '""', 1, "'greeting' is empty"),
        ("prompts", "{someone}", "{someone", 2, "check the brackets"),
        ("prompts", '"Hello."', "1", 1, "must be a list of texts"),
        ("prompts", "greeting", "greeting-silent", 1, "there is no such prompt"),
        ("pronunciation", "spoken", "sounds", 5, "unknown key 'sounds'"),
        ("pronunciation", 'phonemes = "', 'phonemes = "/', 4, "without slashes"),
    ],
)
def test_wrong_tables_are_named(
    tmp_path: Path, name: str, old: str, new: str, line: int, reason: str
) -> None:
    """Anything wrong in a TOML file is told with file, line and what to do."""
    error = error_of(write_pack(tmp_path, **{name: changed(FILES[f"{name}.toml"], old, new)}))
    assert (error.path.name, error.line) == (f"{name}.toml", line)
    assert reason in error.reason


@pytest.mark.parametrize(
    ("variant", "line", "reason"),
    [
        ('greetings-silent = "Hello there."', 3, "did you mean 'greeting-silent'?"),
        ('zebra-silent = "Hello there."', 3, "stands in for 'zebra', and there is no such prompt"),
        ('greeting-silent = "Hello, {name}."', 3, "must have the placeholders of 'greeting': none"),
        ('nothing-heard-silent = ["A.", "B."]', 3, "of 'nothing-heard': {someone}"),
    ],
)
def test_a_wrong_variant_of_a_prompt_is_named(
    tmp_path: Path, variant: str, line: int, reason: str
) -> None:
    """A variant without its prompt, or with other words in braces, is told with its line."""
    error = error_of(write_pack(tmp_path, prompts=f"{FILES['prompts.toml']}{variant}\n"))
    assert (error.path.name, error.line) == ("prompts.toml", line)
    assert reason in error.reason


def test_a_variant_of_a_prompt_is_loaded_beside_it(tmp_path: Path) -> None:
    """What is printed where nothing sounds stands under its own name."""
    text = f'greeting-silent = "Hello there."\n{FILES["prompts.toml"]}'
    prompts = load_library(write_pack(tmp_path, prompts=text)).prompts
    assert (prompts["greeting"], prompts["greeting-silent"]) == (("Hello.",), ("Hello there.",))


def test_an_entry_listed_twice_is_named(tmp_path: Path) -> None:
    """An id, a word or an alias that stands twice in a table is an error at the second."""
    for name, says in (("urgent", "twice"), ("commands", "twice"), ("pronunciation", "twice")):
        text = FILES[f"{name}.toml"]
        error = error_of(write_pack(tmp_path / name, **{name: text + text}))
        assert error.line == text.count("\n") + 2
        assert says in error.reason
    other = changed(FILES["pronunciation.toml"], "HER2", "HER3")
    folder = write_pack(tmp_path / "alias", pronunciation=FILES["pronunciation.toml"] + other)
    error = error_of(folder)
    assert (error.line, error.reason) == (10, "'h e r two' is already taken for 'HER2'")


def test_a_referral_must_not_take_an_answers_name(tmp_path: Path) -> None:
    """An id names one thing only, be it an answer or a referral."""
    text = changed(REFERRAL, "id: cost", "id: bones").replace("what does it cost", "another")
    error = error_of(write_pack(tmp_path, **{"referrals/bones.md": text}))
    assert (error.path, error.line) == (tmp_path / "referrals" / "bones.md", 2)
    assert "there is also an answer called 'bones'" in error.reason


def test_an_answer_without_text_is_named(tmp_path: Path) -> None:
    """An answer whose text is missing is never served as silence."""
    error = error_of(write_pack(tmp_path, bones=changed(BONES, "It may reach the bones.\n", "\n")))
    assert (error.path.name, error.line) == ("bones.md", 10)
    assert "there is no text below" in error.reason


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"\xef\xbb\xbf---\n", 1, "invisible mark"),
        (b"---\nid: x\n\xff\n", 3, "not in UTF-8"),
        (b"---\n\x00\n", 2, "invisible character (U+0000)"),
        (b"-" * (MAX_BYTES + 1), None, "larger than 256 KB"),
        (b"", 1, "the first line must be ---"),
    ],
)
def test_a_file_that_is_no_clean_text_is_named(
    tmp_path: Path, data: bytes, line: int | None, reason: str
) -> None:
    """Wrong encodings, invisible characters and huge files are told, with their line."""
    folder = write_pack(tmp_path)
    path = folder / "answers" / "bones.md"
    path.write_bytes(data)
    error = error_of(folder)
    assert (error.path, error.line) == (path, line)
    assert reason in error.reason


@pytest.mark.parametrize("name", ["pack.toml", "urgent.toml", "commands.toml", "prompts.toml"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """A pack without one of its files does not load."""
    folder = write_pack(tmp_path)
    (folder / name).unlink()
    error = error_of(folder)
    assert (error.path, error.line) == (folder / name, None)
    assert "this file is missing" in error.reason


def test_missing_folders_and_strange_files_are_named(tmp_path: Path) -> None:
    """A missing folder, one without answers, and a file that would not be read are errors."""
    assert "there is no such folder" in error_of(tmp_path / "nowhere").reason
    folder = write_pack(tmp_path / "one")
    (folder / "answers" / "lungs.md.txt").write_text("x", encoding="utf-8")
    assert "let its name end in .md" in error_of(folder).reason
    folder = write_pack(tmp_path / "two")
    for path in (folder / "answers").iterdir():
        path.unlink()
    assert "there is no answer in this folder" in error_of(folder).reason
    (folder / "answers").rmdir()
    assert "this folder is missing" in error_of(folder).reason


def test_the_copies_editors_leave_are_not_read(tmp_path: Path) -> None:
    """Hidden files and backups beside the answers do no harm."""
    folder = write_pack(tmp_path)
    for name in (".lungs.md.swp", "lungs.md~", "~$lungs.md"):
        (folder / "answers" / name).write_bytes(b"\xff")
    assert set(load_library(folder).topics) == {"lungs", "bones"}


def test_what_is_not_a_file_is_never_opened(tmp_path: Path) -> None:
    """A folder or a pipe in a file's place is an error, not a program that waits for ever."""
    folder = write_pack(tmp_path)
    os.mkfifo(folder / "answers" / "pipe.md")
    assert "this is not a file" in error_of(folder).reason


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file one may not open is named, with what to check."""

    def refuse(path: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied", str(path))

    folder = write_pack(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    assert "check that you are allowed to open it" in error_of(folder).reason


def test_every_malformed_file_is_found_at_once(tmp_path: Path) -> None:
    """One reading names each wrong file, and gives no library at all."""
    folder = write_pack(tmp_path, lungs="x", bones="y", urgent="z")
    pack, errors = read_pack(folder)
    assert pack is None
    named = {error.path.name for error in errors}
    assert named == {"lungs.md", "bones.md", "urgent.toml"}


def test_a_library_cannot_be_changed(tmp_path: Path) -> None:
    """What was reviewed stays as it is while the program runs."""
    topic = load_library(write_pack(tmp_path)).topics["lungs"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        topic.title = "x"  # type: ignore[misc]

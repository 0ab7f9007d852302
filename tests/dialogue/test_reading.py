from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.dialogue import reading
from mbc_voice.dialogue.state import Reading
from mbc_voice.library import Library, Passage, Sentence
from small_library import small_library

LIBRARY = small_library()

texts = st.lists(st.sampled_from(["It helps.", "There are five:", "A scan."]), max_size=12)
passages = st.lists(st.tuples(texts, texts), min_size=1, max_size=6)


def library_of(shape: list[tuple[list[str], list[str]]]) -> tuple[Library, list[Sentence]]:
    """Return a library whose topic "tests" has these passages, and all its sentences in order."""
    all_of_it: list[Sentence] = []
    made = []
    for sentences, items in shape:
        start = len(all_of_it)
        all_of_it += [
            Sentence(f"tests.{start + n}", text) for n, text in enumerate((*sentences, *items))
        ]
        spoken = tuple(all_of_it[start:])
        made.append(Passage(spoken[: len(sentences)], spoken[len(sentences) :]))
    topic = replace(LIBRARY.topics["tests"], short=made[0], more=tuple(made[1:]))
    return replace(LIBRARY, topics={"tests": topic}), all_of_it


@given(passages)
def test_a_script_holds_every_sentence_once_in_order(
    shape: list[tuple[list[str], list[str]]],
) -> None:
    """Cutting a topic into portions loses nothing, repeats nothing, and keeps the order."""
    library, sentences = library_of(shape)
    lines = reading.script(library, "tests")
    assert [line.sentence for line in lines if line.reviewed] == sentences
    assert [line.portion for line in lines] == sorted(line.portion for line in lines)


@given(passages)
def test_a_portion_is_short(shape: list[tuple[list[str], list[str]]]) -> None:
    """No portion has more than four sentences, nor more than four items."""
    library, _ = library_of(shape)
    lines = reading.script(library, "tests")
    for _, portion in groupby(lines, key=lambda line: line.portion):
        kinds = [line.kind for line in portion]
        assert kinds.count("sentence") <= reading.AT_ONCE
        assert kinds.count("item") <= reading.AT_ONCE


@given(st.integers(0, 5000))
def test_groups_leave_nothing_over_alone(count: int) -> None:
    """Things come all at once up to four, else in threes with two to four at the end."""
    sizes = reading.groups(count)
    assert sum(sizes) == count
    assert count <= 4 or all(2 <= size <= 4 for size in sizes)
    assert all(size == 3 for size in sizes[:-1])


@given(st.integers(1, 50))
def test_pages_follow_the_groups(count: int) -> None:
    """From page to page one comes to the end, by the same groups."""
    ends, said = [], 0
    while said < count:
        end = reading.group_end(count, said)
        ends.append(end - said)
        said = end
    assert ends == reading.groups(count)
    assert reading.group_end(count, count) == count


def kinds(shape: list[tuple[list[str], list[str]]]) -> list[str]:
    library, _ = library_of(shape)
    return [line.kind for line in reading.script(library, "tests")]


def test_a_list_is_announced_with_its_number() -> None:
    """A list of two or more says how many there are; a long one, that it comes in groups."""
    assert kinds([(["It helps."], ["A."])]) == ["title", "sentence", "item"]
    assert kinds([([], ["A.", "B."])]) == ["title", "count", "item", "item"]
    assert kinds([([], ["A."] * 5)])[:3] == ["title", "count", "grouping"]


def test_a_number_the_text_has_said_is_not_said_again() -> None:
    """If the sentence before a list names its number, the announcement is left out."""
    assert kinds([(["There are five:"], ["A."] * 5)])[:3] == ["title", "sentence", "grouping"]


def test_the_position_counts_reviewed_sentences_only() -> None:
    """Titles and announcements don't count; before the first sentence it is the first."""
    lines = reading.script(LIBRARY, "symptoms-brain")
    assert reading.position(lines, Reading("symptoms-brain", 0, 6)) == (1, 7)
    assert reading.position(lines, Reading("symptoms-brain", 4, 6)) == (2, 7)
    assert reading.position(lines, Reading("symptoms-brain", 6, 6)) == (3, 7)
    assert reading.position(lines, Reading("symptoms-brain", len(lines), len(lines))) == (7, 7)

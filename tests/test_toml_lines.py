"""Finding the lines of tables, keys and text in TOML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice import toml_lines

TEXT = '''title = "x"  # a = 1
list = [
  "one = 1",
  "[two]",
]
long = """
[not.a.table]
key = "no"
"""

[hear]
"rate" = 3

[[urgent]]
id = 'a'
[[urgent]]
signs = [[["a", "b"], ["c"]]]
id = "b"
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 1),
        (("list",), 2),
        (("long",), 6),
        (("hear",), 11),
        (("hear", "rate"), 12),
        (("urgent", 0, "id"), 15),
        (("urgent", 1), 16),
        (("urgent", 1, "signs"), 17),
        (("urgent", 1, "id"), 18),
    ],
)
def test_every_key_has_its_line(place: toml_lines.Place, line: int) -> None:
    """Keys and tables are found where they stand, not inside strings or arrays."""
    assert line == toml_lines.places(TEXT)[place]


def test_what_is_inside_a_string_is_not_a_key() -> None:
    """A line of a long string or an array is never taken for a key or a table."""
    found = toml_lines.places(TEXT)
    assert not {("key",), ("not", "a", "table"), ("two",)} & set(found)


def test_a_place_without_a_line_has_that_of_its_table() -> None:
    """An absent key is reported where its table begins; a wholly unknown one nowhere."""
    found = toml_lines.places(TEXT)
    assert toml_lines.find(found, "urgent", 1, "say") == 16
    assert toml_lines.find(found, "nothing") is None


def test_a_piece_of_text_is_found_after_its_key() -> None:
    """An item of an array is found by its text, from the key's line on."""
    assert toml_lines.line_of_text(TEXT.split("\n"), "[two]", 2) == 4
    assert toml_lines.line_of_text(TEXT.split("\n"), "absent", 2) == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ('a = "x', 1), ("a = " + "[" * 5000, 1)],
)
def test_broken_toml_has_a_line(text: str, line: int) -> None:
    """Text that is no TOML is an error with its line, however deep its brackets."""
    with pytest.raises(toml_lines.TomlError) as caught:
        toml_lines.parse(text)
    assert line == caught.value.line


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z]{1,8}", fullmatch=True),
            st.sampled_from(['"x"', "'#'", '"[a]"', '"\\""', "[\n1,\n2]", '"""\nk = 1\n"""', "2"]),
        ),
        unique_by=lambda pair: pair[0],
    )
)
def test_every_key_of_any_table_is_found(pairs: list[tuple[str, str]]) -> None:
    """Whatever the values look like, each top-level key is found on its own line."""
    text = "".join(f"{key} = {value}\n" for key, value in pairs)
    found = toml_lines.places(text)
    assert set(toml_lines.parse(text)) == {place[0] for place in found}
    lines = text.split("\n")
    assert all(lines[line - 1].startswith(f"{place[0]} =") for place, line in found.items())

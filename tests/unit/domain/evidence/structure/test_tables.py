"""Tables that programs print: columns, cells and where they end."""

import pytest

from domain.evidence.structure import tables

HEADS = tables.columns("NAME    CPU USE   NODE")


def test_columns_are_words_with_single_blanks_and_a_tab_is_a_border() -> None:
    assert HEADS == [("NAME", 0), ("CPU USE", 8), ("NODE", 18)]
    assert tables.columns("A\tB") == [("A", 0), ("B", 3)]
    assert tables.columns(" ") == []


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("mill    1 m       oak-1", ("mill", "1 m", "oak-1")),
        ("mill              oak-1", ("mill", "", "oak-1")),
        ("mill    1 m", ("mill", "1 m", "")),
        ("mill   ", ("mill", "", "")),
        ("mill    ", ("mill", "", "")),
        ("mill-with-long-name  1 m  oak-1", ("mill-with-long-name", "1 m", "oak-1")),
        ("mill-with-long-name  1 m", ("mill-with-long-name", "1 m")),
        ("mill-lon-g  1 m   oak-1", ("mill-lon-g", "1 m", "oak-1")),
        ("mill   x1 m", ("mill", "x1 m")),
        ("mill-1\t1 m\toak-1", ("mill-1", "1 m", "oak-1")),
    ],
)
def test_cells_stand_under_their_heads_or_between_wide_gaps(line: str, cells: tuple[str, ...]) -> None:
    assert tuple(tables.cells(line, HEADS).values()) == cells


def test_the_first_column_takes_what_stands_left_of_its_head() -> None:
    assert dict(tables.cells("ab cd   1", tables.columns("   A    B"))) == {"A": "ab cd", "B": "1"}
    assert dict(tables.cells("   cd   1", tables.columns("A  C    B"))) == {"A": "", "C": "cd", "B": "1"}


def test_rows_end_at_a_blank_line_or_the_last() -> None:
    lines = ("A   B", "--  --", "1   2", "3   4", "", "5   6")
    assert [(row.line, dict(row.cells)) for row in tables.under(lines, 1, 6)] == [
        (3, {"A": "1", "B": "2"}),
        (4, {"A": "3", "B": "4"}),
    ]
    assert [row.line for row in tables.under(lines, 1, 3)] == [3]
    assert [row.line for row in tables.under(lines, 3, 4)] == [4]
    assert tables.under(lines, 5, 6) == []


def test_the_first_cell_that_is_not_empty_is_got() -> None:
    row = tables.Row(line=1, cells={"A": "", "B": "x"})
    assert [row.get("A", "B"), row.get("C", "B"), row.get("A"), row.get()] == ["x", "x", "", ""]

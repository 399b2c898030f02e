"""Tables that nobody described: columns by their gutters, whichever side their cells lean to."""

from domain.evidence.structure import aligned
from tests.evidence import a_text

LEANING = """
Address          HWtype  HWaddress           Mask   Use%
192.0.2.1        ether   02:00:00:00:00:fe   C        12
192.0.2.254              (incomplete)                100
"""


def found(text: str) -> list[tuple[int, dict[str, str]]]:
    lines = a_text(text).lines
    return [(row.line, dict(row.cells)) for one in aligned.tables(lines, 1, len(lines)) for row in one.rows]


def test_cells_stand_under_their_heads_on_either_side() -> None:
    assert found(LEANING) == [
        (2, {"Address": "192.0.2.1", "HWtype": "ether", "HWaddress": "02:00:00:00:00:fe", "Mask": "C", "Use%": "12"}),
        (3, {"Address": "192.0.2.254", "HWtype": "", "HWaddress": "(incomplete)", "Mask": "", "Use%": "100"}),
    ]


def test_a_blank_in_every_cell_of_a_column_parts_no_column() -> None:
    text = """
    brick    made          size
    a        04 May        12
    b        05 May        13
    """
    assert found(text) == [
        (2, {"brick": "a", "made": "04 May", "size": "12"}),
        (3, {"brick": "b", "made": "05 May", "size": "13"}),
    ]


def test_two_tables_are_parted_by_a_blank_line() -> None:
    text = """
    brick    heat   size
    a        1      12
    b        2      13

    mill     heat   size
    c        1      12
    d        2      13
    """
    assert [line for line, _ in found(text)] == [2, 3, 6, 7]


def test_sentences_settings_and_single_columns_are_no_table() -> None:
    assert found("We went to the mill\nand saw that it was\nas good as new again") == []
    assert found("# <file system> <mount point> <type>\n/dev/sda1 / ext4\n/dev/sda2 /var ext4") == []
    assert found("brick\n12\n13\n14") == []
    assert found("a  b  c\nd  e  f\ng  h  i") == []


def test_the_share_of_lines_in_tables_leaves_blank_ones_out() -> None:
    assert aligned.share(a_text(LEANING + "\nwords below it").lines) == 0.75
    assert aligned.share(()) == 0.0

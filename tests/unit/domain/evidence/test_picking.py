from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.decoding.blocks import blocks
from domain.evidence.logs.buckets import coarsen
from domain.evidence.logs.counting import DROP
from domain.evidence.logs.keys import scan_all
from domain.evidence.logs.picking import Picker
from domain.evidence.logs.slots import SlotState

LITERALS = (b" took ", b" code ", b"size=")
ROWS = (b"x took 31 ms", b"x code 7 took 2 ms", b"size=9", b"dead beef", b"", b" o 3", b"\x1b[32m took 5")


def thin(literal: bytes) -> bytes:
    return literal.translate(None, DROP)


def picked(picker: Picker, rows: list[bytes]) -> dict[bytes, list[bytes]]:
    keys = [row.translate(None, DROP) for row in rows]
    picker.pick(keys, dict.fromkeys(keys).keys(), b"\n".join(rows))
    return {literal: [row.removesuffix(b"\n") for row in held] for literal, held in picker.take().items()}


def picker_of(*sampled: bytes) -> Picker:
    return Picker({literal: SlotState(sampled=literal in sampled) for literal in LITERALS}, thin)


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=40))
def test_every_line_with_a_literal_is_picked_in_order(rows):
    for literal, held in picked(picker_of(), rows).items():
        assert [row for row in held if literal in row] == [row for row in rows if literal in row]
        assert all(thin(literal) in row.translate(None, DROP) for row in held)


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=40), st.sets(st.sampled_from(LITERALS)))
def test_lines_of_a_sampled_literal_are_picked_from_the_first_quarter(rows, sampled):
    quarter = rows[: -(-len(rows) // 4)]
    for literal, held in picked(picker_of(*sampled), rows).items():
        assert [row for row in held if literal in row] == [
            row for row in (quarter if literal in sampled else rows) if literal in row
        ]


def test_lines_of_a_taken_block_do_not_come_again():
    picker = picker_of()
    picked(picker, list(ROWS))
    assert not any(picked(picker, [b"nothing to see"]).values())


def test_no_literals_pick_nothing():
    assert picked(Picker({}, thin), list(ROWS)) == {}


def test_a_value_behind_a_coloured_name_is_read():
    row = b"2026-03-01 00:00:%02d INFO \x1b[32mload took\x1b[0m %d ms"
    found = scan_all(blocks([b"\n".join(row % (n, 100 + n) for n in range(60))]))
    assert found.slots[b" took "].maximum == 159.0


def test_a_terminal_title_never_swallows_line_ends():
    found = scan_all(blocks([b"\x1b]title\nalpha started\nbravo stopped\x07 now\n"]))
    assert (found.lines, sum(found.counts.values()) + found.blank) == (3, 3)


@given(st.dictionaries(st.integers(0, 300), st.integers(1, 9)), st.sampled_from([(1, 2), (1, 5), (5, 15), (60, 300)]))
def test_wider_buckets_hold_the_same_lines(counts, widths):
    width, wider = widths
    pairs = array("q", [part for bucket in sorted(counts) for part in (bucket, counts[bucket])])
    found = coarsen(pairs, width, wider)
    assert list(found[::2]) == sorted({bucket * width // wider for bucket in counts})
    assert sum(found[1::2]) == sum(counts.values())

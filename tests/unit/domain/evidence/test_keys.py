from __future__ import annotations

import gzip
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.decoding.blocks import EPOCH, Block, blocks, text_blocks
from domain.evidence.logs import keys
from domain.evidence.logs.cutting import WATCHED, forget, learn_rules
from domain.evidence.logs.keys import Effort, Scan, epochs, fold, key_of, scan, scan_all

WORDS = (
    "alpha started",
    "beta took 31 ms",
    "gamma failed: x",
    "",
    "added",
    "dead",
    "\tat frame(A.java:3)",
    "\x1b[31mred\x1b[0m alert",
    "GET /x 200",
)


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def scanned(data: bytes, size: int = 1 << 20) -> Scan:
    return scan_all(text_blocks(cut(data, size)))


def plainly(found: Scan) -> tuple:
    spread = {key: list(pairs) for key, pairs in found.spread.items()}
    return (
        found.counts,
        found.firsts,
        found.lasts,
        spread,
        found.slots,
        found.rules,
        found.lines,
        found.blank,
        found.other,
        found.tail,
    )


def big(lines: int = 60_000, seed: int = 1, noise: int = 0) -> bytes:
    dice = random.Random(seed)
    rows = []
    for n in range(lines):
        word = " ref=" + "".join(dice.choices(string.ascii_lowercase, k=noise)) if noise else ""
        rows.append(
            f"2026-03-01 {n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d} INFO {dice.choice(('alpha', 'zulu', 'mike'))} took {dice.randrange(90)} ms{word}"
        )
    return ("\n".join(rows) + "\n").encode()


@given(st.lists(st.sampled_from(WORDS), max_size=60), st.integers(1, 60))
def test_a_scan_is_the_same_for_any_chunk_size_and_inside_gzip(rows, size):
    data = "\n".join(rows).encode()
    expected = plainly(scanned(data))
    assert plainly(scanned(data, size)) == expected
    assert plainly(scan_all(text_blocks([gzip.compress(data)]))) == expected


@pytest.mark.parametrize("size", [7_919, 4_096, 1 << 20])
def test_a_big_log_scans_the_same_for_any_chunk_size(size):
    data = big()
    assert plainly(scanned(data, size)) == plainly(scanned(data, 1 << 24))


def test_counts_first_and_last_lines_are_those_of_the_keys():
    found = scanned(b"zzzzzz one\nyyyyyy two\nzzzzzz 1one\n\n")
    zed = key_of(b"zzzzzz one")
    assert found.counts[zed] == 2
    assert found.firsts[zed] == (1, b"zzzzzz one")
    assert (found.lines, found.blank) == (4, 1)


def test_every_line_is_counted_once():
    found = scanned(big())
    assert sum(found.counts.values()) + found.blank + found.other == found.lines == 60_000


def test_lines_of_hexadecimal_letters_only_stay_apart():
    found = scanned(b"dead\nadded\ndead\nfeed 12\n")
    assert sorted(found.counts.values()) == [1, 1, 2]


def test_terminal_colours_do_not_make_another_key():
    found = scanned(b"plain words here\n\x1b[32mplain words here\x1b[0m\n")
    assert list(found.counts.values()) == [2]


def test_a_random_word_per_line_is_cut_from_the_keys():
    found = scanned(big(noise=9))
    assert found.rules == (b" ref=",)
    assert len(found.counts) < 10
    assert found.other == 0


def test_buckets_follow_the_clock():
    found = scanned(big())
    assert found.segments.timed
    totals = sum(sum(pairs[1::2]) for pairs in found.spread.values())
    assert totals == 60_000
    assert (found.segments.high - found.segments.low) < 240


def test_durations_behind_a_literal_are_read():
    found = scanned(big())
    state = found.slots[b" took "]
    assert (state.count, state.maximum, state.unit) == (60_000, 89.0, "ms")


def epoch_of(number: int, text: bytes) -> list[Block]:
    rows = text.split(b"\n")
    return [Block(number=number * EPOCH, first_line=1 + number * 1_000, data=b"\n".join(rows))]


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=20), min_size=3, max_size=3))
def test_folding_neighbours_is_associative(parts):
    def fresh() -> list[Scan]:
        return [scan(epoch_of(number, "\n".join(rows).encode())) for number, rows in enumerate(parts)]

    a, b, c = fresh()
    left = fold(fold(a, b), c)
    a, b, c = fresh()
    right = fold(a, fold(b, c))
    assert plainly(left) == plainly(right)


def test_epochs_are_cut_by_block_number():
    found = [Block(number=n, first_line=1, data=b"x") for n in (0, 63, 64, 130)]
    assert [[block.number for block in epoch] for epoch in epochs(found)] == [[0, 63], [64], [130]]


def test_more_different_lines_than_can_be_kept_are_counted_and_severe_ones_found():
    dice = random.Random(3)

    def word() -> str:
        return "".join(dice.choices("ghijklmnopqrstuvwxyz", k=9))

    rows = [" ".join(word() for _ in range(8)) for _ in range(40_000)]
    rows[39_000] = "ghij FATAL the disk is gone"
    found = scanned("\n".join(rows).encode())
    assert len(found.counts) <= keys.KEYS + 12
    assert found.other > 0
    assert sum(found.counts.values()) + found.other >= found.lines
    assert any(b"FATAL" in row for _, row in found.firsts.values())


def test_less_effort_counts_the_same_lines():
    data = big()
    assert scan_all(blocks([data]), effort=Effort(buckets=False, slots=False)).counts == scanned(data).counts


def test_a_word_that_varies_is_found_among_random_ones_of_which_few_are_held():
    dice = random.Random(5)
    words = ["".join(dice.choices(string.ascii_lowercase, k=7)) for _ in range(3 * WATCHED)]
    rows = [" ".join((*words[start : start + 20], f"user={words[start]}")).encode() for start in range(0, len(words), 20)]
    held = {b" user=": {b"a", b"b"}, **{word.encode(): {b"a"} for word in words}}
    forget(held)
    assert learn_rules(rows, ()) == (b" user=",)
    assert (b" user=" in held, len(held)) == (True, WATCHED // 2)

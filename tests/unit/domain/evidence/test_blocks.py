"""Blocks of a text: the same for any chunks, encodings and windows, and each can be read by itself."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.decoding.blocks import (
    BLOCK,
    GIANT,
    LINE_HEAD,
    LINE_TAIL,
    Block,
    LineIndex,
    Window,
    blocks,
    indexed,
    text_blocks,
)
from domain.evidence.decoding.decode import decode
from domain.evidence.decoding.encoding import UTF8, Encoding, encoding_of
from domain.evidence.decoding.inflate import Reading

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
ROWS = "".join(f"row {n:07d} of näive text {'y' * (n % 90)}{chr(13) if n % 3 else ''}\n" for n in range(40_000))


class Bytes:
    """Seekable bytes that count what is read of them."""

    def __init__(self, data: bytes, piece: int = 1 << 16) -> None:
        self.data, self.piece, self.read = data, piece, 0

    def __iter__(self) -> Iterator[bytes]:
        return self.at(0)

    def at(self, offset: int) -> Iterator[bytes]:
        for start in range(offset, len(self.data), self.piece):
            piece = self.data[start : start + self.piece]
            self.read += len(piece)
            yield piece


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def text_of(found: list[Block]) -> bytes:
    return b"\n".join(block.data for block in found)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("size", [7_919, 1 << 20])
def test_blocks_hold_the_decoded_text_in_any_encoding(encoding: str, size: int) -> None:
    raw = ROWS.encode(encoding)
    found = list(text_blocks(cut(raw, size)))
    assert text_of(found) == b"".join(decode([raw])).removesuffix(b"\n")
    assert [block.first_line for block in found] == [1 + text_of(found[:n]).count(b"\n") + (n > 0) for n in range(len(found))]
    assert all(one.stop == other.start and one.number == one.start // BLOCK for one, other in pairwise(found))


@given(st.text(alphabet="ab\r\n\u0a0aé", max_size=40), st.sampled_from(ENCODINGS[:3]), st.integers(1, 9))
def test_short_texts_are_cut_alike_for_any_chunks(text: str, encoding: str, size: int) -> None:
    raw = text.encode(encoding)
    given_encoding = Encoding(name=encoding)
    assert list(blocks(cut(raw, size), given_encoding)) == list(blocks([raw], given_encoding))


@given(st.binary(max_size=200), st.integers(1, 9))
def test_any_bytes_give_the_lines_that_decoding_gives(data: bytes, size: int) -> None:
    reading = Reading()
    found = list(text_blocks(cut(data, size), reading))
    plain = Reading()
    assert text_of(found) == b"".join(decode([data], plain)).removesuffix(b"\n")
    assert reading.replaced == plain.replaced


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_block_can_be_read_by_itself(encoding: str) -> None:
    raw = ROWS.encode(encoding)
    index = LineIndex()
    whole = list(blocks([raw], Encoding(name=encoding)))
    for block in whole:
        index.add(block.first_line, block.start)
    source = Bytes(raw)
    (found,) = indexed(source, index, Encoding(name=encoding), [whole[1].first_line + 3, whole[1].first_line])
    assert found == whole[1]
    assert source.read <= BLOCK + (1 << 19)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("border", [BLOCK, BLOCK + 2, 2 * BLOCK])
def test_windows_split_a_text_without_loss(encoding: str, border: int) -> None:
    raw, given_encoding = ROWS.encode(encoding), Encoding(name=encoding)
    unit = given_encoding.unit
    before = list(blocks([raw], given_encoding, window=Window(stop=border)))
    torn = Window(start=border - unit, torn=True)
    after = list(blocks(cut(raw[torn.start :], 99_999), given_encoding, window=torn))
    assert text_of(before + after) == text_of(list(blocks([raw], given_encoding)))
    assert after[0].start == before[-1].stop


@settings(max_examples=200)
@given(st.text(alphabet="ab\r\n", min_size=2, max_size=30), st.data())
def test_a_torn_window_begins_behind_the_first_line_end(text: str, data: st.DataObject) -> None:
    raw = text.encode()
    border = data.draw(st.integers(1, len(raw) - 1))
    after = list(blocks([raw[border - 1 :]], window=Window(start=border - 1, torn=True)))
    starts = [place for place in range(1, len(raw)) if b"".join(decode([raw[:place]])).endswith(b"\n")]
    starts = [place for place in starts if raw[place - 1 : place + 1] != b"\r\n"]
    assert [block.start for block in after] == [place for place in starts if place >= border][:1]


@pytest.mark.parametrize("length", [GIANT - BLOCK, GIANT - 10, GIANT + 10, GIANT + BLOCK, 2 * GIANT + BLOCK])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_giant_line_keeps_its_ends_for_any_chunks(length: int, encoding: str) -> None:
    unit = Encoding(name=encoding).unit
    raw = b"".join(text.encode(encoding) for text in ("before\n", "é" * (length // unit), "END\r\n", "after"))
    found = [blocks(cut(raw, size), Encoding(name=encoding)) for size in (65_537, 1 << 20, len(raw))]
    one, *others = [list(each) for each in found]
    assert all(other == one for other in others)
    before, giant, after = text_of(one).decode("utf-8", "replace").split("\n")
    assert (before, giant[:9], giant[-6:], after) == ("before", "é" * 9, "éééEND", "after")
    assert len(text_of(one)) < LINE_HEAD + LINE_TAIL + 99


def test_broken_characters_of_a_giant_line_are_counted_alike_for_any_chunks() -> None:
    raw = b"before\n" + b"\xff" * (GIANT + 2 * BLOCK) + b"\nafter"
    counted = []
    for size in (99_999, len(raw)):
        reading = Reading()
        assert len(list(blocks(cut(raw, size), UTF8, reading))) == 2
        counted.append(reading.replaced)
    assert counted[0] == counted[1] > 0


def test_a_window_within_one_giant_line_is_empty() -> None:
    raw = b"a" * (3 * BLOCK) + b"\nlast"
    assert list(blocks([raw[BLOCK - 1 :]], window=Window(start=BLOCK - 1, stop=2 * BLOCK, torn=True))) == []


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_mark_is_no_text(mark: str) -> None:
    (block,) = text_blocks(["née\nzwei".encode(mark)])
    assert block.data.decode() == "née\nzwei"
    assert list(text_blocks(["".encode(mark)])) == []


def test_the_first_bytes_and_the_encoding_are_told() -> None:
    reading = Reading()
    assert [block.lines for block in text_blocks([gzip.compress(b"caf\xe9 one\n")], reading)] == [0]
    assert (reading.encoding, reading.head, reading.size) == ("cp1252", b"caf\xe9 one\n", 9)
    assert encoding_of(b"") == UTF8


def test_a_line_belongs_to_the_last_block_that_begins_at_or_before_it() -> None:
    index = LineIndex()
    for line, offset in ((1, 0), (10, 100), (20, 200)):
        index.add(line, offset)
    assert [index.block_of(line) for line in (0, 1, 9, 10, 19, 20, 99)] == [0, 0, 0, 1, 1, 2, 2]

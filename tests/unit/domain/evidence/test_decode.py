from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.decoding.blocks import blocks
from domain.evidence.decoding.decode import CitationError, decode, fold_space, line_hash, lines, plain, resolve
from domain.evidence.decoding.inflate import Reading
from domain.evidence.values import Citation

TEXT = b"one\r\ntwo\rthree\n\nfive \xc3\xa9\xf0\x9f\x98\x80 end"


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def read(data: bytes, size: int = 1 << 20) -> bytes:
    return b"".join(decode(cut(data, size)))


def zipped(*members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(members):
            archive.writestr(f"{number}.log", data)
    return out.getvalue()


def cite(first: int, last: int, *rows: str) -> Citation:
    return Citation(evidence="e", first=first, last=last, hash=line_hash(rows))


@given(st.binary(max_size=300), st.integers(1, 9))
def test_any_bytes_decode_to_the_same_text_for_any_chunk_size(data, size):
    assert read(data, size) == read(data)


@given(st.text(alphabet="ab\r\n", max_size=60), st.integers(1, 5))
def test_lf_crlf_and_lone_cr_each_end_one_line(text, size):
    assert read(text.encode(), size).decode() == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, zipped, lambda data: gzip.compress(gzip.compress(data))]
)
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_packed_text_reads_like_the_plain_one(pack, size):
    assert read(pack(TEXT * 50), size) == read(TEXT * 50)


def test_several_gzip_members_are_one_text():
    assert read(gzip.compress(b"a\n") + gzip.compress(b"b\n")) == b"a\nb\n"


def test_an_archive_of_several_files_gives_its_first_and_says_so():
    reading = Reading()
    assert b"".join(decode([zipped(b"first", b"second")], reading)) == b"first"
    assert reading.cut
    assert "several members" in reading.notes[0]


def test_a_broken_stream_gives_what_could_be_expanded():
    packed = bytearray(gzip.compress(b"".join(b"line %d\n" % n for n in range(90_000)), 1))
    packed[-2000] ^= 255
    reading = Reading()
    got = b"".join(decode([bytes(packed)], reading))
    assert got.startswith(b"line 0\nline 1\n")
    assert reading.notes


def test_a_stream_that_ends_early_says_so():
    reading = Reading()
    assert b"".join(decode([gzip.compress(b"".join(b"line %d\n" % n for n in range(9_000)))[:-20]], reading))
    assert reading.cut


def test_a_bomb_stops_at_two_hundred_times_its_size():
    packed = gzip.compress(bytes(50_000_000))
    reading = Reading()
    total = sum(map(len, decode([packed], reading)))
    assert 0 < total <= 200 * len(packed)
    assert "expansion stopped" in reading.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_a_mark_becomes_utf8(encoding):
    assert read("née\r\nzwei Wörter\n".encode(encoding), 3).decode() == "née\nzwei Wörter\n"


def test_what_is_no_utf8_is_read_as_cp1252():
    reading = Reading()
    assert b"".join(decode([b"caf\xe9 \x80\n"], reading)).decode() == "café €\n"
    assert reading.encoding == "cp1252"


def test_broken_bytes_after_the_head_are_replaced_and_counted():
    reading = Reading()
    data = b"a" * 70_000 + b"\xff\n"
    assert b"".join(decode([data], reading)).endswith("\ufffd\n".encode())
    assert reading.replaced == 1


@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 50))
def test_blocks_hold_the_same_lines_for_any_chunk_size(sizes, size):
    text = "\n".join("x" * n for n in sizes).encode()
    assert list(blocks(cut(text, size))) == list(blocks([text]))


def test_blocks_number_their_lines_and_begin_at_line_starts():
    rows = [b"row %07d " % n + b"y" * (n % 90) for n in range(60_000)]
    found = list(blocks(cut(b"\n".join(rows) + b"\n", 100_003)))
    assert len(found) > 2
    assert [row for block in found for row in block.data.split(b"\n")] == rows
    assert all(block.data.startswith(b"row %07d" % (block.first_line - 1)) for block in found)


@pytest.mark.parametrize("size", [999, 1 << 20, 1 << 24])
def test_a_giant_line_is_cut_and_still_one_line(size):
    data = b"before\n" + b"g" * 7_000_000 + b"END\nafter\n"
    rows = [row for block in blocks(cut(data, size)) for row in block.data.split(b"\n")]
    assert rows[0] == b"before"
    assert rows[2] == b"after"
    assert rows[1].endswith(b"gEND")
    assert len(rows[1]) < 40_000


def test_lines_past_the_end_are_left_out():
    assert lines([TEXT], 3, 99) == ("three", "", "five é😀 end")


def test_an_empty_document_has_one_empty_line():
    assert lines([], 1, 1) == ("",)


def test_a_citation_resolves_to_its_lines_also_inside_gzip():
    assert resolve(cite(2, 3, "two", "three"), [gzip.compress(TEXT)]) == "two\nthree"


@pytest.mark.parametrize("wrong", [cite(2, 2, "owt"), cite(9, 9), cite(3, 9, "three")])
def test_a_citation_of_changed_or_absent_lines_is_refused(wrong):
    with pytest.raises(CitationError):
        resolve(wrong, [TEXT])


def test_quotes_show_control_characters_and_fold_white_space():
    assert fold_space("a\t b\x1b[31m  c") == "a b\\x1b[31m c"
    assert plain("\x1b[31mred\x1b[0m\x07") == "red"

"""Compressed uploads at their borders: what is no archive, what breaks a bound, what follows a stream."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile

import pytest

from domain.evidence.decoding.inflate import FEED, RATIO, Reading, inflate, peek

TEXT = b"".join(b"line %d of some text\n" % n for n in range(3_000))


def read(data: bytes, size: int = 1 << 20) -> tuple[bytes, Reading]:
    reading = Reading()
    return b"".join(inflate([data[n : n + size] for n in range(0, len(data), size)], reading)), reading


def zipped(*members: bytes, name: str = "a.log", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for number, data in enumerate(members):
            archive.writestr(f"{number}{name}", data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("chunks", "size", "head"),
    [((), 4, b""), ((b"abcdef",), 4, b"abcd"), ((b"ab", b"cd", b"ef"), 4, b"abcd"), ((b"ab",), 4, b"ab"), ((b"", b"ab"), 0, b"")],
)
def test_a_peek_takes_nothing_away(chunks: tuple[bytes, ...], size: int, head: bytes) -> None:
    seen, everything = peek(chunks, size)
    assert (seen, b"".join(everything)) == (head, b"".join(chunks))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain",
        b"\x1f\x8b\x07rest",
        b"BZh9 is a word",
        b"PK\x03\x04 too short",
        b"PK\x03\x05" + bytes(40),
        zipped(TEXT[:90], method=zipfile.ZIP_STORED),
    ],
)
def test_what_is_no_packed_text_passes_unchanged(data: bytes) -> None:
    assert read(data) == (data, Reading())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped, lambda data: zipped(data, name="n" * 300)])
@pytest.mark.parametrize("size", [3, FEED, 1 << 20])
def test_a_packed_text_is_expanded_without_a_note(pack, size: int) -> None:
    assert read(pack(TEXT), size) == (TEXT, Reading())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_members_one_behind_the_other_are_one_text(pack) -> None:
    assert read(pack(b"one\n") + pack(b"two\n")) == (b"one\ntwo\n", Reading())


@pytest.mark.parametrize(
    ("data", "text", "cut", "note"),
    [
        (zipped(b"first", b"second"), b"first", True, "the archive has several members; only the first was read"),
        (gzip.compress(b"one") + b"tail", b"one", False, "bytes behind the compressed stream were left out"),
        (bz2.compress(b"one") + b"tail", b"one", False, "bytes behind the compressed stream were left out"),
        (gzip.compress(TEXT)[:-9], TEXT, True, "the compressed stream ends early; what could be expanded was read"),
        (gzip.compress(b"one") + gzip.compress(b"two")[:10], b"one", True, "the compressed stream ends early; what could be expanded was read"),
        (gzip.compress(b"one")[:-8] + bytes(8), b"", True, "the compressed stream is broken; what could be expanded was read"),
        (b"\x1f\x8b\x08" + bytes([255]) * 40, b"", True, "the compressed stream is broken; what could be expanded was read"),
    ],
)  # fmt: skip
def test_what_follows_or_breaks_a_stream_is_said(data: bytes, text: bytes, cut: bool, note: str) -> None:
    assert read(data) == (text, Reading(cut=cut, notes=[note]))
    assert read(data, 5) == (text, Reading(cut=cut, notes=[note]))


def test_a_bomb_is_stopped_at_two_hundred_times_its_stored_size() -> None:
    bomb = gzip.compress(bytes(10_000_000), 9)
    assert RATIO * len(bomb) < 10_000_000
    data, reading = read(bomb)
    assert reading.cut
    assert reading.notes == [f"expansion stopped at {len(data)} bytes: more than 200 times its stored size"]
    assert len(data) == RATIO * FEED
    assert read(bomb, 7)[0] == data

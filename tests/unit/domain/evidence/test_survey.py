"""A survey in legs and epochs, in any process, is the survey from first byte to last."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import cache

import pytest

from domain.evidence.analyse import analyse, conclude
from domain.evidence.decoding.blocks import BLOCK
from domain.evidence.decoding.encoding import Encoding
from domain.evidence.logs.survey import EPOCH_BYTES, Part, Survey, joined, survey
from domain.evidence.values import Context, Document

pytestmark = pytest.mark.unmeasured

MIB = 1 << 20


class Bytes:
    """Seekable bytes that count what is read of them."""

    def __init__(self, data: bytes) -> None:
        self.data, self.read = data, 0

    def __iter__(self) -> Iterator[bytes]:
        return self.at(0)

    def at(self, offset: int) -> Iterator[bytes]:
        for start in range(offset, len(self.data), MIB):
            piece = self.data[start : start + MIB]
            self.read += len(piece)
            yield piece


def log(size: int, encoding: str = "utf-8") -> bytes:
    """A log whose kinds of line, statuses and durations change on the way."""
    rows = []
    for n in range(9_000):
        at = f"2026-03-01 {n // 600 % 24:02d}:{n // 10 % 60:02d}:{n * 7 % 60:02d}"
        rows.append(f"{at} INFO shard {'abcdefgh'[n % 8]} took {n % 90} ms, status={200 + 7 * (n % 50 == 0)} né\r\n")
    one = "".join(rows).encode(encoding)
    middle = "2026-03-02 00:00:00 ERROR shard lost: connection refused, took 9000 ms\n".encode(encoding)
    half = size // len(one) // 2
    return one * half + middle + one * (half + 1)


@cache
def a_log(encoding: str = "utf-8") -> bytes:
    return log(EPOCH_BYTES + 9 * MIB, encoding)


def in_legs(source: Bytes, encoding: str = "utf-8") -> Survey:
    """Each leg in another process, as far as values tell, and the last epoch first."""
    parts = []
    for epoch in reversed(range(-(-len(source.data) // EPOCH_BYTES))):
        part = Part(epoch=epoch, size=len(source.data), encoding=Encoding(name=encoding))
        found, over = part.read_leg(source, None)
        while not over:
            found, over = part.read_leg(source, pickle.loads(pickle.dumps(found)))
        parts.insert(0, found)
    total = parts.pop(0)
    for part in parts:
        total = joined(total, part)
    total.seekable = True
    return total


def same(one: Survey, other: Survey) -> None:
    """Compare all that an analysis is made of; the order of keys is nothing."""
    assert (one.look, one.index) == (other.look, other.index)
    assert (one.reading.size, one.reading.replaced) == (other.reading.size, other.reading.replaced)
    for name in ("counts", "firsts", "lasts", "spread", "segments", "slots", "rules", "lines", "blank", "other", "tail"):
        assert getattr(one.scan, name) == getattr(other.scan, name), name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_legs_in_any_order_and_process_give_the_survey_of_the_whole(encoding: str) -> None:
    source = Bytes(a_log(encoding))
    same(in_legs(source, encoding), survey(source))


def test_legs_read_every_byte_once() -> None:
    source = Bytes(a_log())
    in_legs(source)
    assert source.read <= 1.05 * len(source.data)


def test_lines_are_counted_once_over_epochs() -> None:
    source = Bytes(a_log())
    assert survey(source).scan.lines == source.data.count(b"\n")


@pytest.mark.parametrize(
    "data",
    [
        b"a" * (EPOCH_BYTES + 40 * BLOCK) + b"\nlast line of all\n",
        b"first line\n" + b"a" * (EPOCH_BYTES + 3 * BLOCK),
        b"\xff" * (EPOCH_BYTES + BLOCK),
        bytes(EPOCH_BYTES) + b"\n" + b"some words\n" * MIB,
        b"a line of text\r" * (EPOCH_BYTES // 15 + 9),
    ],
    ids=["giant", "giant-last", "no-text", "zeros", "carriage-returns"],
)
def test_hostile_bytes_survey_alike_in_legs(data: bytes) -> None:
    source = Bytes(data)
    encoding = survey(source).reading.encoding
    same(in_legs(source, encoding), survey(source))


def test_an_analysis_of_legs_is_the_analysis_of_the_document() -> None:
    source = Bytes(a_log())
    document = Document(evidence="e1", name="app.log", chunks=source, size=len(source.data))
    parts = in_legs(source)
    parts.reading.head = source.data[:4096]
    assert conclude(document, Context(), parts) == analyse(document, Context())


def test_a_large_document_is_read_little_more_than_once() -> None:
    source = Bytes(a_log())
    analyse(Document(evidence="e1", name="app.log", chunks=source, size=len(source.data)), Context())
    assert source.read <= 1.1 * len(source.data)

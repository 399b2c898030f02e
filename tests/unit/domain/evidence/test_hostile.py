"""Hostile documents end in an Analysis within bounds, and say what was left out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from dataclasses import replace

import pytest

from domain.evidence.analyse import analyse
from domain.evidence.decoding.inflate import FEED, RATIO
from domain.evidence.values import Analysis, Context, Document, Kind
from tests.pace import within

pytestmark = pytest.mark.unmeasured

CPU_S = 20.0
"""Generous: machines differ; without bounds these run for minutes or fail."""
ZEROS = bytes(60 << 20)


def zipped(data: bytes, name: str = "a.log") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def read(data: bytes) -> Analysis:
    with within(CPU_S):
        return analyse(Document(evidence="e1", name="a", chunks=[data], size=len(data)), Context())


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, zipped, lambda data: gzip.compress(gzip.compress(data))],
    ids=["gzip", "bz2", "xz", "zip", "nested"],
)
def test_a_bomb_is_expanded_to_its_bound_and_no_further(pack) -> None:
    bomb = pack(ZEROS)
    found = read(bomb)
    assert found.coverage.bytes <= RATIO * max(len(bomb), FEED) * (RATIO if pack(b"x")[10:12] == b"\x1f\x8b" else 1)
    assert found.coverage.bytes < len(ZEROS) or not found.coverage.notes


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x", "\x00", "a" * 300])
def test_a_members_name_is_never_used(name: str) -> None:
    packed = zipped(b"2026-03-01 12:00:00 ERROR refused\n" * 30, name.replace("\x00", "n"))
    assert read(packed).findings[0].citations[0].quote == "2026-03-01 12:00:00 ERROR refused"


@pytest.mark.parametrize(
    "data",
    [b'{"a":' * 100_000, b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"[" * 100_000 + b"]" * 100_000],
    ids=["open maps", "open lists", "maps", "lists"],
)
@pytest.mark.parametrize("kind", [None, Kind.CONFIG, Kind.TRACE, Kind.METRICS, Kind.COMMAND_OUTPUT])
def test_json_a_hundred_thousand_deep_is_bounded(data: bytes, kind: Kind | None) -> None:
    document = Document(evidence="e1", name="a.json", chunks=[data], size=len(data))
    chosen = document if kind is None else _as(document, kind)
    with within(CPU_S):
        found = analyse(chosen, Context())
    assert not any("RecursionError" in note for note in found.coverage.notes)


def _as(document: Document, kind: Kind) -> Document:
    return replace(document, hint=replace(document.hint, chosen=kind))


@pytest.mark.parametrize("piece", [b"a b ", b"\xff", b"\x00", b"[1,"], ids=["words", "ff", "zeros", "json"])
def test_one_line_of_many_megabytes_is_bounded(piece: bytes) -> None:
    assert read(piece * ((70 << 20) // len(piece))).coverage.share_read >= 0.0

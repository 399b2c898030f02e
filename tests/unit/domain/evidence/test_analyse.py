from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.analyse import VERSION, analyse
from domain.evidence.decoding.decode import resolve
from domain.evidence.values import Context, Document, Hint, Kind

LOG = b"".join(b"2026-03-01 12:%02d:%02d INFO worker %d took %d ms\n" % (n // 60 % 60, n % 60, n, n % 50) for n in range(2_000))
LOG += b"2026-03-01 12:59:00 ERROR worker lost: connection refused\n"


def document(data: bytes, size: int = 1 << 20, hint: Hint | None = None) -> Document:
    return Document(
        evidence="e1",
        name="../../etc/passwd",
        chunks=[data[n : n + size] for n in range(0, len(data), size)],
        size=len(data),
        hint=hint or Hint(),
    )


def read(data: bytes, size: int = 1 << 20):
    return analyse(document(data, size), Context())


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf", gzip.compress(b"")])
def test_an_empty_document_is_a_finding_and_covers_nothing(data):
    found = read(data)
    assert (found.coverage.share_read, [one.kind for one in found.findings]) == (0.0, ["empty"])
    assert resolve(found.findings[0].citations[0], [data]) is not None


@pytest.mark.parametrize("size", [1, 7, 4_096])
def test_an_analysis_is_the_same_for_any_chunk_size(size):
    assert read(LOG[-9_000:], size) == read(LOG[-9_000:])


def test_a_packed_log_gives_the_analysis_of_the_plain_one():
    assert read(gzip.compress(LOG)) == read(LOG)


def test_a_utf16_log_gives_the_findings_of_the_plain_one():
    assert read(LOG.decode().encode("utf-16")).findings == read(LOG).findings


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_end_in_an_analysis_whose_citations_resolve(data):
    found = read(data)
    assert found.version == VERSION
    cited = data if found.extract is None else found.extract.text.encode()
    for one in found.findings:
        assert all(resolve(citation, [cited]) is not None for citation in one.citations)


@pytest.mark.parametrize(
    "data",
    [
        bytes([255]) * 300_000,
        random.Random(1).randbytes(300_000),
        b"a" * 1_000_000,
        b"\r" * 50_000,
        b'{"a":' * 9_000,
        b"2026-01-01 00:00:00 same\n" * 9_000,
    ],
)
def test_hostile_bytes_end_in_an_analysis(data):
    assert read(data).name == "../../etc/passwd"


def test_a_chosen_kind_wins():
    broken = document(b"a: 1\nb: 2\n", hint=Hint(chosen=Kind.LOGS))
    assert analyse(broken, Context()).classification.kind == Kind.LOGS

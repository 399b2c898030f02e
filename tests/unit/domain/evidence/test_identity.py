"""E11: the same bytes give the same Analysis, however they are cut, packed and hashed; any bytes end in one, and its citations hold."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import decode, resolve
from domain.evidence.values import Analysis, Context, Document

ROOT = Path(__file__).parents[4]
ANALYSIS = TypeAdapter(Analysis)
LOG = "".join(
    f"2026-03-01 12:{n // 60 % 60:02d}:{n % 60:02d} {'ERROR' if n % 97 == 5 else 'INFO'} shard-{n % 7} took {n % 50} ms, né {n}\n"
    for n in range(1_500)
)
STACK = 'Traceback (most recent call last):\n  File "app.py", line 3, in main\n    run()\nValueError: no shard\n'
TABLE = "NAME    READY   STATUS             RESTARTS   AGE\n" + "".join(
    f"pod-{n}   0/1     CrashLoopBackOff   {n}          5d\n" for n in range(9)
)
CONFIG = "server:\n  port: 80\n  timeout: 30s\nreplicas: 0\n"
TEXTS = {"log": LOG, "stack": STACK, "table": TABLE, "config": CONFIG}
SIZES = (1, 7, 4_096, 1 << 20)
IN_ANOTHER = """
import json, sys
from domain.evidence.analyse import analyse
from domain.evidence.values import Context, Document
for text in json.load(sys.stdin):
    print(analyse(Document(evidence="e1", name="a.txt", chunks=[text.encode()]), Context()))
"""


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def read(data: bytes, size: int = 1 << 20) -> Analysis:
    return analyse(Document(evidence="e1", name="a.txt", chunks=cut(data, size)), Context())


def sealed(data: bytes, size: int = 1 << 20) -> bytes:
    return ANALYSIS.dump_json(read(data, size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_an_analysis_has_the_same_bytes_for_any_chunks(text: str, size: int) -> None:
    assert sealed(text.encode(), size) == sealed(text.encode())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: gzip.compress(gzip.compress(data))])
@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_packed_it_has_the_same_bytes(text: str, pack) -> None:
    assert sealed(pack(text.encode()), 4_096) == sealed(text.encode())


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_no_order_of_hashing_shows(seed: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        input=json.dumps(list(TEXTS.values())),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == [str(read(text.encode())) for text in TEXTS.values()]


PIECES = st.lists(
    st.one_of(
        st.sampled_from([
            *(text[:400] for text in TEXTS.values()),
            "\r",
            "\r\n",
            "\n",
            "\x1b[31m",
            "\x1b]0;t\x07",
            "{",
            '"a":',
            "\x00",
            "é",
        ]),
        st.text(max_size=20),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]), st.integers(1, 99))
def test_every_citation_resolves_to_the_raw_lines(pieces: list[str], encoding: str, size: int) -> None:
    """Of bytes that are no text, to the lines in which they were told."""
    data = "".join(pieces).encode(encoding, "replace")
    found = read(data, size)
    data = found.extract.text.encode() if found.extract else data
    rows = b"".join(decode([data])).decode().removesuffix("\n").split("\n")
    for citation in (citation for one in found.findings for citation in one.citations):
        assert resolve(citation, cut(data, size)) == "\n".join(rows[citation.first - 1 : citation.last])


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=2_000),
    st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\xff\xfe", b"%PDF-1.7", b"{"]),
)
def test_any_bytes_behind_any_magic_end_in_an_analysis(data: bytes, magic: bytes) -> None:
    assert read(magic + data).coverage.share_read <= 1.0

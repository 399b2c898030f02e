"""Archives, captures, programs and databases: what is told of whole ones, of damaged ones, and of none."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import resolve
from domain.evidence.values import Analysis, Context, Document, Kind
from tests import packed

SAMPLES = {
    "class": packed.class_file(),
    "core": packed.core(),
    "database": packed.database(),
    "heap dump": packed.heap_dump(),
    "pcap": packed.pcap(),
    "pcapng": packed.pcapng(),
    "tar": packed.tarred(),
    "zip": packed.zipped(),
}


def read(data: bytes) -> Analysis:
    return analyse(Document(evidence="e1", name="x", chunks=(data,), size=len(data)), Context())


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_are_told_in_lines_that_every_citation_names(name: str) -> None:
    found = read(SAMPLES[name])
    assert found.classification.kind is Kind.BINARY
    assert found.extract is not None
    text = [found.extract.text.encode()]
    for one in found.findings:
        assert resolve(one.citations[0], text) == one.statement
    for one in found.objects:
        assert resolve(one.citation, text).startswith(one.id)
    assert any("not read as text" in note for note in found.coverage.notes)


@pytest.mark.parametrize("data", [packed.pcap(), packed.pcap(">"), packed.pcapng()])
def test_a_capture_tells_who_is_not_answered_and_when(data: bytes) -> None:
    found = read(data)
    told = [one.statement for one in found.findings]
    assert told == [
        "10.0.0.1 asked 10.0.0.3:6379 for a connection 1 times and was refused 1 times",
        "10.0.0.1 asked 10.0.0.2:5432 for a connection 4 times and was never answered",
    ]
    assert [event.time for event in found.events] == [
        datetime(2026, 5, 4, 10, tzinfo=UTC),
        datetime(2026, 5, 4, 10, 0, 3, 500_000, tzinfo=UTC),
    ]


def test_a_core_dump_tells_program_and_signal() -> None:
    [one] = read(packed.core()).findings
    assert one.statement == "core dump of kilnd: killed by SIGSEGV; command line: /opt/kiln/bin/kilnd --oven 7"
    assert one.numbers["exit_code"] == 139


def test_a_database_that_lacks_pages_is_told_so() -> None:
    assert read(packed.database()).findings == ()
    [one] = read(packed.database()[:-100]).findings
    assert (one.severity, one.numbers["missing_bytes"]) == (4.0, 100)


def test_an_archive_that_would_burst_is_named_and_not_unpacked() -> None:
    data = bytearray(packed.zipped())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 4_000_000_000)
    assert any("a bomb, it is not unpacked" in note for note in read(bytes(data)).coverage.notes)


def test_members_outside_of_their_folder_and_behind_a_password_are_named() -> None:
    data = packed.zipped().replace(b"logs/oven.log", b"../../etc/pwd")
    notes = read(data).coverage.notes
    assert "it names members outside of its own folder" in notes
    locked = bytearray(data)
    locked[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert "its members need a password" in read(bytes(locked)).coverage.notes


def test_unknown_bytes_say_what_to_send_instead() -> None:
    found = read(bytes(range(256)) * 40)
    assert "unknown bytes: not read as text; send text" in found.coverage.notes[-1]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_end_in_an_analysis(data: st.DataObject) -> None:
    whole = bytearray(SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))])
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, min(len(whole), 600) - 1))] = data.draw(st.integers(0, 255))
    found = read(bytes(whole[: data.draw(st.integers(4, len(whole)))]))
    assert not [note for note in found.coverage.notes if "its own reader failed" in note]

"""Documents whose bytes are no text: their form, and findings with places."""

from __future__ import annotations

from datetime import datetime

import pytest

from activities.extracting import MOST_BYTES, extracted
from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import resolve
from domain.evidence.documents.converting import form_of
from domain.evidence.extracts import Extract, Place
from domain.evidence.values import Context, Document, Hint, Kind
from tests.fakes import PlainReader

TEXT = "# Kiln 7\n\nAll was well.\n\nThe gas refused to open.\n"
READ = Extract(
    text=TEXT,
    places=(Place(first=1, label="page 1"), Place(first=5, label="page 2, paragraph 1", confidence=0.62, hidden=True)),
    by="a reader",
    notes=("1 page is damaged",),
    share_read=0.5,
)


def a_document(data: bytes, extract: Extract | None = None, hint: Hint | None = None) -> Document:
    return Document(evidence="e1", name="x", chunks=(data,), size=len(data), extract=extract, hint=hint or Hint())


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"<!DOCTYPE html>\n<p>x", "html"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<HTML lang="en">', "html"),
        (b"\x7fELF\x02\x01\x01\x00", ""),
        (b"BMW is a car", ""),
        (b"<htmlx>", ""),
        (b"2026-05-04 ERROR html", ""),
        (b"", ""),
    ],
)
def test_the_form_comes_from_the_first_bytes(head: bytes, form: str) -> None:
    assert form_of(head) == form


def test_findings_of_an_extract_name_their_place_and_cite_its_lines() -> None:
    found = analyse(a_document(b"%PDF-1.7", READ), Context())
    [one] = found.findings
    assert one.statement == "The gas refused to open. (page 2, paragraph 1, hidden from readers, read with confidence 0.62)"
    assert (one.attributes["place"], one.untrusted) == ("page 2, paragraph 1", True)
    assert resolve(one.citations[0], [TEXT.encode()]) == "The gas refused to open."
    assert found.extract == READ
    assert found.coverage.share_read == 0.5
    assert found.coverage.notes[:2] == ("read by a reader: lines are those of the text that was read", "1 page is damaged")
    assert found.classification.format.startswith("pdf: ")


def test_the_kind_of_a_document_is_that_of_its_text_and_a_picture_stays_one() -> None:
    assert analyse(a_document(b"%PDF-1.7", READ), Context()).classification.kind is Kind.DOCUMENTATION
    assert analyse(a_document(b"\x89PNG\r\n", READ), Context()).classification.kind is Kind.IMAGE
    chosen = analyse(a_document(b"\x89PNG\r\n", READ, Hint(chosen=Kind.LOGS)), Context())
    assert chosen.classification.kind is Kind.LOGS


def test_a_picture_tells_when_it_was_taken() -> None:
    taken = Extract(text=TEXT, by="x", taken=datetime(2026, 5, 4, 11))  # ruff: ignore[call-datetime-without-tzinfo]  # as EXIF tells it
    event = analyse(a_document(b"\x89PNG\r\n", taken), Context()).events[0]
    assert (event.what, event.certainty) == ("the picture was taken", "zone assumed")
    assert resolve(event.citation, [TEXT.encode()]) == "# Kiln 7"


def test_a_document_without_text_covers_nothing_and_says_why() -> None:
    found = analyse(a_document(b"%PDF-1.7\n%\xe2\xe3\xcf", Extract(notes=("needs a password",))), Context())
    assert (found.coverage.share_read, found.coverage.share_parsed) == (0.0, 0.0)
    assert found.coverage.notes[0] == "needs a password"


def test_only_documents_that_are_no_text_are_converted() -> None:
    log = a_document(b"2026-05-04 10:00:00 ERROR kiln is cold\n")
    assert extracted(log, PlainReader()) is log
    assert extracted(a_document(b"%PDF-1.7"), PlainReader("two")).extract == PlainReader("two").read("pdf", b"")


def test_an_archive_of_other_things_is_read_as_what_it_holds() -> None:
    archive, large = a_document(b"PK\x03\x04"), Document(evidence="e1", name="x", chunks=(b"PK\x03\x04",), size=MOST_BYTES + 1)
    assert extracted(archive, PlainReader("")) is archive
    assert extracted(large, PlainReader()) is large


def test_what_is_too_large_is_not_converted() -> None:
    large = Document(evidence="e1", name="x", chunks=(b"%PDF-1.7",), size=MOST_BYTES + 1)
    done = extracted(large, PlainReader()).extract
    assert done is not None
    assert (done.text, done.notes) == ("", ("larger than 64 MiB: its text was not extracted",))

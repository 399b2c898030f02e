"""Text out of documents that are none, before they are analysed: in the process that analyses."""

from __future__ import annotations

from dataclasses import replace

from domain.evidence.documents.converting import form_of
from domain.evidence.documents.images import head, too_large
from domain.evidence.extracts import Extract
from domain.evidence.values import Document
from domain.ports.documents import TextReader

MOST_BYTES = 64 << 20
"""A larger document is not converted (evidence.md 14)."""


def extracted(document: Document, reader: TextReader) -> Document:
    """Return the document with its extract; one whose bytes are its text, or an archive of others, comes back as it is."""
    first = head(document)
    form = form_of(first)
    if not form or (form == "zip" and document.size > MOST_BYTES):
        return document
    if reason := too_large(first):
        return replace(document, extract=Extract(notes=(reason,)))
    if document.size > MOST_BYTES:
        return replace(document, extract=Extract(notes=(f"larger than {MOST_BYTES >> 20} MiB: its text was not extracted",)))
    extract = reader.read(form, b"".join(document.chunks))
    return replace(document, extract=extract) if extract.text or extract.notes else document

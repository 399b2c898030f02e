"""Documents that are no text: what reads them."""

from __future__ import annotations

from typing import Protocol

from domain.evidence.extracts import Extract, Pixels


class TextReader(Protocol):
    """Text out of pages, pictures and word processors' files, and pictures as a model may see them, in the process that asks.

    >>> PlainReader(text="one").read("pdf", b"%PDF-1.7").text
    'one'
    """

    def read(self, form: str, data: bytes) -> Extract:
        """Return the text of a document of that form (pdf, zip, html, png, jpeg, …).

        What cannot be read gives an extract without text whose notes name the cause; nothing is raised for any bytes.
        """

    def pixels(self, data: bytes) -> Pixels | str:
        """Return the picture drawn anew within what models take, or why it cannot be; nothing is raised for any bytes."""

"""PDF to text, page by page; pages that are pictures are read as pictures, where that is installed."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import cast

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NumberObject

from activities.adapters.page_lines import PageLines
from domain.evidence.documents.images import PIXELS
from domain.evidence.extracts import Extract

PAGES = 1_000
"""Pages read of one document."""
PICTURES = 20
"""Scanned pages read of one document, about a second each."""
BROKEN = (PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError, TypeError, ValueError, zlib.error)  # fmt: skip
"""What pypdf raises for bytes that are not the PDF they say they are."""
PARAGRAPH = re.compile(r"\n[ \t]*\n+")
ENCRYPTED = "the PDF needs a password; send it without one, or its text"
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

PictureText = Callable[[bytes], Extract]


def pdf_text(data: bytes, picture_text: PictureText | None) -> Extract:
    """Return the text with "page n, paragraph m" for places; without text the notes say why."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return Extract(notes=(ENCRYPTED,))
        count = len(reader.pages)
    except BROKEN as broken:
        return Extract(notes=(f"the PDF is damaged and was not read ({type(broken).__name__})",))
    read = _Pages(picture_text)
    for number in range(min(count, PAGES)):
        if not read.found.full:
            read.page(reader, number)
    return read.extract(count)


class _Pages:
    """The pages of one document as they are read."""

    def __init__(self, picture_text: PictureText | None) -> None:
        self.found = PageLines()
        self._picture_text = picture_text
        self._pictures = self._read = self._scanned = self._damaged = 0

    def page(self, reader: PdfReader, number: int) -> None:
        """Read one page: its text, else its pictures."""
        try:
            page = reader.pages[number]
            text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=True)
        except BROKEN:
            self._damaged += 1
            return
        paragraphs = [part for part in PARAGRAPH.split(_dedented(text)) if part.strip()]
        added = [self.found.add(part, f"page {number + 1}, paragraph {n}") for n, part in enumerate(paragraphs, start=1)]
        if any(added) or self._scan(page, number):
            self._read += 1

    def _scan(self, page: PageObject, number: int) -> bool:
        """Read the pictures of a page without text; return whether they held any."""
        added = False
        for data in _pictures(page):
            self._scanned += 1
            if self._picture_text is None or self._pictures >= PICTURES:
                continue
            self._pictures += 1
            seen = self._picture_text(data)
            confidence = min((place.confidence for place in seen.places), default=1.0)
            added = self.found.add(seen.text, f"page {number + 1}, scanned", confidence=confidence) or added
        return added

    def extract(self, count: int) -> Extract:
        """Return everything, with what was left out."""
        unread = self._scanned - self._pictures
        told = (
            (self._damaged, "pages are damaged and were not read"),
            (count - PAGES, f"pages beyond the first {PAGES} were left out"),
            (self._pictures, "scanned pictures were read by OCR"),
            (unread, "scanned pictures were not read: send their text, or install what reads pictures (extra: ocr)"),
        )
        self.found.notes += [f"{number} {what}" for number, what in told if number > 0]
        if not self._read:
            self.found.notes.append("the PDF holds no text")
        return self.found.extract("pypdf", self._read / max(1, count))


def _dedented(text: str) -> str:
    """Return the page without the margin that all of its lines share."""
    rows = text.split("\n")
    margin = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    return "\n".join(row[margin:] for row in rows)


def _pictures(page: PageObject) -> Iterator[bytes]:
    """Yield the pictures of a page whose declared size may be decoded; broken ones are passed over."""
    try:
        objects = cast("DictionaryObject", cast("DictionaryObject", page["/Resources"])["/XObject"])
        streams = {name: cast("DictionaryObject", objects[name]) for name in objects}
        wanted = [name for name, one in streams.items() if one.get("/Subtype") == "/Image" and _pixels(one) <= PIXELS]
    except BROKEN:
        return
    for name in wanted:
        try:
            yield page.images[name].data
        except BROKEN:
            continue


def _pixels(stream: DictionaryObject) -> float:
    return float(cast("NumberObject", stream["/Width"])) * float(cast("NumberObject", stream["/Height"]))

"""DOCX to text: paragraphs and tables in order, checked as an archive before anything is unpacked."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from activities.adapters.page_lines import PageLines, columns
from domain.evidence.extracts import Extract

BODY = "word/document.xml"
MEMBERS, UNPACKED, RATIO = 1_000, 200 << 20, 100
"""Bounds on archives (privacy.md 13)."""
PIECES = 50_000
"""Paragraphs and tables read of one document."""
ROWS = 5_000
"""Rows read of one table."""
BROKEN = (OpcError, BadZipFile, LargeZipFile, SyntaxError, ArithmeticError, AttributeError, LookupError, NotImplementedError, OSError, RecursionError, RuntimeError, TypeError, ValueError, zlib.error)  # fmt: skip
"""What python-docx, lxml and zipfile raise for bytes that are not the document they say they are."""


def word_text(data: bytes) -> Extract:
    """Return the text with "page n, paragraph m" for places, as far as the file tells pages; another archive gives nothing."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            if BODY not in archive.namelist():
                return Extract()
            if reason := _refused(archive):
                return Extract(notes=(reason,))
        return _read(docx.Document(BytesIO(data)))
    except BROKEN as broken:
        return Extract(notes=(f"the document is damaged and was not read ({type(broken).__name__})",))


def _refused(archive: ZipFile) -> str:
    """Return why an archive must not be unpacked, by what its directory declares."""
    members = archive.infolist()
    size, stored = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if len(members) > MEMBERS:
        return f"the document is an archive of more than {MEMBERS:,} members and was not unpacked"
    if size > UNPACKED or size > RATIO * max(stored, 1 << 14):
        return f"the document would unpack to {size >> 20} MiB, {size // max(1, stored)} times its size, and was not unpacked"
    return "the document needs a password; send it without one" if any(one.flag_bits & 1 for one in members) else ""


def _read(document: WordDocument) -> Extract:
    found = PageLines()
    page, number = 1, 0
    for number, piece in enumerate(document.iter_inner_content(), start=1):
        if number > PIECES or found.full:
            found.notes.append(f"paragraphs beyond the first {number - 1} were left out")
            break
        if isinstance(piece, Table):
            found.add(_table(piece), f"page {page}, table at paragraph {number}")
        else:
            found.add(_paragraph(piece), f"page {page}, paragraph {number}", hidden=_is_hidden(piece))
            page += len(piece.rendered_page_breaks)
    return found.extract("python-docx")


def _paragraph(piece: Paragraph) -> str:
    """Return the text, a heading marked as such."""
    style = (piece.style.name or "") if piece.style else ""
    level = style.removeprefix("Heading ")
    if style == "Title" or (level != style and level.isdecimal()):
        return "#" * (int(level[:1]) if level != style else 1) + " " + piece.text
    return ("- " if style.startswith("List Bullet") else "") + piece.text


def _table(table: Table) -> str:
    return columns([[cell.text for cell in row.cells] for row in table.rows[:ROWS]])


def _is_hidden(piece: Paragraph) -> bool:
    """Tell whether no letter of a paragraph is shown."""
    runs = [run for run in piece.runs if run.text.strip()]
    return bool(runs) and all(run.font.hidden for run in runs)

"""Images: type and size only; without a reader of pictures nothing in them is evidence."""

from __future__ import annotations

import struct
from itertools import islice

from domain.evidence import fingerprints
from domain.evidence.reading import Reading
from domain.evidence.values import Context, Document, Parsed, Text

HEAD = 64 * 1024


def head(document: Document) -> bytes:
    """Return the first bytes of a document."""
    taken = b""
    for chunk in islice(document.chunks, HEAD):
        taken += chunk
        if len(taken) >= HEAD:
            break
    return taken[:HEAD]


def analyse(_text: Text, document: Document, _context: Context) -> Parsed:
    """Return what the header of an image says; its coverage is 0."""
    data = head(document)
    name = next((name for magic, name, image in fingerprints.MAGIC if image and data.startswith(magic)), "unknown")
    size = dimensions(name, data)
    reading = Reading(document=document, lines=(), notes=["the picture is not readable here"])
    wide = f", {size[0]} x {size[1]} pixels" if size else ""
    return reading.parsed(f"{name} image{wide}; not readable here", 0.0)


def dimensions(name: str, data: bytes) -> tuple[int, int] | None:
    """Return (width, height) in pixels where the header tells them."""
    if name == "png" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if name == "gif" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if name == "jpeg":
        return _jpeg(data)
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Return the size in the first frame header of a JPEG."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in {0xC0, 0xC1, 0xC2}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None

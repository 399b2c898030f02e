"""Pictures: type and size from the header; what stands in them is read by whoever reads text out of pictures."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from itertools import islice

from domain.evidence.kinds import fingerprints
from domain.evidence.reading import Reading
from domain.evidence.values import Context, Document, Parsed, Text

HEAD = 64 * 1024
PIXELS = 40_000_000
"""Bound on what is decoded (evidence.md 14)."""
UNREADABLE = "the picture is not readable here; send its text, or install what reads pictures (extra: ocr)"
Size = tuple[int, int]


def head(document: Document) -> bytes:
    """Return the first bytes of a document."""
    taken = b""
    for chunk in islice(document.chunks, HEAD):
        taken += chunk
        if len(taken) >= HEAD:
            break
    return taken[:HEAD]


def analyse(_text: Text, document: Document, _context: Context) -> Parsed:
    """Return what the header of a picture says, and why nothing was read of it; its coverage is 0."""
    data = head(document)
    name = next((name for magic, name, image in fingerprints.MAGIC if image and data.startswith(magic)), "unknown")
    size = dimensions(name, data)
    notes = document.extract.notes if document.extract else ()
    reading = Reading(document=document, lines=(), notes=list(notes or (UNREADABLE,)))
    wide = f", {size[0]} x {size[1]} pixels" if size else ""
    return reading.parsed(f"{name} image{wide}; {notes[0] if notes else 'not readable here'}", 0.0)


def too_large(data: bytes) -> str:
    """Return why a picture must not be decoded, "" where its header declares an acceptable size or none."""
    name = next((name for magic, name, image in fingerprints.MAGIC if image and data.startswith(magic)), "")
    size = dimensions(name, data)
    if size is None or size[0] * size[1] <= PIXELS:
        return ""
    return f"the picture declares {size[0]} x {size[1]} pixels; more than {PIXELS // 1_000_000} million are not decoded"


def dimensions(name: str, data: bytes) -> Size | None:
    """Return (width, height) in pixels where the header tells them."""
    reader = READERS.get(name)
    try:
        return reader(data) if reader else None
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> Size:
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _gif(data: bytes) -> Size:
    width, height = struct.unpack("<HH", data[6:10])
    return width, height


def _jpeg(data: bytes) -> Size | None:
    """Follow the segments of a JPEG to its frame header."""
    at = 2
    while at + 10 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in {0xC0, 0xC1, 0xC2}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp(data: bytes) -> Size | None:
    """Read the canvas of an extended file, or the frame of a simple one (RFC 9649)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _bmp(data: bytes) -> Size:
    """Read the bitmap header; a negative height stands for rows from top to bottom, 12 bytes are OS/2's short form."""
    if data[14] == 12:
        width, height = struct.unpack("<HH", data[18:22])
        return width, height
    width, height = struct.unpack("<ii", data[18:26])
    return abs(width), abs(height)


def _tiff(data: bytes) -> Size | None:
    """Read tags 256 and 257 of the first directory (TIFF 6.0), where it stands in the head."""
    order = "<" if data.startswith(b"II") else ">"
    (at,) = struct.unpack(order + "I", data[4:8])
    (count,) = struct.unpack(order + "H", data[at : at + 2])
    sizes: dict[int, int] = {}
    for start in range(at + 2, at + 2 + 12 * min(count, 256), 12):
        tag, form = struct.unpack(order + "HH", data[start : start + 4])
        if tag in {256, 257}:
            (sizes[tag],) = struct.unpack(
                order + ("H" if form == 3 else "I"), data[start + 8 : start + (10 if form == 3 else 12)]
            )
    return (sizes[256], sizes[257]) if len(sizes) == 2 else None


READERS: Mapping[str, Callable[[bytes], Size | None]] = {
    "png": _png,
    "gif": _gif,
    "jpeg": _jpeg,
    "webp": _webp,
    "bmp": _bmp,
    "tiff": _tiff,
}

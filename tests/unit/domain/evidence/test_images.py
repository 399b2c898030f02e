"""Pictures: type and size from the header, and nothing more."""

import struct
from itertools import repeat

import pytest

from domain.evidence.documents import images
from domain.evidence.values import Context, Document, Text

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIHDR" + struct.pack(">II", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)
FRAME = struct.pack(">HBHH", 17, 8, 480, 640)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xdb\x00\x03c\xff\xc0" + FRAME + b"\x03"


def a_document(*chunks: bytes) -> Document:
    return Document(evidence="e1", name="x", chunks=chunks)


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("png", PNG, (640, 480)),
        ("png", PNG[:-1], None),
        ("gif", GIF, (640, 480)),
        ("gif", GIF[:-1], None),
        ("jpeg", JPEG, (640, 480)),
        ("jpeg", JPEG[:-1], None),
        ("jpeg", b"\xff\xd8\xff\xc1" + FRAME + b"\x03", (640, 480)),
        ("jpeg", b"\xff\xd8\xff\xc2" + FRAME + b"\x03", (640, 480)),
        ("jpeg", b"\xff\xd8\xff\xc4" + FRAME + b"\x03", None),
        ("jpeg", b"\xff\xd8\x00\xc0" + FRAME + b"\x03", None),
        ("tiff", PNG, None),
        ("webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f" + struct.pack("<I", 639 | 479 << 14), (640, 480)),
        ("webp", b"RIFF\x1a\x00\x00\x00WEBPVP8 " + bytes(10) + struct.pack("<HH", 640, 480), (640, 480)),
        ("webp", b"RIFF\x1a\x00\x00\x00WEBPVP8X" + bytes(8) + b"\x7f\x02\x00\xdf\x01\x00", (640, 480)),
        ("webp", b"RIFF\x1a\x00\x00\x00WEBPNONE" + bytes(20), None),
        ("webp", b"RIFF", None),
        ("bmp", b"BM" + bytes(12) + struct.pack("<Iii", 40, 640, -480), (640, 480)),
        ("bmp", b"BM" + bytes(12) + struct.pack("<IHH", 12, 640, 480), (640, 480)),
        ("bmp", b"BM", None),
        ("tiff", b"II*\x00\x08\x00\x00\x00\x02\x00" + struct.pack("<HHIIHHII", 256, 4, 1, 640, 257, 4, 1, 480), (640, 480)),
        (
            "tiff",
            b"MM\x00*\x00\x00\x00\x08\x00\x02" + struct.pack(">HHIHHHHIHH", 256, 3, 1, 640, 0, 257, 3, 1, 480, 0),
            (640, 480),
        ),
        ("tiff", b"II*\x00\x08\x00\x00\x00\x01\x00" + struct.pack("<HHII", 256, 4, 1, 640), None),
    ],
)
def test_a_size_is_read_where_the_whole_header_is_there(name: str, data: bytes, size: tuple[int, int] | None) -> None:
    assert images.dimensions(name, data) == size


def test_the_head_is_the_first_64_kib_of_all_chunks() -> None:
    assert images.head(a_document(b"ab", b"", b"cd")) == b"abcd"
    assert images.head(a_document(b"a" * 40_000, b"b" * 30_000, b"c")) == b"a" * 40_000 + b"b" * 25_536
    assert images.head(a_document(b"a" * 65_535, b"bc")) == b"a" * 65_535 + b"b"
    assert len(images.head(a_document(*repeat(b"", 65_536), b"late"))) == 0


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        (PNG, "png image, 640 x 480 pixels; not readable here"),
        (GIF, "gif image, 640 x 480 pixels; not readable here"),
        (JPEG, "jpeg image, 640 x 480 pixels; not readable here"),
        (PNG[:12], "png image; not readable here"),
        (b"\x7fELF" + bytes(20), "unknown image; not readable here"),
    ],
)
def test_a_picture_covers_nothing(data: bytes, summary: str) -> None:
    parsed = images.analyse(Text(lines=()), a_document(data), Context())
    assert (parsed.summary, parsed.share_parsed) == (summary, 0.0)
    assert (parsed.findings, parsed.notes) == ((), (images.UNREADABLE,))

"""Bytes of a picture to its colours, within bounds that its header is held to before anything is decoded."""

from __future__ import annotations

import struct
import warnings
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from domain.evidence.documents.images import PIXELS

Colours = NDArray[np.uint8]

READ_PIXELS = 12_000_000
"""A larger picture is read at a smaller scale: 4K screens hold 8.3 million."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
BROKEN = (ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning)  # fmt: skip
"""What Pillow raises for bytes that are not the picture they say they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded picture; `colours` is (height, width, 3)."""

    colours: Colours
    frames: int = 1
    taken: datetime | None = None
    """By EXIF, which names no zone."""


def picture(data: bytes) -> Picture | str:
    """Return the first picture of a file, or why it was not decoded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _opened(data)
        except BROKEN as broken:
            return f"the picture is damaged and was not decoded ({type(broken).__name__})"


def _opened(data: bytes) -> Picture | str:
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > PIXELS:
            return f"the picture has more than {PIXELS // 1_000_000} million pixels and was not decoded"
        frames, taken = getattr(opened, "n_frames", 1), _taken(opened)
        return Picture(colours=_colours(opened), frames=frames, taken=taken)


def _colours(opened: Image.Image) -> Colours:
    """Return (height, width, 3); what is transparent becomes white."""
    factor = 1
    while opened.width * opened.height / factor**2 > READ_PIXELS:
        factor += 1
    small = opened.reduce(factor) if factor > 1 else opened
    if small.has_transparency_data:
        whole = small.convert("RGBA")
        small = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole)
    return np.asarray(small.convert("RGB"))


def _taken(opened: Image.Image) -> datetime | None:
    exif = opened.getexif()
    told = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return datetime.strptime(str(told), "%Y:%m:%d %H:%M:%S")  # ruff: ignore[call-datetime-strptime-without-zone]
    except ValueError:
        return None

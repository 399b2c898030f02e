"""A picture drawn anew for a model: its colours alone, in a form and size that both protocols take."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from activities.adapters.pictures import picture
from domain.evidence.extracts import Pixels

MOST_BYTES = 5_000_000 * 3 // 4
"""A picture of 5 MB in base64 is the most that Anthropic's API takes; OpenAI's takes more."""
LONGEST_EDGE = 8_000
"""Pixels; Anthropic's API refuses a longer edge."""
SMALLEST = 8
"""Divisor after which a picture is given up: its letters are gone."""


def picture_pixels(data: bytes) -> Pixels | str:
    """Return the first picture of a file without whatever else the file holds, as large as a model takes it, or why not."""
    found = picture(data)
    if isinstance(found, str):
        return found
    whole = Image.fromarray(found.colours)
    fitting = (one for one in _drawn(whole) if len(one.data) <= MOST_BYTES)
    return next(fitting, "the picture is too large for a model even at an eighth of its scale")


def _drawn(whole: Image.Image) -> Iterator[Pixels]:
    """Yield the picture ever smaller: without loss first, then with."""
    factor = -(-max(whole.size) // LONGEST_EDGE)
    while factor <= SMALLEST:
        small = whole.reduce(factor) if factor > 1 else whole
        for form in ("PNG", "JPEG"):
            out = BytesIO()
            small.save(out, form, **({"quality": 90} if form == "JPEG" else {}))
            yield Pixels(
                media_type="image/png" if form == "PNG" else "image/jpeg",
                data=out.getvalue(),
                width=small.width,
                height=small.height,
            )
        factor *= 2

"""A reader of documents in memory."""

from __future__ import annotations

from dataclasses import dataclass

from domain.evidence.extracts import Extract, Pixels, Place


@dataclass(frozen=True)
class PlainReader:
    """Reads the same text out of every document."""

    text: str = "one"

    def read(self, form: str, data: bytes) -> Extract:
        places = (Place(first=1, label="page 1"),) if self.text else ()
        return Extract(text=self.text, places=places, by="a fake")

    def pixels(self, data: bytes) -> Pixels | str:
        return Pixels(media_type="image/png", data=data, width=30, height=25) if data else "the picture is damaged"

"""How the bytes of a text stand for characters and line ends; cut at line ends, each part decodes by itself."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

HEAD = 64 << 10
"""Bytes by which the encoding is told."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """UTF-8, UTF-16 or cp1252, with the length of the mark that stands before the text."""

    name: str = "utf-8"
    mark: int = 0

    @property
    def unit(self) -> int:
        """Bytes of a line end's character."""
        return 2 if self.name.startswith("utf-16") else 1

    def text(self, raw: bytes) -> tuple[bytes, int]:
        """Return whole lines as UTF-8 with LF as their only end, and how many characters were replaced."""
        if self.name == "utf-8" and raw.isascii():
            return with_line_feeds(raw), 0
        text = raw.decode(self.name, "replace")
        replaced = text.count("\ufffd")
        return with_line_feeds(raw if self.name == "utf-8" and not replaced else text.encode("utf-8", "replace")), replaced

    def behind_line(self, data: bytes, place: int) -> int:
        """Return the offset behind the first line end at or after `place`, 0 when none stands there for sure."""
        feed = self._find(b"\n", data, place, len(data))
        end = feed if feed >= 0 else len(data)
        back = self._find(b"\r", data, place, end)
        if back < 0 or back + self.unit == feed:
            return feed + self.unit if feed >= 0 else 0
        return back + self.unit if back + 2 * self.unit <= len(data) else 0

    def _find(self, mark: bytes, data: bytes, place: int, end: int) -> int:
        mark = mark.decode().encode(self.name)
        found = data.find(mark, place, end)
        while found % self.unit and found >= 0:
            found = data.find(mark, found + 1, end)
        return found

    def last_line(self, data: bytes) -> int:
        """Return the offset at which the last line begins; a line end at the very end of the data begins none."""
        place = len(data) - self.unit
        marks = [mark.encode(self.name) for mark in "\n\r"]
        while (found := max(data.rfind(mark, 0, place) for mark in marks)) >= 0:
            if found % self.unit == 0:
                return found + self.unit
            place = found + self.unit - 1
        return 0


UTF8 = Encoding()


def encoding_of(head: bytes) -> Encoding:
    """Tell the encoding by the first 64 KiB of a text."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name=name, mark=len(mark))
    if len(head) >= 8:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) * 0.2 and min(even, odd) < len(head) * 0.02:
            return Encoding(name="utf-16-le" if odd > even else "utf-16-be")
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return Encoding(name="cp1252")
    return UTF8


def with_line_feeds(data: bytes) -> bytes:
    """Return the text with LF for CRLF and lone CR."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data

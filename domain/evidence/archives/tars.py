"""Tape archives, walked as a stream (POSIX.1-2001 ustar and pax, GNU long names)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.evidence.archives.naming import moment, why_not
from domain.evidence.archives.values import Entry, Member, Walk, Why

BLOCK = 512
EXTENSION = 64 << 10
"""Bytes of a long name or of extended fields that are read; the rest is passed over."""
PAX_FIELD = re.compile(rb"\d{1,6} (path|size|mtime)=([^\n]{1,4096})\n")
FILES, DIRECTORY = b"\x0007", b"5"
REASONS = {
    b"1": Why.LINK,
    b"2": Why.LINK,
    b"3": Why.DEVICE,
    b"4": Why.DEVICE,
    b"6": Why.DEVICE,
    b"S": Why.SPARSE,
}
"""Types of entries that are no plain files."""


@dataclass(slots=True)
class _Stream:
    """Bytes taken in order."""

    chunks: Iterator[bytes]
    held: bytes = b""

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield the next bytes in pieces; fewer where the stream ends."""
        while count > 0:
            if not self.held:
                self.held = next(filter(None, self.chunks), b"")
                if not self.held:
                    return
            piece, self.held = self.held[:count], self.held[count:]
            count -= len(piece)
            yield piece

    def take(self, count: int) -> bytes:
        """Return the next bytes, fewer where the stream ends."""
        return b"".join(self.pieces(count))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    kind: bytes
    name: str
    size: int
    time: float


@dataclass(slots=True)
class _Body:
    """The bytes of an entry, of which as many are passed over as nobody read."""

    stream: _Stream
    left: int
    pieces: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = self._read()

    def _read(self) -> Iterator[bytes]:
        for piece in self.stream.pieces(self.left):
            self.left -= len(piece)
            yield piece

    def whole(self) -> bool:
        """Pass over the rest; False where the stream ends before."""
        for piece in self.stream.pieces(self.left):
            self.left -= len(piece)
        return self.left == 0


def is_tar(head: bytes) -> bool:
    """Tell a tape archive by the sum over its first header."""
    return _header(head[:BLOCK]) is not None


def entries(chunks: Iterator[bytes], walk: Walk) -> Iterator[Entry]:
    """Yield the entries in their order, without directories; a header that does not add up ends the walk of this archive."""
    stream, fields = _Stream(chunks), dict[str, str]()
    while any(block := stream.take(BLOCK)):
        header = _header(block)
        if header is None:
            walk.note("an archive is damaged or cut off: members behind the damage were not read")
            return
        size = _whole_number(fields.get("size", ""), header.size)
        body = _Body(stream, size)
        if header.kind in b"xgLK":
            fields = _extended(header.kind, body, fields)
        else:
            if header.kind != DIRECTORY:
                yield Entry(member=_member(header, size, fields), body=body.pieces)
            fields = {}
        if not body.whole() or len(stream.take(-size % BLOCK)) < -size % BLOCK:
            walk.note("an archive is cut off within a member")
            return


def _header(block: bytes) -> _Header | None:
    if len(block) < BLOCK or not any(block[:100]):
        return None
    try:
        told = _number(block[148:156])
        size, time = _number(block[124:136]), _number(block[136:148])
    except ValueError:
        return None
    if told != sum(block[:148]) + 8 * 32 + sum(block[156:]) or size < 0:
        return None
    name, prefix = _text(block[:100]), _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    return _Header(kind=block[156:157], name=f"{prefix}/{name}" if prefix else name, size=size, time=time)


def _number(field: bytes) -> int:
    """Return an octal number, or a binary one by the mark of GNU."""
    if field[:1] in {b"\x80", b"\xff"}:
        return int.from_bytes(field[1:], "big") if field[:1] == b"\x80" else -1
    return int(field.split(b"\0")[0].strip() or b"0", 8)


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("utf-8", "replace")


def _extended(kind: bytes, body: _Body, fields: dict[str, str]) -> dict[str, str]:
    """Return the fields that the next entry has besides its header; those for all entries tell nothing that is used."""
    data = b""
    for piece in body.pieces:
        data = (data + piece)[:EXTENSION] if len(data) < EXTENSION else data
        if len(data) == EXTENSION:
            break
    if kind == b"L":
        return {**fields, "path": _text(data)}
    found = PAX_FIELD.findall(data) if kind == b"x" else []
    return {**fields, **{name.decode(): value.decode("utf-8", "replace") for name, value in found}}


def _whole_number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else otherwise


def _member(header: _Header, size: int, fields: dict[str, str]) -> Member:
    name = fields.get("path") or header.name
    why = REASONS.get(header.kind) or (None if header.kind in FILES else Why.METHOD)
    time = fields.get("mtime", "").split(".")[0]
    return Member(name=name, size=size, modified=moment(_whole_number(time, int(header.time))), why=why or why_not(name, size))

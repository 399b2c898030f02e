"""Compressed uploads: the text inside, within bounds, broken streams included."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

FEED = 4096
"""Compressed bytes per call: what a broken stream can lose, and the grain at which bounds are checked."""
PIECE = 1 << 20
RATIO = 200
"""Expanded bytes per stored byte; the bound of evidence.md 4.1 against bombs."""
EXPANDED = 2 << 30
_ZIP_HEAD = 30
_DESCRIPTOR = 16


@dataclass(slots=True, kw_only=True)
class Reading:
    """What decoding noticed, filled while its chunks are consumed; a fresh one per pass."""

    encoding: str = "utf-8"
    replaced: int = 0
    """U+FFFD in the decoded text."""
    cut: bool = False
    """True when a bound or a break ended the reading early."""
    notes: list[str] = field(default_factory=list)
    head: bytes = b""
    """The first expanded bytes, where a text was cut into blocks."""
    size: int = 0
    """Bytes of the text so far."""


class _Codec(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Deflate:
    """zlib, gzip and raw deflate with bounded output per call."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self.eof:
            yield self._inner.decompress(data, PIECE)
            data = self._inner.unconsumed_tail


class _Blocked:
    """bz2 and xz, which hold their own input back."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.decompress(data, PIECE)
        while not self.eof and not self._inner.needs_input:
            yield self._inner.decompress(b"", PIECE)


def peek(chunks: Iterable[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """Return the first `size` bytes (fewer at the end) and all bytes again."""
    source = iter(chunks)
    parts: list[bytes] = []
    have = 0
    while have < size and (chunk := next(source, None)) is not None:
        parts.append(chunk)
        have += len(chunk)
    head = b"".join(parts)
    return head[:size], chain([head] if head else [], source)


def inflate(chunks: Iterable[bytes], reading: Reading, free: int = 0) -> Iterator[bytes]:
    """Yield the bytes inside one gzip, bz2, xz or single-member zip stream; anything else passes unchanged.

    So many bytes are `free`: they may come out of however few.
    """
    head, everything = peek(chunks, 65536)
    skip = _zip_body(head)
    codec = _codec(head, zipped=skip is not None)
    if codec is None:
        yield from everything
        return
    try:
        yield from _expand(codec, _recut(everything, skip or 0), reading, _Bound(free=free))
    except (zlib.error, lzma.LZMAError, OSError, EOFError):
        _stop(reading, "the compressed stream is broken; what could be expanded was read")


def packed(head: bytes) -> bool:
    """Tell by the first 64 KiB whether `inflate` would expand the bytes."""
    return _codec(head, zipped=_zip_body(head) is not None) is not None


def _stop(reading: Reading, note: str) -> None:
    reading.cut = True
    reading.notes.append(note)


def _codec(head: bytes, *, zipped: bool) -> _Codec | None:
    if head.startswith(b"\x1f\x8b\x08"):
        return _Deflate(31)
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return _Blocked(bz2.BZ2Decompressor())
    if head.startswith(b"\xfd7zXZ\x00"):
        return _Blocked(lzma.LZMADecompressor(memlimit=256 << 20))
    return _Deflate(-15) if zipped else None


def _zip_body(head: bytes) -> int | None:
    """Offset of the first member's deflated bytes, or None when this is no such zip."""
    if not head.startswith(b"PK\x03\x04") or len(head) < _ZIP_HEAD or head[8:10] != b"\x08\x00":
        return None
    return _ZIP_HEAD + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")


def _recut(chunks: Iterable[bytes], skip: int) -> Iterator[bytes]:
    """Cut into `FEED` bytes each, so that bounds fall alike for any chunk size."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        if skip:
            data, skip = data[skip:], max(0, skip - len(data))
        whole = len(data) - len(data) % FEED
        for start in range(0, whole, FEED):
            yield data[start : start + FEED]
        rest = data[whole:]
    if rest:
        yield rest


def _expand(codec: _Codec, pieces: Iterator[bytes], reading: Reading, bound: _Bound) -> Iterator[bytes]:
    """Expand members one after the other until the stream ends, breaks a bound, or something else follows."""
    for piece in pieces:
        bound.stored += len(piece)
        data = piece
        while data:
            follower = _codec(data, zipped=False) if codec.eof else codec
            if follower is None:
                _after_last(data, pieces, reading)
                return
            codec = follower
            yield from bound.allowed(codec.feed(data))
            if bound.broken:
                _stop(reading, f"expansion stopped at {bound.expanded} bytes: more than {RATIO} times its stored size")
                return
            data = codec.unused_data if codec.eof else b""
    if not codec.eof:
        _stop(reading, "the compressed stream ends early; what could be expanded was read")


@dataclass(slots=True)
class _Bound:
    free: int = 0
    stored: int = 0
    expanded: int = 0
    broken: bool = False

    def allowed(self, outs: Iterator[bytes]) -> Iterator[bytes]:
        """Pass what stays within the bound on expansion."""
        for out in outs:
            room = min(max(self.free, RATIO * self.stored), EXPANDED) - self.expanded
            self.expanded += min(room, len(out))
            yield out[:room]
            if len(out) > room:
                self.broken = True
                return


def _after_last(rest: bytes, pieces: Iterator[bytes], reading: Reading) -> None:
    """Say what follows the stream: further members of an archive, or bytes that belong to nothing."""
    more = (rest + next(pieces, b""))[: FEED + _DESCRIPTOR]
    if more.startswith(b"PK\x03\x04") or more[_DESCRIPTOR : _DESCRIPTOR + 4] == b"PK\x03\x04":
        _stop(reading, "the archive has several members; only the first was read")
    elif b"PK\x01\x02" not in more:
        reading.notes.append("bytes behind the compressed stream were left out")

"""ZIP archives by their directory, or by their members' own headers where that is missing (APPNOTE.TXT 6.3)."""

from __future__ import annotations

import bz2
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from domain.evidence.archives.naming import moment, why_not
from domain.evidence.archives.values import RATIO, STEP, Entry, Member, Stored, Walk, Why, in_order

LISTED = 10_000
"""Members that are looked at (privacy.md 13: the most that a batch may hold)."""
TAIL = 66_000
"""Bytes in which the end of the directory lies: its comment has at most 65,535."""
DIRECTORY = 8 << 20
"""Bytes of a directory that are read."""
LOCAL, ROW = 30, 46
"""Bytes of a member's own header and of its row in the directory, without names."""
UNIX = 3
PIECE = 1 << 20
NAME = 1024
"""Bytes of a name that are read where the directory is missing."""
RECKONED = 10
"""Unpacked bytes per packed one that are reckoned with where a header names no size."""
FULL = 0xFFFFFFFF
"""What a field says whose value stands in the ZIP64 extension."""
DEFLATED, STORED, BZIPPED = 8, 0, 12
PACKAGES = frozenset({"META-INF/MANIFEST.MF", "[Content_Types].xml", "AndroidManifest.xml", "mimetype"})
"""Members that make a ZIP a program or a document, which is one piece of evidence and no bundle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A member as the directory tells it, and where it lies."""

    member: Member
    at: int
    """Offset of its own header."""
    stored: int
    method: int
    stop: int
    """Offset behind its bytes, as far as is known without its own header."""
    most: int
    """Unpacked bytes that are read of it."""


class _Row(NamedTuple):
    """A row of the directory."""

    made: int
    needed: int
    flags: int
    method: int
    clock: int
    crc: int
    stored: int
    size: int
    name: int
    extra: int
    comment: int
    disk: int
    internal: int
    mode: int
    offset: int


_ROW = struct.Struct("<HHHHIIIIHHHHHII")


def is_zip(head: bytes) -> bool:
    """Tell by the first bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def places(stored: Stored, walk: Walk) -> tuple[Place, ...]:
    """Return the members in the order of their bytes; those that share bytes with one before them are left out."""
    try:
        found = _by_directory(stored, walk)
    except (struct.error, ValueError):
        walk.note("an archive's directory is damaged or missing: its members were looked for one by one")
        found = _one_by_one(stored, walk)
    return _apart(sorted(found, key=lambda place: place.at))


def entries(stored: Stored, found: tuple[Place, ...], walk: Walk) -> Iterator[Entry]:
    """Yield the members, without directories."""
    for place in found:
        yield Entry(member=place.member, body=walk.counted(_body(stored, place, walk)))


def packaged(found: tuple[Place, ...]) -> bool:
    """Tell a document or program by its members."""
    return any(place.member.name in PACKAGES for place in found)


def _apart(found: list[Place]) -> tuple[Place, ...]:
    kept, end = list[Place](), 0
    for place in found:
        shared = place.at < end
        end = max(end, place.stop)
        kept.append(replace(place, member=replace(place.member, why=Why.OVERLAPPING)) if shared else place)
    return tuple(place for place in kept if not place.member.name.endswith(("/", "\\")))


def _by_directory(stored: Stored, walk: Walk) -> list[Place]:
    start = max(0, stored.size - TAIL)
    tail = stored.read(start, TAIL)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise ValueError("no directory")
    count, size, at = struct.unpack_from("<HII", tail, end + 10)
    behind = start + end
    if FULL in {size, at} or count == FULL & 0xFFFF:
        count, size, at, behind = _of_zip64(stored, tail, end, start)
    shift = behind - size - at
    if shift < 0:
        raise ValueError("the directory would begin before the archive")
    if count > LISTED or size > DIRECTORY:
        walk.note(f"an archive of {count} members: only the first {LISTED} were looked at")
    return list(_listed(stored.read(at + shift, min(size, DIRECTORY)), min(count, LISTED), shift))


def _of_zip64(stored: Stored, tail: bytes, end: int, start: int) -> tuple[int, int, int, int]:
    """Return count, size and offset from the record that the locator before the end names, and where that record lies."""
    if end < 20 or tail[end - 20 : end - 16] != b"PK\x06\x07":
        raise ValueError("no locator")
    told = struct.unpack_from("<Q", tail, end - 12)[0]
    found = (place for place in (told, start + end - 76) if place >= 0 and stored.read(place, 4) == b"PK\x06\x06")
    at = next(found, -1)
    if at < 0:
        raise ValueError("no record")
    count, size, offset = struct.unpack_from("<QQQ", stored.read(at, 56), 32)
    return count, size, offset, at


def _listed(data: bytes, count: int, shift: int) -> Iterator[Place]:
    at = 0
    for _ in range(count):
        if data[at : at + 4] != b"PK\x01\x02":
            raise ValueError("the directory is damaged")
        row = _Row(*_ROW.unpack_from(data, at + 4))
        yield _place(row, data[at + ROW : at + ROW + row.name + row.extra], shift)
        at += ROW + row.name + row.extra + row.comment


def _place(row: _Row, data: bytes, shift: int) -> Place:
    name, more = _name(data[: row.name], row.flags), _extra(data[row.name :])
    size, stored, offset = _long(more.get(1, b""), (row.size, row.stored, row.offset))
    why = _why(row.flags, row.method, row.mode >> 16 if row.made >> 8 == UNIX else 0) or why_not(name, size)
    at = offset + shift
    return Place(
        member=Member(name=name, size=size, modified=_modified(row.clock, more), why=why),
        at=at,
        stored=stored,
        method=row.method,
        stop=at + LOCAL + row.name + stored,
        most=size,
    )


def _one_by_one(stored: Stored, walk: Walk) -> list[Place]:
    """Return the members by their own headers; each ends where the next begins."""
    starts = [*_signatures(stored, walk), stored.size]
    return [place for at, stop in pairwise(starts) if (place := _by_itself(stored.read(at, LOCAL + NAME), at, stop))]


def _by_itself(head: bytes, at: int, stop: int) -> Place | None:
    if len(head) <= LOCAL:
        return None
    flags, method, clock, _, packed, size, name, extra = struct.unpack_from("<HHIIIIHH", head, 6)
    if not name:
        return None
    room = max(0, stop - at - LOCAL - name - extra)
    known = size > 0 and packed <= room
    told = _name(head[LOCAL : LOCAL + name], flags)
    size = size if known else RECKONED * room
    why = _why(flags, method, 0) or why_not(told, size)
    return Place(
        member=Member(name=told, size=size, modified=_modified(clock, {}), why=why),
        at=at,
        stored=packed if known else room,
        method=method,
        stop=stop,
        most=size if known else RATIO * room,
    )


def _signatures(stored: Stored, walk: Walk) -> Iterator[int]:
    found, held, place = 0, b"", 0
    for piece in in_order(stored):
        data = held + piece
        at = data.find(b"PK\x03\x04")
        while at >= 0:
            if found == LISTED:
                walk.note(f"only the first {LISTED} members of an archive were looked at")
                return
            found += 1
            yield place - len(held) + at
            at = data.find(b"PK\x03\x04", at + 4)
        place += len(piece)
        held = data[-3:]


def _extra(data: bytes) -> Mapping[int, bytes]:
    """Return the extension fields by their number."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        number, size = struct.unpack_from("<HH", data, at)
        found[number] = data[at + 4 : at + 4 + size]
        at += 4 + size
    return found


def _long(field: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return unpacked size, packed size and offset, those that say so from the ZIP64 field, in its order."""
    at, out = 0, list[int]()
    for value in values:
        long = value == FULL and at + 8 <= len(field)
        out.append(struct.unpack_from("<Q", field, at)[0] if long else value)
        at += 8 if long else 0
    return out[0], out[1], out[2]


def _name(raw: bytes, flags: int) -> str:
    """Return a name: UTF-8 where that is marked or fits, else the code page of PCs."""
    if flags & 0x800:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _why(flags: int, method: int, mode: int) -> Why | None:
    if flags & 1:
        return Why.LOCKED
    if mode and stat.S_ISLNK(mode):
        return Why.LINK
    if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return Why.DEVICE
    return None if method in {STORED, DEFLATED, BZIPPED} else Why.METHOD


def _modified(clock: int, more: Mapping[int, bytes]) -> datetime | None:
    """Return when it was changed: by the extended time stamp, else by its own clock, whose zone nobody knows."""
    stamp = more.get(0x5455, b"")
    if len(stamp) >= 5 and stamp[0] & 1:
        return moment(struct.unpack_from("<i", stamp, 1)[0])
    time, day = clock & 0xFFFF, clock >> 16
    try:
        local = datetime(1980 + (day >> 9), day >> 5 & 15, day & 31, time >> 11, time >> 5 & 63, 2 * (time & 31), tzinfo=UTC)
    except ValueError:
        return None
    return moment(int(local.timestamp()))


def _body(stored: Stored, place: Place, walk: Walk) -> Iterator[bytes]:
    """Yield the unpacked bytes, no more than the directory says."""
    head = stored.read(place.at, LOCAL)
    if head[:4] != b"PK\x03\x04" or len(head) < LOCAL:
        walk.note("a member does not lie where the directory says")
        return
    begin = place.at + LOCAL + sum(struct.unpack_from("<HH", head, 26))
    left = place.most
    try:
        for piece in _unpacked(in_order(stored, begin, begin + place.stored), place.method):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return
    except (zlib.error, OSError, EOFError, ValueError):
        walk.note("a member is damaged: what could be unpacked of it was read")


def _unpacked(pieces: Iterator[bytes], method: int) -> Iterator[bytes]:
    if method == STORED:
        yield from pieces
    elif method == BZIPPED:
        yield from _unbzipped(pieces)
    else:
        inner = zlib.decompressobj(-15)
        for piece in pieces:
            yield inner.decompress(piece, PIECE)
            while inner.unconsumed_tail and not inner.eof:
                yield inner.decompress(inner.unconsumed_tail, PIECE)


def _unbzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    inner = bz2.BZ2Decompressor()
    for data in pieces:
        if inner.eof:
            return
        yield inner.decompress(data, STEP)
        while not inner.eof and not inner.needs_input:
            yield inner.decompress(b"", STEP)

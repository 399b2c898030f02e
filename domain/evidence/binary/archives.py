"""Member lists of archives; nothing is unpacked."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.evidence.reading import Reading

MEMBERS = 1_000
"""Members listed (privacy.md 13)."""
RATIO = 100
"""Unpacked bytes per stored byte above which an archive is a bomb (privacy.md 13)."""
BLOCK = 512
FORMATS: Mapping[str, str] = {
    "META-INF/MANIFEST.MF": "a Java archive",
    "word/document.xml": "a Word document",
    "xl/workbook.xml": "a spreadsheet; save it as CSV",
    "ppt/presentation.xml": "slides; save them as PDF",
    "AndroidManifest.xml": "an Android package",
    "mimetype": "an OpenDocument or EPUB file; save it as PDF",
}
"""Members that tell what an archive is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    name: str
    size: int
    stored: int
    time: str = ""
    locked: bool = False


def tell_zip(reading: Reading, data: bytes) -> str:
    """Return what the central directory lists (APPNOTE.TXT 4.3.12)."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        raise ValueError("the directory at the end is missing")
    count, _, at = struct.unpack_from("<HII", data, end + 10)
    return _tell(reading, list(_zip_members(data, at, min(count, MEMBERS))), count)


def _zip_members(data: bytes, at: int, count: int) -> Iterator[_Member]:
    for _ in range(count):
        if data[at : at + 4] != b"PK\x01\x02":
            raise ValueError("the directory is damaged")
        flags, _, clock, day, _, stored, size, name, extra, comment = struct.unpack_from("<HHHHIIIHHH", data, at + 8)
        raw = data[at + 46 : at + 46 + name]
        time = f"{1980 + (day >> 9)}-{day >> 5 & 15:02}-{day & 31:02} {clock >> 11:02}:{clock >> 5 & 63:02}"
        yield _Member(name=raw.decode("utf-8", "replace"), size=size, stored=stored, time=time, locked=bool(flags & 1))
        at += 46 + name + extra + comment


def tell_tar(reading: Reading, data: bytes) -> str:
    """Return what the headers list (POSIX.1-1988 ustar)."""
    found, at, count = list[_Member](), 0, 0
    while at + BLOCK <= len(data) and data[at : at + 1] != b"\0":
        size = int(data[at + 124 : at + 136].strip(b"\0 ") or b"0", 8)
        if len(found) < MEMBERS:
            name = data[at : at + 100].split(b"\0")[0].decode("utf-8", "replace")
            found.append(_Member(name=name, size=size, stored=size))
        count += 1
        at += BLOCK + -(-size // BLOCK) * BLOCK
    if at > len(data):
        reading.find("resource", "file/tar", 1, 2.0, "the archive is cut off within its last member")
    return _tell(reading, found, count)


def _tell(reading: Reading, found: list[_Member], count: int) -> str:
    for one in found:
        fields = {"bytes": str(one.size), "modified": one.time, "locked": "yes" if one.locked else ""}
        reading.observe("member", one.name, 1, fields)
    _warn(reading, found)
    if count > len(found):
        reading.notes.append(f"{count - len(found)} members beyond the first {len(found)} were not listed")
    form = next((told for name, told in FORMATS.items() if any(one.name == name for one in found)), "")
    names = ", ".join(one.name for one in found[:5]) + ("…" if count > 5 else "")
    return f"{form and form + ', '}{count} members ({names})"


def _warn(reading: Reading, found: list[_Member]) -> None:
    """Say what makes an archive dangerous or unreadable."""
    size, stored = sum(one.size for one in found), sum(one.stored for one in found)
    if size > RATIO * max(stored, BLOCK):
        reading.notes.append(
            f"it would unpack to {size} bytes, {size // max(1, stored)} times its size: a bomb, it is not unpacked"
        )
    if any(one.locked for one in found):
        reading.notes.append("its members need a password")
    if any(one.name.startswith(("/", "\\")) or ".." in one.name.replace("\\", "/").split("/") for one in found):
        reading.notes.append("it names members outside of its own folder")

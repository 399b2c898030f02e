"""Archives as tools write them, and as nobody should."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Sequence

Files = Sequence[tuple[str, bytes]]
MTIME = 1_772_625_600
"""2026-03-04 12:00 UTC."""


def tarred(files: Files, mode: str = "w", form: int = tarfile.GNU_FORMAT) -> bytes:
    """Return a tape archive; the mode names its compression."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:  # type: ignore[call-overload]  # the mode is told by the test
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(data), MTIME
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def with_types(*members: tuple[str, bytes]) -> bytes:
    """Return a tape archive of entries of the given types, each pointing outside."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    return out.getvalue()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 12, 0, 0)), data, method)
    return out.getvalue()


class Pipe(io.RawIOBase):
    """What cannot be sought: sizes then stand behind the members."""

    def __init__(self) -> None:
        self.written = b""

    def writable(self) -> bool:
        """Take bytes."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep them."""
        self.written += bytes(data)
        return len(data)


def streamed(files: Files) -> bytes:
    """Return a ZIP as it comes out of a pipe."""
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]  # it only writes
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 12, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.written


def flagged(data: bytes, flag: int) -> bytes:
    """Return a ZIP whose directory sets a flag on every member: 1 says that it needs a password."""
    out = bytearray(data)
    at = out.find(b"PK\x01\x02")
    while at >= 0:
        out[at + 8] |= flag
        at = out.find(b"PK\x01\x02", at + 4)
    return bytes(out)


def far_away() -> bytes:
    """Return a ZIP whose 64-bit directory lies far behind its end (APPNOTE.TXT 4.3.14 to 4.3.16)."""
    data = zipped([("a.log", b"x" * 99), ("b.log", b"y")])
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 2, 2, 1 << 62, 1 << 63)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, (1 << 64) - 1, 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[: data.find(b"PK\x05\x06")] + record + locator + end


def overlapping(copies: int, size: int) -> bytes:
    """Return a ZIP whose directory lists one kernel of zeros again and again (Fifield, A better zip bomb)."""
    data = zipped([("0", bytes(size))])
    at, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    row, tail = data[at:end], bytearray(data[end:])
    rows = b"".join(row[:46] + b"%d" % (n % 10) + row[47:] for n in range(copies))
    tail[8:10] = tail[10:12] = copies.to_bytes(2, "little")
    tail[12:16] = len(rows).to_bytes(4, "little")
    return data[:at] + rows + bytes(tail)


def itself() -> bytes:
    """Return a ZIP of ZIPs of ZIPs, a single one in each."""
    data = zipped([("a.log", b"deep\n" * 50), ("b.log", b"deeper\n" * 50)])
    for _ in range(9):
        data = zipped([("inner.zip", data)])
    return data

"""Bytes of documented binary formats, built by hand: programs, dumps, classes, captures, databases."""

from __future__ import annotations

import sqlite3
import struct
import tarfile
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile


def core() -> bytes:
    """A core dump of x86-64: one note segment with status and program (System V ABI, elf.h)."""

    def note(kind: int, content: bytes) -> bytes:
        return struct.pack("<III", 5, len(content), kind) + b"CORE\0\0\0\0" + content + bytes(-len(content) % 4)

    status = bytes(12) + struct.pack("<H", 11) + bytes(322)
    info = bytes(40) + b"kilnd".ljust(16, b"\0") + b"/opt/kiln/bin/kilnd --oven 7".ljust(80, b"\0")
    notes = note(1, status) + note(3, info)
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return head + struct.pack("<IIQQQQQQ", 4, 4, 120, 0, 0, len(notes), 0, 4) + notes


def class_file() -> bytes:
    """A Java 21 class without members (Java virtual machine specification, 4.1)."""
    name = b"com/example/Oven"
    pool = b"\x01" + struct.pack(">H", len(name)) + name + b"\x07\x00\x01" + b"\x05" + bytes(8) + b"\x08\x00\x01"
    return b"\xca\xfe\xba\xbe" + struct.pack(">HHH", 0, 65, 6) + pool + struct.pack(">HHH", 0x21, 2, 0) + bytes(8)


def _frame(source: str, target: str, ports: tuple[int, int], flags: int) -> bytes:
    addresses = bytes(map(int, source.split("."))) + bytes(map(int, target.split(".")))
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, 1, 0, 64, 6, 0) + addresses
    return bytes(12) + b"\x08\x00" + ip + struct.pack(">HHIIBBHHH", *ports, 1, 0, 0x50, flags, 1_000, 0, 0)


SYN, ANSWER, RESET = 2, 0x12, 0x14
FRAMES = (
    *(_frame("10.0.0.1", "10.0.0.2", (41_200 + n, 5_432), SYN) for n in range(4)),
    _frame("10.0.0.1", "10.0.0.3", (50_000, 6_379), SYN),
    _frame("10.0.0.3", "10.0.0.1", (6_379, 50_000), RESET),
    _frame("10.0.0.1", "10.0.0.9", (50_001, 443), SYN),
    _frame("10.0.0.9", "10.0.0.1", (443, 50_001), ANSWER),
)
"""Four questions without an answer, one that is refused, one that is answered."""


def pcap(order: str = "<") -> bytes:
    """A capture of Ethernet, a packet each half second from 2026-05-04 10:00 (draft-ietf-opsawg-pcap)."""
    packets = [
        struct.pack(order + "IIII", 1_777_888_800 + n // 2, n % 2 * 500_000, len(data), len(data)) + data
        for n, data in enumerate(FRAMES)
    ]
    return struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1) + b"".join(packets)


def pcapng() -> bytes:
    """The same in blocks (draft-ietf-opsawg-pcapng); its interface counts in milliseconds."""

    def block(kind: int, body: bytes) -> bytes:
        whole = body + bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(whole) + 12) + whole + struct.pack("<I", len(whole) + 12)

    blocks = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    blocks.append(block(1, struct.pack("<HHI", 1, 0, 65_535) + struct.pack("<HHB3x", 9, 1, 3) + bytes(4)))
    for n, data in enumerate(FRAMES):
        ticks = 1_777_888_800_000 + 500 * n
        blocks.append(block(6, struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data)) + data))
    return b"".join(blocks)


def zipped() -> bytes:
    """An archive of two logs, stored as they are."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as packed:
        packed.writestr("logs/kiln.log", "2026-05-04 10:00:00 ERROR the kiln is cold\n" * 3)
        packed.writestr("logs/oven.log", "2026-05-04 10:00:00 INFO the oven is hot\n")
    return out.getvalue()


def tarred() -> bytes:
    """The same as a tape archive."""
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for name, text in (("logs/kiln.log", b"cold\n" * 200), ("logs/oven.log", b"hot\n")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            packed.addfile(member, BytesIO(text))
    return out.getvalue()


def database() -> bytes:
    """A SQLite database, written by SQLite itself."""
    made = sqlite3.connect(":memory:")
    made.execute("create table bricks (id integer primary key, state text)")
    made.executemany("insert into bricks (state) values (?)", [("wet",)] * 200)
    made.commit()
    data = made.serialize()
    made.close()
    return data


def heap_dump() -> bytes:
    """The head of an HPROF file."""
    return b"JAVA PROFILE 1.0.2\0" + struct.pack(">IQ", 8, 1_777_888_800_000) + bytes(64)

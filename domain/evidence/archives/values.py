"""What is known of a member before it is read, and the bytes that archives are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.evidence.decoding.inflate import Reading

STEP = 64 << 10
"""Bytes read at a time."""
WALKED = 2 << 30
"""Unpacked bytes that one walk over an archive may cost, as for a single stream (evidence.md 4.1)."""
RATIO = 100
"""Unpacked bytes per stored byte (privacy.md 13)."""
FREE = 16 << 20
"""Unpacked bytes that are no bomb, whatever they were packed to: many small like files pack well."""


class Why(StrEnum):
    """Why a member is left out, as people read it."""

    LINK = "links"
    DEVICE = "devices"
    SPARSE = "sparse files"
    LOCKED = "that need a password"
    METHOD = "packed in a way that is not known here"
    OUTSIDE = "named outside of the archive's own folder"
    OVERLAPPING = "that share their bytes with others"
    EMPTY = "empty"
    ASIDE = "notes of the packing system"
    LARGE = "beyond the size that is unpacked"
    LESS = "less telling than those taken"
    KNOWN = "known to the case or equal to another"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive; its name is text to show, never a path to write to."""

    name: str
    size: int
    """Unpacked bytes, as the archive says."""
    modified: datetime | None = None
    why: Why | None = None
    """Why it is left out, None for one that may be taken."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """A member while an archive is walked; its bytes can be read once, before the next entry."""

    member: Member
    body: Iterator[bytes]


class Stored(Protocol):
    """Bytes that may be read at any place."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, offset: int, length: int) -> bytes:
        """Return that many bytes, fewer at the end."""


@dataclass(frozen=True, slots=True)
class HeldBytes:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.data)

    def read(self, offset: int, length: int) -> bytes:
        """Return that many bytes, fewer at the end."""
        return self.data[offset : offset + length]


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk over an archive and those within it: what it may still cost, and what it noticed."""

    left: int
    """Unpacked bytes that may still be made."""
    over: bool = False
    reading: Reading = field(default_factory=Reading)

    @classmethod
    def over_bytes(cls, stored: int) -> Walk:
        """Return a walk whose cost goes with the stored bytes."""
        return cls(left=min(WALKED, max(FREE, RATIO * stored)))

    def counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass unpacked bytes as long as there are some left; a walk that is over passes nothing."""
        for chunk in chunks:
            if self.over or len(chunk) > self.left:
                self.stop(f"unpacking stopped: more than {RATIO} times the stored size, or {WALKED >> 30} GiB")
                return
            self.left -= len(chunk)
            yield chunk

    def stop(self, note: str) -> None:
        """End the walk."""
        self.note(note)
        self.over = True

    def note(self, note: str) -> None:
        """Keep what was noticed, once; what a walk that is over leads to is no news."""
        if not self.over and note not in self.reading.notes:
            self.reading.notes.append(note)


def in_order(stored: Stored, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """Yield the bytes between two places."""
    end = stored.size if stop is None else min(stop, stored.size)
    while start < end and (piece := stored.read(start, min(STEP, end - start))):
        yield piece
        start += len(piece)

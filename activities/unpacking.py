"""An archive's members laid down one behind the other in one file: in the process pool, and on a person's own machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from domain.evidence.archives.unpacking import Contents, bodies, contents
from domain.evidence.archives.values import Why

PIECE = 1 << 20
"""Bytes read at a time."""


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file that is read at any place."""

    path: Path

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size

    def read(self, offset: int, length: int) -> bytes:
        """Return that many bytes, fewer at the end."""
        if offset >= self.size:
            return b""
        with self.path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A member's bytes, a part of a file; may be read more than once, and from any place."""

    name: str
    """Its path within the archive: text to show."""
    path: Path
    start: int
    size: int
    modified: datetime | None = None

    def __iter__(self) -> Iterator[bytes]:
        """Yield from the first byte."""
        return self.at(0)

    def at(self, offset: int) -> Iterator[bytes]:
        """Yield from this byte."""
        with self.path.open("rb") as file:
            file.seek(self.start + offset)
            left = self.size - offset
            while left > 0 and (piece := file.read(min(PIECE, left))):
                left -= len(piece)
                yield piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What was taken out of an archive, the most telling first, and what it held."""

    members: tuple[Laid, ...]
    held: Contents
    unread: Mapping[Why, int] = field(default_factory=dict)
    """Members that were to be taken and of which nothing could be read."""


def unpack(path: Path, room: Path) -> Unpacked | None:
    """Lay the members of an archive down in `room`, None for what is no archive; the same bytes lay down the same."""
    stored = FileBytes(path)
    held = contents(stored)
    if held is None:
        return None
    laid = dict(_laid(stored, held, room))
    short = sum(one.size < held.members[place].size for place, one in laid.items())
    notes = (*held.notes, f"{short} of its members could be read in part only") if short else held.notes
    return Unpacked(
        members=tuple(laid[place] for place in held.taken if place in laid),
        held=replace(held, notes=notes),
        unread={Why.DAMAGED: len(held.taken) - len(laid)},
    )


def _laid(stored: FileBytes, held: Contents, room: Path) -> Iterator[tuple[int, Laid]]:
    with room.open("wb") as file:
        for place, body in bodies(stored, held):
            start, member = file.tell(), held.members[place]
            if size := sum(file.write(piece) for piece in body):
                yield place, Laid(name=member.name, path=room, start=start, size=size, modified=member.modified)

"""An archive walked twice: once for what it holds, once for the bytes of what is taken; archives within it belong to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.evidence.archives import tars, zips
from domain.evidence.archives.choosing import UNPACKED, chosen
from domain.evidence.archives.naming import shown
from domain.evidence.archives.values import FREE, Entry, HeldBytes, Member, Stored, Walk, in_order
from domain.evidence.decoding.encoding import HEAD
from domain.evidence.decoding.inflate import Reading, inflate, packed, peek

DEPTH = 2
"""Archives within each other that are opened (privacy.md 13)."""
HELD = 32 << 20
"""Unpacked bytes of a ZIP within an archive: it is read from its end, so it must be held."""
LISTED = zips.LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an archive holds: every member that was looked at, and those to take, the most telling first."""

    members: tuple[Member, ...]
    taken: tuple[int, ...]
    """Places among the members."""
    notes: tuple[str, ...] = ()


def is_archive(stored: Stored) -> bool:
    """Tell a bundle of files; a document or program in ZIP's form is none, nor is one packed file."""
    return _opened(stored, Walk.over_bytes(stored.size)) is not None


def contents(stored: Stored) -> Contents | None:
    """Return what an archive holds and what of it is to be taken, None for what is no archive. Same bytes, same answer."""
    walk = Walk.over_bytes(stored.size)
    room = min(UNPACKED, walk.left)
    found = _walked(stored, walk)
    if found is None:
        return None
    taken, members = chosen(_distinct([entry.member for entry in found]), room)
    return Contents(members=members, taken=taken, notes=tuple(walk.reading.notes))


def bodies(stored: Stored, held: Contents) -> Iterator[tuple[int, Iterator[bytes]]]:
    """Yield each member to be taken, in the order of the archive: its place, and its bytes, to be read before the next."""
    wanted, room = frozenset(held.taken), Walk(left=UNPACKED)
    found = _walked(stored, Walk.over_bytes(stored.size))
    for place, entry in enumerate(found or ()):
        if place in wanted:
            yield place, room.counted(entry.body)


def _walked(stored: Stored, walk: Walk) -> Iterator[Entry] | None:
    entries = _opened(stored, walk)
    return None if entries is None else _first(_flat(entries, "", 1, walk), walk)


def _first(entries: Iterator[Entry], walk: Walk) -> Iterator[Entry]:
    for place, entry in enumerate(entries):
        if place == LISTED:
            walk.note(f"only the first {LISTED} members of an archive were looked at")
            return
        yield entry


def _flat(entries: Iterator[Entry], prefix: str, depth: int, walk: Walk) -> Iterator[Entry]:
    """Yield the entries, those of an inner archive in its place."""
    for entry in entries:
        name = prefix + shown(entry.member.name)
        inner = _inner(entry, walk) if depth < DEPTH and entry.member.why is None else None
        if inner is None:
            yield Entry(member=replace(entry.member, name=name), body=entry.body)
        else:
            yield from _flat(inner, f"{name}/", depth + 1, walk)


def _inner(entry: Entry, walk: Walk) -> Iterator[Entry] | None:
    """Return the entries of a member that is an archive itself; what is looked at stays readable."""
    head, entry.body = peek(entry.body, HEAD)
    if zips.is_zip(head) and entry.member.size <= HELD:
        data = HeldBytes(b"".join(entry.body))
        entry.body = iter([data.data])
        return _zip_entries(data, walk)
    return _tar_entries(head, entry.body, walk)


def _opened(stored: Stored, walk: Walk) -> Iterator[Entry] | None:
    head = stored.read(0, HEAD)
    if zips.is_zip(head):
        return _zip_entries(stored, walk)
    return _tar_entries(head, in_order(stored), walk)


def _zip_entries(stored: Stored, walk: Walk) -> Iterator[Entry] | None:
    found = zips.places(stored, walk)
    if not found or zips.packaged(found):
        return None
    if len(found) == 1 and found[0].member.why is None and packed(stored.read(0, HEAD)):
        (entry,) = zips.entries(stored, found, Walk(left=HELD))
        head, _ = peek(entry.body, HEAD)
        if not zips.is_zip(head) and not _is_tar(head):
            return None
    return zips.entries(stored, found, walk)


def _tar_entries(head: bytes, chunks: Iterator[bytes], walk: Walk) -> Iterator[Entry] | None:
    if not _is_tar(head):
        return None
    return tars.entries(walk.counted(inflate(chunks, walk.reading, FREE)) if packed(head) else chunks, walk)


def _is_tar(head: bytes) -> bool:
    """Tell a tape archive, packed or not."""
    if packed(head) and not zips.is_zip(head):
        head, _ = peek(inflate([head], Reading()), tars.BLOCK)
    return tars.is_tar(head)


def _distinct(members: list[Member]) -> list[Member]:
    """Return the members with names that differ: one that comes again has its number behind it."""
    seen, out = Counter[str](), list[Member]()
    for member in members:
        seen[member.name] += 1
        again = seen[member.name]
        out.append(member if again == 1 else replace(member, name=f"{member.name} ({again})"))
    return out

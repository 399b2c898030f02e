"""KeyVault on SQL: data keys wrapped by the master key, and numbered placeholders with their sealed originals."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.adapters.envelope import KEY, fingerprint, seal, subkey, unseal
from activities.adapters.sql_engine import Database, insert_once
from activities.adapters.sql_tables import data_keys, placeholders
from domain.errors import NotFound
from domain.privacy.forms import DROPPED
from domain.privacy.grouping import group, normalised
from domain.privacy.placeholders import Placeholder

BATCH = 400
"""Values of one statement, below SQLite's limit of parameters."""

OPEN_S = 30.0
"""How long an unwrapped key may be kept (privacy.md 10)."""

OPEN_KEYS = 1_000
"""Unwrapped keys of one process, the oldest go first."""


@dataclass(frozen=True, slots=True)
class SqlVault:
    """One row per case holds its wrapped key; the row is also the lock under which new numbers are given."""

    database: Database
    master: bytes
    opened: dict[UUID, tuple[float, bytes]] = field(default_factory=dict, repr=False, compare=False)
    """Unwrapped keys and until when they may be used: a destroyed key is gone everywhere after `OPEN_S`."""

    async def key(self, case_id: UUID, purpose: str) -> bytes:
        """Return the sub-key; made at first use, `NotFound` once the case's key is destroyed. A lost race reads the winner."""
        until, key = self.opened.get(case_id, (0.0, b""))
        if until <= time.monotonic():
            key = await self._unwrapped(case_id)
            self.opened[case_id] = (time.monotonic() + OPEN_S, key)
            while len(self.opened) > OPEN_KEYS:
                del self.opened[next(iter(self.opened))]
        return subkey(key, purpose)

    async def number(self, case_id: UUID, kind: str, values: Sequence[str]) -> tuple[Placeholder, ...]:
        """Return each value's placeholder; a new value takes the next number, its group the next of its prefix."""
        key = await self.key(case_id, "fingerprint")
        prints = [fingerprint(key, normalised(kind, value)) for value in values]
        async with self.database.reading() as connection:
            known = await _known(connection, case_id, kind, prints)
        fresh = [(each, value) for each, value in dict(zip(prints, values, strict=True)).items() if each not in known]
        for start in range(0, len(fresh), BATCH):
            known |= await self._numbered(case_id, kind, dict(fresh[start : start + BATCH]))
        return tuple(known[each] for each in prints)

    async def seen(self, case_id: UUID, kind: str, values: Sequence[str]) -> frozenset[str]:
        """Return those values that already have a number of this kind; gives none."""
        async with self.database.reading() as connection:
            met = select(placeholders.c.fingerprint).where(placeholders.c.case_id == case_id, placeholders.c.kind == kind)
            prints = {row.fingerprint for row in await connection.execute(met)}
        if not prints:
            return frozenset()
        key = await self.key(case_id, "fingerprint")
        return frozenset(value for value in values if fingerprint(key, normalised(kind, value)) in prints)

    async def originals(self, case_id: UUID, placeholders: Sequence[Placeholder]) -> Mapping[Placeholder, str]:
        """Return the values that may be shown: kind, number and group must agree."""
        if not placeholders:
            return {}
        key = await self.key(case_id, "vault")
        async with self.database.reading() as connection:
            rows = await _sealed(connection, case_id, placeholders)
        wanted = set(placeholders)
        return {
            each: unseal(key, sealed, _about(case_id, each)).decode("utf-8", "surrogatepass")
            for each, sealed in rows.items()
            if each in wanted
        }

    async def destroy(self, case_id: UUID) -> None:
        """Destroy the key and every value; the empty row stays, so that no key is made for this case again."""
        self.opened.pop(case_id, None)
        now = datetime.now(UTC)
        async with self.database.writing() as connection:
            await insert_once(connection, data_keys, {"case_id": case_id, "created_at": now})
            await connection.execute(
                update(data_keys).where(data_keys.c.case_id == case_id).values(wrapped=None, destroyed_at=now)
            )
            await connection.execute(delete(placeholders).where(placeholders.c.case_id == case_id))

    async def _unwrapped(self, case_id: UUID) -> bytes:
        async with self.database.reading() as connection:
            wrapped = await self._wrapped(connection, case_id)
        if wrapped is None:
            wrapped = await self._made(case_id)
        return unseal(self.master, wrapped, case_id.bytes)

    async def _made(self, case_id: UUID) -> bytes:
        wrapped = seal(self.master, os.urandom(KEY), case_id.bytes)
        async with self.database.writing() as connection:
            row = {"case_id": case_id, "wrapped": wrapped, "created_at": datetime.now(UTC)}
            if await insert_once(connection, data_keys, row):
                return wrapped
            return await self._wrapped(connection, case_id) or wrapped

    @staticmethod
    async def _wrapped(connection: AsyncConnection, case_id: UUID) -> bytes | None:
        found = await connection.execute(select(data_keys.c.wrapped).where(data_keys.c.case_id == case_id))
        row = found.one_or_none()
        if row is not None and row.wrapped is None:
            raise NotFound("the keys of this case were destroyed")
        return None if row is None else bytes(row.wrapped)

    async def _numbered(self, case_id: UUID, kind: str, fresh: Mapping[str, str]) -> dict[str, Placeholder]:
        """Give numbers to one batch, alone in this case."""
        key, vault = await self.key(case_id, "fingerprint"), await self.key(case_id, "vault")
        named = {each: group(kind, normalised(kind, value)) for each, value in fresh.items()}
        async with self.database.writing() as connection:
            await self._locked(connection, case_id)
            known = await _known(connection, case_id, kind, tuple(fresh))
            new = {each: value for each, value in fresh.items() if each not in known}
            groups = await _groups(connection, case_id, [named[each] for each in new], key)
            following = await _last(connection, case_id, kind)
            rows = []
            for number, (each, value) in enumerate(new.items(), start=following + 1):
                known[each] = Placeholder(kind=kind, number=number, group=groups[named[each]])
                rows.append(_row(case_id, known[each], each, _sealing(vault, case_id, known[each], value)))
            if rows:
                await connection.execute(placeholders.insert(), rows)
        return known

    @staticmethod
    async def _locked(connection: AsyncConnection, case_id: UUID) -> None:
        """Wait until no other transaction gives numbers in this case; `NotFound` when its key is gone meanwhile."""
        lock = select(data_keys.c.wrapped).where(data_keys.c.case_id == case_id).with_for_update()
        if (await connection.execute(lock)).scalar_one_or_none() is None:
            raise NotFound("the keys of this case were destroyed")


async def _known(connection: AsyncConnection, case_id: UUID, kind: str, prints: Sequence[str]) -> dict[str, Placeholder]:
    table, known = placeholders.c, {}
    for start in range(0, len(prints), BATCH):
        batch = prints[start : start + BATCH]
        query = select(placeholders).where(table.case_id == case_id, table.kind == kind, table.fingerprint.in_(batch))
        for row in await connection.execute(query):
            known[row.fingerprint] = Placeholder(kind=row.kind, number=row.number, group=row.grouping)
    return known


async def _sealed(connection: AsyncConnection, case_id: UUID, wanted: Sequence[Placeholder]) -> dict[Placeholder, bytes]:
    table, found = placeholders.c, {}
    for start in range(0, len(wanted), BATCH):
        pairs = [(each.kind, each.number) for each in wanted[start : start + BATCH]]
        query = select(placeholders).where(table.case_id == case_id, tuple_(table.kind, table.number).in_(pairs))
        for row in await connection.execute(query):
            if row.sealed is not None:
                found[Placeholder(kind=row.kind, number=row.number, group=row.grouping)] = bytes(row.sealed)
    return found


async def _last(connection: AsyncConnection, case_id: UUID, kind: str) -> int:
    query = select(func.max(placeholders.c.number)).where(placeholders.c.case_id == case_id, placeholders.c.kind == kind)
    return (await connection.execute(query)).scalar_one() or 0


Named = tuple[str, str] | None


async def _groups(connection: AsyncConnection, case_id: UUID, wanted: Sequence[Named], key: bytes) -> dict[Named, str]:
    """Return prefix and number of each group; groups are numbered in the same table, under their prefix instead of a kind."""
    found: dict[Named, str] = {None: ""}
    for prefix in sorted({named[0] for named in wanted if named}):
        prints = {fingerprint(key, named[1]): named for named in wanted if named and named[0] == prefix}
        known = await _known(connection, case_id, prefix, tuple(prints))
        fresh = [each for each in prints if each not in known]
        following = await _last(connection, case_id, prefix)
        for number, each in enumerate(fresh, start=following + 1):
            known[each] = Placeholder(kind=prefix, number=number)
        if fresh:
            await connection.execute(placeholders.insert(), [_row(case_id, known[each], each, None) for each in fresh])
        found |= {named: f"{prefix}{known[each].number}" for each, named in prints.items()}
    return found


def _sealing(vault: bytes, case_id: UUID, each: Placeholder, value: str) -> bytes | None:
    """Return the sealed original; nothing for kinds that are dropped for ever."""
    return None if each.kind in DROPPED else seal(vault, value.encode("utf-8", "surrogatepass"), _about(case_id, each))


def _row(case_id: UUID, each: Placeholder, printed: str, sealed: bytes | None) -> dict[str, object]:
    row = {"case_id": case_id, "kind": each.kind, "number": each.number, "grouping": each.group}
    return {**row, "fingerprint": printed, "sealed": sealed, "created_at": datetime.now(UTC)}


def _about(case_id: UUID, each: Placeholder) -> bytes:
    """Return the identity of a row: a value that is moved to another row does not open."""
    return case_id.bytes + str(each).encode()

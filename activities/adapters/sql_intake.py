"""TurnIntake: claimed turn keys, unique for ever.

A claim holds the case's row while it counts, so that of two claims for the last place one is refused, from any process.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.adapters.sql_cases import append_row, lock_case, touch
from activities.adapters.sql_engine import Database, columns, insert_or_replace, row_of, value
from activities.adapters.sql_tables import turns
from domain.case.projection import Message, TurnRecord
from domain.errors import NotFound
from domain.ports.cases import Claimed

COLUMNS = columns(turns, TurnRecord)
OPEN = ("claimed", "accepted")
ENDED = ("answered", "failed")


@dataclass(frozen=True, slots=True)
class SqlIntake:
    """TurnIntake on SQLite and PostgreSQL."""

    database: Database

    async def claim(self, record: TurnRecord, limit: int) -> Claimed:
        """Insert the claim unless the key is known, the case is gone or `limit` turns wait; safe to repeat."""
        try:
            async with self.database.writing() as connection:
                if not await lock_case(connection, record.case_id):
                    return Claimed(outcome="gone")
                return await _claim(connection, record, limit)
        except NotFound:
            return Claimed(outcome="gone")

    async def refuse(self, turn_id: str) -> bool:
        """Turn `claimed` into `refused`; False when the turn was accepted meanwhile. Safe to repeat."""
        async with self.database.writing() as connection:
            return await _move(connection, turn_id, ("claimed", "refused"), "refused")

    async def accept(self, turn_id: str, row: Message | None = None) -> bool:
        """Turn `claimed` into `accepted`; True also for an answered turn, False for a refused or unknown one."""
        async with self.database.writing() as connection:
            if row is not None:
                await lock_case(connection, row.case_id)
            accepted = await _move(connection, turn_id, OPEN, "accepted") or await _has_ended(connection, turn_id)
            if accepted and row is not None:
                await append_row(connection, row)
                await touch(connection, row.case_id, row.created_at)
            return accepted

    async def unrecorded(self, before: datetime, limit: int) -> tuple[TurnRecord, ...]:
        """Return turns claimed or accepted before that time and still without an answer, oldest first."""
        waiting = turns.c.status.in_(OPEN) & (turns.c.claimed_at < before)
        statement = select(*COLUMNS).where(waiting).order_by(turns.c.claimed_at, turns.c.turn_id).limit(limit)
        async with self.database.reading() as connection:
            return tuple(value(TurnRecord, row) for row in await connection.execute(statement))


async def _move(connection: AsyncConnection, turn_id: str, before: tuple[str, ...], after: str) -> bool:
    movable = (turns.c.turn_id == turn_id) & turns.c.status.in_(before)
    return (await connection.execute(update(turns).where(movable).values(status=after))).rowcount == 1


async def _has_ended(connection: AsyncConnection, turn_id: str) -> bool:
    return await connection.scalar(select(turns.c.status).where(turns.c.turn_id == turn_id)) in ENDED


async def _claim(connection: AsyncConnection, record: TurnRecord, limit: int) -> Claimed:
    found = (await connection.execute(select(*COLUMNS).where(turns.c.turn_id == record.turn_id))).first()
    stands = None if found is None else value(TurnRecord, found)
    if stands is not None and stands.content_hash != record.content_hash:
        return Claimed(outcome="reused", record=stands)
    if stands is not None and stands.status != "refused":
        return Claimed(outcome="known", record=stands)
    waiting = await _waiting(connection, record.case_id)
    if waiting >= limit:
        return Claimed(outcome="full", waiting=waiting)
    await insert_or_replace(connection, turns, row_of(record))
    return Claimed(outcome="new", record=record, waiting=waiting + 1)


async def _waiting(connection: AsyncConnection, case_id: UUID) -> int:
    counted = select(func.count()).select_from(turns).where(turns.c.case_id == case_id, turns.c.status.in_(OPEN))
    return await connection.scalar(counted) or 0

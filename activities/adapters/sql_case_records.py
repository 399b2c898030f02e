"""CaseRecords: the user's columns of cases, and all reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.adapters.sql_engine import Database, columns, insert_once, row_of, value
from activities.adapters.sql_tables import cases, messages
from domain.case.projection import CaseRecord
from domain.errors import NotFound
from domain.ports.cases import CaseQuery

COLUMNS = columns(cases, CaseRecord)
ARCHIVED = ("resolved", "closed")
CHANGEABLE = frozenset({"title", "title_source", "description", "priority", "forked_turn", "deleted_at"})


@dataclass(frozen=True, slots=True)
class SqlCaseRecords:
    """CaseRecords on SQLite and PostgreSQL."""

    database: Database

    async def insert(self, record: CaseRecord) -> CaseRecord:
        """Insert once; an empty title becomes `Case-YYMMDD-N`, N counting the owner's cases of that day."""
        async with self.database.writing() as connection:
            titled = record if record.title else await _with_placeholder(connection, record)
            if await insert_once(connection, cases, row_of(titled)):
                return titled
            row = await connection.execute(select(*COLUMNS).where(cases.c.case_id == record.case_id))
            return value(CaseRecord, row.one())

    async def get(self, case_id: UUID, *, deleted: bool = False) -> CaseRecord:
        """Return the row; `NotFound` also for deleted cases, unless their tombstones are asked for."""
        async with self.database.reading() as connection:
            return await _one(connection, case_id, deleted=deleted)

    async def page(self, query: CaseQuery) -> tuple[tuple[CaseRecord, ...], int]:
        """Return the page, last activity first, then by id, and the true total."""
        wanted = list(_conditions(query))
        order = (cases.c.last_activity_at.desc(), cases.c.case_id)
        statement = select(*COLUMNS).where(*wanted).order_by(*order).limit(query.limit).offset(query.offset)
        async with self.database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(cases).where(*wanted))
            rows = await connection.execute(statement)
            return tuple(value(CaseRecord, row) for row in rows), total or 0

    async def change(self, case_id: UUID, changes: Mapping[str, str | int | datetime | None]) -> CaseRecord:
        """Set the user's columns; the row comes back also when it was deleted by this."""
        if not CHANGEABLE.issuperset(changes):
            raise ValueError(f"only {sorted(CHANGEABLE)} belong to the user")
        fresh: dict[str, Any] = {**changes, "updated_at": datetime.now(UTC)}
        async with self.database.writing() as connection:
            stands = await _one(connection, case_id)
            await connection.execute(update(cases).where(cases.c.case_id == case_id).values(**fresh))
            return replace(stands, **fresh)


async def _one(connection: AsyncConnection, case_id: UUID, *, deleted: bool = False) -> CaseRecord:
    statement = select(*COLUMNS).where(cases.c.case_id == case_id)
    row = (await connection.execute(statement if deleted else statement.where(cases.c.deleted_at.is_(None)))).first()
    if row is None:
        raise NotFound("no such case")
    return value(CaseRecord, row)


async def _with_placeholder(connection: AsyncConnection, record: CaseRecord) -> CaseRecord:
    midnight = record.created_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    today = cases.c.created_at.between(midnight, midnight + timedelta(days=1))
    mine = select(func.count()).select_from(cases).where(cases.c.owner_id == record.owner_id, today)
    number = (await connection.scalar(mine) or 0) + 1
    return replace(record, title=f"Case-{midnight:%y%m%d}-{number}", title_source="placeholder")


def _conditions(query: CaseQuery) -> list[ColumnElement[bool]]:
    found = [cases.c.owner_id == query.owner_id, cases.c.deleted_at.is_(None)]
    if query.state is not None:
        found.append(cases.c.state == query.state)
    if query.source is not None:
        found.append(cases.c.source == query.source)
    if not query.include_archived:
        found.append(cases.c.state.not_in(ARCHIVED))
    if not query.include_empty:
        found.append(exists().where(messages.c.case_id == cases.c.case_id))
    if query.text:
        found.append(or_(*(column.icontains(query.text, autoescape=True) for column in (cases.c.title, cases.c.description))))
    return found

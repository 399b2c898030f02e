"""Conversation and EvidenceRecords: what a case says, as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from activities.adapters.sql_cases import snapshot_of
from activities.adapters.sql_engine import Database, columns, value
from activities.adapters.sql_tables import evidence, messages, turns
from domain.case.projection import EvidenceRecord, Message, TurnRecord
from domain.case.state import CarriedCase


@dataclass(frozen=True, slots=True)
class SqlConversation:
    """Conversation on SQLite and PostgreSQL."""

    database: Database

    async def messages(self, case_id: UUID, limit: int, offset: int) -> tuple[tuple[Message, ...], int]:
        """Return the page in order of `seq` and the true total."""
        wanted = messages.c.case_id == case_id
        statement = select(*columns(messages, Message)).where(wanted).order_by(messages.c.seq).limit(limit).offset(offset)
        async with self.database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(messages).where(wanted))
            return tuple(value(Message, row) for row in await connection.execute(statement)), total or 0

    async def turn(self, turn_id: str) -> TurnRecord | None:
        """Return the turn's row."""
        async with self.database.reading() as connection:
            row = (await connection.execute(select(*columns(turns, TurnRecord)).where(turns.c.turn_id == turn_id))).first()
            return None if row is None else value(TurnRecord, row)

    async def turn_at(self, case_id: UUID, number: int) -> TurnRecord | None:
        """Return the row of the answered turn with that number."""
        wanted = (turns.c.case_id == case_id) & (turns.c.number == number)
        async with self.database.reading() as connection:
            row = (await connection.execute(select(*columns(turns, TurnRecord)).where(wanted))).first()
            return None if row is None else value(TurnRecord, row)

    async def snapshot(self, case_id: UUID) -> CarriedCase | None:
        """Return the newest recorded state."""
        async with self.database.reading() as connection:
            return await snapshot_of(connection, case_id)


@dataclass(frozen=True, slots=True)
class SqlEvidence:
    """EvidenceRecords on SQLite and PostgreSQL."""

    database: Database

    async def rows(self, case_id: UUID) -> tuple[EvidenceRecord, ...]:
        """Return the rows of a case, oldest first, then by id."""
        order = (evidence.c.collected_at, evidence.c.evidence_id)
        statement = select(*columns(evidence, EvidenceRecord)).where(evidence.c.case_id == case_id).order_by(*order)
        async with self.database.reading() as connection:
            return tuple(value(EvidenceRecord, row) for row in await connection.execute(statement))

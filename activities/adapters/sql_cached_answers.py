"""AnswerCache in SQL: one row per question; what has expired is deleted by whoever writes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from activities.adapters.sql_engine import Database, columns, insert_or_replace, row_of, value
from activities.adapters.sql_model_tables import cached_answers as rows
from domain.ports.models import CachedAnswer


@dataclass(frozen=True, slots=True)
class SqlCachedAnswers:
    """AnswerCache on SQLite and PostgreSQL."""

    database: Database

    async def get(self, fingerprint: str, now: datetime) -> CachedAnswer | None:
        """Return the answer unless it has expired."""
        statement = select(*columns(rows, CachedAnswer)).where(rows.c.fingerprint == fingerprint, rows.c.expires_at > now)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else value(CachedAnswer, row)

    async def put(self, answer: CachedAnswer) -> None:
        """Store; the newest answer stands."""
        async with self.database.writing() as connection:
            await connection.execute(delete(rows).where(rows.c.expires_at <= datetime.now(UTC)))
            await insert_or_replace(connection, rows, row_of(answer))

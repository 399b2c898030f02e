"""AnswerLedger in SQL: one row per paid call, never changed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from activities.adapters.sql_engine import Database, columns, insert_once, row_of, value
from activities.adapters.sql_model_tables import answers
from domain.ports.models import PaidAnswer


@dataclass(frozen=True, slots=True)
class SqlLedger:
    """Rows of paid answers; of two racing attempts the first one's stands."""

    database: Database

    async def get(self, key: str) -> PaidAnswer | None:
        """Return the answer of that call."""
        async with self.database.reading() as connection:
            row = (await connection.execute(select(*columns(answers, PaidAnswer)).where(answers.c.key == key))).one_or_none()
        return None if row is None else value(PaidAnswer, row)

    async def put(self, answer: PaidAnswer) -> PaidAnswer:
        """Insert once; return what stands."""
        async with self.database.writing() as connection:
            if await insert_once(connection, answers, row_of(answer)):
                return answer
            statement = select(*columns(answers, PaidAnswer)).where(answers.c.key == answer.key)
            return value(PaidAnswer, (await connection.execute(statement)).one())

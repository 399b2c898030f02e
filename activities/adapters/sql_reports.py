"""ReportStore, and CaseErasure: the last rows of a case and their end."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update

from activities.adapters.sql_engine import Database, columns, insert_once, row_of, value
from activities.adapters.sql_tables import OF_CASE, cases, reports
from domain.reports.report import Report


@dataclass(frozen=True, slots=True)
class SqlReports:
    """ReportStore on SQLite and PostgreSQL."""

    database: Database

    async def put(self, report: Report) -> None:
        """Store once per (case, type, version)."""
        async with self.database.writing() as connection:
            await insert_once(connection, reports, row_of(report))

    async def of_case(self, case_id: UUID) -> tuple[Report, ...]:
        """Return the reports, newest first."""
        order = (reports.c.generated_at.desc(), reports.c.version.desc())
        statement = select(*columns(reports, Report)).where(reports.c.case_id == case_id).order_by(*order)
        async with self.database.reading() as connection:
            return tuple(value(Report, row) for row in await connection.execute(statement))


@dataclass(frozen=True, slots=True)
class SqlCaseErasure:
    """CaseErasure on SQLite and PostgreSQL."""

    database: Database

    async def erase(self, case_id: UUID) -> int:
        """Delete every row of the case and empty its tombstone; return how many rows went; safe to repeat."""
        empty = {"title": "", "description": "", "priority": None, "snapshot": None, "closure_reason": ""}
        count = 0
        async with self.database.writing() as connection:
            for table in OF_CASE:
                count += (await connection.execute(delete(table).where(table.c.case_id == case_id))).rowcount
            await connection.execute(update(cases).where(cases.c.case_id == case_id).values(**empty))
        return count

    async def remaining(self, case_id: UUID) -> int:
        """Return how many rows are left besides the tombstone."""
        count = 0
        async with self.database.reading() as connection:
            for table in OF_CASE:
                statement = select(func.count()).select_from(table).where(table.c.case_id == case_id)
                count += await connection.scalar(statement) or 0
        return count

"""FileStore: rows of uploaded files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update

from activities.adapters.sql_engine import Database, columns, insert_once, row_of, value
from activities.adapters.sql_tables import files
from domain.case.projection import FileRecord
from domain.errors import NotFound

COLUMNS = columns(files, FileRecord)
ANALYSED = frozenset({"status", "kind", "confidence", "summary", "lines", "analysis_key", "lines_key", "error", "turn_number"})


@dataclass(frozen=True, slots=True)
class SqlFiles:
    """FileStore on SQLite and PostgreSQL."""

    database: Database

    async def insert(self, record: FileRecord) -> tuple[FileRecord, bool]:
        """Insert once per (case, SHA-256); return the row that stands and whether it is new."""
        same = or_((files.c.case_id == record.case_id) & (files.c.sha256 == record.sha256), files.c.file_id == record.file_id)
        async with self.database.writing() as connection:
            if await insert_once(connection, files, row_of(record)):
                return record, True
            return value(FileRecord, (await connection.execute(select(*COLUMNS).where(same))).one()), False

    async def page(
        self, case_id: UUID, limit: int, offset: int, sort_by: str, descending: bool
    ) -> tuple[tuple[FileRecord, ...], int]:
        """Return the page and the true total; an unknown column sorts by upload time."""
        key: Any = next((column for column in COLUMNS if column.name == sort_by), files.c.uploaded_at)
        order = (key.desc() if descending else key, files.c.file_id)
        mine = files.c.case_id == case_id
        statement = select(*COLUMNS).where(mine).order_by(*order).limit(limit).offset(offset)
        async with self.database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(files).where(mine))
            return tuple(value(FileRecord, row) for row in await connection.execute(statement)), total or 0

    async def get(self, case_id: UUID, file_id: str) -> FileRecord:
        """Return the row; `NotFound` otherwise."""
        statement = select(*COLUMNS).where(files.c.case_id == case_id, files.c.file_id == file_id)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            raise NotFound("no such file in this case")
        return value(FileRecord, row)

    async def update(self, case_id: UUID, file_id: str, changes: Mapping[str, str | int | float]) -> None:
        """Set analysis columns; safe to repeat."""
        if not ANALYSED.issuperset(changes):
            raise ValueError(f"only {sorted(ANALYSED)} are analysis columns")
        mine = (files.c.case_id == case_id) & (files.c.file_id == file_id)
        async with self.database.writing() as connection:
            done = await connection.execute(update(files).where(mine).values(**changes))
        if done.rowcount == 0:
            raise NotFound("no such file in this case")

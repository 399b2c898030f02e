"""KnowledgeStore: rows of documents; the filter of what may be read is part of every statement."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from activities.adapters.sql_engine import Database, columns, insert_or_replace, row_of, value
from activities.adapters.sql_tables import documents
from domain.knowledge.documents import KnowledgeDocument, ScopeFilter

COLUMNS = columns(documents, KnowledgeDocument)


@dataclass(frozen=True, slots=True)
class SqlKnowledge:
    """KnowledgeStore on SQLite and PostgreSQL."""

    database: Database

    async def put(self, document: KnowledgeDocument) -> None:
        """Insert or replace."""
        async with self.database.writing() as connection:
            await insert_or_replace(connection, documents, row_of(document))

    async def get(self, document_id: str) -> KnowledgeDocument | None:
        """Return the row; who may read it is the caller's question."""
        async with self.database.reading() as connection:
            row = (await connection.execute(select(*COLUMNS).where(documents.c.document_id == document_id))).first()
            return None if row is None else value(KnowledgeDocument, row)

    async def page(self, scope: ScopeFilter, limit: int, offset: int) -> tuple[tuple[KnowledgeDocument, ...], int]:
        """Return readable documents, newest first, then by id, and the true total."""
        wanted = _readable(scope)
        order = (documents.c.created_at.desc(), documents.c.document_id)
        statement = select(*COLUMNS).where(wanted).order_by(*order).limit(limit).offset(offset)
        async with self.database.reading() as connection:
            total = await connection.scalar(select(func.count()).select_from(documents).where(wanted))
            return tuple(value(KnowledgeDocument, row) for row in await connection.execute(statement)), total or 0

    async def delete(self, document_id: str) -> None:
        """Delete the row; safe to repeat."""
        async with self.database.writing() as connection:
            await connection.execute(delete(documents).where(documents.c.document_id == document_id))


def _readable(scope: ScopeFilter) -> ColumnElement[bool]:
    own = documents.c.scope, documents.c.owner_id
    within = [own[0] == "team", and_(own[0] == "personal", own[1] == scope.user_id)]
    if scope.case_id:
        within.append(and_(own[0] == "case", own[1] == scope.case_id))
    return or_(own[0] == "global", and_(documents.c.team_id == scope.team_id, or_(*within)))

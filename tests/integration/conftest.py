"""The SQL ports three times: as fakes, on SQLite and on PostgreSQL, each with rows of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from activities.adapters.sql_budgets import SqlBudgets
from activities.adapters.sql_cached_answers import SqlCachedAnswers
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_cases import SqlCases
from activities.adapters.sql_conversation import SqlConversation, SqlEvidence
from activities.adapters.sql_engine import Database, open_engine
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_intake import SqlIntake
from activities.adapters.sql_knowledge import SqlKnowledge
from activities.adapters.sql_ledger import SqlLedger
from activities.adapters.sql_migrations import migrate
from activities.adapters.sql_people import SqlPeople
from activities.adapters.sql_reports import SqlCaseErasure, SqlReports
from activities.adapters.sql_sessions import SqlRefreshTokens, SqlReplies, SqlSessions, SqlSignInAttempts
from domain.case.projection import Message
from domain.ports.budgets import BudgetLedger
from domain.ports.cases import (
    CaseErasure,
    CaseRecords,
    CaseStore,
    Conversation,
    EvidenceRecords,
    FileStore,
    ReportStore,
    TurnIntake,
)
from domain.ports.knowledge import KnowledgeStore
from domain.ports.models import AnswerCache, AnswerLedger
from domain.ports.people import People, RefreshTokens, Sessions, SignInAttempts, StoredReplies
from tests import fakes
from tests.builders import a_turn_record


@dataclass
class Stores:
    """Every SQL port over the same rows."""

    cases: CaseStore
    records: CaseRecords
    intake: TurnIntake
    conversation: Conversation
    files: FileStore
    evidence: EvidenceRecords
    reports: ReportStore
    erasure: CaseErasure
    people: People = field(default_factory=fakes.MemoryPeople)
    sessions: Sessions = field(default_factory=fakes.MemorySessions)
    tokens: RefreshTokens = field(default_factory=fakes.MemoryRefreshTokens)
    attempts: SignInAttempts = field(default_factory=fakes.MemorySignInAttempts)
    replies: StoredReplies = field(default_factory=fakes.MemoryReplies)
    knowledge: KnowledgeStore = field(default_factory=fakes.MemoryKnowledge)
    ledger: AnswerLedger = field(default_factory=fakes.MemoryLedger)
    budgets: BudgetLedger = field(default_factory=fakes.MemoryBudgets)
    cached: AnswerCache = field(default_factory=fakes.MemoryAnswerCache)

    async def said(self, message: Message) -> Message:
        """Have a turn accepted with this row; return the row that stands."""
        turn_id = f"{message.case_id}-{message.turn_number}-{message.role}"
        await self.intake.claim(a_turn_record(turn_id=turn_id, case_id=message.case_id), limit=1_000)
        assert await self.intake.accept(turn_id, message)
        rows, _ = await self.conversation.messages(message.case_id, limit=1_000, offset=0)
        return next(row for row in rows if (row.turn_number, row.role) == (message.turn_number, message.role))


def in_memory() -> Stores:
    rows = fakes.MemoryRows()
    return Stores(
        cases=fakes.MemoryCases(rows),
        records=fakes.MemoryCaseRecords(rows),
        intake=fakes.MemoryIntake(rows),
        conversation=fakes.MemoryConversation(rows),
        files=fakes.MemoryFiles(rows),
        evidence=fakes.MemoryEvidence(rows),
        reports=fakes.MemoryReports(rows),
        erasure=fakes.MemoryCaseErasure(rows),
    )


def in_sql(database: Database) -> Stores:
    return Stores(
        cases=SqlCases(database),
        records=SqlCaseRecords(database),
        intake=SqlIntake(database),
        conversation=SqlConversation(database),
        files=SqlFiles(database),
        evidence=SqlEvidence(database),
        reports=SqlReports(database),
        erasure=SqlCaseErasure(database),
        people=SqlPeople(database),
        sessions=SqlSessions(database),
        tokens=SqlRefreshTokens(database),
        attempts=SqlSignInAttempts(database),
        replies=SqlReplies(database),
        knowledge=SqlKnowledge(database),
        ledger=SqlLedger(database),
        budgets=SqlBudgets(database),
        cached=SqlCachedAnswers(database),
    )


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated database of its own, on each kind of server."""
    sqlite = f"sqlite+aiosqlite:///{tmp_path / 'faultmaven.db'}"
    opened = open_engine(sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    """Return all SQL ports over empty tables."""
    if request.param == "memory":
        yield in_memory()
        return
    sqlite = f"sqlite+aiosqlite:///{tmp_path / 'faultmaven.db'}"
    opened = open_engine(sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    await migrate(opened)
    yield in_sql(opened)
    await opened.close()

"""The SQL ports three times: as fakes, on SQLite and on PostgreSQL, each with rows of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
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
from activities.adapters.sql_tables import metadata
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
from tests import fakes, servers
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


def patient(url: str) -> Database:
    """Open a database whose answers are waited for, also while the machine stands still."""
    return replace(open_engine(url), read_s=60, write_s=60)


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one file, which each test copies: that takes a hundredth of the time."""
    path = tmp_path_factory.mktemp("template") / "faultmaven.db"
    opened = open_engine(f"sqlite+aiosqlite:///{path}")
    await migrate(opened)
    await opened.close()
    return path


@pytest.fixture
async def sqlite_rows(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated file of its own."""
    opened = patient(f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path)}")
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def postgres_template(postgres_server: servers.Postgres) -> AsyncIterator[str]:
    """Migrate one database for the whole run."""
    with servers.a_database(postgres_server) as url:
        opened = open_engine(url)
        await migrate(opened)
        await opened.close()
        yield url


@pytest.fixture
async def postgres_rows(postgres_template: str) -> AsyncIterator[Database]:
    """Return the migrated database with all tables empty."""
    opened = patient(postgres_template)
    async with opened.writing() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(table.delete())
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Return a database with empty tables, on each kind of server."""
    found: Database = request.getfixturevalue(f"{request.param}_rows")
    return found


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Return all SQL ports over empty tables."""
    return in_memory() if request.param == "memory" else in_sql(request.getfixturevalue(f"{request.param}_rows"))

"""Each fake and each adapter is assigned to its port once, so that a signature that drifts fails mypy."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

from activities.adapters.credentials import Argon2Passwords, SignedTokens
from activities.adapters.document_text import DocumentText
from activities.adapters.ruff_linter import RuffLinter
from activities.adapters.sql_budgets import SqlBudgets
from activities.adapters.sql_cached_answers import SqlCachedAnswers
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_cases import SqlCases
from activities.adapters.sql_conversation import SqlConversation, SqlEvidence
from activities.adapters.sql_engine import Database
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_intake import SqlIntake
from activities.adapters.sql_knowledge import SqlKnowledge
from activities.adapters.sql_ledger import SqlLedger
from activities.adapters.sql_people import SqlPeople
from activities.adapters.sql_reports import SqlCaseErasure, SqlReports
from activities.adapters.sql_sessions import SqlRefreshTokens, SqlReplies, SqlSessions, SqlSignInAttempts
from domain import ports
from domain.ports.budgets import BudgetLedger
from domain.ports.cases import (
    CaseDoor,
    CaseErasure,
    CaseRecords,
    CaseStore,
    Conversation,
    Erasure,
    EvidenceRecords,
    FileStore,
    ReportStore,
    TurnIntake,
)
from domain.ports.documents import TextReader
from domain.ports.knowledge import KnowledgeStore, PassageIndex
from domain.ports.linting import Linter
from domain.ports.models import AnswerCache, AnswerLedger, LanguageModel, TurnFeed, TurnFeeds, TurnProgress
from domain.ports.outside import OutsideTools
from domain.ports.people import Passwords, People, RefreshTokens, Sessions, SignInAttempts, StoredReplies, Tokens
from domain.ports.sealing import BlobStore, KeyVault, ObjectStore, Redactor
from tests import fakes


def fakes_fit() -> None:
    """Only mypy reads this."""
    _a: ObjectStore = fakes.MemoryObjects()
    _b: BlobStore = fakes.MemoryBlobs()
    _c: KeyVault = fakes.MemoryVault()
    _d: Redactor = fakes.StarRedactor()
    _e: TurnIntake = fakes.MemoryIntake()
    _f: CaseStore = fakes.MemoryCases()
    _g: CaseRecords = fakes.MemoryCaseRecords()
    _h: Conversation = fakes.MemoryConversation()
    _i: FileStore = fakes.MemoryFiles()
    _j: EvidenceRecords = fakes.MemoryEvidence()
    _k: CaseErasure = fakes.MemoryCaseErasure()
    _l: ReportStore = fakes.MemoryReports()
    _m: People = fakes.MemoryPeople()
    _n: Sessions = fakes.MemorySessions()
    _o: RefreshTokens = fakes.MemoryRefreshTokens()
    _p: SignInAttempts = fakes.MemorySignInAttempts()
    _q: StoredReplies = fakes.MemoryReplies()
    _r: KnowledgeStore = fakes.MemoryKnowledge()
    _s: PassageIndex = fakes.MemoryPassages()
    _t: LanguageModel = fakes.ScriptedModel()
    _u: TurnFeed = fakes.MemoryFeed()
    _v: TurnFeeds = fakes.MemoryFeeds()
    _w: TurnProgress = fakes.MemoryProgress()
    _x: Erasure = fakes.MemoryErasure()
    _y: Passwords = fakes.PlainPasswords()
    _z: Tokens = fakes.PlainTokens()
    _aa: AnswerLedger = fakes.MemoryLedger()
    _ab: CaseDoor = fakes.MemoryDoor()
    _ac: TextReader = fakes.PlainReader()
    _ad: Linter = fakes.QuietLinter()
    _ae: BudgetLedger = fakes.MemoryBudgets()
    _af: AnswerCache = fakes.MemoryAnswerCache()
    _ag: OutsideTools = fakes.MemoryOutside()


def adapters_fit(database: Database, tokens: SignedTokens) -> None:
    """Only mypy reads this."""
    _a: TurnIntake = SqlIntake(database)
    _b: CaseStore = SqlCases(database)
    _c: CaseRecords = SqlCaseRecords(database)
    _d: Conversation = SqlConversation(database)
    _e: FileStore = SqlFiles(database)
    _f: EvidenceRecords = SqlEvidence(database)
    _g: CaseErasure = SqlCaseErasure(database)
    _h: ReportStore = SqlReports(database)
    _i: People = SqlPeople(database)
    _j: Sessions = SqlSessions(database)
    _k: RefreshTokens = SqlRefreshTokens(database)
    _l: SignInAttempts = SqlSignInAttempts(database)
    _m: StoredReplies = SqlReplies(database)
    _n: KnowledgeStore = SqlKnowledge(database)
    _o: Passwords = Argon2Passwords()
    _q: AnswerLedger = SqlLedger(database)
    _t: BudgetLedger = SqlBudgets(database)
    _u: AnswerCache = SqlCachedAnswers(database)
    _p: Tokens = tokens
    _r: TextReader = DocumentText()
    _s: Linter = RuffLinter("ruff")


def protocols() -> list[str]:
    modules = [importlib.import_module(f"domain.ports.{module.name}") for module in pkgutil.iter_modules(ports.__path__)]
    return sorted(
        name
        for module in modules
        for name, cls in vars(module).items()
        if inspect.isclass(cls) and cls.__module__ == module.__name__ and getattr(cls, "_is_protocol", False)
    )


@pytest.mark.parametrize("port", protocols())
def test_every_port_has_a_fake(port: str) -> None:
    assert f": {port} = fakes." in inspect.getsource(fakes_fit)

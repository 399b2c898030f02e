"""Each fake and each adapter is assigned to its port once, so that a signature that drifts fails mypy."""

from __future__ import annotations

import inspect

import pytest

from activities.adapters.credentials import Argon2Passwords, SignedTokens
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
from tests import fakes


def fakes_fit() -> None:
    """Only mypy reads this."""
    _a: ports.ObjectStore = fakes.MemoryObjects()
    _b: ports.BlobStore = fakes.MemoryBlobs()
    _c: ports.KeyVault = fakes.MemoryVault()
    _d: ports.Redactor = fakes.StarRedactor()
    _e: ports.TurnIntake = fakes.MemoryIntake()
    _f: ports.CaseStore = fakes.MemoryCases()
    _g: ports.CaseRecords = fakes.MemoryCaseRecords()
    _h: ports.Conversation = fakes.MemoryConversation()
    _i: ports.FileStore = fakes.MemoryFiles()
    _j: ports.EvidenceRecords = fakes.MemoryEvidence()
    _k: ports.CaseErasure = fakes.MemoryCaseErasure()
    _l: ports.ReportStore = fakes.MemoryReports()
    _m: ports.People = fakes.MemoryPeople()
    _n: ports.Sessions = fakes.MemorySessions()
    _o: ports.RefreshTokens = fakes.MemoryRefreshTokens()
    _p: ports.SignInAttempts = fakes.MemorySignInAttempts()
    _q: ports.StoredReplies = fakes.MemoryReplies()
    _r: ports.KnowledgeStore = fakes.MemoryKnowledge()
    _s: ports.PassageIndex = fakes.MemoryPassages()
    _t: ports.LanguageModel = fakes.ScriptedModel()
    _u: ports.TurnFeed = fakes.MemoryFeed()
    _v: ports.TurnFeeds = fakes.MemoryFeeds()
    _w: ports.TurnProgress = fakes.MemoryProgress()
    _x: ports.Erasure = fakes.MemoryErasure()
    _y: ports.Passwords = fakes.PlainPasswords()
    _z: ports.Tokens = fakes.PlainTokens()
    _aa: ports.AnswerLedger = fakes.MemoryLedger()
    _ab: ports.CaseDoor = fakes.MemoryDoor()


def adapters_fit(database: Database, tokens: SignedTokens) -> None:
    """Only mypy reads this."""
    _a: ports.TurnIntake = SqlIntake(database)
    _b: ports.CaseStore = SqlCases(database)
    _c: ports.CaseRecords = SqlCaseRecords(database)
    _d: ports.Conversation = SqlConversation(database)
    _e: ports.FileStore = SqlFiles(database)
    _f: ports.EvidenceRecords = SqlEvidence(database)
    _g: ports.CaseErasure = SqlCaseErasure(database)
    _h: ports.ReportStore = SqlReports(database)
    _i: ports.People = SqlPeople(database)
    _j: ports.Sessions = SqlSessions(database)
    _k: ports.RefreshTokens = SqlRefreshTokens(database)
    _l: ports.SignInAttempts = SqlSignInAttempts(database)
    _m: ports.StoredReplies = SqlReplies(database)
    _n: ports.KnowledgeStore = SqlKnowledge(database)
    _o: ports.Passwords = Argon2Passwords()
    _q: ports.AnswerLedger = SqlLedger(database)
    _p: ports.Tokens = tokens


def protocols() -> list[str]:
    return sorted(
        name
        for name, cls in vars(ports).items()
        if inspect.isclass(cls) and getattr(cls, "_is_protocol", False) and name != "Protocol"
    )


@pytest.mark.parametrize("port", protocols())
def test_every_port_has_a_fake(port: str) -> None:
    assert f"ports.{port} = fakes." in inspect.getsource(fakes_fit)

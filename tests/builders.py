"""Values with defaults that make sense; each builder takes what a test cares about by name."""

from __future__ import annotations

import atexit
import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from activities.scratch import Scratch
from domain.case.projection import CaseRecord, EvidenceRecord, FileRecord, Message, TurnRecord
from domain.case.state import CarriedCase, CaseState, CaseStatus
from domain.case.turns import EvidenceRef, UserTurn, turn_key
from domain.diagnosis.budgets import Cost, Payer, Reservation
from domain.knowledge.documents import KnowledgeDocument, Passage
from domain.privacy.accounts import ClientSession, RefreshToken, User
from domain.reports.report import Report

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""The moment at which every builder's story begins."""


@cache
def _folder() -> Path:
    """Made where it is asked for: a process that only reads these builders leaves none behind."""
    made = TemporaryDirectory(prefix="faultmaven-scratch-")
    atexit.register(made.cleanup)
    return Path(made.name)


def a_scratch() -> Scratch:
    """A folder for plain bytes that ends with the run."""
    return Scratch(_folder())


def a_state(**given: Any) -> CaseState:
    """A case in inquiry."""
    return CaseState(**{"case_id": uuid4(), "owner_id": "user_1", "team_id": "team_1", "updated_at": NOON, **given})


def a_carried(revision: int = 1, case_id: UUID | None = None, status: CaseStatus = CaseStatus.INQUIRY) -> CarriedCase:
    """A carried case at a revision."""
    return CarriedCase(state=a_state(case_id=case_id or uuid4(), revision=revision, status=status))


def a_turn(key: str = "key-00000001", **given: Any) -> UserTurn:
    """A user's message."""
    case_id = given.pop("case_id", None) or uuid4()
    defaults: dict[str, Any] = {"turn_key": turn_key("user_1", case_id, key), "user_id": "user_1", "text_key": "text"}
    defaults |= {"posted_at": NOON, "owner_id": "user_1", "team_id": "team_1"}
    return UserTurn(case_id=case_id, **{**defaults, **given})


def an_attachment(**given: Any) -> EvidenceRef:
    """An uploaded file by reference."""
    return EvidenceRef(**{
        "case_id": uuid4(),
        "file_id": "file_1",
        "blob_key": "blob",
        "name": "app.log",
        "size_bytes": 100,
        **given,
    })


def a_case_record(**given: Any) -> CaseRecord:
    """A fresh case's row."""
    defaults: dict[str, Any] = {"case_id": uuid4(), "owner_id": "user_1", "team_id": "team_1", "title": "Checkout fails"}
    defaults |= {"title_source": "user", "description": "", "source": "extension"}
    defaults |= dict.fromkeys(("created_at", "updated_at", "last_activity_at"), NOON)
    return CaseRecord(**{**defaults, **given})


def a_turn_record(**given: Any) -> TurnRecord:
    """A claimed turn's row."""
    defaults: dict[str, Any] = {"turn_id": uuid4().hex[:22], "case_id": uuid4(), "team_id": "team_1", "status": "claimed"}
    return TurnRecord(**{**defaults, "content_hash": "same", "claimed_at": NOON, **given})


def a_reservation(**given: Any) -> Reservation:
    """A call of one case that is about to be paid."""
    payer = Payer(case_id=UUID(int=7), turn_key="turn_1", user_id="user_1", team_id="team_1")
    return Reservation(**{"key": "call_1", "payer": payer, "cost": Cost(tokens=100, money=10), "at": NOON, **given})


def a_message(**given: Any) -> Message:
    """A user's row of a conversation; `seq` is given by the store."""
    defaults: dict[str, Any] = {"message_id": f"msg_{uuid4().hex[:12]}", "case_id": uuid4(), "team_id": "team_1", "seq": 0}
    return Message(**{**defaults, "turn_number": 1, "role": "user", "content": "It fails.", "created_at": NOON, **given})


def a_file_record(**given: Any) -> FileRecord:
    """An uploaded file's row, not yet read."""
    defaults: dict[str, Any] = {"file_id": f"file_{uuid4().hex[:20]}", "case_id": uuid4(), "team_id": "team_1", "name": "app.log"}
    defaults |= {"size_bytes": 100, "sha256": uuid4().hex * 2, "blob_key": "blob", "origin": "file_upload", "uploaded_at": NOON}
    return FileRecord(**{**defaults, **given})


def an_evidence_record(**given: Any) -> EvidenceRecord:
    """An evidence row."""
    defaults: dict[str, Any] = {"evidence_id": f"ev_{uuid4().hex[:12]}", "case_id": uuid4(), "team_id": "team_1"}
    defaults |= {"file_id": "file_1", "category": "symptom", "summary": "refused connections", "extract": "connection refused"}
    return EvidenceRecord(**{**defaults, "first_line": 1, "last_line": 1, "turn_number": 1, "collected_at": NOON, **given})


def a_report(**given: Any) -> Report:
    """A resolution summary."""
    defaults: dict[str, Any] = {"report_id": f"rep_{uuid4().hex[:12]}", "case_id": uuid4(), "team_id": "team_1"}
    defaults |= {"report_type": "resolution_summary", "title": "Summary", "content": "# Summary", "generated_at": NOON}
    return Report(**{**defaults, **given})


def a_user(**given: Any) -> User:
    """A member of a team."""
    number = uuid4().hex[:8]
    defaults: dict[str, Any] = {"user_id": f"user_{number}", "username": f"name-{number}", "email": f"{number}@example.org"}
    defaults |= {"display_name": "A Person", "team_id": "team_1", "roles": ("member",), "created_at": NOON}
    return User(**{**defaults, **given})


def a_session(**given: Any) -> ClientSession:
    """A live session of three hours."""
    defaults: dict[str, Any] = {"session_id": f"session_{uuid4().hex[:12]}", "user_id": "user_1", "team_id": "team_1"}
    defaults |= {"client_id": None, "session_type": "web", "created_at": NOON, "last_activity": NOON, "timeout_minutes": 180}
    return ClientSession(**{**defaults, "expires_at": NOON + timedelta(minutes=180), **given})


def a_refresh_token(**given: Any) -> RefreshToken:
    """The first link of a family."""
    defaults: dict[str, Any] = {"id_hash": hashlib.sha256(uuid4().bytes).hexdigest(), "family": uuid4().hex, "user_id": "user_1"}
    return RefreshToken(**{**defaults, "client": "", "issued_at": NOON, "expires_at": NOON + timedelta(days=7), **given})


def a_document(**given: Any) -> KnowledgeDocument:
    """A processed runbook of a team."""
    defaults: dict[str, Any] = {"document_id": f"doc_{uuid4().hex[:12]}", "team_id": "team_1", "scope": "team", "owner_id": None}
    defaults |= {
        "title": "Pool exhausted",
        "document_type": "runbook",
        "status": "processed",
        "content": "# Pool",
        "tags": ("db",),
    }
    return KnowledgeDocument(**{**defaults, "content_hash": "hash", "created_at": NOON, "updated_at": NOON, **given})


def a_passage(**given: Any) -> Passage:
    """A passage of a team's document."""
    defaults: dict[str, Any] = {"passage_id": str(uuid4()), "document_id": "doc_1", "title": "Pool exhausted", "scope": "team"}
    defaults |= {"owner_id": "", "heading_path": ("Pool",), "ordinal": 0, "first_line": 1, "last_line": 3}
    return Passage(**{**defaults, "text": "raise the pool size", **given})


def a_log(lines: int = 10, start: datetime = NOON, text: str = "INFO request served") -> str:
    """A log with one line a second."""
    return "".join(f"{start + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ} {text}\n" for n in range(lines))

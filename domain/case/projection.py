"""The rows that people read: cases, turns, messages, files; written by the API and by the record steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case.state import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case's row: the user's columns, and the newest recorded snapshot's."""

    case_id: UUID
    owner_id: str
    team_id: str
    title: str
    title_source: str
    """placeholder, generated or user."""
    description: str
    source: str
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    priority: str | None = None
    state: str = "inquiry"
    stage: str = ""
    revision: int = 0
    deleted_at: datetime | None = None
    current_turn: int = 0
    turns_without_progress: int = 0
    closure_reason: str = ""
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    evidence_count: int = 0
    """These six are copied from the recorded state, so that lists need no snapshots."""
    forked_from: UUID | None = None
    """The case that this one is a fork of; it may be gone."""
    forked_turn: int = 0
    """How many turns of it are taken again: before that no other turn is accepted."""
    model: str = ""
    """What a fork asks first, `provider/model` or a provider; empty for the order of the deployment."""

    @property
    def unforked(self) -> int:
        """How many turns are still to be taken again."""
        return max(0, self.forked_turn - self.current_turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecord:
    """A turn's row; the key never expires."""

    turn_id: str
    case_id: UUID
    team_id: str
    status: str
    """claimed, accepted, refused, answered or failed."""
    content_hash: str
    claimed_at: datetime
    number: int | None = None
    response: str = ""
    """The safe TurnResponse as JSON; empty until answered."""
    turn: str = ""
    """The UserTurn as JSON, for sending its signal again."""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row of a conversation: appended, never edited; content is safe text."""

    message_id: str
    case_id: UUID
    team_id: str
    seq: int
    turn_number: int
    role: str
    content: str
    created_at: datetime
    author_id: str | None = None
    metadata: str = ""
    """JSON object as text; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """An uploaded file's row: the API inserts it `pending`, the evidence step updates its analysis columns."""

    file_id: str
    case_id: UUID
    team_id: str
    name: str
    size_bytes: int
    sha256: str
    blob_key: str
    origin: str
    uploaded_at: datetime
    turn_number: int = 0
    content_type: str | None = None
    source_url: str | None = None
    observed_at: datetime | None = None
    status: str = "pending"
    kind: str = ""
    confidence: float = 0.0
    summary: str = ""
    lines: int = 0
    analysis_key: str = ""
    lines_key: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """An evidence row as people read it."""

    evidence_id: str
    case_id: UUID
    team_id: str
    file_id: str
    category: str
    summary: str
    extract: str
    first_line: int
    last_line: int
    turn_number: int
    collected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as it is shown: from the workflow's query while a worker answers, else from the newest snapshot."""

    state: CaseState
    waiting: int = 0
    running: int = 0
    """Number of the turn that runs now, 0 for none."""

"""Turns: accepted once, answered in order."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class IntentType(StrEnum):
    """What a turn asks for besides its text; the wire's words."""

    CONVERSATION = "conversation"
    STATUS_TRANSITION = "status_transition"
    CONFIRMATION = "confirmation"
    HYPOTHESIS_ACTION = "hypothesis_action"
    FILE_RECLASSIFICATION = "file_reclassification"
    SOLUTION_ACTION = "solution_action"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> IntentType:
        return cls.UNKNOWN


class TurnStatus(StrEnum):
    """Where a turn stands."""

    QUEUED = "queued"
    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"
    """Ended without an answer: cancelled or dropped."""
    MOVED = "moved"
    """The case has a new run: ask again."""
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> TurnStatus:
        return cls.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A click or command; `data` holds the known keys of `intent_data` as text."""

    type: IntentType = IntentType.CONVERSATION
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRef:
    """An uploaded file by reference; its name is already safe."""

    case_id: UUID
    file_id: str
    blob_key: str
    name: str
    size_bytes: int
    origin: str = "file_upload"
    """file_upload, paste, page_capture, screenshot or agent_generated."""
    observed_at: datetime | None = None
    turn_key: str = ""
    """The turn that brought it, empty for the evidence route."""
    chosen_kind: str = ""
    member_of: str = ""
    """The archive that brought it, empty for a file of its own; archives within it are opened with it, never by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTurn:
    """One accepted input of a case; text and files stand in the blob store."""

    case_id: UUID
    turn_key: str
    """`turn_id` on the wire: 22 base64url characters."""
    user_id: str
    text_key: str
    """Blob of the raw message; empty for a turn without text."""
    posted_at: datetime
    intent: Intent = Intent()
    attachments: tuple[EvidenceRef, ...] = ()
    duplicates: tuple[EvidenceRef, ...] = ()
    """Files of this turn that the case already has (rule E1)."""
    request_id: str = ""
    text_size: int = 0
    owner_id: str = ""
    team_id: str = ""
    again: bool = False
    """A fork takes it again: by the rules alone, and as of the time at which it was posted."""
    named_after: UUID | None = None
    """The case whose ids a fork goes on with, so that a click on one of its questions still means it."""
    model: str = ""
    """`provider/model` or a provider that this case asks first; empty for the order of the deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnReceipt:
    """What the waiting caller learns: results are read by turn from the projection."""

    turn_key: str
    status: TurnStatus
    number: int = 0
    ahead: int = 0
    """Turns that are taken before it."""


KEPT_KEYS = 1_000
"""Answered keys carried by a case; older ones are unique in the database for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnQueue:
    """Turns waiting, and the newest `KEPT_KEYS` answered ones as key → turn number (0: ended without an answer)."""

    waiting: tuple[UserTurn, ...] = ()
    answered: Mapping[str, int] = field(default_factory=dict)


def turn_key(user_id: str, case_id: UUID, idempotency_key: str) -> str:
    """Return 22 base64url characters: the first 16 bytes of SHA-256 over user, case and key."""
    material = "\x1f".join((user_id, str(case_id), idempotency_key)).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(material).digest()[:16]).decode().rstrip("=")

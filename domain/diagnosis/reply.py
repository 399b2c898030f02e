"""A turn's reply as a safe value; the API turns it into the body that clients expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.case.findings import Reasoning
from domain.case.outcome import TurnOutcome
from domain.diagnosis.values import Action, AnswerCause, AnswerEvent, Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCitation:
    """Backs a factual sentence."""

    n: int
    filename: str
    first_line: int
    last_line: int
    quote: str
    """At most 300 characters."""
    file_id: str = ""
    evidence_id: str = ""
    document_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAttachment:
    """What became of a file of this turn."""

    file_id: str
    filename: str
    file_size: int
    processing_status: str
    kind: str
    upload_source: str
    uploaded_at: datetime
    duplicate_of: str = ""
    duplicate_turn: int = 0
    confidence: float = 0.0
    summary: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnReply:
    """Everything a client may show of one finished turn; all text is safe until its owner's view restores it."""

    turn_id: str
    turn_number: int
    agent_response: str
    """Markdown, never blank."""
    outcome: TurnOutcome
    citations: tuple[ReplyCitation, ...] = ()
    attachments: tuple[ReplyAttachment, ...] = ()
    causes: tuple[AnswerCause, ...] = ()
    checks: tuple[Ask, ...] = ()
    actions: tuple[Action, ...] = ()
    timeline: tuple[AnswerEvent, ...] = ()
    cause_assurance: str = ""
    cause_overclaim: bool | None = None
    degraded: tuple[str, ...] = ()
    context_notice: str = ""
    reasoning: Reasoning | None = None
    """What a model's part in it cost; None where none was asked."""
    error_code: str = ""
    error_retryable: bool = False
    user_message_id: str = ""
    assistant_message_id: str = ""

"""What goes into a turn's rules and what comes out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.case.findings import RowDraft
from domain.case.state import CaseState, EvidenceNews, EvidenceRow
from domain.case.turns import EvidenceRef, Intent


class ReplyClass(StrEnum):
    """How a text reads while a question is pending (investigation 2.2)."""

    YES = "yes"
    NO = "no"
    NO_WITH_CONTENT = "no_with_content"
    QUESTION = "question"
    AMBIGUOUS = "ambiguous"
    SUBSTANTIVE = "substantive"
    EMPTY = "empty"


class ResponseType(StrEnum):
    """The nine kinds of reply (investigation 8)."""

    ERROR = "ERROR"
    ESCALATION_REQUIRED = "ESCALATION_REQUIRED"
    CONFIRMATION_REQUEST = "CONFIRMATION_REQUEST"
    STATUS_UPDATE = "STATUS_UPDATE"
    SOLUTION_READY = "SOLUTION_READY"
    CLARIFICATION_REQUEST = "CLARIFICATION_REQUEST"
    ANSWER = "ANSWER"
    NEEDS_MORE_DATA = "NEEDS_MORE_DATA"
    PLAN_PROPOSAL = "PLAN_PROPOSAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReading:
    """What rules read from a safe message; no text of it but short quotes."""

    reply: ReplyClass = ReplyClass.EMPTY
    pending_target_named: bool = False
    is_question: bool = False
    is_status_question: bool = False
    is_greeting: bool = False
    has_referent: bool = True
    statement: str = ""
    """Extractive problem statement, 10..1000 characters, cut to 240 bytes; empty without a symptom."""
    quotes: tuple[RowDraft, ...] = ()
    """Rows that the user's own words support (rule D5), as drafts without file."""
    quote_texts: tuple[str, ...] = ()
    """The verbatim text of each quote, ≤ 300 characters, same order."""
    denies_changes: bool = False
    reports_applied: str = ""
    """Text of a fix that the user says was applied, ≤ 240 bytes."""
    reports_recurrence: bool = False
    applied_in_vain: bool = False
    """What was applied did not help, as the same message tells."""
    not_as_described: bool = False
    """The user says the fix was not applied as described (rule S4)."""
    reports_recovery: bool = False
    cannot_provide: bool = False
    asks_for_human: bool = False
    breach: bool = False
    data_loss: bool = False
    urgency_word: str = ""
    """critical, high, medium or low; empty when nothing says so."""
    urgency_explicit: bool = False
    """The user named the level (rule U2)."""
    temporal_word: str = ""
    """ongoing, intermittent or historical; empty when nothing says so."""
    problem_type: str = ""
    limitation: str = ""
    """expertise_required or general_limitation; empty for none."""
    substance: int = 0
    """Characters of substance for the title (rule T1)."""
    title_words: str = ""
    """Extractive title, at most 8 words, empty without substance."""
    services: tuple[str, ...] = ()
    share: str = ""
    users: str = ""
    places: tuple[str, ...] = ()
    onset: datetime | None = None
    asked: tuple[str, ...] = ()
    """Parts of the investigation that the message asks about: checks, actions, onset, scope, causes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInput:
    """One turn as the rules see it."""

    turn_key: str
    number: int
    intent: Intent
    reading: MessageReading
    now: datetime
    files: tuple[EvidenceNews, ...] = ()
    """Files of this turn whose analysis finished."""
    unread: tuple[EvidenceRef, ...] = ()
    """Files of this turn still being read."""
    duplicates: tuple[EvidenceRef, ...] = ()
    has_text: bool = True
    model_configured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPlan:
    """Which optional steps a turn takes (rule J7)."""

    investigate: bool
    """Retrieve, diagnose and check; False for clicks, greetings and status questions."""
    model_steps: int = 0
    model_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What a command changes (rule A4)."""

    read_only: bool
    state_change: str = ""
    reversibility: str = ""
    blast_radius: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedAction:
    """A button, command, upload prompt or question (contract 5.5)."""

    type: str
    """DECIDE, RUN, EVIDENCE or FREE_SPEECH."""
    label: str
    payload: str = ""
    body: str = ""
    hints: tuple[str, ...] = ()
    intent: Intent | None = None
    evidence_need_id: str = ""
    risk: Risk | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency:
    """What stalls, and what would help (contract 5.4)."""

    active: bool
    pending_milestone: str = ""
    milestone_description: str = ""
    repair_type: str = ""
    verification_status: str = ""
    cause_assurance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """An evidence row born this turn with the text that anchors it; written to SQL, not carried."""

    row: EvidenceRow
    quote: str = ""
    """The user's words; empty for rows from files, whose lines the record step reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """What the turn did to the case, and the frame of its reply."""

    response_type: ResponseType
    case_state: str
    milestones_completed: tuple[str, ...] = ()
    milestones_withdrawn: tuple[str, ...] = ()
    progress_made: bool = False
    actions: tuple[SuggestedAction, ...] = ()
    transparency: Transparency | None = None
    notices: tuple[str, ...] = ()
    """Short sentences the reply must say: what changed and why, refusals, advice."""
    rows: tuple[NewRow, ...] = ()
    report: str = ""
    """resolution_summary or closure_summary when the case ended now and has substance."""
    handover: bool = False
    """The reply carries the hand-over text (rule ES2)."""
    proposed_title: str = ""
    asked: tuple[str, ...] = ()
    """What the message asked about: a follow-up answers that first (rule B1)."""
    told_before: bool = False
    """The causes stand as an earlier reply told them: this one need not tell all of it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """The state after the turn, and what the turn did."""

    state: CaseState
    outcome: TurnOutcome

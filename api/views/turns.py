"""A turn's answer and the messages of a case as clients expect them (contract 5.4-5.6)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC

from pydantic import TypeAdapter

from api.views.source_types import SOURCE_TYPE
from api.views.wire import Json, at
from domain.case.findings import Reasoning
from domain.case.outcome import Risk, SuggestedAction, Transparency
from domain.case.projection import Message, TurnRecord
from domain.case.turns import Intent
from domain.diagnosis.answer import action_json, cause_json, check_json, event_json
from domain.diagnosis.reply import ReplyAttachment, ReplyCitation, TurnReply
from domain.evidence.values import Kind

REPLY = TypeAdapter(TurnReply)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentResult:
    """What became of a file of the turn."""

    file_id: str
    evidence_id: str
    filename: str
    file_size: int
    processing_status: str
    source_type: str
    data_type: str
    upload_source: str
    uploaded_at: str
    duplicate_of: str | None
    duplicate_turn: int | None
    confidence: float
    summary: str
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionBody:
    """A button, command, upload prompt or question."""

    type: str
    label: str
    payload: str | None
    body: str | None
    hints: list[str]
    intent: Json
    evidence_need_id: str | None
    risk: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResponse:
    """The answer to one turn."""

    agent_response: str
    turn_number: int
    milestones_completed: list[str]
    case_state: str
    progress_made: bool
    attachments_processed: list[AttachmentResult]
    suggested_actions: list[ActionBody]
    progress_transparency: Json
    cause_assurance: str | None
    cause_overclaim: bool | None
    response_type: str
    turn_id: str
    message_ids: dict[str, str]
    citations: list[Json]
    causes: list[Json]
    checks: list[Json]
    actions: list[Json]
    timeline: list[Json]
    degraded: list[str]
    context_notice: str | None
    reasoning: Json
    error: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTurn:
    """A turn that has no answer yet; `Location` is where to ask again."""

    status: str
    turn_id: str
    turn_number: int | None
    stage: str | None
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBody:
    """One row of the conversation."""

    message_id: str
    turn_number: int
    role: str
    content: str
    created_at: str
    author_id: str | None
    token_count: int | None
    metadata: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """A page of the conversation, oldest first."""

    messages: list[MessageBody]
    total_count: int
    retrieved_count: int
    has_more: bool
    next_offset: int | None
    debug_info: None


def answered(reply: TurnReply) -> TurnResponse:
    """Return the body of a finished turn."""
    outcome = reply.outcome
    return TurnResponse(
        agent_response=reply.agent_response,
        turn_number=reply.turn_number,
        milestones_completed=list(outcome.milestones_completed),
        case_state=outcome.case_state,
        progress_made=outcome.progress_made,
        attachments_processed=[attachment(item) for item in reply.attachments],
        suggested_actions=[action(item) for item in outcome.actions],
        progress_transparency=transparency(outcome.transparency),
        cause_assurance=reply.cause_assurance or None,
        cause_overclaim=reply.cause_overclaim,
        response_type=outcome.response_type,
        turn_id=reply.turn_id,
        message_ids={"user": reply.user_message_id, "assistant": reply.assistant_message_id},
        citations=[citation(item) for item in reply.citations],
        causes=[cause_json(item) for item in reply.causes],
        checks=[check_json(item) for item in reply.checks],
        actions=[action_json(item) for item in reply.actions],
        timeline=[event_json(item) for item in reply.timeline],
        degraded=list(reply.degraded),
        context_notice=reply.context_notice or None,
        reasoning=reasoning(reply.reasoning),
        error={"code": reply.error_code, "retryable": reply.error_retryable} if reply.error_code else None,
    )


def attachment(item: ReplyAttachment) -> AttachmentResult:
    """Return what became of one file."""
    kind = Kind(item.kind) if item.kind else Kind.UNKNOWN
    return AttachmentResult(
        file_id=item.file_id,
        evidence_id=item.file_id,
        filename=item.filename,
        file_size=item.file_size,
        processing_status=item.processing_status,
        source_type=SOURCE_TYPE[kind],
        data_type=data_type(kind),
        upload_source=item.upload_source,
        uploaded_at=at(item.uploaded_at),
        duplicate_of=item.duplicate_of or None,
        duplicate_turn=item.duplicate_turn or None,
        confidence=item.confidence,
        summary=item.summary,
        error=item.error or None,
    )


def data_type(kind: Kind) -> str:
    """Return the wire's word; a kind that is not known yet is unstructured text until it is read."""
    return Kind.TEXT if kind is Kind.UNKNOWN else kind


def action(item: SuggestedAction) -> ActionBody:
    """Return one suggestion; every DECIDE carries a payload."""
    return ActionBody(
        type=item.type,
        label=item.label,
        payload=(item.payload or item.label) if item.type in {"DECIDE", "RUN"} else None,
        body=item.body or None,
        hints=list(item.hints),
        intent=_intent(item.intent),
        evidence_need_id=item.evidence_need_id or None,
        risk=_risk(item.risk),
    )


def _intent(intent: Intent | None) -> Json:
    if intent is None:
        return None
    shown: dict[str, Json] = {"type": str(intent.type)}
    for name, text in intent.data.items():
        shown[name] = text == "true" if name in {"confirmation_value", "user_confirmed"} else text
    return shown


def _risk(risk: Risk | None) -> Json:
    return asdict(risk) if risk else None


def transparency(item: Transparency | None) -> Json:
    """Return what stalls the case; empty words are null."""
    if item is None:
        return None
    return {name: value if isinstance(value, bool) else value or None for name, value in asdict(item).items()}


def reasoning(item: Reasoning | None) -> Json:
    """Return what a model's part in a turn cost; whose budget ended it stands in the answer's own words."""
    told = {} if item is None else {**asdict(item), **{name: list(getattr(item, name)) for name in ("tools", "away", "sources")}}
    return {name: value for name, value in told.items() if name not in {"budget", "left_out"}} or None


def citation(item: ReplyCitation) -> Json:
    """Return one citation."""
    return asdict(item) | {"evidence_id": item.evidence_id or None, "document_id": item.document_id or None}


def running(record: TurnRecord, number: int | None, stage: str | None, ahead: int) -> RunningTurn:
    """Return the body of a turn that has no answer yet."""
    return RunningTurn(status="running", turn_id=record.turn_id, turn_number=number, stage=stage, ahead=ahead)


def stored(record: TurnRecord) -> TurnReply:
    """Return the reply that the record step stored."""
    return REPLY.validate_json(record.response)


def messages(rows: tuple[Message, ...], total: int, offset: int) -> MessagePage:
    """Return a page; `offset` counts rows."""
    seen = offset + len(rows)
    return MessagePage(
        messages=[message(row) for row in rows],
        total_count=total,
        retrieved_count=len(rows),
        has_more=seen < total,
        next_offset=seen if seen < total else None,
        debug_info=None,
    )


def message(row: Message) -> MessageBody:
    """Return one row."""
    return MessageBody(
        message_id=row.message_id,
        turn_number=row.turn_number,
        role=row.role,
        content=row.content,
        created_at=at(row.created_at.astimezone(UTC)),
        author_id=row.author_id,
        token_count=None,
        metadata=json.loads(row.metadata) if row.metadata else None,
    )

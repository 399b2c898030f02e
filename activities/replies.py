"""A turn's reply and rows, put together from what its steps kept; no step of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from domain.case.confirmation import transition_button
from domain.case.findings import Reasoning
from domain.case.outcome import NewRow, ResponseType, TurnOutcome
from domain.case.projection import EvidenceRecord, Message
from domain.case.silence import Notice
from domain.case.state import CaseState, EvidenceNews
from domain.case.texts import fingerprint
from domain.case.transitions import WORDS
from domain.case.turns import EvidenceRef, IntentType, UserTurn
from domain.diagnosis import context
from domain.diagnosis.explain import Told, reply
from domain.diagnosis.reply import ReplyAttachment, TurnReply
from domain.diagnosis.values import Answer, AnswerLine
from domain.errors import FaultMavenError
from domain.knowledge.documents import SearchResult

ANSWER = TypeAdapter(Answer)
RESULT = TypeAdapter(SearchResult)

CANCELLED = "CancelledError"
LEFT_OUT = "[all that this turn brought is left out of this fork]"
"""No other turn is without text, file and click: intake refuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a reply is made of; texts are JSON of safe values, empty where a step did not run."""

    turn: UserTurn
    number: int
    outcome: TurnOutcome
    state: CaseState
    files: tuple[EvidenceNews, ...]
    degraded: tuple[str, ...]
    answer: bytes
    passages: bytes
    reasoning: Reasoning | None = None


def compose(parts: Parts) -> TurnReply:
    """Return the reply of a turn that was carried out."""
    hits = RESULT.validate_json(parts.passages).hits if parts.passages else ()
    reasoning = parts.reasoning or Reasoning()
    told = Told(
        turn_id=parts.turn.turn_key,
        turn_number=parts.number,
        outcome=parts.outcome,
        state=parts.state,
        answer=ANSWER.validate_json(parts.answer) if parts.answer else None,
        passages=tuple(hit.passage for hit in hits if hit.passage.scope != "case"),  # the case's own lines are cited as such
        degraded=parts.degraded,
        context_notice=context.notice(reasoning.left_out),
        budget=reasoning.budget,
        away=reasoning.away,
        sources=reasoning.sources,
    )
    return replace(
        reply(told),
        attachments=_attachments(parts),
        reasoning=parts.reasoning,
        user_message_id=message_id(parts.turn, "user"),
        assistant_message_id=message_id(parts.turn, "assistant"),
    )


def failed(turn: UserTurn, number: int, outcome: TurnOutcome, reason: str) -> TurnReply:
    """Return the reply of a turn that could not be carried out; `reason` is a class name."""
    cause = next((error for error in FaultMavenError.__subclasses__() if error.__name__ == reason), FaultMavenError)
    code = "CANCELLED" if reason == CANCELLED else cause.code or "INTERNAL"
    return TurnReply(
        turn_id=turn.turn_key,
        turn_number=number,
        agent_response=_apology(code),
        outcome=replace(outcome, response_type=ResponseType.ERROR),
        error_code=code,
        error_retryable=code != "CANCELLED" and (cause.retryable or cause is FaultMavenError),
        user_message_id=message_id(turn, "user"),
        assistant_message_id=message_id(turn, "assistant"),
    )


def _apology(code: str) -> str:
    if code == "CANCELLED":
        return "This turn was cancelled. Your message and files are kept; send the message again to have it answered."
    return f"This turn could not be carried out ({code}). Your message and files are kept; nothing of the case was lost. Please send it again."


def message_id(turn: UserTurn, role: str) -> str:
    """Return the id of a turn's row: the same over retries."""
    return f"msg_{turn.turn_key}_{role[0]}"


def attached(turn: UserTurn) -> str:
    """Return what stands in the place of a text that a turn does not have."""
    names = [f"{ref.name} ({_size(ref.size_bytes)})" for ref in (*turn.attachments, *turn.duplicates)]
    if names:
        return f"Attached: {', '.join(names)}"
    if not turn.text_key and turn.intent.type is IntentType.CONVERSATION:
        return LEFT_OUT
    words = turn.intent.type.replace("_", " ")
    return f"[{words}]" if turn.intent.data or not turn.text_key else ""


def _size(size_bytes: int) -> str:
    if size_bytes < 1024:
        return f"{size_bytes} B"
    return f"{size_bytes / 1024:.1f} KiB" if size_bytes < 1024**2 else f"{size_bytes / 1024**2:.1f} MiB"


def user_row(turn: UserTurn, number: int, content: str) -> Message:
    """Return the user's row of a turn."""
    return Message(
        message_id=message_id(turn, "user"),
        case_id=turn.case_id,
        team_id=turn.team_id,
        seq=0,
        turn_number=number,
        role="user",
        content=content,
        created_at=turn.posted_at,
        author_id=turn.user_id,
    )


def assistant_row(turn: UserTurn, number: int, answer: TurnReply, now: datetime) -> Message:
    """Return the assistant's row of a turn; its metadata is read from the stored reply."""
    return Message(
        message_id=answer.assistant_message_id,
        case_id=turn.case_id,
        team_id=turn.team_id,
        seq=0,
        turn_number=number,
        role="assistant",
        content=answer.agent_response,
        created_at=now,
    )


def notice_row(state: CaseState, notice: Notice, now: datetime) -> Message:
    """Return the system row of what a case says by itself, with the button that it speaks of."""
    button = transition_button(state, "closed", WORDS["closed"])
    shown = {"type": button.type, "label": button.label, "payload": button.payload}
    asked = {"type": IntentType.STATUS_TRANSITION, **button.intent.data} if button.intent else None
    return Message(
        message_id=f"msg_{fingerprint(state.case_id, notice.key)}_n",
        case_id=state.case_id,
        team_id=state.team_id,
        seq=0,
        turn_number=state.turn,
        role="system",
        content=notice.text,
        created_at=now,
        metadata=json.dumps({"suggested_actions": [{**shown, "intent": asked}]}) if notice.ends else "",
    )


def _attachments(parts: Parts) -> tuple[ReplyAttachment, ...]:
    """Return what became of each file, read, still being read and known already, in the order they came."""
    news = {item.file_id: item for item in parts.files}
    turns = {file.file_id: file.turn for file in parts.state.files}
    fresh = [_attachment(ref, parts.turn.posted_at, news.get(ref.file_id)) for ref in parts.turn.attachments]
    known = [
        replace(
            _attachment(ref, parts.turn.posted_at, news.get(ref.file_id)),
            processing_status="completed",
            duplicate_of=ref.file_id,
            duplicate_turn=turns.get(ref.file_id, 0),
        )
        for ref in parts.turn.duplicates
    ]
    return (*fresh, *known)


def _attachment(ref: EvidenceRef, uploaded_at: datetime, news: EvidenceNews | None) -> ReplyAttachment:
    return ReplyAttachment(
        file_id=ref.file_id,
        filename=ref.name,
        file_size=ref.size_bytes,
        processing_status=news.status if news else "processing",
        kind=news.kind if news else "",
        upload_source=ref.origin,
        uploaded_at=uploaded_at,
        confidence=news.confidence if news else 0.0,
        summary=news.summary if news else "",
        error=news.error if news else "",
    )


def evidence_rows(parts: Parts, now: datetime) -> tuple[EvidenceRecord, ...]:
    """Return the rows born this turn with the safe lines that anchor them."""
    lines = {} if not parts.answer else _cited(ANSWER.validate_json(parts.answer))
    return tuple(_evidence_row(parts, new, lines, now) for new in parts.outcome.rows)


def _cited(answer: Answer) -> dict[tuple[str, int], AnswerLine]:
    return {(line.file_id, line.line): line for cause in answer.causes for line in (*cause.evidence, *cause.against)}


def _evidence_row(parts: Parts, new: NewRow, lines: dict[tuple[str, int], AnswerLine], now: datetime) -> EvidenceRecord:
    row = new.row
    line = lines.get((row.file_id, row.first))
    extract = new.quote or (line.text if line else "")
    return EvidenceRecord(
        evidence_id=row.evidence_id,
        case_id=parts.turn.case_id,
        team_id=parts.turn.team_id,
        file_id=row.file_id,
        category=row.category,
        summary=(extract or row.witness)[:500],
        extract=extract[:2_000],
        first_line=row.first,
        last_line=row.last,
        turn_number=row.turn,
        collected_at=now,
    )

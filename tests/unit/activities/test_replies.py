"""A turn's reply and rows, put together from what its steps kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from activities.replies import (
    ANSWER,
    LEFT_OUT,
    RESULT,
    Parts,
    assistant_row,
    attached,
    compose,
    evidence_rows,
    failed,
    message_id,
    user_row,
)
from domain.case.findings import Reasoning
from domain.case.outcome import NewRow, ResponseType, TurnOutcome
from domain.case.state import CaseFile, CaseState, EvidenceNews, EvidenceRow, RowCategory
from domain.case.turns import EvidenceRef, Intent, IntentType, UserTurn
from domain.diagnosis.values import Answer, AnswerCause, AnswerCoverage, AnswerLine
from domain.knowledge.documents import Hit, SearchResult
from tests.builders import a_passage
from tests.pages import kept, told

PAGES = Path(__file__).parent / "pages"
CASE = UUID(int=3)
NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


def ref(number: int, size: int = 10) -> EvidenceRef:
    return EvidenceRef(case_id=CASE, file_id=f"file_{number}", blob_key="b", name=f"{number}.log", size_bytes=size)


TURN = UserTurn(
    case_id=CASE, turn_key="key", user_id="ann", text_key="text", posted_at=NOON, team_id="team", attachments=(ref(1), ref(2)), duplicates=(ref(3), ref(4))
)  # fmt: skip
OUTCOME = TurnOutcome(response_type=ResponseType.ANSWER, case_state="investigating")


def row(line: int, file: str = "file_1") -> EvidenceRow:
    return EvidenceRow(
        evidence_id=f"ev_{line}", category=RowCategory.CAUSAL, file_id=file, first=line, last=line + 1, witness="w" * 600, turn=2
    )


def answered() -> Answer:
    lines = (
        AnswerLine(file="1.log", line=3, text="x" * 3_000, file_id="file_1"),
        AnswerLine(file="1.log", line=5, text="no", file_id="file_1"),
    )
    cause = AnswerCause(
        rank=1, family="disk_full", statement="The disk is full", confidence=0.6, level="probable", assurance="no_root",
        evidence=lines[:1], against=lines[1:],
    )  # fmt: skip
    coverage = AnswerCoverage(bytes=10, lines=9, share_read=1.0)
    return Answer(
        schema_version=1, status="candidates", onset=None, digest="", documents=(), timeline=(), causes=(cause,), checks=(), actions=(), coverage=coverage
    )  # fmt: skip


def parts() -> Parts:
    read = EvidenceNews(
        file_id="file_1", name="1.log", kind="logs_and_errors", confidence=0.9, status="completed", summary="9 lines"
    )
    broken = EvidenceNews(file_id="file_4", name="4.log", kind="", confidence=0.0, status="failed", error="unreadable")
    seen = CaseFile(file_id="file_3", name="3.log", kind="logs_and_errors", confidence=0.9, turn=1, status="completed")
    passages = SearchResult(
        hits=(
            Hit(passage=a_passage(title="Runbook"), score=1.0),
            Hit(passage=a_passage(scope="case", title="own lines"), score=0.5),
        )
    )
    rows = (
        NewRow(row=row(3)),
        NewRow(row=row(5)),
        NewRow(row=row(9)),
        NewRow(row=row(3, "file_2")),
        NewRow(row=row(0, ""), quote="it began at noon"),
    )
    return Parts(
        turn=TURN,
        number=2,
        outcome=replace(OUTCOME, rows=rows),
        state=CaseState(case_id=CASE, files=(seen,)),
        files=(read, broken),
        degraded=("lexical_only",),
        reasoning=Reasoning(left_out=("summaries of earlier turns", "earlier findings")),
        answer=ANSWER.dump_json(answered()),
        passages=RESULT.dump_json(passages),
    )


def test_a_reply_and_its_rows_are_as_the_page_says() -> None:
    whole, bare = parts(), replace(parts(), answer=b"", passages=b"", files=())
    reply = compose(whole)
    shown = (
        reply,
        compose(bare),
        *evidence_rows(whole, NOON),
        *evidence_rows(bare, NOON),
        user_row(TURN, 2, "hi"),
        assistant_row(TURN, 2, reply, NOON),
    )
    kept(PAGES / "replies.txt", "\n\n".join(told(each).replace("x" * 100, "x…").replace("w" * 100, "w…") for each in shown))


@pytest.mark.parametrize(
    ("reason", "code", "retryable"),
    [
        ("CancelledError", "CANCELLED", False),
        ("SomethingElse", "INTERNAL", True),
        ("InvalidInput", "VALIDATION", False),
        ("ModelBusy", "MODEL_BUSY", True),
        ("CaseEnded", "INTERNAL", False),
        ("EvidenceUnreadable", "EVIDENCE_UNREADABLE", False),
    ],
)
def test_a_turn_that_failed_is_answered_with_its_code(reason: str, code: str, retryable: bool) -> None:
    reply = failed(TURN, 2, OUTCOME, reason)
    assert (reply.error_code, reply.error_retryable, reply.outcome.response_type) == (code, retryable, ResponseType.ERROR)
    assert (reply.turn_id, reply.turn_number) == ("key", 2)
    assert (
        (reply.user_message_id, reply.assistant_message_id)
        == ("msg_key_u", "msg_key_a")
        == tuple(message_id(TURN, role) for role in ("user", "assistant"))
    )
    assert ("cancelled" in reply.agent_response) is (code == "CANCELLED")
    assert (code in reply.agent_response) is (code != "CANCELLED")


@pytest.mark.parametrize(
    ("turn", "content"),
    [
        (replace(TURN, attachments=(ref(1, 1023), ref(2, 1024)), duplicates=()), "Attached: 1.log (1023 B), 2.log (1.0 KiB)"),
        (
            replace(TURN, attachments=(ref(1, 1024**2 - 1),), duplicates=(ref(2, 1024**2),)),
            "Attached: 1.log (1024.0 KiB), 2.log (1.0 MiB)",
        ),
        (replace(TURN, attachments=(), duplicates=()), ""),
        (replace(TURN, attachments=(), duplicates=(), text_key=""), LEFT_OUT),
        (
            replace(
                TURN, attachments=(), duplicates=(), intent=Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed"})
            ),
            "[status transition]",
        ),
    ],
)
def test_a_turn_without_text_is_told_by_its_files_or_its_click(turn: UserTurn, content: str) -> None:
    assert attached(turn) == content

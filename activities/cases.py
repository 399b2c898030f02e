"""The case's side of the projection: loading, opening a turn, recording its outcome; the only writer of snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from activities.replies import Parts, assistant_row, attached, compose, evidence_rows, failed, notice_row, user_row
from domain.case.findings import Reasoning
from domain.case.intents import read_message
from domain.case.outcome import MessageReading, TurnOutcome
from domain.case.projection import EvidenceRecord
from domain.case.silence import Notice
from domain.case.state import CarriedCase, CaseState, EvidenceNews, Pending
from domain.case.turns import TurnReceipt, TurnStatus, UserTurn
from domain.diagnosis.reply import TurnReply
from domain.errors import TurnRefused
from domain.ports.cases import CaseStore, TurnIntake, TurnRecording
from domain.ports.sealing import BlobStore, read

REPLY = TypeAdapter(TurnReply)
HELD_BACK = "[message held back: redaction was not available]"
NOT_READ = "[message not read]"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTurn:
    """A turn about to be taken; its safe text by key, empty without text."""

    turn: UserTurn
    number: int
    message_key: str
    held_back: bool
    pending: Pending | None = None
    """The question that the message may answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTurn:
    """What the message says, and whether a model could be asked."""

    reading: MessageReading
    model_configured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTurn:
    """Everything that a finished turn leaves; texts by key."""

    turn: UserTurn
    number: int
    carried: CarriedCase
    """The case after the turn, its queue without it."""
    outcome: TurnOutcome
    now: datetime
    answer_key: str = ""
    passages_key: str = ""
    files: tuple[EvidenceNews, ...] = ()
    degraded: tuple[str, ...] = ()
    reasoning: Reasoning | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailTurn:
    """A turn that could not be carried out; `reason` is the class name of what failed."""

    turn: UserTurn
    number: int
    carried: CarriedCase
    outcome: TurnOutcome
    now: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNotice:
    """What a case says by itself; it is carried as it is afterwards."""

    carried: CarriedCase
    notice: Notice
    now: datetime


@dataclass(frozen=True, slots=True)
class CaseActivities:
    """Steps that read and write the projection of a case."""

    cases: CaseStore
    intake: TurnIntake
    blobs: BlobStore
    model_configured: bool = False

    @activity.defn
    async def load_case(self, case_id: UUID) -> CarriedCase:
        """Return the newest snapshot, or a new case; safe to retry."""
        stored = await self.cases.load(case_id)
        return stored or CarriedCase(state=CaseState(case_id=case_id))

    @activity.defn
    async def record_case(self, carried: CarriedCase) -> None:
        """Write the snapshot after news; safe to retry: an older revision never overwrites a newer one."""
        await self.cases.record(carried, carried.state.stage)

    @activity.defn
    async def add_notice(self, request: AddNotice) -> None:
        """Append a system row and write the snapshot in which it is told.

        Safe to retry: a notice has one row.
        """
        await self.cases.append(notice_row(request.carried.state, request.notice, request.now))
        await self.cases.record(request.carried, request.carried.state.stage)

    @activity.defn
    async def open_turn(self, request: OpenTurn) -> OpenedTurn:
        """Accept the turn, write its user row and read its message.

        Safe to retry: a turn is accepted once and has one user row. `TurnRefused` when its sender was told that nothing
        was stored.
        """
        turn = request.turn
        text = (await read(self.blobs, turn.case_id, request.message_key)).decode() if request.message_key else ""
        shown = HELD_BACK if request.held_back else text
        if not await self.intake.accept(turn.turn_key, user_row(turn, request.number, shown or attached(turn))):
            raise TurnRefused("the sender was told that this message was not stored; it may be sent again")
        reading = read_message(text, bool(turn.attachments or turn.duplicates), request.pending, turn.posted_at)
        return OpenedTurn(reading=reading, model_configured=self.model_configured)

    @activity.defn
    async def record_turn(self, request: RecordTurn) -> TurnReceipt:
        """Compose the reply and write all rows of the turn together.

        Safe to retry: rows are unique per turn, the snapshot is ordered by revision.
        """
        case_id = request.turn.case_id
        parts = Parts(
            turn=request.turn,
            number=request.number,
            outcome=request.outcome,
            state=request.carried.state,
            files=request.files,
            degraded=request.degraded,
            answer=await self._blob(case_id, request.answer_key),
            passages=await self._blob(case_id, request.passages_key),
            reasoning=request.reasoning,
        )
        receipt = await self._finish(request, compose(parts), evidence_rows(parts, request.now))
        _count(request.degraded)
        return receipt

    @activity.defn
    async def fail_turn(self, request: FailTurn) -> TurnReceipt | None:
        """Answer a turn that could not be carried out, visibly; None when its sender was told that nothing was stored.

        Safe to retry like `record_turn`.
        """
        turn = request.turn
        if not await self.intake.accept(turn.turn_key, user_row(turn, request.number, attached(turn) or NOT_READ)):
            return None
        return await self._finish(request, failed(turn, request.number, request.outcome, request.reason))

    async def _finish(
        self, request: RecordTurn | FailTurn, reply: TurnReply, evidence: tuple[EvidenceRecord, ...] = ()
    ) -> TurnReceipt:
        turn = request.turn
        await self.cases.finish(
            TurnRecording(
                carried=request.carried,
                stage=request.carried.state.stage,
                turn_id=turn.turn_key,
                number=request.number,
                status=TurnStatus.ANSWERED,
                response=REPLY.dump_json(reply).decode(),
                assistant=assistant_row(turn, request.number, reply, request.now),
                evidence=evidence,
                title=request.outcome.proposed_title,
            )
        )
        return TurnReceipt(turn_key=turn.turn_key, status=TurnStatus.ANSWERED, number=request.number)

    async def _blob(self, case_id: UUID, key: str) -> bytes:
        return await read(self.blobs, case_id, key) if key else b""


def _count(degraded: tuple[str, ...]) -> None:
    """Count what a recorded reply had to do without, by the closed words of the reply."""
    counter = activity.metric_meter().create_counter("faultmaven_degraded_total", "Replies that name what was away.")
    for reason in degraded:
        counter.add(1, {"reason": reason})

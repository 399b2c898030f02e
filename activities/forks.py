"""A turn of one case, put into another: text, click and files under the other's key, its claim and its signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.copies import Copies
from activities.heartbeat import beating
from domain.case.forking import brought, left_out, pointed, retaken, twin
from domain.case.orders import Fork
from domain.case.projection import CaseRecord, TurnRecord
from domain.case.turns import EvidenceRef, Intent, UserTurn
from domain.errors import NotFound
from domain.ports.cases import CaseDoor, CaseRecords, Conversation, FileStore, TurnIntake
from domain.ports.sealing import BlobStore, Redactor, read

TURN = TypeAdapter(UserTurn)
AHEAD = 5
"""Turns that wait in the fork at most: its queue is carried from run to run and stays small."""
MOST_FILES = 10_000
SOON = timedelta(milliseconds=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFork:
    """A fork that got fewer turns than were wanted: its origin is gone, or cannot be read."""

    case_id: UUID
    turns: int


@dataclass(frozen=True, slots=True)
class ForkActivities:
    """Steps that read one case and write another; each may be repeated."""

    blobs: BlobStore
    files: FileStore
    redactor: Redactor
    records: CaseRecords
    conversation: Conversation
    intake: TurnIntake
    door: CaseDoor

    @activity.defn
    async def open_fork(self, case: CaseRecord) -> None:
        """Enter the fork's row, which the one who asked for it enters, too."""
        await self.records.insert(case)

    @activity.defn
    async def retake(self, fork: Fork) -> None:
        """Bring over the turn that is due and post it; while enough of them wait this is tried again.

        Safe to retry: a file's and a turn's new names follow from the old ones, so nothing is there twice. `NotFound` when the
        origin is erased.
        """
        async with beating():
            await self._wait(fork)
            turn, earlier = await self._turn(fork, fork.number), None
            if fork.number > 1:
                earlier = (await self._turn(fork, fork.number - 1)).posted_at
            twins, refs = await self._files(fork, turn, earlier)
            again = retaken(turn, fork.case, fork.number, refs)
            again = replace(again, text_key=await self._text(turn, again), intent=await self._intent(turn, again, twins))
            await self._post(again, fork.case.forked_turn)

    @activity.defn
    async def end_fork(self, ended: EndFork) -> None:
        """Say how many turns the fork has after all, so that it takes others."""
        await self.records.change(ended.case_id, {"forked_turn": ended.turns})

    async def _wait(self, fork: Fork) -> None:
        before = fork.number - AHEAD
        if before > 0 and await self.conversation.turn_at(fork.case.case_id, before) is None:
            raise ApplicationError(
                f"turn {before} is not answered yet",
                type="StillAnswering",
                next_retry_delay=SOON,
                category=ApplicationErrorCategory.BENIGN,
            )

    async def _turn(self, fork: Fork, number: int) -> UserTurn:
        origin = fork.case.forked_from
        record = await self.conversation.turn_at(origin, number) if origin else None
        if record is None:
            raise NotFound("the case that is forked has no such turn any more")
        return TURN.validate_json(record.turn)

    async def _files(
        self, fork: Fork, turn: UserTurn, earlier: datetime | None
    ) -> tuple[Mapping[str, str], tuple[EvidenceRef, ...]]:
        """Copy what the turn brought; return the new ids of all files besides."""
        case_id = fork.case.case_id
        files, _ = await self.files.page(turn.case_id, MOST_FILES, 0, "uploaded_at", descending=False)
        behind = left_out(files, fork.without)
        twins = {file.file_id: twin(case_id, file.file_id) for file in files if file not in behind}
        copies = Copies(blobs=self.blobs, files=self.files, redactor=self.redactor, case=fork.case, twins=twins, left_out=behind)
        wanted = (file for file in brought(files, earlier, turn.posted_at) if file.file_id in twins)
        copied = [await copies.of(file) for file in wanted]
        return twins, tuple(ref for ref in copied if ref is not None)

    async def _text(self, turn: UserTurn, again: UserTurn) -> str:
        if not turn.text_key:
            return ""
        return await self.blobs.put(again.case_id, await read(self.blobs, turn.case_id, turn.text_key))

    async def _intent(self, turn: UserTurn, again: UserTurn, twins: Mapping[str, str]) -> Intent:
        """Return the click; its words are made safe under the fork's key."""
        intent = pointed(turn.intent, twins)
        if not intent.data:
            return intent
        raw = [await self.redactor.restore(turn.case_id, text) for text in intent.data.values()]
        safe = await self.redactor.redact(again.case_id, raw)
        return replace(intent, data=dict(zip(intent.data, safe, strict=True)))

    async def _post(self, turn: UserTurn, most: int) -> None:
        record = TurnRecord(
            turn_id=turn.turn_key,
            case_id=turn.case_id,
            team_id=turn.team_id,
            status="claimed",
            content_hash="",
            claimed_at=datetime.now(UTC),
            turn=TURN.dump_json(turn).decode(),
        )
        claimed = await self.intake.claim(record, most)
        if claimed.outcome == "gone":
            raise NotFound("the fork is deleted")
        await self.door.post(turn)

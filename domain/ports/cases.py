"""Claims, snapshots and rows of cases, and their end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from domain.case.projection import CaseRecord, EvidenceRecord, FileRecord, Message, TurnRecord
from domain.case.state import CarriedCase
from domain.case.turns import EvidenceRef, UserTurn
from domain.reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """How a claim ended: `new` may be signalled, `known` is a replay, `reused` names another body, `full` has no room."""

    outcome: Literal["new", "known", "reused", "full", "gone"]
    record: TurnRecord | None = None
    waiting: int = 0


class TurnIntake(Protocol):
    """Claimed turn keys: unique for ever, so that no message is taken twice.

    >>> rows = MemoryRows()
    >>> intake = MemoryIntake(rows)
    >>> _ = run(MemoryCaseRecords(rows).insert(builders.a_case_record(case_id=CASE)))
    >>> turn = builders.a_turn_record(turn_id="key-1", case_id=CASE)
    >>> run(intake.claim(turn, 20)).outcome, run(intake.claim(turn, 20)).outcome
    ('new', 'known')
    >>> run(intake.accept("key-1")), run(intake.refuse("key-1"))
    (True, False)
    """

    async def claim(self, record: TurnRecord, limit: int) -> Claimed:
        """Insert the claim in one transaction, unless the key is known, the case is gone or `limit` turns wait.

        A refused key with the same content becomes claimed again.
        """

    async def refuse(self, turn_id: str) -> bool:
        """Turn `claimed` into `refused`; False when the turn was accepted meanwhile."""

    async def accept(self, turn_id: str, row: Message | None = None) -> bool:
        """Turn `claimed` into `accepted` and append the user's row with it; False when it was refused. Safe to repeat."""

    async def unrecorded(self, before: datetime, limit: int) -> tuple[TurnRecord, ...]:
        """Return turns claimed or accepted before that time and still without an answer, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecording:
    """All rows of one finished turn; written in one transaction."""

    carried: CarriedCase
    stage: str
    turn_id: str
    number: int
    status: str
    """answered or failed."""
    response: str
    assistant: Message | None
    evidence: tuple[EvidenceRecord, ...] = ()
    title: str = ""
    """Written only while the placeholder title stands."""


class CaseStore(Protocol):
    """The projection's one writer behind the record steps; idempotent and ordered by revision.

    >>> cases = MemoryCases(MemoryRows())
    >>> run(cases.record(builders.a_carried(revision=2, case_id=CASE), "diagnosis"))
    >>> run(cases.record(builders.a_carried(revision=1, case_id=CASE), ""))
    >>> run(cases.load(CASE)).state.revision
    2
    """

    async def load(self, case_id: UUID) -> CarriedCase | None:
        """Return the newest snapshot; None for a case that was never recorded."""

    async def record(self, carried: CarriedCase, stage: str) -> None:
        """Write the snapshot columns unless a newer revision stands."""

    async def finish(self, recording: TurnRecording) -> None:
        """Write the assistant row, the response and the snapshot together, once."""

    async def append(self, message: Message) -> None:
        """Append a row to the conversation, once per id; `NotFound` for a deleted case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """A page of one owner's cases: last activity descending, then id."""

    owner_id: str
    limit: int = 50
    offset: int = 0
    state: str | None = None
    source: str | None = None
    include_empty: bool = True
    include_archived: bool = True
    text: str = ""


class CaseRecords(Protocol):
    """The user's columns of cases, and all reads of them; the API's side of the projection.

    >>> records = MemoryCaseRecords(MemoryRows())
    >>> _ = run(records.insert(builders.a_case_record(case_id=CASE, owner_id="user_1", title="Checkout fails")))
    >>> found, total = run(records.page(CaseQuery(owner_id="user_1")))
    >>> [case.title for case in found], total
    (['Checkout fails'], 1)
    """

    async def insert(self, record: CaseRecord) -> CaseRecord:
        """Insert, giving a placeholder title `Case-YYMMDD-N` when the title is empty; the same id again returns the row."""

    async def get(self, case_id: UUID, *, deleted: bool = False) -> CaseRecord:
        """Return the row; `NotFound` also for deleted cases, unless their tombstones are asked for."""

    async def page(self, query: CaseQuery) -> tuple[tuple[CaseRecord, ...], int]:
        """Return the page and the true total."""

    async def change(self, case_id: UUID, changes: Mapping[str, str | int | datetime | None]) -> CaseRecord:
        """Set title, title_source, description, priority, forked_turn or deleted_at."""


class Conversation(Protocol):
    """Messages and turns as they are read.

    >>> rows = MemoryRows()
    >>> _ = run(MemoryCases(rows).append(builders.a_message(case_id=CASE, content="it fails")))
    >>> found, total = run(MemoryConversation(rows).messages(CASE, 50, 0))
    >>> [row.content for row in found], total
    (['it fails'], 1)
    """

    async def messages(self, case_id: UUID, limit: int, offset: int) -> tuple[tuple[Message, ...], int]:
        """Return the page in order of `seq` and the true total."""

    async def turn(self, turn_id: str) -> TurnRecord | None:
        """Return the turn's row."""

    async def turn_at(self, case_id: UUID, number: int) -> TurnRecord | None:
        """Return the row of the answered turn with that number."""

    async def snapshot(self, case_id: UUID) -> CarriedCase | None:
        """Return the newest recorded state."""


class FileStore(Protocol):
    """Rows of uploaded files.

    >>> files = MemoryFiles(MemoryRows())
    >>> file = builders.a_file_record(case_id=CASE, name="app.log")
    >>> run(files.insert(file))[1], run(files.insert(file))[1]
    (True, False)
    """

    async def insert(self, record: FileRecord) -> tuple[FileRecord, bool]:
        """Insert once per (case, SHA-256); return the row that stands and whether it is new."""

    async def page(
        self, case_id: UUID, limit: int, offset: int, sort_by: str, descending: bool
    ) -> tuple[tuple[FileRecord, ...], int]:
        """Return the page and the true total."""

    async def get(self, case_id: UUID, file_id: str) -> FileRecord:
        """Return the row; `NotFound` otherwise."""

    async def update(self, case_id: UUID, file_id: str, changes: Mapping[str, str | int | float]) -> None:
        """Set analysis columns; safe to repeat."""


class EvidenceRecords(Protocol):
    """Evidence rows as people read them.

    >>> run(MemoryEvidence(MemoryRows()).rows(CASE))
    ()
    """

    async def rows(self, case_id: UUID) -> tuple[EvidenceRecord, ...]:
        """Return the rows of a case, oldest first."""


class CaseErasure(Protocol):
    """The last steps of a deleted case in SQL.

    >>> erasure = MemoryCaseErasure(MemoryRows())
    >>> run(erasure.erase(CASE)), run(erasure.remaining(CASE))
    (0, 0)
    """

    async def erase(self, case_id: UUID) -> int:
        """Delete every row of the case but its tombstone; return how many; safe to repeat."""

    async def remaining(self, case_id: UUID) -> int:
        """Return how many rows are left besides the tombstone."""


class ReportStore(Protocol):
    """Reports of a case.

    >>> reports = MemoryReports()
    >>> run(reports.put(builders.a_report(case_id=CASE)))
    >>> len(run(reports.of_case(CASE)))
    1
    """

    async def put(self, report: Report) -> None:
        """Store once per (case, type, version)."""

    async def of_case(self, case_id: UUID) -> tuple[Report, ...]:
        """Return the reports, newest first."""


class CaseDoor(Protocol):
    """The one way into a case's history, which starts the case if need be; `StoreUnavailable` when the engine is away.

    >>> door = MemoryDoor()
    >>> run(door.post(builders.a_turn("key-00000001")))
    >>> len(door.posted)
    1
    """

    async def post(self, turn: UserTurn) -> None:
        """Put in a turn that is claimed; safe to repeat: a case takes a key once."""

    async def add_evidence(self, ref: EvidenceRef) -> None:
        """Put in a file that came outside of a turn; safe to repeat: a case reads a file once."""

    async def tell_progress(self, ref: EvidenceRef, percent: int) -> None:
        """Tell the file's workflow how much is scanned; an engine that is away is no failure."""


class Erasure(Protocol):
    """Workflows and histories of a case, at the engine.

    >>> engine = MemoryErasure()
    >>> run(engine.terminate(CASE)), run(engine.forget(CASE))
    (0, 0)
    """

    async def terminate(self, case_id: UUID) -> int:
        """Terminate every running workflow of the case; return how many."""

    async def forget(self, case_id: UUID) -> int:
        """Delete the histories of all runs of the case and its children; return how many are left to see."""

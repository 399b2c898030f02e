"""The projection in dictionaries: one `MemoryRows` shared by the fakes of the ports that read and write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.case.projection import CaseRecord, EvidenceRecord, FileRecord, Message, TurnRecord
from domain.case.state import CarriedCase
from domain.errors import NotFound
from domain.ports.cases import CaseQuery, Claimed, TurnRecording
from domain.reports.report import Report


@dataclass
class MemoryRows:
    """Every row of the projection."""

    cases: dict[UUID, CaseRecord] = field(default_factory=dict)
    snapshots: dict[UUID, CarriedCase] = field(default_factory=dict)
    turns: dict[str, TurnRecord] = field(default_factory=dict)
    messages: dict[UUID, list[Message]] = field(default_factory=dict)
    files: dict[str, FileRecord] = field(default_factory=dict)
    evidence: dict[str, EvidenceRecord] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)

    def refuse_deleted(self, case_id: UUID) -> None:
        """Raise `NotFound` when a tombstone stands."""
        case = self.cases.get(case_id)
        if case is not None and case.deleted_at is not None:
            raise NotFound("this case is deleted")


@dataclass
class MemoryCases:
    """CaseStore."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def load(self, case_id: UUID) -> CarriedCase | None:
        return self.rows.snapshots.get(case_id)

    async def record(self, carried: CarriedCase, stage: str) -> None:
        state, rows = carried.state, self.rows
        rows.refuse_deleted(state.case_id)
        stands = rows.snapshots.get(state.case_id)
        if stands is not None and stands.state.revision >= state.revision:
            return
        now = state.updated_at or datetime.now(UTC)
        case = rows.cases.get(state.case_id) or CaseRecord(
            case_id=state.case_id,
            owner_id=state.owner_id,
            team_id=state.team_id,
            title=f"Case-{now:%y%m%d}",
            title_source="placeholder",
            description="",
            source="",
            created_at=state.opened_at or now,
            updated_at=now,
            last_activity_at=now,
        )
        rows.snapshots[state.case_id] = carried
        rows.cases[state.case_id] = replace(
            case,
            state=state.status.value,
            stage=stage,
            revision=state.revision,
            updated_at=now,
            last_activity_at=now,
            current_turn=state.turn,
            turns_without_progress=state.turns_without_progress,
            closure_reason=state.closure_reason,
            resolved_at=state.resolved_at,
            closed_at=state.closed_at,
            evidence_count=len(state.rows),
        )

    async def append(self, message: Message) -> None:
        self.rows.refuse_deleted(message.case_id)
        rows = self.rows.messages.setdefault(message.case_id, [])
        for stands in rows:
            if stands.message_id == message.message_id:
                return
            if message.role != "system" and (stands.turn_number, stands.role) == (message.turn_number, message.role):
                return
        rows.append(replace(message, seq=len(rows) + 1))
        case = self.rows.cases.get(message.case_id)
        if case is not None:
            latest = max(case.last_activity_at, message.created_at)
            self.rows.cases[message.case_id] = replace(case, last_activity_at=latest)

    async def finish(self, recording: TurnRecording) -> None:
        case_id = recording.carried.state.case_id
        await self.record(recording.carried, recording.stage)
        if recording.assistant is not None:
            await self.append(recording.assistant)
        turn = self.rows.turns.get(recording.turn_id)
        if turn is not None and turn.number is None:
            self.rows.turns[recording.turn_id] = replace(
                turn, number=recording.number, status=recording.status, response=recording.response
            )
        for row in recording.evidence:
            self.rows.evidence.setdefault(row.evidence_id, row)
        case = self.rows.cases[case_id]
        if recording.title and case.title_source == "placeholder":
            self.rows.cases[case_id] = replace(case, title=recording.title, title_source="generated")


@dataclass
class MemoryCaseRecords:
    """CaseRecords."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def insert(self, record: CaseRecord) -> CaseRecord:
        if record.case_id in self.rows.cases:
            return self.rows.cases[record.case_id]
        if not record.title:
            today = record.created_at.date()
            mine = [c for c in self.rows.cases.values() if c.owner_id == record.owner_id and c.created_at.date() == today]
            record = replace(record, title=f"Case-{today:%y%m%d}-{len(mine) + 1}", title_source="placeholder")
        self.rows.cases[record.case_id] = record
        return record

    async def get(self, case_id: UUID, *, deleted: bool = False) -> CaseRecord:
        case = self.rows.cases.get(case_id)
        if case is None or (case.deleted_at is not None and not deleted):
            raise NotFound("no such case")
        return case

    async def page(self, query: CaseQuery) -> tuple[tuple[CaseRecord, ...], int]:
        found = sorted(
            (case for case in self.rows.cases.values() if self._fits(case, query)),
            key=lambda case: (-case.last_activity_at.timestamp(), str(case.case_id)),
        )
        return tuple(found[query.offset : query.offset + query.limit]), len(found)

    def _fits(self, case: CaseRecord, query: CaseQuery) -> bool:
        text = query.text.lower()
        return all((
            case.owner_id == query.owner_id,
            case.deleted_at is None,
            query.state in {None, case.state},
            query.source in {None, case.source},
            query.include_empty or bool(self.rows.messages.get(case.case_id)),
            query.include_archived or case.state not in {"resolved", "closed"},
            text in case.title.lower() or text in case.description.lower(),
        ))

    async def change(self, case_id: UUID, changes: Mapping[str, str | int | datetime | None]) -> CaseRecord:
        columns: dict[str, Any] = {**changes, "updated_at": datetime.now(UTC)}
        self.rows.cases[case_id] = replace(await self.get(case_id), **columns)
        return self.rows.cases[case_id]


@dataclass
class MemoryIntake:
    """TurnIntake."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def claim(self, record: TurnRecord, limit: int) -> Claimed:
        case = self.rows.cases.get(record.case_id)
        if case is None or case.deleted_at is not None:
            return Claimed(outcome="gone")
        stands = self.rows.turns.get(record.turn_id)
        if stands is not None and stands.content_hash != record.content_hash:
            return Claimed(outcome="reused", record=stands)
        if stands is not None and stands.status != "refused":
            return Claimed(outcome="known", record=stands)
        waiting = sum(t.case_id == record.case_id and t.status in {"claimed", "accepted"} for t in self.rows.turns.values())
        if waiting >= limit:
            return Claimed(outcome="full", waiting=waiting)
        self.rows.turns[record.turn_id] = record
        return Claimed(outcome="new", record=record, waiting=waiting + 1)

    async def refuse(self, turn_id: str) -> bool:
        return self._move(turn_id, {"claimed", "refused"}, "refused")

    async def accept(self, turn_id: str, row: Message | None = None) -> bool:
        turn = self.rows.turns.get(turn_id)
        ended = turn is not None and turn.status in {"answered", "failed"}
        accepted = ended or self._move(turn_id, {"claimed", "accepted"}, "accepted")
        if accepted and row is not None:
            await MemoryCases(self.rows).append(row)
        return accepted

    def _move(self, turn_id: str, before: set[str], after: str) -> bool:
        turn = self.rows.turns.get(turn_id)
        if turn is None or turn.status not in before:
            return False
        self.rows.turns[turn_id] = replace(turn, status=after)
        return True

    async def unrecorded(self, before: datetime, limit: int) -> tuple[TurnRecord, ...]:
        waiting = [t for t in self.rows.turns.values() if t.status in {"claimed", "accepted"} and t.claimed_at < before]
        return tuple(sorted(waiting, key=lambda turn: (turn.claimed_at, turn.turn_id))[:limit])


@dataclass
class MemoryConversation:
    """Conversation."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def messages(self, case_id: UUID, limit: int, offset: int) -> tuple[tuple[Message, ...], int]:
        rows = self.rows.messages.get(case_id, [])
        return tuple(rows[offset : offset + limit]), len(rows)

    async def turn(self, turn_id: str) -> TurnRecord | None:
        return self.rows.turns.get(turn_id)

    async def turn_at(self, case_id: UUID, number: int) -> TurnRecord | None:
        mine = (turn for turn in self.rows.turns.values() if (turn.case_id, turn.number) == (case_id, number))
        return next(mine, None)

    async def snapshot(self, case_id: UUID) -> CarriedCase | None:
        return self.rows.snapshots.get(case_id)


@dataclass
class MemoryFiles:
    """FileStore."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def insert(self, record: FileRecord) -> tuple[FileRecord, bool]:
        for stands in self.rows.files.values():
            if (stands.case_id, stands.sha256) == (record.case_id, record.sha256) or stands.file_id == record.file_id:
                return stands, False
        self.rows.files[record.file_id] = record
        return record, True

    async def page(
        self, case_id: UUID, limit: int, offset: int, sort_by: str, descending: bool
    ) -> tuple[tuple[FileRecord, ...], int]:
        mine = sorted((f for f in self.rows.files.values() if f.case_id == case_id), key=lambda file: file.file_id)
        key = sort_by if sort_by in {f.name for f in fields(FileRecord)} else "uploaded_at"
        mine.sort(key=lambda file: getattr(file, key), reverse=descending)
        return tuple(mine[offset : offset + limit]), len(mine)

    async def get(self, case_id: UUID, file_id: str) -> FileRecord:
        file = self.rows.files.get(file_id)
        if file is None or file.case_id != case_id:
            raise NotFound("no such file in this case")
        return file

    async def update(self, case_id: UUID, file_id: str, changes: Mapping[str, str | int | float]) -> None:
        columns: dict[str, Any] = dict(changes)
        self.rows.files[file_id] = replace(await self.get(case_id, file_id), **columns)


@dataclass
class MemoryEvidence:
    """EvidenceRecords."""

    tables: MemoryRows = field(default_factory=MemoryRows)

    async def rows(self, case_id: UUID) -> tuple[EvidenceRecord, ...]:
        mine = [row for row in self.tables.evidence.values() if row.case_id == case_id]
        return tuple(sorted(mine, key=lambda row: (row.collected_at, row.evidence_id)))


@dataclass
class MemoryCaseErasure:
    """CaseErasure."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def erase(self, case_id: UUID) -> int:
        count, rows = await self.remaining(case_id), self.rows
        rows.messages.pop(case_id, None)
        rows.snapshots.pop(case_id, None)
        rows.turns = {key: row for key, row in rows.turns.items() if row.case_id != case_id}
        rows.files = {key: row for key, row in rows.files.items() if row.case_id != case_id}
        rows.evidence = {key: row for key, row in rows.evidence.items() if row.case_id != case_id}
        rows.reports = [row for row in rows.reports if row.case_id != case_id]
        return count

    async def remaining(self, case_id: UUID) -> int:
        rows = self.rows
        tables = (rows.turns.values(), rows.files.values(), rows.evidence.values(), rows.reports)
        owners = [row.case_id for table in tables for row in table]
        return len(rows.messages.get(case_id, [])) + owners.count(case_id)


@dataclass
class MemoryReports:
    """ReportStore."""

    rows: MemoryRows = field(default_factory=MemoryRows)

    async def put(self, report: Report) -> None:
        key = (report.case_id, report.report_type, report.version)
        if all((r.case_id, r.report_type, r.version) != key for r in self.rows.reports):
            self.rows.reports.append(report)

    async def of_case(self, case_id: UUID) -> tuple[Report, ...]:
        mine = [report for report in self.rows.reports if report.case_id == case_id]
        return tuple(sorted(mine, key=lambda report: (report.generated_at, report.version), reverse=True))

"""CaseStore: the one writer of snapshots, messages and answers.

Every write takes the case's row first, so that two steps of one case never interleave, and none writes into a case
whose tombstone stands (`NotFound`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.adapters.sql_engine import Database, insert_once, row_of
from activities.adapters.sql_tables import cases, evidence, messages, turns
from domain.case.projection import Message
from domain.case.state import CarriedCase, CaseState
from domain.errors import NotFound
from domain.ports.cases import TurnRecording

CARRIED = TypeAdapter(CarriedCase)


@dataclass(frozen=True, slots=True)
class SqlCases:
    """CaseStore on SQLite and PostgreSQL."""

    database: Database

    async def load(self, case_id: UUID) -> CarriedCase | None:
        """Return the newest snapshot; None for a case that was never recorded."""
        async with self.database.reading() as connection:
            return await snapshot_of(connection, case_id)

    async def record(self, carried: CarriedCase, stage: str) -> None:
        """Write the snapshot columns unless a newer revision stands; safe to repeat."""
        async with self.database.writing() as connection:
            await lock_case(connection, carried.state.case_id)
            await _write_snapshot(connection, carried, stage)

    async def finish(self, recording: TurnRecording) -> None:
        """Write answer, response, rows and snapshot together; a repetition finds all of it there."""
        state = recording.carried.state
        async with self.database.writing() as connection:
            await lock_case(connection, state.case_id)
            await _write_snapshot(connection, recording.carried, recording.stage)
            if recording.assistant is not None:
                await append_row(connection, recording.assistant)
            await _answer_turn(connection, recording)
            for row in recording.evidence:
                await insert_once(connection, evidence, row_of(row))
            await _give_title(connection, state.case_id, recording.title)

    async def append(self, message: Message) -> None:
        """Append to the conversation; a repetition finds the row there."""
        async with self.database.writing() as connection:
            await lock_case(connection, message.case_id)
            await append_row(connection, message)
            await touch(connection, message.case_id, message.created_at)


async def snapshot_of(connection: AsyncConnection, case_id: UUID) -> CarriedCase | None:
    """Return the newest recorded state."""
    text = await connection.scalar(select(cases.c.snapshot).where(cases.c.case_id == case_id))
    return CARRIED.validate_json(text) if text else None


async def lock_case(connection: AsyncConnection, case_id: UUID) -> bool:
    """Hold the case's row until the transaction ends; False when there is no row, `NotFound` when it is deleted."""
    statement = select(cases.c.deleted_at).where(cases.c.case_id == case_id).with_for_update()
    row = (await connection.execute(statement)).first()
    if row is not None and row.deleted_at is not None:
        raise NotFound("this case is deleted")
    return row is not None


async def _write_snapshot(connection: AsyncConnection, carried: CarriedCase, stage: str) -> None:
    """Update the snapshot's columns where an older revision stands; a row that is gone comes back from the state."""
    state = carried.state
    changes = {**_copied(state), "stage": stage, "snapshot": CARRIED.dump_json(carried).decode()}
    older = or_(cases.c.revision < state.revision, cases.c.snapshot.is_(None))
    done = await connection.execute(update(cases).where(cases.c.case_id == state.case_id, older).values(**changes))
    if done.rowcount == 0:
        await insert_once(connection, cases, {**_fresh(state), **changes})


def _copied(state: CaseState) -> dict[str, Any]:
    now = state.updated_at or datetime.now(UTC)
    return {
        "state": state.status.value,
        "revision": state.revision,
        "updated_at": now,
        "last_activity_at": now,
        "current_turn": state.turn,
        "turns_without_progress": state.turns_without_progress,
        "closure_reason": state.closure_reason,
        "resolved_at": state.resolved_at,
        "closed_at": state.closed_at,
        "evidence_count": len(state.rows),
    }


def _fresh(state: CaseState) -> dict[str, Any]:
    opened = state.opened_at or state.updated_at or datetime.now(UTC)
    return {
        "case_id": state.case_id,
        "owner_id": state.owner_id,
        "team_id": state.team_id,
        "title": f"Case-{opened:%y%m%d}",
        "title_source": "placeholder",
        "created_at": opened,
    }


async def append_row(connection: AsyncConnection, message: Message) -> None:
    """Append to the conversation inside a transaction that holds the case, once per id and once per turn and role."""
    following = select(func.coalesce(func.max(messages.c.seq), 0) + 1).where(messages.c.case_id == message.case_id)
    await insert_once(connection, messages, {**row_of(message), "seq": following.scalar_subquery()})


async def touch(connection: AsyncConnection, case_id: UUID, at: datetime) -> None:
    """Move the case's last activity forward, never back."""
    earlier = (cases.c.case_id == case_id) & (cases.c.last_activity_at < at)
    await connection.execute(update(cases).where(earlier).values(last_activity_at=at))


async def _answer_turn(connection: AsyncConnection, recording: TurnRecording) -> None:
    """Write the answer once: the first one stands."""
    unanswered = (turns.c.turn_id == recording.turn_id) & turns.c.number.is_(None)
    changes = {"number": recording.number, "status": recording.status, "response": recording.response}
    await connection.execute(update(turns).where(unanswered).values(**changes))


async def _give_title(connection: AsyncConnection, case_id: UUID, title: str) -> None:
    if title:
        untitled = (cases.c.case_id == case_id) & (cases.c.title_source == "placeholder")
        await connection.execute(update(cases).where(untitled).values(title=title, title_source="generated"))

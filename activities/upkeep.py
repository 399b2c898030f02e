"""Ending things: cases that are erased, sessions that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from temporalio import activity

from activities.heartbeat import beating
from domain.errors import StoreUnavailable
from domain.ports.cases import CaseErasure, Erasure
from domain.ports.knowledge import PassageIndex
from domain.ports.people import Sessions
from domain.ports.sealing import BlobStore, KeyVault


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCase:
    """The case to erase; its tombstone stands already."""

    case_id: UUID
    team_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanSessions:
    """One page of sessions that ended or expired before a time."""

    before: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class UpkeepActivities:
    """Steps of erasing and cleaning; each may be repeated."""

    blobs: BlobStore
    engine: Erasure
    passages: PassageIndex
    rows: CaseErasure
    sessions: Sessions
    vault: KeyVault

    @activity.defn
    async def terminate_workflows(self, case: ErasedCase) -> int:
        """End the case and its children: without a key their tasks would fail in a loop."""
        async with beating():
            return await self.engine.terminate(case.case_id)

    @activity.defn
    async def destroy_key(self, case: ErasedCase) -> None:
        """Destroy the case's key; from here on nothing of it can be read."""
        await self.vault.destroy(case.case_id)

    @activity.defn
    async def erase_rows(self, case: ErasedCase) -> int:
        """Delete every row but the tombstone; return how many."""
        return await self.rows.erase(case.case_id)

    @activity.defn
    async def erase_blobs(self, case: ErasedCase) -> int:
        """Delete every blob; return how many."""
        async with beating():
            return await self.blobs.delete_case(case.case_id)

    @activity.defn
    async def erase_passages(self, case: ErasedCase) -> int:
        """Delete every passage of the case; return how many."""
        return await self.passages.delete(case.team_id, "case", str(case.case_id))

    @activity.defn
    async def forget_histories(self, case: ErasedCase) -> None:
        """Delete the histories of all runs; the engine does so a little later, so this is tried until none is seen."""
        async with beating():
            left = await self.engine.forget(case.case_id)
        if left:
            raise StoreUnavailable(f"{left} histories of the case are still to be seen; the engine deletes them soon")

    @activity.defn
    async def verify_erasure(self, case: ErasedCase) -> None:
        """Raise `StoreUnavailable` while a row or a running workflow is left: something wrote after it was told to end."""
        ended = await self.engine.terminate(case.case_id)
        left = await self.rows.erase(case.case_id)
        if ended or left or await self.rows.remaining(case.case_id):
            raise StoreUnavailable(f"{ended} workflows and {left} rows of the case had come back")

    @activity.defn
    async def clean_sessions(self, page: CleanSessions) -> int:
        """Delete one page of sessions; return how many."""
        return await self.sessions.clean(page.before, page.limit)

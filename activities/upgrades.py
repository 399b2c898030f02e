"""The steps that add a model's part to a turn which the rules answered alone: rows are added, none is edited."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from domain.case import upgrades
from domain.case.orders import ModelPart
from domain.case.projection import Message
from domain.case.state import CaseState
from domain.diagnosis.explain import citations, upgraded
from domain.diagnosis.values import Answer
from domain.errors import NotFound
from domain.ports.cases import CaseRecords, CaseStore
from domain.ports.sealing import BlobStore, read

ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUpgrade:
    """The checked answer, by key; the rules' own where a model added nothing to it."""

    part: ModelPart
    answer_key: str
    now: datetime
    sources: tuple[str, ...] = ()
    """What was read on other servers; none of it is evidence."""


@dataclass(frozen=True, slots=True)
class UpgradeActivities:
    """Asks the projection, which a turn writes together with its answer, so that a later turn is seen at once."""

    cases: CaseStore
    records: CaseRecords
    blobs: BlobStore

    @activity.defn
    async def is_upgrade_wanted(self, part: ModelPart) -> bool:
        """Return whether a model's part in that turn is still of use; safe to retry."""
        return await self._wanted(part) is not None

    @activity.defn
    async def add_upgrade(self, request: AddUpgrade) -> bool:
        """Append a row that tells what a model adds, unless it came too late.

        Safe to retry: there is one such row a turn.
        """
        part = request.part
        state = await self._wanted(part)
        if state is None:
            return False
        answer = ANSWER.validate_json(await read(self.blobs, part.case_id, request.answer_key))
        added = answer if request.answer_key != part.answer_key else None
        told = {"turn_id": part.turn_key, "upgrade": True, "citations": [asdict(one) for one in citations(added, ())]}
        row = Message(
            message_id=f"msg_{part.turn_key}_m",
            case_id=part.case_id,
            team_id=part.team_id,
            seq=0,
            turn_number=part.number,
            role="system",
            content=upgraded(part.number, added, state, request.sources),
            created_at=request.now,
            metadata=json.dumps(told),
        )
        return await self._appended(row)

    async def _wanted(self, part: ModelPart) -> CaseState | None:
        """Return the state of a case that waits for this part."""
        if not await self._stands(part.case_id):
            return None
        carried = await self.cases.load(part.case_id)
        return carried.state if carried and upgrades.wanted(carried.state, part.number) else None

    async def _stands(self, case_id: UUID) -> bool:
        try:
            await self.records.get(case_id)
        except NotFound:
            return False
        return True

    async def _appended(self, row: Message) -> bool:
        """Return False for a case that was deleted meanwhile."""
        try:
            await self.cases.append(row)
        except NotFound:
            return False
        return True

"""Erasing takes everything of one case, and says so only when nothing is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.upkeep import CleanSessions, ErasedCase, UpkeepActivities
from domain.errors import StoreUnavailable
from tests import builders, fakes
from tests.builders import NOON


@dataclass
class LateErasure(fakes.MemoryErasure):
    """An engine that deletes histories a little later."""

    left: int = 1

    async def forget(self, case_id: UUID) -> int:
        self.left, left = self.left - 1, self.left
        return left


@dataclass
class Desk:
    """The steps over fakes, with a case that is to be erased and one that stays."""

    engine: fakes.MemoryErasure = field(default_factory=fakes.MemoryErasure)
    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    passages: fakes.MemoryPassages = field(default_factory=fakes.MemoryPassages)
    sessions: fakes.MemorySessions = field(default_factory=fakes.MemorySessions)
    vault: fakes.MemoryVault = field(default_factory=fakes.MemoryVault)
    case: ErasedCase = field(default_factory=lambda: ErasedCase(case_id=uuid4(), team_id="team_1"))
    other: UUID = field(default_factory=uuid4)

    @property
    def steps(self) -> UpkeepActivities:
        rows = fakes.MemoryCaseErasure(self.rows)
        return UpkeepActivities(self.blobs, self.engine, self.passages, rows, self.sessions, self.vault)

    def message(self, case_id: UUID) -> None:
        self.rows.messages[case_id] = [builders.a_message(case_id=case_id)]


async def test_rows_blobs_and_passages_go_and_those_of_others_stay() -> None:
    desk = Desk()
    for case_id in (desk.case.case_id, desk.other):
        desk.message(case_id)
        await desk.blobs.put(case_id, b"text")
        passage = builders.a_passage(scope="case", owner_id=str(case_id))
        await desk.passages.upsert("team_1", [passage])
    assert await desk.steps.erase_rows(desk.case) == 1
    assert await ActivityEnvironment().run(desk.steps.erase_blobs, desk.case) == 1
    assert await desk.steps.erase_passages(desk.case) == 1
    assert list(desk.rows.messages) == [desk.other]
    assert [case_id for case_id, _ in desk.blobs.blobs] == [desk.other]
    assert len(desk.passages.passages) == 1


async def test_the_key_of_the_case_is_destroyed() -> None:
    desk = Desk()
    await desk.steps.destroy_key(desk.case)
    assert desk.vault.destroyed == {desk.case.case_id}


async def test_ending_workflows_counts_them_once() -> None:
    desk = Desk()
    desk.engine.running[desk.case.case_id] = 3
    steps = desk.steps
    assert [await ActivityEnvironment().run(steps.terminate_workflows, desk.case) for _ in range(2)] == [3, 0]


async def test_what_came_back_is_erased_again_and_the_check_is_repeated() -> None:
    desk = Desk()
    desk.message(desk.case.case_id)
    with pytest.raises(StoreUnavailable, match="1 rows"):
        await desk.steps.verify_erasure(desk.case)
    await desk.steps.verify_erasure(desk.case)


async def test_histories_are_asked_for_until_none_is_seen() -> None:
    desk = Desk(engine=LateErasure())
    with pytest.raises(StoreUnavailable, match="1 histories"):
        await ActivityEnvironment().run(desk.steps.forget_histories, desk.case)
    await ActivityEnvironment().run(desk.steps.forget_histories, desk.case)


async def test_sessions_that_are_over_go_by_pages() -> None:
    desk = Desk()
    for minutes in (1, 2, 300):
        await desk.sessions.put(builders.a_session(expires_at=NOON + timedelta(minutes=minutes)))
    page = CleanSessions(before=NOON + timedelta(minutes=5), limit=1)
    assert [await desk.steps.clean_sessions(page) for _ in range(3)] == [1, 1, 0]
    assert len(desk.sessions.sessions) == 1

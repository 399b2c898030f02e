"""A case that nobody writes to says what is due and nothing more (rules X3, X4); its clock is moved forward."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.processes import Processes
from domain.case.projection import Message
from tests.skipping import engine
from tests.waiting import eventually
from tests.workflow.stage import Stage


@pytest.fixture(scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with engine() as environment:
        yield environment


def notices(stage: Stage) -> list[Message]:
    return [row for row in stage.messages() if row.role == "system"]


async def test_x3_a_case_in_silence_offers_to_end_twice_and_stays_as_it_is(
    skipping: WorkflowEnvironment, processes: Processes
) -> None:
    stage = Stage(skipping.client, processes=processes)

    async def said(number: int) -> bool:
        return len(notices(stage)) == number

    async with stage.workers():
        await stage.ask("checkout fails since noon")
        before = (await stage.view()).state
        assert await skipping.fast_forward(stage.case, timedelta(days=6, hours=23))
        assert notices(stage) == []
        for days, number in ((1, 1), (24, 2), (60, 2)):
            assert await skipping.fast_forward(stage.case, timedelta(days=days))
            await eventually(lambda number=number: said(number), what=f"notice {number}")
        after = (await stage.view()).state
        reply = await stage.ask("hello!")
    assert (after.status, after.turn, after.revision) == (before.status, before.turn, before.revision + 2)
    assert stage.rows.snapshots[stage.case_id].state.noticed == after.noticed
    assert reply.turn_number == 2
    first = notices(stage)[0]
    assert first.turn_number == 1
    (button,) = json.loads(first.metadata)["suggested_actions"]
    assert button["intent"] == {"type": "status_transition", "from_state": "inquiry", "to_state": "closed"}
    assert f"“{button['label']}”" in first.content

"""A model's part is added once, and only where somebody still waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from activities.upgrades import ANSWER, AddUpgrade, UpgradeActivities
from domain.case.orders import ModelPart
from domain.case.projection import Message
from domain.diagnosis.answer import answer
from domain.diagnosis.causes import diagnose
from tests import builders, fakes
from tests.builders import NOON


class Desk:
    """A case that waits for a model's part in turn 3."""

    def __init__(self) -> None:
        self.rows, self.blobs = fakes.MemoryRows(), fakes.MemoryBlobs()
        self.steps = UpgradeActivities(fakes.MemoryCases(self.rows), fakes.MemoryCaseRecords(self.rows), self.blobs)
        carried = builders.a_carried()
        self.carried = replace(carried, state=replace(carried.state, upgrade_turn=3))
        self.case_id = carried.state.case_id

    async def request(self) -> AddUpgrade:
        await self.steps.cases.record(self.carried, "")
        kept = await self.blobs.put(self.case_id, ANSWER.dump_json(answer(diagnose((), ""), (), "")))
        part = ModelPart(
            case_id=self.case_id, team_id="t", user_id="u", turn_key="k", number=3, message_key="m", answer_key="rules",
            diagnosis_key="d", status="inconclusive", files_key="f",
        )  # fmt: skip
        return AddUpgrade(part=part, answer_key=kept, now=NOON)

    @property
    def said(self) -> list[Message]:
        return self.rows.messages.get(self.case_id, [])


async def test_a_part_added_twice_is_one_row() -> None:
    desk = Desk()
    request = await desk.request()
    assert [await desk.steps.add_upgrade(request) for _ in range(2)] == [True, True]
    (row,) = desk.said
    assert (row.role, row.turn_number) == ("system", 3)
    assert row.content.startswith("**Turn 3, looked at once more with a language model**")


async def test_a_part_names_what_was_read_on_other_servers() -> None:
    desk = Desk()
    assert await desk.steps.add_upgrade(replace(await desk.request(), sources=("Pools (docs.example/pool)",)))
    assert desk.said[0].content.endswith("**Read elsewhere, no evidence of this case**\n- `Pools (docs.example/pool)`")


async def test_a_part_that_comes_after_a_later_turn_was_answered_is_not_added() -> None:
    desk = Desk()
    desk.carried = replace(desk.carried, state=replace(desk.carried.state, upgrade_turn=0))
    assert not await desk.steps.add_upgrade(await desk.request())
    assert desk.said == []


@pytest.mark.parametrize("lose", ["deleted", "never recorded"])
async def test_nothing_is_added_to_a_case_that_is_gone(lose: str) -> None:
    desk = Desk()
    request = await desk.request()
    if lose == "deleted":
        case = desk.rows.cases[desk.case_id]
        desk.rows.cases[desk.case_id] = replace(case, deleted_at=datetime.now(UTC))
    else:
        del desk.rows.snapshots[desk.case_id]
    assert not await desk.steps.is_upgrade_wanted(request.part)
    assert not await desk.steps.add_upgrade(request)
    assert desk.said == []

"""An outage of hours ends in an appended answer (rule DG2): clocks of cases are moved forward, nothing waits in earnest."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.workflow import ActivityConfig

import workflows.reasoning
from activities.adapters.engine_erasure import EngineErasure
from activities.processes import Processes
from domain.case.turns import Intent, IntentType
from domain.diagnosis.reply import TurnReply
from domain.errors import ModelBusy, ModelRefused, ModelUnreachable
from tests.fakes import ScriptedModel
from tests.fakes.models import Reply
from tests.skipping import engine
from tests.waiting import eventually
from tests.workflow.stage import Stage
from tests.workflow.test_reasoning import LOG, ODD, citing, find
from worker.build import Options
from workflows import names
from workflows.upgrade import UpgradeWorkflow

HOURS = 3 * 3_600
SILENT = json.dumps({"summary": "", "causes": []})
CLOSE = Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed", "command": "close"})


@pytest.fixture(scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with engine({"limit.historyCount.suggestContinueAsNew": 40}) as environment:
        yield environment


@pytest.fixture
async def later(skipping: WorkflowEnvironment, processes: Processes) -> Stage:
    """Return a stage whose provider is away for three hours."""
    return Stage(skipping.client, processes=processes, model=away())


def away(reply: Reply | None = None) -> ScriptedModel:
    return ScriptedModel(lambda _request: reply or ModelBusy("every provider is busy", HOURS))


def back(stage: Stage, reply: Reply | None = None) -> None:
    """Let the provider answer from now on: by default it looks for a line and proposes it."""
    looked = citing(138, ODD)
    stage.model.script = lambda request: reply or (looked if request.used else (find(),))


async def ask(stage: Stage, text: str = "checkout fails since noon") -> TurnReply:
    reply = await stage.ask(text, attachments=(await stage.upload(LOG + text.encode()),))
    assert reply.degraded == ("model_unavailable",)
    await eventually(lambda: exists(stage, reply.turn_number), what="the upgrade, which its case starts after the reply")
    return reply


def upgrade(stage: Stage, number: int = 1) -> WorkflowHandle[UpgradeWorkflow, bool]:
    return stage.client.get_workflow_handle_for(UpgradeWorkflow.run, names.upgrade(stage.case_id, number))


async def exists(stage: Stage, number: int) -> bool:
    try:
        await upgrade(stage, number).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


def added(stage: Stage) -> list[str]:
    return [row.content for row in stage.messages() if row.role == "system"]


async def test_dg2_a_provider_back_after_three_hours_adds_one_row_and_a_revision(
    skipping: WorkflowEnvironment, later: Stage
) -> None:
    async with later.workers():
        reply = await ask(later)
        before, rows = (await later.view()).state, list(later.messages())
        assert before.upgrade_turn == 1
        waiting = upgrade(later)
        assert await skipping.fast_forward(waiting, timedelta(hours=2, minutes=59))
        assert (len(later.model.asked), added(later)) == (1, [])
        back(later)
        await skipping.fast_forward(waiting, timedelta(minutes=2))
        assert await waiting.result()
        await eventually(lambda: _is_settled(later, before.revision + 1), what="the new revision")
    (told,) = added(later)
    assert "Turn 1, looked at once more with a language model" in told
    assert f"{ODD} (app.log:138)." in told
    assert later.messages()[:-1] == rows
    row = later.messages()[-1]
    assert (row.turn_number, row.role, json.loads(row.metadata)["turn_id"]) == (1, "system", reply.turn_id)
    assert later.rows.snapshots[later.case_id].state.upgrade_turn == 0


async def _owes_nothing(stage: Stage) -> bool:
    return stage.rows.snapshots[stage.case_id].state.upgrade_turn == 0


async def _is_settled(stage: Stage, revision: int) -> bool:
    return stage.rows.snapshots[stage.case_id].state.revision == revision


async def test_an_outage_outlives_the_runs_of_its_case(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        await ask(later)
        first = (await later.case.describe()).run_id
        greetings = [await later.ask("hello!") for _ in range(4)]
        assert (await later.case.describe()).run_id != first
        back(later)
        await skipping.fast_forward(upgrade(later))
        assert await upgrade(later).result()
        await eventually(lambda: _owes_nothing(later), what="the revision that knows of it")
    assert [reply.turn_number for reply in greetings] == [2, 3, 4, 5]
    assert len(added(later)) == 1


async def test_an_outage_without_a_word_is_asked_again_and_again(
    skipping: WorkflowEnvironment, later: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    once: ActivityConfig = {**workflows.reasoning.MODEL, "retry_policy": RetryPolicy(maximum_attempts=1)}
    monkeypatch.setattr(workflows.reasoning, "MODEL", once)
    later.model = away(ModelUnreachable("no route"))
    async with later.workers(Options(runner=UnsandboxedWorkflowRunner())):
        await ask(later)
        asked = len(later.model.asked)
        for minutes in (2, 4):
            assert await skipping.fast_forward(upgrade(later), timedelta(minutes=minutes))
        assert len(later.model.asked) == asked + 2
        back(later, SILENT)
        await skipping.fast_forward(upgrade(later), timedelta(hours=2))
        assert await upgrade(later).result()
    assert added(later) == ["A language model has looked at turn 1 since: the answer from rules stands, nothing is added to it."]


async def test_after_days_the_answer_of_the_rules_stands(skipping: WorkflowEnvironment, later: Stage) -> None:
    later.model = away(ModelBusy("every provider is busy", 86_400))
    async with later.workers():
        await ask(later)
        await skipping.fast_forward(upgrade(later))
        assert await upgrade(later).result() is False
    assert len(later.model.asked) == 1 + 3
    assert added(later) == []


async def test_a_model_that_refuses_at_last_adds_nothing(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        await ask(later)
        back(later, ModelRefused("against the rules of the provider"))
        await skipping.fast_forward(upgrade(later))
        assert await upgrade(later).result() is False
    assert added(later) == []


async def test_a_closed_case_hears_nothing_more(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        await ask(later)
        await later.ask("yes")
        await later.ask("", intent=CLOSE)
        back(later)
        asked = len(later.model.asked)
        await skipping.fast_forward(upgrade(later))
        assert await upgrade(later).result() is False
    assert (len(later.model.asked), added(later)) == (asked, [])


async def test_a_deleted_case_hears_nothing_more(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        await ask(later)
        case = later.rows.cases[later.case_id]
        later.rows.cases[later.case_id] = replace(case, deleted_at=datetime.now(UTC))
        back(later)
        await skipping.fast_forward(upgrade(later))
        assert await upgrade(later).result() is False
    assert (len(later.model.asked), added(later)) == (1, [])


async def test_erasing_a_case_ends_what_waits_for_a_model(later: Stage) -> None:
    async with later.workers():
        await ask(later)
        engine = EngineErasure(later.client, names.case)

        async def ended() -> bool:
            await engine.terminate(later.case_id)
            described = await upgrade(later).describe()
            return described.status is WorkflowExecutionStatus.TERMINATED

        await eventually(ended, what="the end of the upgrade")


async def test_a_later_turn_that_a_model_answered_leaves_nothing_to_add(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        await ask(later)
        back(later)
        reply = await later.ask("what else is in the log?")
        assert reply.degraded == ()
        asked = len(later.model.asked)
        await skipping.fast_forward(upgrade(later))
        assert await upgrade(later).result() is False
    assert (len(later.model.asked), added(later)) == (asked, [])


async def test_of_many_turns_in_an_outage_the_newest_is_upgraded(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        for text in ("checkout fails since noon", "and what of payment?", "what else is in the log?"):
            await ask(later, text)
        back(later)
        for number in (1, 2, 3):
            await skipping.fast_forward(upgrade(later, number))
        assert [await upgrade(later, number).result() for number in (1, 2, 3)] == [False, False, True]
    assert len(added(later)) == 1


async def test_without_a_provider_nothing_waits(later: Stage) -> None:
    later.model = ScriptedModel(configured=False)
    async with later.workers():
        reply = await later.ask(attachments=(await later.upload(LOG),))
        assert reply.degraded == ("model_unavailable",)
        await later.ask("hello!")
        assert not await exists(later, 1)


async def test_workers_that_go_and_come_meanwhile_add_one_row(skipping: WorkflowEnvironment, later: Stage) -> None:
    async with later.workers():
        await ask(later)
        assert await skipping.fast_forward(upgrade(later), timedelta(hours=1))
    back(later)
    async with later.workers():
        await skipping.fast_forward(upgrade(later), timedelta(hours=3))
        assert await upgrade(later).result()
        await later.case.signal(names.TURN_UPGRADED, 1)
        await later.ask("hello!")
    assert len(added(later)) == 1

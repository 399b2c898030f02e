"""No exception wedges or closes a case: one test per class of exception."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.errors import UnknownTurn
from tests.waiting import PATIENCE_S, eventually
from workflows.guard import Guard, expected

QUEUE = "guarded"
RAISED: dict[str, Exception] = {
    "fact": UnknownTurn("nobody knows it"),
    "bug": ZeroDivisionError("secret of a user"),
    "failure": ApplicationError("as the engine has it", type="Chosen"),
    "timeout": TimeoutError("too late"),
}


@workflow.defn(name="CaseWorkflow")
class FragileCase:
    """A case whose handlers and whose run raise what they are told to."""

    def __init__(self) -> None:
        self._run: Exception | None = None
        self._ended = False

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: self._ended or self._run is not None)
        if self._run is not None and not workflow.unsafe.is_replaying():
            raise self._run
        return "ended"

    @workflow.signal
    async def fail_in_signal(self, kind: str) -> None:
        raise RAISED[kind]

    @workflow.signal
    async def fail_in_run(self, kind: str) -> None:
        self._run = RAISED[kind]

    @workflow.signal
    async def end(self) -> None:
        self._ended = True

    @workflow.update
    async def fail_in_update(self, kind: str) -> None:
        raise RAISED[kind]


Fragile = WorkflowHandle[FragileCase, str]


@pytest.fixture
async def fragile(client: Client) -> AsyncIterator[Fragile]:
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue=QUEUE, workflows=[FragileCase], interceptors=[Guard()], workflow_runner=runner):
        handle = await client.start_workflow(FragileCase.run, id=f"case-{uuid4()}", task_queue=QUEUE)
        yield handle
        await handle.terminate()


@pytest.mark.parametrize("kind", RAISED)
async def test_a_signal_that_raises_is_dropped_and_the_case_goes_on(fragile: Fragile, kind: str) -> None:
    await fragile.signal(FragileCase.fail_in_signal, kind)
    with pytest.raises(WorkflowUpdateFailedError):
        await asyncio.wait_for(fragile.execute_update(FragileCase.fail_in_update, "fact"), PATIENCE_S)
    assert (await fragile.describe()).status is WorkflowExecutionStatus.RUNNING


@pytest.mark.parametrize(
    ("kind", "told"), [("fact", "UnknownTurn"), ("bug", "InternalError"), ("failure", "Chosen"), ("timeout", "TimeoutError")]
)
async def test_an_update_that_raises_fails_the_update_alone(fragile: Fragile, kind: str, told: str) -> None:
    with pytest.raises(WorkflowUpdateFailedError) as failure:
        await fragile.execute_update(FragileCase.fail_in_update, kind)
    cause = failure.value.cause
    assert told in {getattr(cause, "type", None), type(cause).__name__}
    assert "secret of a user" not in str(cause)
    assert (await fragile.describe()).status is WorkflowExecutionStatus.RUNNING


@pytest.mark.parametrize("kind", RAISED)
async def test_a_run_that_raises_pauses_the_case_and_never_closes_it(fragile: Fragile, kind: str) -> None:
    await fragile.signal(FragileCase.fail_in_run, kind)

    async def task_failed() -> bool:
        history = await fragile.fetch_history()
        return any(event.HasField("workflow_task_failed_event_attributes") for event in history.events)

    await eventually(task_failed, what="a failed workflow task")
    assert (await fragile.describe()).status is WorkflowExecutionStatus.RUNNING


def test_expected_failures_are_known_by_name() -> None:
    assert expected(UnknownTurn("x"))
    assert not expected(ZeroDivisionError())

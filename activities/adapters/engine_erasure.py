"""Ending and forgetting every workflow of a case at Temporal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from temporalio.api.common.v1 import WorkflowExecution as Run
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

REASON = "the case is erased"


@dataclass(frozen=True, slots=True)
class EngineErasure:
    """Erasure: finds workflows by the prefix of their id; lists lag a little, so both methods are repeated by their steps."""

    client: Client
    workflow_id: Callable[[UUID], str]
    """The id of a case's workflow; those of its children begin with it."""

    async def terminate(self, case_id: UUID) -> int:
        """Terminate the case first, by name, then what the list still shows."""
        ended = await self._end(self.workflow_id(case_id), None)
        async for found in self._of_case(case_id, " AND ExecutionStatus = 'Running'"):
            ended += await self._end(found.id, found.run_id)
        return ended

    async def forget(self, case_id: UUID) -> int:
        """Ask for the deletion of every run's history; return how many were still to be seen."""
        seen = 0
        async for found in self._of_case(case_id):
            seen += 1
            request = DeleteWorkflowExecutionRequest(
                namespace=self.client.namespace, workflow_execution=Run(workflow_id=found.id, run_id=found.run_id)
            )
            with _gone_is_fine():
                await self.client.workflow_service.delete_workflow_execution(request)
        return seen

    def _of_case(self, case_id: UUID, more: str = "") -> AsyncIterator[WorkflowExecution]:
        name = self.workflow_id(case_id)
        return self.client.list_workflows(f"(WorkflowId = '{name}' OR WorkflowId STARTS_WITH '{name}-'){more}")

    async def _end(self, workflow_id: str, run_id: str | None) -> int:
        with _gone_is_fine():
            await self.client.get_workflow_handle(workflow_id, run_id=run_id).terminate(reason=REASON)
            return 1
        return 0


@contextmanager
def _gone_is_fine() -> Generator[None, None, None]:
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise

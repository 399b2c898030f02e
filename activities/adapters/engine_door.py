"""The way into a case at Temporal: signal, and start where no run of the case lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.service import RPCError

from domain.case.turns import UserTurn
from domain.errors import StoreUnavailable

PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineDoor:
    """CaseDoor: the composition root says how cases are named, since adapters know no workflow."""

    client: Client
    workflow: str
    queue: str
    signal: str
    workflow_id: Callable[[UUID], str]

    async def post(self, turn: UserTurn) -> None:
        """Signal with start: one call, so that no run can end in between."""
        try:
            await self.client.start_workflow(
                self.workflow,
                {"case_id": str(turn.case_id)},
                id=self.workflow_id(turn.case_id),
                task_queue=self.queue,
                start_signal=self.signal,
                start_signal_args=[turn],
                rpc_timeout=PATIENCE,
            )
        except RPCError as failure:
            raise StoreUnavailable("the workflow engine did not take the turn") from failure

"""The way into a case at Temporal: signal, and start where no run of the case lives."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.case.orders import CaseStart
from domain.case.turns import EvidenceRef, UserTurn
from domain.errors import StoreUnavailable

FIRST, AGAIN = timedelta(seconds=3), timedelta(seconds=1)
"""Time of each attempt: a refusal leaves within 5 s (reliability.md 3), one of which is for everything else."""
WEATHER = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNAVAILABLE})


class CaseNames(Protocol):
    """How the workflow of a case, its queue and its signals are called: what `workflows.names` holds."""

    CASE_WORKFLOW: str
    CASES: str
    POST_MESSAGE: str
    ADD_EVIDENCE: str
    PROGRESS: str

    def case(self, case_id: UUID, /) -> str:
        """Return the id of a case's workflow."""

    def evidence(self, case_id: UUID, file_id: str, /) -> str:
        """Return the id of a file's workflow."""


@dataclass(frozen=True, slots=True)
class EngineDoor:
    """CaseDoor: the composition root brings the names, since adapters know no workflow."""

    client: Client
    names: CaseNames

    async def post(self, turn: UserTurn) -> None:
        """Signal the turn; tried twice."""
        await self._twice(self.names.POST_MESSAGE, turn)

    async def add_evidence(self, ref: EvidenceRef) -> None:
        """Signal the file; tried twice."""
        await self._twice(self.names.ADD_EVIDENCE, ref)

    async def tell_progress(self, ref: EvidenceRef, percent: int) -> None:
        """Signal the percent, once."""
        reading = self.client.get_workflow_handle(self.names.evidence(ref.case_id, ref.file_id))
        with suppress(RPCError):
            await reading.signal(self.names.PROGRESS, percent, rpc_timeout=AGAIN)

    async def _twice(self, signal: str, told: UserTurn | EvidenceRef) -> None:
        try:
            await self._signal_with_start(signal, told, FIRST)
        except RPCError as failure:
            if failure.status not in WEATHER:
                raise _refused() from failure
            try:
                await self._signal_with_start(signal, told, AGAIN)
            except RPCError as again:
                raise _refused() from again

    async def _signal_with_start(self, signal: str, told: UserTurn | EvidenceRef, patience: timedelta) -> None:
        """Make one call, so that no run can end in between."""
        await self.client.start_workflow(
            self.names.CASE_WORKFLOW,
            CaseStart(case_id=told.case_id),
            id=self.names.case(told.case_id),
            task_queue=self.names.CASES,
            start_signal=signal,
            start_signal_args=[told],
            rpc_timeout=patience,
        )


def _refused() -> StoreUnavailable:
    return StoreUnavailable("the workflow engine did not answer; nothing was stored, send it again")

"""Erasing a case: after the key is gone nothing can be read, so the rest may take its time."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio import workflow

from activities.upkeep import ErasedCase, UpkeepActivities
from workflows.options import FORGETTING, UPKEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReport:
    """What was erased, in numbers."""

    workflows: int
    rows: int
    blobs: int
    passages: int


@workflow.defn
class DeleteCaseWorkflow:
    """Ends, shreds, deletes, verifies; the tombstone stands before it starts."""

    @workflow.run
    async def run(self, case: ErasedCase) -> ErasureReport:
        """Erase in the one order in which nothing is read or written afterwards."""
        step = workflow.execute_activity_method
        ended = await step(UpkeepActivities.terminate_workflows, case, **UPKEEP)
        await step(UpkeepActivities.destroy_key, case, **UPKEEP)
        rows = await step(UpkeepActivities.erase_rows, case, **UPKEEP)
        blobs = await step(UpkeepActivities.erase_blobs, case, **UPKEEP)
        passages = await step(UpkeepActivities.erase_passages, case, **UPKEEP)
        await step(UpkeepActivities.verify_erasure, case, **UPKEEP)
        await step(UpkeepActivities.forget_histories, case, **FORGETTING)
        return ErasureReport(workflows=ended, rows=rows, blobs=blobs, passages=passages)

"""Sessions that are over are removed page by page; each page is a run of its own, so history stays short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

from activities.upkeep import CleanSessions, UpkeepActivities
from workflows.options import UPKEEP

KEPT = timedelta(hours=24)
"""How long an ended session stays to be looked at (reliability.md 16)."""
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """Sessions removed so far by this and earlier pages."""

    sessions: int = 0


@workflow.defn
class SessionCleanupWorkflow:
    """Runs by schedule."""

    @workflow.run
    async def run(self, so_far: Cleaned) -> Cleaned:
        """Remove one page, then go on in a fresh run or end."""
        page = CleanSessions(before=workflow.now() - KEPT, limit=PAGE)
        removed = await workflow.execute_activity_method(UpkeepActivities.clean_sessions, page, **UPKEEP)
        cleaned = Cleaned(sessions=so_far.sessions + removed)
        if removed == PAGE:
            workflow.continue_as_new(cleaned)
        return cleaned

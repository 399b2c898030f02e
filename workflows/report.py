"""The report of a case that ended; it outlives the case's run and never holds it up."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.reports import ReportActivities, WriteReport
from domain.errors import FaultMavenError
from workflows.guard import unless_cancelled
from workflows.options import REPORT, UPKEEP, named


@workflow.defn(failure_exception_types=[FaultMavenError])
class ReportWorkflow:
    """Writes one report, or records that it could not be written (rule RP3)."""

    @workflow.run
    async def run(self, due: WriteReport) -> str:
        """Return the id of the report that stands."""
        step = workflow.execute_activity_method
        try:
            return await step(ReportActivities.write_report, due, **named(f"write the {due.report_type}", REPORT))
        except ActivityError as failure:
            unless_cancelled(failure)
            return await step(ReportActivities.fail_report, due, **named("record the failed report", UPKEEP))

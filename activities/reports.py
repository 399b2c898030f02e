"""The step that writes down how a case ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from temporalio import activity

from domain.errors import NotFound
from domain.ports.cases import CaseRecords, CaseStore, EvidenceRecords, ReportStore
from domain.reports.markdown import TITLES, render
from domain.reports.report import Report

TITLE_LENGTH = 200
"""Characters that a report's title may have (contract 5.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReport:
    """The report that is due; state, title and quotes are read where they stand, so that history holds none of them."""

    case_id: UUID
    report_type: str
    """resolution_summary or closure_summary."""
    now: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class ReportActivities:
    """Reports are made of safe text only: the recorded state, the case's title, the extracts of its evidence rows."""

    snapshots: CaseStore
    cases: CaseRecords
    evidence: EvidenceRecords
    reports: ReportStore

    @activity.defn
    async def write_report(self, due: WriteReport) -> str:
        """Write the report and return its id; safe to retry: one stands per case, type and version."""
        carried = await self.snapshots.load(due.case_id)
        if carried is None:
            raise NotFound("this case was never recorded")
        case = await self.cases.get(due.case_id)
        quotes = {row.evidence_id: row.extract for row in await self.evidence.rows(due.case_id)}
        return await self._put(due, render(due.report_type, carried.state, case.title, quotes), "completed")

    @activity.defn
    async def fail_report(self, due: WriteReport) -> str:
        """Record that the report could not be written, unless it stands after all; safe to retry."""
        return await self._put(due, "", "failed")

    async def _put(self, due: WriteReport, content: str, status: str) -> str:
        case = await self.cases.get(due.case_id)
        report = Report(
            report_id=f"rep_{uuid5(due.case_id, f'{due.report_type} {due.version}').hex[:20]}",
            case_id=due.case_id,
            team_id=case.team_id,
            report_type=due.report_type,
            title=f"{TITLES[due.report_type]}: {case.title}"[:TITLE_LENGTH],
            content=content,
            generated_at=due.now,
            version=due.version,
            status=status,
        )
        await self.reports.put(report)
        return report.report_id

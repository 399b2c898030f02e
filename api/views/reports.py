"""Reports as clients expect them (contract.md 5.10)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from api.views.wire import Json, at
from domain.reports.report import Report


class ReportBody(BaseModel):
    """One version of a report."""

    report_id: str
    case_id: UUID
    report_type: str
    title: str
    content: str
    format: str = "markdown"
    generation_status: str
    generated_at: str
    updated_at: str | None = None
    generation_time_ms: int = 0
    """Rules write a report in one step, which is not timed."""
    version: int
    is_current: bool
    linked_to_closure: bool
    auto_generated: bool
    metadata: dict[str, Json] | None = None
    citations: list[Json] = []
    """Its lines stand in the text."""
    degraded: list[str] = []


class ReportList(BaseModel):
    """All reports of a case."""

    case_id: UUID
    reports: list[ReportBody]
    total: int


def page(case_id: UUID, reports: Sequence[Report]) -> ReportList:
    """Return the reports in the order given, newest first."""
    newest = {report.report_type: report.report_id for report in reversed(reports)}
    shown = [_body(report, current=newest[report.report_type] == report.report_id) for report in reports]
    return ReportList(case_id=case_id, reports=shown, total=len(shown))


def _body(report: Report, *, current: bool) -> ReportBody:
    return ReportBody(
        report_id=report.report_id,
        case_id=report.case_id,
        report_type=report.report_type,
        title=report.title,
        content=report.content,
        generation_status=report.status,
        generated_at=at(report.generated_at),
        version=report.version,
        is_current=current,
        linked_to_closure=report.auto_generated,
        auto_generated=report.auto_generated,
    )


def file_headers(report: Report) -> dict[str, str]:
    """Return the headers of a download; the name holds nothing that a person wrote."""
    return {
        "Content-Disposition": f'attachment; filename="{report.report_type}-v{report.version}.md"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }

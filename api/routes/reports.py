"""Reports of a case: list and download."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response

from api.dependencies import Opened, ReadCase
from api.views import reports as view
from api.views.wire import json_response, restored
from domain.errors import NotFound

router = APIRouter(prefix="/api/v1", tags=["reports"])


@router.get("/cases/{case_id}/reports", response_model=view.ReportList)
@router.get("/reports/case/{case_id}", response_model=view.ReportList)
async def listed(case: ReadCase, opened: Opened) -> Response:
    """Return the case's reports, newest first."""
    body = view.page(case.case_id, await opened.reports.of_case(case.case_id))
    return json_response(await restored(opened.redactor, case.case_id, body))


@router.get("/cases/{case_id}/reports/{report_id}/download", response_class=Response)
async def download(report_id: str, case: ReadCase, opened: Opened, format: Literal["markdown"] = "markdown") -> Response:  # ruff: ignore[builtin-argument-shadowing, unused-function-argument]: the contract's own name, and its one value
    """Return one report as a Markdown file, named by what it is."""
    for report in await opened.reports.of_case(case.case_id):
        if report.report_id == report_id:
            text = await restored(opened.redactor, case.case_id, report.content)
            return Response(text, media_type="text/markdown", headers=view.file_headers(report))
    raise NotFound("no such report in this case")

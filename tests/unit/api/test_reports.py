"""Reports are read over HTTP by the owner of their case."""

from __future__ import annotations

from tests.builders import NOON, a_report
from tests.unit.api.house import House

FIELDS = (
    "report_id case_id report_type title content format generation_status generated_at updated_at generation_time_ms version "
    "is_current linked_to_closure auto_generated metadata citations degraded"
)
"""contract.md 5.10."""


async def test_a_case_without_a_report_has_an_empty_list(house: House) -> None:
    case_id = await house.case("user", "owner")
    answer = await house.ask("user", "GET", f"/api/v1/cases/{case_id}/reports")
    assert answer.json() == {"case_id": str(case_id), "reports": [], "total": 0}


async def test_reports_are_listed_newest_first_and_one_version_of_a_type_is_current(house: House) -> None:
    case_id = await house.case("user", "owner")
    for version in (1, 2):
        when = NOON.replace(hour=12 + version)
        await house.opened.reports.put(a_report(case_id=case_id, version=version, generated_at=when))
    body = (await house.ask("user", "GET", f"/api/v1/reports/case/{case_id}")).json()
    assert [(row["version"], row["is_current"]) for row in body["reports"]] == [(2, True), (1, False)]
    assert set(body["reports"][0]) == set(FIELDS.split())


async def test_a_report_is_downloaded_as_markdown_under_a_name_of_our_own(house: House) -> None:
    case_id = await house.case("user", "owner")
    report = a_report(case_id=case_id, content="# Closure summary", report_type="closure_summary")
    await house.opened.reports.put(report)
    place = f"/api/v1/cases/{case_id}/reports/{report.report_id}/download"
    answer = await house.ask("user", "GET", place)
    assert (answer.status_code, answer.text) == (200, "# Closure summary")
    assert answer.headers["Content-Type"].startswith("text/markdown")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="closure_summary-v1.md"'
    assert (await house.ask("user", "GET", f"{place}?format=pdf")).status_code == 422


async def test_a_report_of_another_case_is_not_found_in_this_one(house: House) -> None:
    mine, other = await house.case("user", "owner"), await house.case("user", "none")
    report = a_report(case_id=other)
    await house.opened.reports.put(report)
    answer = await house.ask("user", "GET", f"/api/v1/cases/{mine}/reports/{report.report_id}/download")
    assert answer.status_code == 404

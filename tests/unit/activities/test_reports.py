"""A report stands once, with the state as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import pytest

from activities.reports import ReportActivities, WriteReport
from domain.case.state import CarriedCase
from domain.errors import NotFound
from tests import builders, fakes
from tests.builders import NOON
from tests.unit.domain.case.build import identified


@dataclass
class Desk:
    """The steps over fakes."""

    case_id: UUID = field(default_factory=uuid4)
    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)

    @property
    def steps(self) -> ReportActivities:
        rows = self.rows
        cases, records = fakes.MemoryCases(rows), fakes.MemoryCaseRecords(rows)
        return ReportActivities(cases, records, fakes.MemoryEvidence(rows), fakes.MemoryReports(rows))

    @property
    def due(self) -> WriteReport:
        return WriteReport(case_id=self.case_id, report_type="closure_summary", now=NOON)

    def stand(self, title: str = "Checkout fails") -> None:
        self.rows.snapshots[self.case_id] = CarriedCase(state=replace(identified().state, case_id=self.case_id))
        self.rows.cases[self.case_id] = builders.a_case_record(case_id=self.case_id, title=title)


async def test_a_report_written_twice_stands_once() -> None:
    desk = Desk()
    desk.stand()
    first, again = [await desk.steps.write_report(desk.due) for _ in range(2)]
    assert first == again
    (report,) = desk.rows.reports
    assert (report.report_id, report.status, report.team_id) == (first, "completed", "team_1")
    assert report.content.startswith("# Closure summary: Checkout fails\n")


async def test_a_long_title_is_cut_to_what_a_report_takes() -> None:
    desk = Desk()
    desk.stand("x" * 200)
    await desk.steps.write_report(desk.due)
    assert len(desk.rows.reports[0].title) == 200


async def test_a_failure_recorded_late_does_not_replace_what_was_written() -> None:
    desk = Desk()
    desk.stand()
    await desk.steps.write_report(desk.due)
    await desk.steps.fail_report(desk.due)
    assert [report.status for report in desk.rows.reports] == ["completed"]


async def test_a_case_that_was_never_recorded_has_no_report() -> None:
    desk = Desk()
    with pytest.raises(NotFound):
        await desk.steps.write_report(desk.due)
    assert desk.rows.reports == []

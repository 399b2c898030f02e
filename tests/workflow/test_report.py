"""Reports: written beside a case that ended, once, and never in its way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from domain.case.state import CarriedCase, CaseState, CaseStatus, RowCategory
from domain.case.turns import Intent, IntentType
from domain.errors import NotAllowed
from domain.reports.report import Report
from tests import builders
from tests.fakes import MemoryReports
from tests.unit.domain.case.build import cause, findings, identified, news, row
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage

CLOSE = Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed", "command": "close"})


@dataclass
class FullReports(MemoryReports):
    """Takes no report but a failed one."""

    async def put(self, report: Report) -> None:
        if report.status == "completed":
            raise NotAllowed("no more reports")
        await MemoryReports.put(self, report)


def nearly_resolved() -> CaseState:
    """Return a case whose cause, fix and recovery are known: a yes resolves it."""
    story = identified()
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")
    causal_absence = cause(1, row(2, RowCategory.CAUSAL_ABSENCE, "file_2"))
    gone = findings(causal_absence, symptoms=(row(1, RowCategory.SYMPTOM_ABSENCE, "file_2"),))
    return story.says("", gone, files=(news(2),)).state


def stand(stage: Stage, state: CaseState) -> CaseState:
    """Let the case stand in the projection as it is after that state."""
    mine = replace(state, case_id=stage.case_id, owner_id="user_1", team_id="team_1")
    stage.rows.snapshots[stage.case_id] = CarriedCase(state=mine)
    stage.rows.cases[stage.case_id] = builders.a_case_record(case_id=stage.case_id, state=state.status, revision=state.revision)
    return mine


async def written(stage: Stage) -> list[Report]:
    """Return the case's reports as soon as there is one: its workflow starts a moment after the answer."""

    async def is_there() -> bool:
        return bool(stage.rows.reports)

    await eventually(is_there, what="the report")
    return stage.rows.reports


async def test_rp1_a_case_closed_with_substance_has_one_closure_summary_with_citations(stage: Stage) -> None:
    state = stand(stage, identified().state)
    quoted = next(each for each in state.rows if each.file_id)
    stage.rows.evidence[quoted.evidence_id] = builders.an_evidence_record(
        case_id=stage.case_id, evidence_id=quoted.evidence_id, extract="no space left on device"
    )
    reply = await stage.ask("", intent=CLOSE)
    assert reply.outcome.case_state == CaseStatus.CLOSED
    (report,) = await written(stage)
    assert (report.report_type, report.status, report.version) == ("closure_summary", "completed", 1)
    assert report.title == "Closure summary: Checkout fails"
    assert f"| file-1.log:{quoted.first} |" in report.content
    assert "no space left on device" in report.content
    assert "The cause is disk_full on its subject (file-1.log:" in report.content


async def test_rp1_a_resolved_case_has_a_resolution_summary(stage: Stage) -> None:
    stand(stage, nearly_resolved())
    reply = await stage.ask("yes")
    assert reply.outcome.case_state == CaseStatus.RESOLVED
    (report,) = await written(stage)
    assert report.report_type == "resolution_summary"
    assert "## Fix and verification" in report.content


async def test_a_question_after_the_end_writes_no_second_report(stage: Stage) -> None:
    stand(stage, identified().state)
    await stage.ask("", intent=CLOSE)
    await written(stage)
    await stage.ask("why was it?")
    assert len(stage.rows.reports) == 1


async def test_rp3_a_report_that_cannot_be_written_is_recorded_as_failed_and_the_case_goes_on(cold_stage: Stage) -> None:
    cold_stage.reports = FullReports(cold_stage.rows)
    stand(cold_stage, identified().state)
    async with cold_stage.workers():
        closed = await cold_stage.ask("", intent=CLOSE)
        (report,) = await written(cold_stage)
        after = await cold_stage.ask("why was it?")
    assert (report.status, report.content) == ("failed", "")
    assert after.turn_number == closed.turn_number + 1


@pytest.fixture
async def shown(stage: Stage) -> AsyncIterator[tuple[Any, ...]]:
    """Return a stage, a case of a signed-in visitor, and how its screen shows reports."""
    async with front(api_ports(stage)) as visitor:
        await sign_in(visitor)
        case_id = await open_case(visitor)
        stage.case_id = UUID(case_id)

        async def reports() -> object:
            return (await visitor.get(f"/api/v1/cases/{case_id}/ui")).json()["reports_available"]

        async def close() -> int:
            return (await visitor.post(f"/api/v1/cases/{case_id}/close")).json()["turn_number"]

        yield stage, reports, close


async def test_rp4_the_screen_shows_a_written_report_as_auto_generated(shown) -> None:
    stage, reports, close = shown
    record = stage.rows.cases[stage.case_id]
    stage.rows.snapshots[stage.case_id] = CarriedCase(
        state=replace(identified().state, case_id=stage.case_id, owner_id=record.owner_id, team_id=record.team_id)
    )
    await close()
    await written(stage)

    async def is_shown() -> bool:
        return await reports() == [{"report_type": "closure_summary", "status": "auto_generated", "reason": None}]

    await eventually(is_shown)


async def test_rp1_an_inquiry_closed_after_one_turn_is_skipped(shown) -> None:
    stage, reports, close = shown
    await close()
    (report,) = await reports()
    assert (report["report_type"], report["status"]) == ("closure_summary", "skipped")
    assert stage.rows.reports == []

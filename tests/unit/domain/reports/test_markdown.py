"""Reports from state alone."""

from dataclasses import replace

import pytest

from domain.case.state import RowCategory
from domain.case.turns import IntentType
from domain.reports import markdown
from tests.unit.domain.case.build import (
    Story,
    a_case,
    causal,
    cause,
    findings,
    identified,
    investigating,
    need,
    news,
    refuting,
    row,
)

SECTIONS = (
    "Summary",
    "Impact",
    "Timeline",
    "Cause",
    "Evidence",
    "Ruled out",
    "Tried",
    "Fix and verification",
    "Not established",
    "Follow-ups",
)


def resolved() -> Story:
    story = identified().says("12 % of requests to the payments service fail, sev1")
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")
    gone = findings(
        cause(1, row(2, RowCategory.CAUSAL_ABSENCE, "file_2")), symptoms=(row(1, RowCategory.SYMPTOM_ABSENCE, "file_2"),)
    )
    story.says("", gone, files=(news(2),)).says("yes")
    assert story.outcome.report == "resolution_summary"
    return story


@pytest.mark.parametrize("state", [a_case(), investigating().state], ids=["new", "investigating"])
def test_rp2_every_section_stands_even_without_a_model_or_content(state):
    text = markdown.render("closure_summary", state, "Case-260304-1")
    assert text.startswith("# Closure summary: Case-260304-1\n")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)


def test_rp2_a_resolved_case_cites_cause_evidence_and_verification():
    story = resolved()
    quotes = {each.evidence_id: "no space left | on device" for each in story.state.rows}
    text = markdown.render("resolution_summary", story.state, "checkout down", quotes)
    assert "The cause is disk_full on its subject (file-1.log:1, file-1.log:2" in text
    assert "assurance confirmed: confirmed by its absence after the fix" in text
    assert "| file-1.log:2 | causal | no space left \\| on device |" in text
    assert "The symptom was seen gone (file-2.log:1)" in text
    assert "resolved at 2026-03-04T" in text
    assert "Urgency: critical" in text


def test_do2_a_report_lists_what_was_not_established():
    text = markdown.render("resolution_summary", identified().state, "t")
    assert "- who and what is affected, and what is not" in text
    assert "- when it began and what changed before" in text


def test_rp2_ruled_out_tried_and_open_points_are_told():
    found = findings(cause(1, row(1)), cause(2, refuting(decisive=True), family="b"), needs=(need(),))
    story = investigating(found).says("look", found, files=(news(),)).says("what else?", found)
    story.says("we rolled back the release")
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="failed")
    text = markdown.render("closure_summary", story.state, "t")
    assert "The cause is b on its subject: 2 independent observations speak against it (file-1.log:70)" in text
    assert "we rolled back the release (failed, turn" in text
    assert "Output that shows disk_full" in text
    untested = tuple(replace(each, status="inconclusive") if each.status == "active" else each for each in story.state.hypotheses)
    assert "could not be tested" in markdown.render("closure_summary", replace(story.state, hypotheses=untested), "t")


def test_e6_rows_of_removed_files_say_so():
    story = identified()
    gone = tuple(replace(each, source_removed=True) for each in story.state.rows)
    assert "(source removed)" in markdown.render("closure_summary", replace(story.state, rows=gone), "t")


def test_a_closed_case_names_its_reason():
    state = investigating(findings(cause(1, causal(2)))).requests("closed").says("yes").state
    assert "closed insufficient evidence, after 4 turns" in markdown.render("closure_summary", state, "t")

"""States, edges, grounds and reasons."""

from dataclasses import replace

import pytest

from domain.case import transitions
from domain.case.outcome import ResponseType
from domain.case.state import CaseStatus, Need, RowCategory, Solution
from domain.case.transitions import Eligibility
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    NOON,
    Story,
    a_case,
    a_ref,
    cause,
    findings,
    identified,
    investigating,
    news,
    row,
    with_state,
)

SYMPTOM = "checkout is failing since 11:00"


def test_l1_a_statement_shown_and_confirmed_on_a_later_turn_starts_the_investigation():
    story = Story().says(SYMPTOM)
    assert story.state.status is CaseStatus.INQUIRY
    story.says("yes")
    assert story.state.status is CaseStatus.INVESTIGATING
    assert story.state.statement == SYMPTOM
    assert story.state.statement_confirmed
    assert any(entry.kind == "decision" for entry in story.state.journal)


def test_l1_reworded_statement_needs_a_new_confirmation():
    story = Story().says(SYMPTOM)
    story = with_state(story, statement="checkout p99 is 4 s since 11:00").says("yes")
    assert story.state.status is CaseStatus.INQUIRY


def test_l2_an_inquiry_closes_as_inquiry_only():
    story = Story().says("thanks").requests("closed").says("yes")
    assert story.state.closure_reason == "inquiry_only"
    assert story.state.closed_at is not None


def test_l3_l4_resolving_keeps_no_reason_and_closing_no_resolved_at():
    story = identified()
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")
    story.says("", findings(symptoms=(row(1, RowCategory.SYMPTOM_ABSENCE, "file_2"),)), files=(news(2),))
    resolved = replace_story(story).says("yes").state
    assert resolved.status is CaseStatus.RESOLVED
    assert resolved.resolved_at is not None
    assert resolved.closure_reason == ""
    assert "solution_verified" in resolved.gates
    closed = replace_story(story).says("no").requests("closed").requests("closed").state
    assert closed.resolved_at is None
    assert closed.closure_reason == "solution_deferred"


def replace_story(story: Story) -> Story:
    return Story(story.state)


@pytest.mark.parametrize(
    ("status", "target"),
    [("inquiry", "resolved"), ("resolved", "investigating"), ("closed", "closed"), ("investigating", "inquiry"), ("inquiry", "")],
)
def test_l5_every_other_pair_is_refused_and_names_the_legal_targets(status, target):
    assert "possible next" in transitions.refusal(a_case(status=CaseStatus(status)), target, "")


def test_eligibility_follows_its_table():
    assert transitions.eligibility(a_case()) == Eligibility(resolved="not_eligible", closed="ready")
    assert transitions.eligibility(investigating().state) == Eligibility(resolved="not_eligible", closed="ready")
    assert transitions.eligibility(identified().state) == Eligibility(resolved="needs_info", closed="ready")
    ended = a_case(status=CaseStatus.CLOSED)
    assert transitions.eligibility(ended) == Eligibility(resolved="not_eligible", closed="not_eligible")
    assert transitions.valid_next_states(ended) == ()
    assert transitions.valid_next_states(a_case()) == ("investigating", "closed")


def a_mitigation(**fields) -> Solution:
    defaults = {
        "solution_id": "sol_1",
        "text": "restart",
        "kind": "mitigation",
        "hypothesis_id": "",
        "state": "applied",
        "turn": 3,
    }
    return Solution(**{**defaults, "applied_turn": 3, **fields})


def relieved() -> Story:
    story = investigating().says("we restarted the pods").says("works again, no errors since then")
    assert "mitigation_verified" in story.state.gates
    return story


def test_2_5_reasons_are_derived_first_match():
    assert transitions.closure_reason(a_case()) == "inquiry_only"
    assert transitions.closure_reason(identified().state) == "solution_deferred"
    assert transitions.closure_reason(relieved().state) == "mitigation_sufficient"
    assert transitions.closure_reason(investigating().state) == "closed_insufficient_evidence"
    lost = Need(need_id="n", kind="causal_verification", hypothesis_id="h", text="core dump", obtainability="unobtainable")
    assert transitions.closure_reason(replace(relieved().state, needs=(lost,))) == "closed_rca_infeasible"
    assert transitions.closure_reason(replace(relieved().state, exhausted=True)) == "closed_rca_infeasible"


def test_r2_a_mitigation_is_no_fix_and_r3_needs_an_absence_after_the_last_failed_fix():
    assert "fix" in transitions.missing_grounds(relieved().state)
    assert "gone" not in transitions.missing_grounds(relieved().state)
    failed = a_mitigation(state="failed", failed_turn=99)
    assert "gone" in transitions.missing_grounds(replace(relieved().state, solutions=(failed,)))


def test_x1_a_closed_case_answers_text_and_nothing_else_changes():
    story = investigating().requests("closed").says("yes")
    ended = story.state
    story.says("why was it slow?", findings(cause(1, row(1))))
    assert story.outcome.response_type is ResponseType.ANSWER
    assert replace(story.state, turn=0, revision=0, updated_at=NOON) == replace(ended, turn=0, revision=0, updated_at=NOON)
    story.requests("investigating")
    assert story.outcome.response_type is ResponseType.STATUS_UPDATE
    assert story.state.status is CaseStatus.CLOSED
    story.confirms(True)
    assert story.state.status is CaseStatus.CLOSED


def test_x2_a_file_behind_the_end_is_kept_as_a_file_without_rows():
    story = investigating().requests("closed").says("yes")
    rows = story.state.rows
    story.says("here is one more log", findings(cause(1, row(1))), files=(news(7),))
    assert [file.file_id for file in story.state.files] == ["file_7"]
    assert story.state.rows == rows
    assert any("files are kept" in notice for notice in story.outcome.notices)
    story.says("and this", unread=(a_ref(8),))
    assert story.state.files[-1].status == "pending"


def test_rp1_the_end_calls_for_its_report_unless_there_is_nothing_to_say():
    assert investigating(findings(cause(1, row(1)))).requests("closed").says("yes").outcome.report == "closure_summary"
    assert Story().requests("closed").says("yes").outcome.report == ""

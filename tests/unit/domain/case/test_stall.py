"""Progress, stall, limitations and alarms."""

from dataclasses import replace

import pytest

from domain.case import stall
from domain.case.outcome import MessageReading, ResponseType
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseStatus, HypothesisStatus
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    Story,
    a_case,
    a_ref,
    causal,
    cause,
    findings,
    fix,
    identified,
    investigating,
    news,
    row,
    with_state,
)


@pytest.mark.parametrize(
    ("text", "counts"), [("thanks!", 0), ("CPU of db-2 is 95 %", 1), ("status?", 0), ("what could it be?", 1)]
)
def test_d2_small_talk_and_status_questions_do_not_count(text, counts):
    assert investigating().says(text).state.investigative_turns == counts


def test_d2_a_file_counts_and_clicks_confirmations_and_duplicates_do_not():
    story = investigating().says("", findings(), files=(news(),))
    assert story.state.investigative_turns == 1
    story.requests("closed").says("no").confirms(True)
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id="x", action="retire")
    story.says("", duplicates=(a_ref(),))
    assert story.state.investigative_turns == 1


@pytest.mark.parametrize(("change", "progress"), [(0.04, False), (0.05, True), (-0.05, True)])
def test_d3_a_likelihood_must_move_by_0_05(change, progress):
    before = investigating(findings(cause(1, row(1)))).state
    moved = tuple(replace(each, likelihood=each.likelihood + change) for each in before.hypotheses)
    assert stall.progressed(before, replace(before, hypotheses=moved), DEFAULT) is progress


def test_d3_rows_milestones_needs_and_levels_are_progress():
    before = investigating(findings(cause(1, row(1)))).state
    assert not stall.progressed(before, before, DEFAULT)
    assert stall.progressed(before, replace(before, milestones=(*before.milestones, "scope_assessed")), DEFAULT)
    assert stall.progressed(replace(before, rows=()), before, DEFAULT)
    assert stall.progressed(before, replace(before, conclusion=None), DEFAULT)
    assert stall.progressed(replace(before, hypotheses=()), before, DEFAULT)
    story = investigating().says("tell me more")
    met = tuple(replace(each, state="fulfilled") for each in story.state.needs)
    assert stall.progressed(story.state, replace(story.state, needs=met), DEFAULT)


def test_d3_a_duplicate_with_text_counts_as_no_progress():
    story = investigating().says("look at this again", duplicates=(a_ref(),))
    assert story.state.turns_without_progress == 1
    assert not story.outcome.progress_made


def test_s1_five_turns_without_progress_say_what_is_missing_and_four_do_not():
    story = investigating().says("a first question")
    quiet = story.state.turns_without_progress
    for number in range(4 - quiet):
        story.says(f"another thought number {number}")
    assert story.state.turns_without_progress == 4
    assert not story.outcome.transparency.active
    story.says("one more thought")
    assert story.outcome.transparency.active
    assert story.outcome.transparency.pending_milestone
    assert len(story.outcome.transparency.milestone_description) <= 300
    story.says("checkout p99 is 4 s", findings(cause(1, row(1))), files=(news(),))
    assert not story.outcome.transparency.active


def exhausted(**fields) -> Story:
    """An investigation of eight turns with two refuted causes of two kinds."""
    story = investigating(findings(cause(1, row(1)), cause(2, row(2), family="b", category="code")))
    refuted = tuple(replace(each, status=HypothesisStatus.REFUTED, refutation_reason="r") for each in story.state.hypotheses)
    return with_state(
        story, **{"hypotheses": refuted, "investigative_turns": 7, "turns_without_progress": 4, "conclusion": None, **fields}
    )


def test_s2_used_up_ideas_after_real_work_hand_over_and_offer_to_close():
    story = exhausted().says("anything else?")
    assert story.state.exhausted
    assert story.state.repair == "exhausted"
    assert story.outcome.response_type is ResponseType.ESCALATION_REQUIRED
    assert story.outcome.handover
    assert story.state.verification_status == "insufficient_evidence"
    assert story.state.limitation == "hypothesis_space_exhausted"
    assert story.state.pending.target == "closed"


@pytest.mark.parametrize("fields", [{"rows": ()}, {"investigative_turns": 5}, {"turns_without_progress": 0}])
def test_s2_without_real_work_nothing_is_used_up(fields):
    assert not exhausted(**fields).says("anything else?").state.exhausted


def test_s6_the_same_command_is_proposed_five_times_and_not_again():
    found = findings(cause(1, row(1)), actions=(fix(),))
    story = investigating(found)
    seen = 0
    for number in range(8):
        story.says(f"what about idea {number}?", found)
        seen += any(action.type == "RUN" for action in story.outcome.actions)
    assert dict(story.state.proposed) == {"kubectl apply f disk full yaml": 5}
    assert seen == 4


def test_limitations_follow_what_the_user_says_and_what_is_found():
    story = investigating(findings(cause(1, row(1)))).says("I have no access to the cluster")
    assert story.state.limitation == "expertise_required"
    assert any("access or a role" in notice for notice in story.outcome.notices)
    story.says("and now?")
    assert not any("access or a role" in notice for notice in story.outcome.notices)
    story.says("what else?").says("which part?")
    assert any("access or a role" in notice for notice in story.outcome.notices)
    systemic = investigating().says("see", findings(cause(1, row(1)), separate_onsets=3), files=(news(),))
    assert systemic.state.limitation == "systemic_issue"
    assert systemic.state.conclusion.confidence <= 0.30
    general = investigating(findings(cause(1, row(1)))).says("we are not allowed to restart it")
    assert general.state.limitation == "general_limitation"
    assert stall.limitations(identified().state, DEFAULT) == ()


def test_es1_an_attacker_calls_people_in_on_the_first_turn():
    story = Story().says("an attacker has shell on web-1")
    assert story.outcome.response_type is ResponseType.ESCALATION_REQUIRED
    assert story.state.escalated
    assert len(story.labels) == 3
    assert all(action.type == "DECIDE" and action.intent for action in story.outcome.actions)


def test_es1_data_loss_and_a_wish_for_a_person_call_people_in():
    assert investigating().says("we are losing orders").state.escalated
    assert investigating().says("please escalate to a human").state.escalated
    assert investigating().says("look", findings(breach=True)).state.escalated
    assert not investigating().says("we lost orders yesterday").state.escalated


def test_es1_a_critical_fault_without_mitigation_after_two_turns_calls_people_in():
    story = investigating().says("prod is down")
    assert not story.state.escalated
    story.says("what can we do about it?")
    assert story.state.escalated
    eased = investigating().says("we rolled back the release").says("prod is down").says("what else?").says("what else?")
    assert not eased.state.escalated


def test_es3_the_same_trigger_is_silent_for_three_turns():
    story = investigating(policy=Policy(unmitigated_turns=99))
    story.says("an attacker has shell on web-1").says("the attacker is still there")
    assert story.outcome.response_type is not ResponseType.ESCALATION_REQUIRED
    assert story.state.escalated
    story.says("what now?").says("the attacker is still there")
    assert story.outcome.response_type is ResponseType.ESCALATION_REQUIRED


def test_alarms_need_a_trigger():
    assert stall.alarm(a_case(), MessageReading(), None, DEFAULT) == ""
    assert not stall.is_unmitigated(a_case(status=CaseStatus.INVESTIGATING, urgency="high", temporal="ongoing"))


def test_c8_three_turns_without_an_absence_row_block_the_treatment():
    story = identified()
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="accept")
    for text in ("any idea?", "what now?", "and then?"):
        story.says(text)
    assert story.state.verification_status == "treatment_blocked"


def test_repeated_asks_are_not_the_only_way_forward():
    story = investigating(findings(cause(1, row(1), causal(2))))
    assert story.state.conclusion is not None

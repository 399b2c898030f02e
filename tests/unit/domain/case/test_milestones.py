"""Milestones, gates, stage, rows and what moves the case back."""

from dataclasses import replace

import pytest

from domain.case import milestones, solutions
from domain.case.state import RowCategory, Scope, Solution, Stance, TimelineEntry
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    NOON,
    Story,
    a_case,
    causal,
    cause,
    event,
    findings,
    fix,
    identified,
    investigating,
    news,
    row,
)


def applied(story: Story) -> Story:
    return story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[-1].solution_id, action="applied")


@pytest.mark.parametrize(("text", "holds"), [("it is slow", False), ("checkout p99 is 4 s", True), ("checkout is failing", True)])
def test_m1_a_symptom_needs_a_file_or_a_concrete_quote(text, holds):
    story = Story().requests("investigating")
    story = Story(replace(story.state, statement="something is wrong here")).requests("investigating").says("yes").says(text)
    assert ("symptom_verified" in story.state.milestones) is holds


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        (Scope(services=("checkout",)), False),
        (Scope(services=("checkout",), share="12 % of requests"), True),
        (Scope(users="EU customers", places=("eu-west-1",)), True),
        (Scope(), False),
    ],
)
def test_m2_two_of_four_facets_are_needed(scope, holds):
    assert ("scope_assessed" in milestones.reached(a_case(scope=scope))) is holds


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"onset": event(0), "onset_precise": True}, False),
        ({"onset": event(0), "onset_precise": True, "timeline": (event(-4),)}, True),
        ({"onset": event(0), "onset_precise": False, "timeline": (event(-4),)}, False),
        ({"onset": event(0), "onset_precise": True, "timeline": (event(-4),), "zones_known": False}, False),
        ({"timeline": (event(-4),)}, False),
    ],
)
def test_m3_e8_the_timeline_needs_a_precise_onset_another_event_and_known_zones(fields, holds):
    assert ("timeline_established" in milestones.reached(a_case(**fields))) is holds


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({"onset": event(0), "timeline": (event(-4, change=True),)}, True),
        ({"timeline": (event(-4, change=True),)}, False),
        ({"changes_searched": True}, True),
        ({}, False),
    ],
)
def test_m4_a_dated_change_or_a_searched_source_identifies_changes(fields, holds):
    assert ("changes_identified" in milestones.reached(a_case(**fields))) is holds


def test_m4_a_users_denial_counts():
    assert "changes_identified" in investigating().says("nothing changed before that").state.milestones


def test_m5_m6_the_remedy_counts_for_the_identified_cause_only():
    story = identified()
    assert {"root_cause_identified", "solution_proposed"} <= set(story.state.milestones)
    unsure = investigating(findings(cause(1, row(1)), actions=(fix(),))).says(
        "more", findings(cause(1, row(1)), actions=(fix(),))
    )
    assert [each.kind for each in unsure.state.solutions] == ["remediation"]
    assert "solution_proposed" not in unsure.state.milestones


def test_m6_a_mitigation_alone_is_no_solution():
    relief = findings(cause(1, row(1), causal(2)), actions=(fix(kind="mitigation"),))
    story = investigating().says("here", relief, files=(news(),))
    assert "root_cause_identified" in story.state.milestones
    assert "solution_proposed" not in story.state.milestones


def test_m6_a_remedy_that_the_user_records_counts():
    story = investigating().says("here", findings(cause(1, row(1), causal(2))), files=(news(),))
    story.says("we increased the volume to 200 GB")
    assert "solution_proposed" in story.state.milestones
    assert story.state.solutions[0].by_user


def test_g1_what_is_applied_without_a_cause_is_a_mitigation():
    story = investigating().says("we rolled back the release")
    assert story.state.gates == ("mitigation_accepted",)
    assert story.state.stage == "mitigation"


def test_g2_g4_an_absence_row_verifies_the_mitigation_and_not_the_solution():
    story = investigating().says("we rolled back the release").says("works again, no errors since then")
    assert story.state.gates == ("mitigation_accepted", "mitigation_verified")
    assert story.state.stage == "diagnosis"
    assert "solution_verified" not in story.state.gates


def test_g3_g5_an_accepted_remedy_is_treatment_and_its_failure_leads_back():
    story = applied(investigating().says("we rolled back the release").says("here", _found(), files=(news(),)))
    assert story.state.stage == "treatment"
    story.says("no effect, it happened again")
    assert "solution_accepted" not in story.state.gates
    assert story.state.stage in {"diagnosis", "mitigation"}


def _found():
    return findings(cause(1, row(1), causal(2)), actions=(fix(),))


def test_g5_there_is_no_stage_outside_the_investigation():
    assert milestones.stage(a_case()) == ""
    assert investigating().state.stage == "diagnosis"


def test_s4_a_failed_fix_withdraws_cause_remedy_and_gate():
    story = applied(identified())
    story.says("the error came back at 13:30")
    assert story.state.solutions[0].state == "failed"
    assert story.state.milestones == ("symptom_verified",)
    assert story.state.failed_fixes == 1
    assert story.state.loop_back.reason == "failed_fix"
    assert story.state.stage == "diagnosis"


def test_s4_a_symptom_dated_after_the_fix_fails_it_and_an_older_one_does_not():
    old = applied(identified()).says("old log", findings(symptoms=(row(5, file="file_2", time=NOON),)), files=(news(2),))
    assert old.state.solutions[0].state == "applied"
    late = NOON.replace(hour=23)
    new = applied(identified()).says("new log", findings(symptoms=(row(5, file="file_2", time=late),)), files=(news(2),))
    assert new.state.solutions[0].state == "failed"


def test_s4_a_fix_that_was_not_applied_as_described_has_not_failed():
    story = applied(identified()).says("it happened again, but we have not applied it as described")
    assert story.state.solutions[0].state == "applied"


def test_s4_a_user_may_say_that_the_fix_failed():
    story = applied(identified())
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="failed")
    assert story.state.failed_fixes == 1
    assert story.state.loop_back.reason == "failed_fix"


def relieved(family, text="Revert it: the settings of checkout"):
    """A case whose leader is of this family, and whose mitigation is proposed."""
    found = findings(cause(1, row(1), row(2), family=family), actions=(fix(text=text, kind="mitigation", family=family),))
    return investigating().says("here is the log", found, files=(news(1),))


def stances(story):
    return [link.stance for each in story.state.rows for link in each.links]


def test_s4_a_change_that_was_taken_back_in_vain_was_not_the_cause():
    story = relieved("change_config").says("I reverted the checkout settings but orders still fail")
    assert [each.state for each in story.state.solutions] == ["failed"]
    assert Stance.REFUTES in stances(story)
    assert story.state.loop_back.reason == "failed_fix"


def test_s4_relief_that_did_not_help_says_nothing_about_the_cause():
    story = relieved("disk_full", "Restart the checkout pods").says("we restarted the checkout pods but orders still fail")
    assert [each.state for each in story.state.solutions] == ["failed"]
    assert Stance.REFUTES not in stances(story)
    assert story.state.loop_back is None


def test_a_report_of_a_deed_at_something_else_is_a_solution_of_its_own():
    story = relieved("change_config").says("we reverted the proxy")
    assert [each.state for each in story.state.solutions] == ["proposed", "applied"]


def test_what_failed_is_not_offered_again():
    story = relieved("disk_full", "Restart the checkout pods").says("we restarted the checkout pods but orders still fail")
    assert not solutions.is_needed(story.state, "Restart the checkout pods", "mitigation")


def test_a_solution_action_that_does_not_fit_changes_nothing():
    story = identified()
    before = story.state.solutions
    story.clicks(IntentType.SOLUTION_ACTION, solution_id="sol_unknown", action="applied")
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=before[0].solution_id, action="celebrate")
    assert story.state.solutions == before


@pytest.mark.parametrize(("action", "state"), [("accept", "accepted"), ("reject", "rejected"), ("verified", "verified")])
def test_g1_g3_clicks_move_a_solution(action, state):
    story = identified()
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action=action)
    assert story.state.solutions[0].state == state


def test_a_reported_fix_is_taken_for_the_proposed_one_that_it_names():
    story = identified().says("we applied repair disk_full")
    assert len(story.state.solutions) == 1
    assert story.state.solutions[0].state == "applied"
    named = identified().says("we have deployed the proposed fix")
    assert named.state.solutions[0].state == "applied"
    other = identified().says("we restarted the message broker")
    assert len(other.state.solutions) == 2


def test_lb_new_scope_and_a_refuted_leader_lead_back_and_are_counted():
    story = investigating(findings(cause(1, row(1)))).says("12 % of requests to the payments service fail")
    story.says("30 % of requests to the payments service fail")
    assert story.state.loop_back.reason == "new_scope"
    own = story.state.hypotheses[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action="refute", reason="measured")
    assert story.state.loop_back.reason == "refuted_leader"
    assert story.state.loop_back.count == 2


def test_e2_findings_of_an_inquiry_become_rows_when_it_starts():
    found = findings(cause(1, row(1), causal(2)), symptoms=(row(3),))
    story = Story().says("see the log", found, files=(news(),))
    assert story.state.rows == ()
    assert len(story.state.held) == 3
    story.says("yes")
    assert len(story.state.rows) == 3
    assert {new.row.evidence_id for new in story.outcome.rows} == {each.evidence_id for each in story.state.rows}
    assert {each.turn for each in story.state.rows} == {2}


def test_e2_the_users_words_of_the_inquiry_are_rows_with_their_text():
    story = Story().says("checkout is failing since 11:00").says("yes")
    assert [new.quote for new in story.outcome.rows] == ["checkout is failing since 11:00"]
    assert story.state.held_quotes == {}


def test_e4_a_quoted_row_without_its_words_is_refused():
    story = investigating().says("more", findings(cause(1, row(1, file=""))))
    assert all(each.file_id or each.witness.startswith("quote:") for each in story.state.rows)


def test_e1_the_same_finding_twice_is_one_row():
    story = investigating()
    count = len(story.says("log", findings(cause(1, row(1))), files=(news(),)).state.rows)
    assert len(story.says("log again", findings(cause(1, row(1)))).state.rows) == count
    assert story.outcome.rows == ()


def test_e5_an_unsure_file_asks_for_its_kind_and_the_choice_rederives_its_rows():
    story = investigating().says("", findings(cause(1, row(1))), files=(news(kind="command_output", confidence=0.45),))
    buttons = [
        action for action in story.outcome.actions if action.intent and action.intent.type is IntentType.FILE_RECLASSIFICATION
    ]
    assert 1 <= len(buttons) <= 3
    story.presses(buttons[-1])
    assert story.state.files[0].kind == buttons[-1].intent.data["data_type"]
    assert not [each for each in story.state.rows if each.file_id]
    story.clicks(IntentType.FILE_RECLASSIFICATION, file_id="file_9", data_type="logs_and_errors")
    assert any("does not belong" in notice for notice in story.outcome.notices)


def test_m3_a_file_beats_the_users_word_about_the_onset():
    exact = TimelineEntry(time=NOON, text="first error", file_id="file_1", line=3, certainty="exact")
    story = Story().says("checkout is failing since 11:00")
    assert story.state.onset.time == NOON.replace(hour=11)
    story.says("log", findings(onset=exact, onset_precise=True), files=(news(),))
    assert story.state.onset == exact
    story.says("since 11:30 I think")
    assert story.state.onset == exact


def test_r3_absence_needs_a_row():
    state = a_case()
    assert not milestones.absent_since(state, 0)
    assert milestones.taken((), "mitigation") is None
    assert RowCategory.SYMPTOM_ABSENCE == "symptom_absence"


def test_g1_a_rejected_mitigation_is_not_taken():
    rejected = Solution(solution_id="s", text="t", kind="mitigation", hypothesis_id="", state="rejected", turn=1)
    assert milestones.gates(a_case(solutions=(rejected,))) == ()

"""The kind of a reply and the actions under it."""

from dataclasses import replace

import pytest

from domain.case import actions, responses
from domain.case.outcome import ResponseType, SuggestedAction
from domain.case.responses import Facts, choose_response_type
from domain.case.state import CaseStatus
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    Story,
    a_ref,
    causal,
    cause,
    check,
    findings,
    fix,
    identified,
    investigating,
    need,
    news,
    row,
    with_state,
)

SYMPTOM = "checkout is failing since 11:00"


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (Facts(error=True, escalated=True), "ERROR"),
        (Facts(escalated=True, confirming=True), "ESCALATION_REQUIRED"),
        (Facts(confirming=True, carried_only=True), "CONFIRMATION_REQUEST"),
        (Facts(carried_only=True, solved=True), "STATUS_UPDATE"),
        (Facts(solved=True, unclear=True), "SOLUTION_READY"),
        (Facts(unclear=True, question_answered=True), "CLARIFICATION_REQUEST"),
        (Facts(question_answered=True, lacks_data=True), "ANSWER"),
        (Facts(lacks_data=True, plan_size=3), "NEEDS_MORE_DATA"),
        (Facts(plan_size=2), "PLAN_PROPOSAL"),
        (Facts(plan_size=1), "ANSWER"),
        (Facts(), "ANSWER"),
        (Facts(terminal=True, escalated=True), "ANSWER"),
        (Facts(terminal=True, carried_only=True), "STATUS_UPDATE"),
    ],
)
def test_8_the_first_matching_row_decides(facts, kind):
    assert choose_response_type(facts) == kind


def test_8_a_cited_answer_to_a_question_beats_the_wish_for_data():
    story = investigating().says("why does checkout fail?", findings(cause(1, row(1)), answers_question=True))
    assert story.outcome.response_type is ResponseType.ANSWER


def test_8_a_log_without_question_asks_for_data():
    story = investigating().says("here is a log", findings(cause(1)), files=(news(),))
    assert story.outcome.response_type is ResponseType.NEEDS_MORE_DATA


def test_8_a_need_for_a_file_is_an_evidence_action_with_its_id_first():
    wanted = findings(cause(1, row(1)), needs=(need(separates=True, hints=("log",)),))
    story = investigating(findings(cause(1, row(1)))).says("see the log", wanted)
    first = story.outcome.actions[0]
    assert first.type == "EVIDENCE"
    assert first.evidence_need_id.startswith("eneed_")
    assert first.hints == ("log",)


def test_8_a_status_question_gets_a_status_update():
    assert investigating().says("status?").outcome.response_type is ResponseType.STATUS_UPDATE


def test_8_files_that_are_still_read_get_a_status_update():
    story = investigating().says("", unread=(a_ref(),))
    assert story.outcome.response_type is ResponseType.STATUS_UPDATE
    assert story.state.files[0].status == "pending"


def test_8_a_breach_beats_a_pending_question():
    assert Story().says(SYMPTOM + ". An attacker has shell.").outcome.response_type is ResponseType.ESCALATION_REQUIRED


def test_8_a_known_remedy_is_a_solution_with_its_verification():
    story = identified()
    assert story.outcome.response_type is ResponseType.SOLUTION_READY
    assert story.outcome.actions[0].intent.type is IntentType.SOLUTION_ACTION
    assert "Verify:" in story.outcome.actions[0].body


@pytest.mark.parametrize("change", [{"reversible": "no"}, {"blast_radius": "cluster"}])
def test_8_a_grave_remedy_asks_for_consent_with_exactly_two_buttons_first(change):
    found = findings(cause(1, row(1), causal(2)), actions=(fix(**change),))
    story = investigating().says("here", found, files=(news(),))
    assert story.outcome.response_type is ResponseType.CONFIRMATION_REQUEST
    assert [action.intent.data["action"] for action in story.outcome.actions[:2]] == ["accept", "reject"]


@pytest.mark.parametrize("text", ["it does not work", "help me please", "We use Kubernetes 1.29."])
def test_8_without_a_symptom_one_question_is_asked_back(text):
    story = Story().says(text)
    assert story.outcome.response_type is ResponseType.CLARIFICATION_REQUEST
    assert [action.type for action in story.outcome.actions] == ["FREE_SPEECH"]


def test_8_a_message_about_nothing_is_asked_back_in_an_investigation():
    story = investigating().says("fix it please now")
    assert story.outcome.response_type is ResponseType.CLARIFICATION_REQUEST
    assert "refer to" in story.labels[0]


def test_8_two_read_only_checks_are_a_plan():
    found = findings(cause(1, row(1)), actions=(check(1), check(2), check(3), check(4), check(5)))
    story = with_state(investigating(found), onset=None)
    story.says("12 % of requests to the payments service fail, nothing changed").says("go on with it", found)
    story.says("please look deeper", replace(found, changes_searched=True))
    assert story.outcome.response_type in {ResponseType.PLAN_PROPOSAL, ResponseType.NEEDS_MORE_DATA}
    if story.outcome.response_type is ResponseType.PLAN_PROPOSAL:
        assert 2 <= len(story.outcome.actions) <= 4


def test_8_a_plan_has_two_to_four_read_only_commands():
    found = findings(
        cause(1, row(1), causal(2), row(3)), cause(2, row(4), causal(5), family="b"), actions=tuple(check(n) for n in range(6))
    )
    story = investigating(found).says("12 % of requests to the payments service fail, nothing changed", found)
    assert story.outcome.response_type is ResponseType.PLAN_PROPOSAL
    assert len(story.outcome.actions) == 4
    assert all(action.type == "RUN" and action.risk.read_only for action in story.outcome.actions)


def test_a1_at_most_five_actions_and_one_ask():
    asks = [SuggestedAction(type="EVIDENCE", label=f"upload {n}") for n in range(2)]
    buttons = [SuggestedAction(type="DECIDE", label=f"choice {n}", payload="p") for n in range(9)]
    kept = actions.bounded((*asks, *buttons))
    assert len(kept) == 5
    assert sum(each.type == "EVIDENCE" for each in kept) == 1
    assert len(actions.bounded((buttons[0], buttons[0]))) == 1


def test_a1_texts_keep_the_limits_of_the_wire():
    long = SuggestedAction(type="DECIDE", label="l" * 200, payload="p" * 900, body="b" * 900, hints=("h" * 300,) * 9)
    kept = actions.bounded((long,))[0]
    assert (len(kept.label), len(kept.payload), len(kept.body), len(kept.hints), len(kept.hints[0])) == (75, 500, 300, 5, 120)


def test_a3_a_changing_command_in_a_check_is_not_shown():
    bad = replace(check(1), read_only=False, command="kubectl delete pod x")
    story = investigating(findings(cause(1, row(1)))).says("what now?", findings(cause(1, row(1)), actions=(bad,)))
    assert not any(action.type == "RUN" for action in story.outcome.actions)


def test_a4_a_change_that_does_not_say_how_to_verify_is_not_proposed():
    blind = fix(verify="")
    story = investigating().says("here", findings(cause(1, row(1), causal(2)), actions=(blind,)), files=(news(),))
    assert story.state.solutions == ()
    assert not any(action.type == "RUN" for action in story.outcome.actions)


def test_a3_a_command_that_does_not_fit_the_wire_is_left_out():
    long = replace(check(1), command="x" * 601)
    story = investigating(findings(cause(1, row(1)))).says("what now?", findings(cause(1, row(1)), actions=(long,)))
    assert not any(action.type == "RUN" for action in story.outcome.actions)


def test_a5_below_confident_the_fix_is_shown_for_the_leader_only_after_the_mitigation_and_marked():
    found = findings(
        cause(1, row(1)),
        cause(2, row(2), family="b"),
        actions=(fix(), fix("b"), fix(kind="mitigation", text="Relieve", command="kubectl scale x"), check()),
    )
    story = investigating(found).says("prod is down, what now?", found)
    runs = [action for action in story.outcome.actions if action.type == "RUN"]
    assert runs[0].label == "Relieve"
    assert not any("Repair b" in action.label for action in runs)
    fixes = [action for action in runs if action.label == "Repair disk_full"]
    assert all(action.body.startswith("Once confirmed by: Look at 1") for action in fixes)
    assert "solution_proposed" not in story.state.milestones


def test_a6_the_first_reply_carries_the_pair_of_l1_and_the_leaders_steps():
    found = findings(cause(1, row(1), causal(2)), actions=(check(), fix()))
    story = Story().says(SYMPTOM, found, files=(news(),))
    assert story.outcome.response_type is ResponseType.CONFIRMATION_REQUEST
    assert [action.type for action in story.outcome.actions] == ["DECIDE", "DECIDE", "RUN", "RUN"]
    assert story.state.hypotheses[0].likelihood == 0.50
    assert story.state.conclusion is None


def test_every_decide_has_a_payload_and_an_intent_and_every_run_a_risk():
    found = findings(
        cause(1, row(1), causal(2)), actions=(check(), fix(), fix(kind="mitigation", text="Relieve", command="scale"))
    )
    stories = [
        Story().says(SYMPTOM, found, files=(news(),)),
        identified(),
        investigating().requests("closed"),
        Story().says("an attacker has shell"),
        investigating().says("", findings(), files=(news(confidence=0.4),)),
    ]
    for story in stories:
        for action in story.outcome.actions:
            assert action.label
            assert (action.type != "DECIDE") or (action.payload and action.intent is not None)
            assert (action.type != "RUN") or (action.payload and action.risk is not None)


def test_do2_an_identified_cause_asks_for_the_gap_last():
    story = identified().says("why does it happen?")
    assert story.outcome.actions[-1].type == "FREE_SPEECH"
    assert "affected" in story.outcome.actions[-1].label


def test_a_greeting_is_answered_without_actions_of_its_own():
    story = Story().says("hello")
    assert story.outcome.response_type is ResponseType.ANSWER
    assert story.state.pending is None
    assert story.outcome.actions == ()


def test_an_alarm_of_an_ended_case_offers_no_close():
    story = investigating()
    ended = replace(story.state, status=CaseStatus.CLOSED)
    assert not responses.facts(_draft(ended), 0).plan_size
    assert len(actions._escalating(_draft(ended))) == 2


def _draft(state):
    from domain.case.draft import TurnDraft
    from domain.case.intents import read_message
    from domain.case.outcome import TurnInput
    from domain.case.turns import Intent
    from tests.unit.domain.case.build import NOON

    reading = read_message("hello", False, None, NOON)
    return TurnDraft(
        before=state, state=state, turn=TurnInput(turn_key="k", number=9, intent=Intent(), reading=reading, now=NOON)
    )


def test_a_grave_remedy_needs_a_remedy_that_is_new():
    assert not responses.is_grave(_draft(identified().state))
    assert actions._remedy(investigating().state) is None

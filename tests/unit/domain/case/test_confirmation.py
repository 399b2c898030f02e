"""The two-turn confirmation, rule by rule."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case.outcome import ResponseType
from domain.case.state import CaseStatus, RowCategory
from domain.case.transitions import NEXT
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    Story,
    a_case,
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

SYMPTOM = "checkout is failing since 11:00"


def solved() -> Story:
    """A case in which cause, applied fix and absence of the symptom stand."""
    story = identified()
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")
    return story


def gone(story: Story) -> Story:
    return story.says("", findings(symptoms=(row(1, RowCategory.SYMPTOM_ABSENCE, "file_2"),)), files=(news(2),))


def test_p0_a_request_is_asked_back_and_changes_nothing_yet():
    story = investigating().requests("closed")
    assert story.state.status is CaseStatus.INVESTIGATING
    assert story.state.pending.target == "closed"
    assert story.outcome.response_type is ResponseType.CONFIRMATION_REQUEST
    assert [action.type for action in story.outcome.actions[:2]] == ["DECIDE", "DECIDE"]
    assert all(action.intent.data["pending_id"] == story.state.pending.pending_id for action in story.outcome.actions[:2])


def test_p0_resolve_without_cause_gives_advice_and_nothing_pends():
    story = investigating()
    story = with_state(story, rows=story.state.rows).says("the errors are gone now", None)
    story.requests("resolved")
    assert story.state.pending is None
    assert story.outcome.response_type is ResponseType.STATUS_UPDATE
    assert any("cause is not identified" in notice for notice in story.outcome.notices)


@pytest.mark.parametrize("answer", ["Yes!", "go ahead", "👍"])
def test_p1_a_yes_on_a_later_turn_goes_through(answer):
    assert investigating().requests("closed").says(answer).state.status is CaseStatus.CLOSED


def test_p1_the_same_menu_twice_goes_through():
    assert investigating().requests("closed").requests("closed").state.status is CaseStatus.CLOSED


def test_p1_a_pressed_button_goes_through():
    story = investigating().requests("closed")
    assert story.presses(story.outcome.actions[0]).state.status is CaseStatus.CLOSED


def test_p1_grounds_that_went_away_stop_the_transition():
    story = gone(solved())
    assert story.state.pending.target == "resolved"
    story = with_state(story, rows=tuple(each for each in story.state.rows if each.category is not RowCategory.SYMPTOM_ABSENCE))
    story.says("yes")
    assert story.state.status is CaseStatus.INVESTIGATING
    assert story.state.pending is None
    assert any("symptom is gone" in notice for notice in story.outcome.notices)


@pytest.mark.parametrize("answer", ["No", "never mind"])
def test_p2_a_no_clears_the_question(answer):
    story = investigating().requests("closed").says(answer)
    assert story.state.status is CaseStatus.INVESTIGATING
    assert story.state.pending is None
    assert story.outcome.response_type is ResponseType.STATUS_UPDATE


def test_p2_a_declining_button_clears_the_question():
    assert investigating().requests("closed").confirms(False).state.pending is None


def test_p3_a_no_with_content_clears_and_its_content_becomes_a_row():
    story = investigating().requests("closed").says("no, it happened again at 10:40")
    assert story.state.pending is None
    assert [new.quote for new in story.outcome.rows] == ["no, it happened again at 10:40"]


@pytest.mark.parametrize("answer", ["hmm", "what would that change?"])
def test_p4_an_unclear_reply_shows_the_same_pair_once_more(answer):
    story = investigating().requests("closed")
    first = story.state.pending.pending_id
    story.says(answer)
    assert story.state.pending.pending_id == first
    assert story.state.pending.asked == 2
    assert story.outcome.response_type is ResponseType.CONFIRMATION_REQUEST


def test_p5_a_second_unclear_reply_ends_the_question():
    assert investigating().requests("closed").says("hmm").says("hmm hmm").state.pending is None


def test_p6_a_revised_statement_opens_a_new_question_with_a_new_fingerprint():
    story = Story().says(SYMPTOM)
    first = story.state.pending
    story.says("it is only the EU shop: checkout p99 is 4 s there")
    assert story.state.pending.pending_id != first.pending_id
    assert story.state.pending.fingerprint != first.fingerprint
    assert story.state.status is CaseStatus.INQUIRY


def test_p6_a_new_file_puts_the_question_aside():
    story = investigating().requests("closed").says("", findings(), files=(news(),))
    assert story.state.pending is None
    assert story.state.status is CaseStatus.INVESTIGATING


def test_p7_another_target_replaces_the_question():
    story = gone(solved())
    assert story.state.pending.target == "resolved"
    story.requests("closed")
    assert story.state.pending.target == "closed"
    assert story.state.status is CaseStatus.INVESTIGATING


@pytest.mark.parametrize("pending_id", ["pend_of_last_week"])
def test_p8_a_stale_button_changes_nothing_and_shows_the_live_pair(pending_id):
    story = investigating().requests("closed")
    before = story.state.pending
    story.confirms(True, pending_id)
    assert story.state.pending == before
    assert story.state.status is CaseStatus.INVESTIGATING
    assert len(story.outcome.actions) == 2


def test_p8_a_confirmation_with_nothing_pending_is_a_status_update():
    story = investigating().confirms(True)
    assert story.outcome.response_type is ResponseType.STATUS_UPDATE
    assert story.state.status is CaseStatus.INVESTIGATING


def test_p9_another_intent_clears_the_question_and_is_done():
    story = investigating(findings(cause(1, row(1)))).requests("closed")
    own = story.state.hypotheses[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action="refute", reason="we looked")
    assert story.state.pending is None
    assert story.state.hypotheses[0].status == "refuted"


def test_p10_five_declines_bring_at_most_two_offers():
    story, offered = Story(), 0
    for number in range(12):
        story.says(f"checkout-{number} is failing since 11:00")
        if story.state.pending:
            offered += 1
            story.says("no")
    assert offered == 2


def test_p10_a_declined_offer_is_not_repeated_without_new_grounds():
    story = gone(solved())
    story.says("no")
    for _ in range(6):
        story.says("what else could we look at here")
        assert story.state.pending is None


def test_p10_users_may_ask_any_time():
    story = Story().says(SYMPTOM).says("no").requests("investigating")
    assert story.state.pending.target == "investigating"


def test_r4_a_fix_without_a_cause_is_asked_once_then_closing_is_suggested():
    story = investigating().says("we restarted the pods").says("works again, no errors since then")
    story.requests("resolved")
    assert any("cause is not identified" in notice for notice in story.outcome.notices)
    story.requests("resolved")
    assert any("Closing it would record: mitigation sufficient" in notice for notice in story.outcome.notices)
    assert "Close the case instead" in story.labels
    assert story.state.pending is None


def test_r4_from_inquiry_the_user_may_start_or_close():
    story = Story().requests("resolved")
    assert any("start the investigation or close" in notice for notice in story.outcome.notices)


def test_r5_closing_a_resolvable_case_offers_resolve_and_a_second_request_closes():
    story = gone(solved()).says("no").requests("closed")
    assert story.labels[:2] == ["Close anyway", "Mark it resolved"]
    story.requests("closed")
    assert story.state.status is CaseStatus.CLOSED
    assert story.state.closure_reason == "solution_deferred"


def test_r5_the_offered_resolve_asks_again_and_resolves():
    story = gone(solved()).says("no").requests("closed")
    story.presses(story.outcome.actions[1])
    assert story.state.pending.target == "resolved"
    assert story.says("yes").state.status is CaseStatus.RESOLVED


def test_starting_without_a_symptom_asks_for_one():
    story = Story().requests("investigating")
    assert story.state.status is CaseStatus.INQUIRY
    assert any("describe the symptom" in notice for notice in story.outcome.notices)


def test_l6_one_click_never_ends_a_critical_case():
    story = investigating().says("prod is down, sev1").requests("closed", user_confirmed="true")
    assert story.state.status is CaseStatus.INVESTIGATING


def test_l6_only_the_explicit_close_command_carries_both():
    assert investigating().requests("closed", command="close").state.status is CaseStatus.CLOSED
    assert investigating().requests("resolved", command="close").state.status is CaseStatus.INVESTIGATING


def test_l7_user_confirmed_is_ignored():
    story = Story().says(SYMPTOM).says("no").requests("closed", user_confirmed="true")
    assert story.state.status is CaseStatus.INQUIRY
    assert story.state.pending.target == "closed"


def test_l8_a_stale_menu_changes_nothing():
    story = investigating()
    before = story.state
    story.requests("closed", from_state="inquiry")
    assert story.state == replace(before, turn=before.turn + 1, revision=before.revision + 1, updated_at=story.state.updated_at)
    assert any("it is investigating now" in notice for notice in story.outcome.notices)


WORDS = [
    "yes",
    "no",
    "hmm",
    SYMPTOM,
    "thanks",
    "status?",
    "no, again",
    "we rolled back the release",
    "works again now",
    "is it the network?",
]
RICH = findings(cause(1, row(1), causal(2)), symptoms=(row(9, RowCategory.SYMPTOM_ABSENCE),), actions=(fix(),))


@given(
    st.lists(
        st.one_of(
            st.sampled_from(WORDS), st.sampled_from(["investigating", "resolved", "closed", "inquiry", "", "+", "-", "fix"])
        ),
        max_size=14,
    )
)
@settings(max_examples=150, deadline=None)
def test_l5_whatever_a_user_does_only_legal_edges_are_taken_and_never_in_one_turn(steps):
    story = Story(a_case())
    for step in steps:
        before = story.state
        match step:
            case "+" | "-":
                story.confirms(step == "+")
            case "fix" if before.solutions:
                story.clicks(IntentType.SOLUTION_ACTION, solution_id=before.solutions[0].solution_id, action="applied")
            case "investigating" | "resolved" | "closed" | "inquiry" | "":
                story.requests(step)
            case _:
                story.says(step, RICH)
        after = story.state
        assert after.revision == before.revision + 1
        if after.status is not before.status:
            assert after.status in NEXT[before.status]
            assert before.pending is not None
            assert before.pending.target == after.status
            assert before.pending.turn < after.turn
        assert len(story.outcome.actions) <= 5
        assert (after.closure_reason != "") == (after.status is CaseStatus.CLOSED)

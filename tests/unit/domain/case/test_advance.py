"""One turn as a pure function: plan, advance, news, failure."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.case.advance import advance, apply_news, failed, plan
from domain.case.intents import read_message
from domain.case.outcome import Advanced, ResponseType, TurnInput, TurnPlan
from domain.case.policy import Policy
from domain.case.state import CaseState, CaseStatus, LoopBack, Stance
from domain.case.turns import Intent, IntentType
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


def a_turn(state: CaseState, text: str = "", model: bool = True, **fields) -> TurnInput:
    intent = fields.pop("intent", Intent())
    reading = read_message(text, bool(fields.get("files")), state.pending, NOON)
    return TurnInput(
        turn_key="k",
        number=state.turn + 1,
        intent=intent,
        reading=reading,
        now=NOON,
        has_text=bool(text),
        model_configured=model,
        **fields,
    )


def planned(state: CaseState, text: str = "", **fields) -> TurnPlan:
    return plan(state, a_turn(state, text, **fields))


@pytest.mark.parametrize("text", ["thanks!", "status?", ""])
def test_j7_d2_small_talk_takes_no_step(text):
    assert planned(investigating().state, text) == TurnPlan(investigate=False)


def test_j7_a_click_takes_no_step_and_a_reclassification_reads_again():
    state = investigating().state
    assert not planned(state, intent=Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed"})).investigate
    again = planned(state, intent=Intent(type=IntentType.FILE_RECLASSIFICATION, data={}))
    assert again == TurnPlan(investigate=True)


def test_j7_answers_to_a_pending_question_take_no_step_but_questions_do():
    state = investigating().requests("closed").state
    assert not planned(state, "yes").investigate
    assert not planned(state, "hmm").investigate
    assert planned(state, "what would that change?").investigate


def test_j7_without_a_model_the_rules_run_alone():
    assert planned(investigating().state, "why?", model=False) == TurnPlan(investigate=True)


def test_j7_effort_follows_need():
    state = investigating().state
    assert planned(a_case(), "why does checkout fail?") == TurnPlan(investigate=True, model_steps=2, model_tokens=20_000)
    assert planned(identified().state, "why does checkout fail?").model_steps == 2
    assert planned(state, "why does checkout fail?") == TurnPlan(investigate=True, model_steps=3, model_tokens=50_000)
    for harder in (
        {"turns_without_progress": 3},
        {"urgency": "critical", "temporal": "ongoing"},
        {"loop_back": LoopBack(reason="failed_fix", count=1, turn=state.turn)},
        {"leader_turns": 3},
    ):
        assert planned(replace(state, **harder), "why?") == TurnPlan(investigate=True, model_steps=6, model_tokens=100_000)
    assert planned(identified().state, "it happened again").model_steps == 6


def test_j7_a_loop_back_is_worked_on_for_three_turns():
    back = LoopBack(reason="refuted_leader", count=1, turn=4)
    steps = [planned(replace(investigating().state, loop_back=back, turn=turn), "why?").model_steps for turn in range(4, 9)]
    assert steps == [6, 6, 6, 3, 3]


def test_a_file_alone_is_investigated():
    state = investigating().state
    assert planned(state, files=(news(),)).investigate


def test_a_failed_turn_is_answered_and_changes_nothing_but_the_count():
    state = investigating().state
    after = failed(state, a_turn(state, "hello", files=(news(4),)))
    assert after.outcome.response_type is ResponseType.ERROR
    assert after.outcome.actions == ()
    assert after.state.turn == state.turn + 1
    assert after.state.revision == state.revision + 1
    assert after.state.rows == state.rows
    assert after.state.files[-1].file_id == "file_4"


def test_news_add_files_once_and_count_a_revision():
    state = apply_news(a_case(), (news(1, status="completed"), news(1, lines=200)))
    assert [(file.file_id, file.lines) for file in state.files] == [("file_1", 200)]
    assert state.revision == 1
    assert apply_news(state, ()) == state


def test_e6_a_removed_file_takes_its_weight_away():
    story = identified()
    after = apply_news(story.state, (news(1, status="removed"),))
    assert all(each.source_removed for each in after.rows if each.file_id == "file_1")
    assert after.hypotheses[0].likelihood == pytest.approx(0.50)
    assert "root_cause_identified" not in after.milestones
    assert after.files == ()
    early = Story().says("see the log", findings(cause(1, row(1))), files=(news(),)).state
    assert apply_news(early, (news(1, status="removed"),)).held[0].source_removed


def test_b6_the_reply_says_what_was_ruled_out():
    story = investigating(findings(cause(1, row(1))))
    story.says(
        "measured", findings(cause(1, *(row(9 + n, stance=Stance.REFUTES, file="file_2") for n in range(3)))), files=(news(2),)
    )
    assert any(notice.startswith("Ruled out") for notice in story.outcome.notices)
    assert [entry.kind for entry in story.state.journal if entry.kind == "ruled_out"] == ["ruled_out"]


def test_milestones_of_a_turn_are_those_that_became_true():
    story = investigating().says("12 % of requests to the payments service fail")
    assert story.outcome.milestones_completed == ("scope_assessed",)
    story.says("it does that still, 12 % of requests to payments service fail")
    assert story.outcome.milestones_completed == ()


def test_t1_a_title_is_proposed_once_there_is_substance():
    story = Story().says("checkout is failing since 11:00")
    assert story.outcome.proposed_title == ""
    story.says("The checkout p99 is 4 s for EU customers. " * 5)
    assert story.outcome.proposed_title == "checkout failing 11:00"


def test_l6_silence_and_time_change_nothing():
    story = investigating()
    late = a_turn(story.state, "thanks!")
    assert advance(story.state, replace(late, now=NOON.replace(year=2030)), None).state.status is CaseStatus.INVESTIGATING


TEXTS = [
    "checkout is failing since 11:00",
    "yes",
    "no",
    "thanks",
    "we rolled back the release",
    "it happened again",
    "works again now",
    "prod is down",
]
FOUND = [
    None,
    findings(),
    findings(cause(1, row(1), causal(2)), actions=(fix(),), symptoms=(row(3),)),
    findings(cause(1, row(9, stance=Stance.REFUTES, decisive=True)), cause(2, row(4), family="b")),
    findings(onset=event(0), onset_precise=True, timeline=(event(-4, change=True),), breach=True),
]


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, len(FOUND) - 1), st.booleans()), max_size=10))
@settings(max_examples=60, deadline=None)
def test_any_story_keeps_the_bounds_and_the_same_story_ends_the_same(steps):
    def told() -> Story:
        story = Story(policy=Policy())
        for text, index, filed in steps:
            story.says(text, FOUND[index], files=(news(index),) if filed else ())
            assert len(story.outcome.actions) <= 5
            assert all(0.02 <= each.likelihood <= 0.95 for each in story.state.hypotheses)
            assert all((each.refutation_reason != "") == (each.status == "refuted") for each in story.state.hypotheses)
            assert story.state.status is not CaseStatus.INQUIRY or not story.state.rows
        return story

    first, second = told(), told()
    assert first.state == second.state
    if first.last is not None:
        adapter = TypeAdapter(Advanced)
        assert adapter.validate_json(adapter.dump_json(first.last)) == first.last

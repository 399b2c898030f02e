"""Going round in circles: one category, nothing decided, the same question, the same remedy (AN3, S3, S7, S8)."""

from dataclasses import replace

import pytest

from domain.case import circles, hypotheses, needs, repairs, stall
from domain.case.outcome import ResponseType
from domain.case.policy import DEFAULT
from domain.case.state import Category, HypothesisStatus, Solution
from domain.case.turns import IntentType
from tests.unit.domain.case.build import Story, causal, cause, findings, fix, investigating, need, news, row, with_state

CONFIG = Category.CONFIG
SPENT = tuple(cause(3, row(n), family=f"f{n}", category=CONFIG) for n in range(4))
FIFTH = {"family": "f5", "category": CONFIG}


def ended(story: Story, status: HypothesisStatus, **fields) -> Story:
    """Return the story with all its ideas so."""
    return with_state(story, hypotheses=tuple(replace(each, status=status) for each in story.state.hypotheses), **fields)


def families(story: Story) -> set[str]:
    return {each.family for each in story.state.hypotheses}


def test_an3_a_category_with_four_dead_ideas_takes_no_fifth_without_a_new_template():
    story = ended(investigating(findings(*SPENT)), HypothesisStatus.REFUTED)
    assert circles.is_closed(story.state.hypotheses, CONFIG, DEFAULT)
    story.says("could it be another setting?", findings(cause(1, row(2), **FIFTH)))
    assert "f5" not in families(story)
    story.says("here is a diff of the configuration", findings(cause(1, row(9), **FIFTH)), files=(news(2),))
    assert "f5" in families(story)


def test_an3_three_dead_ideas_close_nothing_and_other_categories_and_people_are_always_heard():
    story = ended(investigating(findings(*SPENT[:3])), HypothesisStatus.INCONCLUSIVE)
    assert "f5" in families(story.says("another setting?", findings(cause(1, row(2), **FIFTH))))
    story = ended(investigating(findings(*SPENT)), HypothesisStatus.INCONCLUSIVE)
    other, own = cause(1, row(2), family="code", category=Category.CODE), cause(1, row(2), origin="user", **FIFTH)
    assert {"code", "f5"} <= families(story.says("what else?", findings(other, own)))


def test_an3_forced_breadth_does_not_dig_in_a_closed_category():
    story = ended(investigating(findings(*SPENT)), HypothesisStatus.REFUTED)
    state = repairs.widened(story.state, "hypothesis_anchoring", None, DEFAULT)
    assert [each for each in state.hypotheses if each.family == "any_config"] == []


def deadlocked(**fields) -> Story:
    trio = [cause(n, row(n), family=f"f{n}", category=one) for n, one in enumerate(("code", "config", "network"), start=1)]
    return ended(investigating(findings(*trio)), HypothesisStatus.INCONCLUSIVE, **fields)


def test_s3_ideas_that_are_all_inconclusive_are_put_aside_once_and_the_search_begins_anew():
    story = deadlocked().says("and what now?")
    assert story.state.repair == "hypothesis_deadlock"
    assert {each.family for each in story.state.hypotheses if each.status is HypothesisStatus.RETIRED} == {"f1", "f2", "f3"}
    fresh = hypotheses.in_status(story.state.hypotheses, HypothesisStatus.ACTIVE)
    assert len(fresh) >= 2
    assert not {"code", "config", "network"} & {each.category.value for each in fresh}
    assert any("begins anew" in notice for notice in story.outcome.notices)
    assert not story.state.exhausted


def test_s3_what_was_put_aside_does_not_come_back_without_new_rows():
    story = deadlocked().says("and what now?")
    count = len(story.state.hypotheses)
    story.says("again?", findings(cause(1, row(1), family="f1", category=Category.CODE)))
    assert len(story.state.hypotheses) == count


def test_s3_a_second_deadlock_counts_as_exhausted():
    story = deadlocked(deadlocks=1).says("and what now?")
    assert story.state.exhausted
    assert story.state.repair == "exhausted"
    assert story.outcome.response_type is ResponseType.ESCALATION_REQUIRED


@pytest.mark.parametrize("status", [HypothesisStatus.CAPTURED, HypothesisStatus.ACTIVE, HypothesisStatus.VALIDATED])
def test_s3_one_live_idea_is_no_deadlock(status):
    state = deadlocked().state
    assert circles.is_deadlocked(state, DEFAULT)
    first, *others = state.hypotheses
    assert not circles.is_deadlocked(replace(state, hypotheses=(replace(first, status=status), *others)), DEFAULT)
    assert not circles.is_deadlocked(replace(state, hypotheses=tuple(others)), DEFAULT)


ASKED = "The log of the service around the first error at noon"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ASKED.lower() + "!", True),
        ("The whole log of the service around the first error at noon", True),
        ("Metrics of the database around the first error", False),
        ("", False),
    ],
)
def test_s7_a_question_is_the_same_when_hardly_a_word_differs(other, same):
    assert circles.is_same_question(ASKED, other, DEFAULT) is same


def test_s7_a_reworded_question_counts_as_the_same_and_is_asked_three_times_at_most():
    story, found, asked = investigating(findings(cause(1, row(1)))), cause(1, row(1)), []
    wordings = [ASKED, "The " * 2 + ASKED[4:], ASKED.replace("first", "very first"), ASKED.upper(), ASKED + " please"]
    for number, wording in enumerate(wordings):
        wanted = findings(found, needs=(need(text=wording, hints=(f"kind {number}",), separates=True),))
        story.says(f"thought {number}", wanted)
        asked += [action.body for action in story.outcome.actions if action.evidence_need_id]
    assert len(asked) == 3
    told = [each for each in story.state.needs if circles.is_same_question(each.text, ASKED, DEFAULT)]
    assert len(told) >= 3
    assert not any(needs.is_open(each) for each in told)


def test_s7_four_turns_on_one_topic_without_progress_widen_the_search():
    story = with_state(investigating(findings(cause(1, row(1)))), asked_topic="scope", topic_turns=3)
    story.says("no idea")
    assert (story.state.asked_topic, story.state.topic_turns) == ("scope", 4)
    story.says("still no idea")
    assert story.state.repair == "hypothesis_anchoring"
    assert story.state.topic_turns <= 1


def test_s7_progress_or_another_topic_ends_the_count():
    state = investigating(findings(cause(1, row(1)))).says("no idea").state
    ask = needs.next_ask(state, DEFAULT)
    stuck = replace(state, asked_topic=ask.topic, topic_turns=3)
    assert circles.on_topic(stuck, ask, progress=False).topic_turns == 4
    assert circles.on_topic(stuck, ask, progress=True).topic_turns == 0
    assert circles.on_topic(replace(stuck, asked_topic="else"), ask, progress=False).topic_turns == 1
    assert circles.on_topic(stuck, None, progress=False) == stuck


def proposed(story: Story) -> list[Solution]:
    return [each for each in story.state.solutions if each.state == "proposed"]


def reject(story: Story) -> Story:
    (solution,) = proposed(story)
    return story.clicks(IntentType.SOLUTION_ACTION, solution_id=solution.solution_id, action="reject")


def test_s7_a_solution_rejected_twice_is_not_proposed_a_third_time():
    rows = [row(1), causal(2)]
    story = investigating().says("here is the log", findings(cause(1, *rows), actions=(fix(),)), files=(news(),))
    reject(story)
    assert proposed(story) == []
    assert proposed(story.says("and now?", findings(cause(1, *rows), actions=(fix(),)))) == []
    for number in (2, 3):
        rows.append(row(number, file=f"file_{number}"))
        story.says("more of it", findings(cause(1, *rows), actions=(fix(),)), files=(news(number),))
        if number == 2:
            reject(story)
    assert proposed(story) == []
    assert [each.rejections for each in story.state.solutions] == [2]
    assert not any(action.type == "RUN" for action in story.outcome.actions)


def test_s8_of_several_repairs_the_first_is_made_and_no_other():
    worn = ("kubectl apply f disk full yaml", 5)
    story = investigating(findings(cause(1, row(1)), cause(2, row(2), family="b", category="code")))
    failed = Solution(
        solution_id="sol_1", text="x", kind="remediation", hypothesis_id="", state="failed", turn=2, failed_turn=story.state.turn
    )
    state = replace(story.state, proposed=(worn,), solutions=(failed,), failed_fixes=2, leader_turns=9)
    found = findings(actions=(fix(),))
    dead = tuple(replace(each, status=HypothesisStatus.INCONCLUSIVE) for each in (*state.hypotheses, *state.hypotheses))
    assert repairs.due(replace(state, hypotheses=dead), found, DEFAULT) == "fix_failure_cycle"
    state = replace(state, failed_fixes=1)
    assert repairs.due(replace(state, hypotheses=dead), found, DEFAULT) == "hypothesis_deadlock"
    assert repairs.due(state, found, DEFAULT) == "hypothesis_anchoring"
    state = replace(state, leader_turns=0)
    assert repairs.due(state, found, DEFAULT) == "action_loop"
    assert repairs.due(state, None, DEFAULT) == ""


def test_s8_exhaustion_is_said_only_when_nothing_else_is_repaired():
    refuted = investigating(findings(cause(1, row(1)), cause(2, row(2), family="b", category="code")))
    story = ended(refuted, HypothesisStatus.REFUTED, investigative_turns=7, turns_without_progress=4, conclusion=None)
    story = with_state(story, proposed=(("kubectl apply f disk full yaml", 5),))
    story.says("anything?", findings(actions=(fix(),)))
    assert story.state.repair == "action_loop"
    assert stall.is_exhausted(story.state, DEFAULT)

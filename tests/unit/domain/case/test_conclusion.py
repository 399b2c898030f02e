"""Cause state, assurance, caps and the words for them."""

from dataclasses import replace

import pytest

from domain.case import conclusion
from domain.case.conclusion import judge, overclaims
from domain.case.policy import DEFAULT
from domain.case.state import CaseStatus, HypothesisStatus, Need, RowCategory, Solution
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    Story,
    a_case,
    causal,
    cause,
    check,
    findings,
    identified,
    investigating,
    need,
    news,
    refuting,
    row,
    with_state,
)


def fixed(*rows) -> Story:
    """An identified cause whose fix was applied, and what was seen after it."""
    story = identified()
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")
    gone = [each for each in rows if each.category is RowCategory.SYMPTOM_ABSENCE]
    about = [each for each in rows if each.category is not RowCategory.SYMPTOM_ABSENCE]
    return story.says("", findings(cause(1, *about), symptoms=tuple(gone)), files=(news(2),))


SYMPTOM_GONE = row(1, RowCategory.SYMPTOM_ABSENCE, "file_2")
CAUSE_GONE = row(2, RowCategory.CAUSAL_ABSENCE, "file_2")


def test_c1_one_candidate_is_a_candidate():
    story = investigating(findings(cause(1, row(1))))
    assert conclusion.cause_state(story.state.hypotheses) == "candidates"
    assert conclusion.cause_state(()) == "unknown"
    assert conclusion.cause_state(identified().state.hypotheses) == "identified"


def test_c2_gone_symptom_alone_is_mechanistic_and_with_the_cause_gone_confirmed():
    assert fixed(SYMPTOM_GONE).state.conclusion.assurance == "mechanistic"
    confirmed = fixed(SYMPTOM_GONE, CAUSE_GONE).state
    assert confirmed.conclusion.assurance == "confirmed"
    assert confirmed.hypotheses[0].likelihood == pytest.approx(0.95)
    assert confirmed.conclusion.level == "verified"


def test_c2_before_any_fix_absence_confirms_nothing():
    story = identified().says("", findings(cause(1, CAUSE_GONE), symptoms=(SYMPTOM_GONE,)), files=(news(2),))
    assert story.state.conclusion.assurance == "mechanistic"


def test_c2_what_an_outsider_can_write_never_confirms():
    forged = replace(CAUSE_GONE, untrusted=True)
    assert fixed(SYMPTOM_GONE, forged).state.conclusion.assurance == "mechanistic"


def test_c2_an_active_hypothesis_has_no_root():
    assert investigating(findings(cause(1, row(1)))).state.conclusion.assurance == "no_root"


@pytest.mark.parametrize(
    ("text", "assurance", "over"),
    [
        ("It is definitely the disk", "mechanistic", True),
        ("It is definitely the disk", "confirmed", False),
        ("The disk is the likely cause", "no_root", False),
        ("It is definitely the disk", "", None),
    ],
)
def test_c3_certainty_without_a_confirmed_cause_is_overclaimed(text, assurance, over):
    assert conclusion.overclaims(text, assurance) is over


@pytest.mark.parametrize(
    ("confidence", "word"),
    [
        (0.95, "verified"),
        (0.90, "verified"),
        (0.80, "confident"),
        (0.70, "confident"),
        (0.69, "probable"),
        (0.50, "probable"),
        (0.49, "speculation"),
    ],
)
def test_c4_four_words_say_how_sure(confidence, word):
    assert conclusion.level(confidence) == word


def test_c5_quotes_alone_cap_at_0_45():
    story = investigating(findings(cause(3)))
    own = story.state.hypotheses[0]
    links = tuple(row(n, file="", witness=f"quote:{n}") for n in range(3))
    cited, standings = judge((cause(1, *links),))
    assert cited == "candidates"
    assert standings[0].confidence == pytest.approx(0.45)
    assert own.status is HypothesisStatus.ACTIVE


def test_c5_no_mechanism_caps_at_0_60_and_no_counterfactual_at_0_80():
    _, standings = judge((cause(1, row(1), row(2)),))
    assert (standings[0].likelihood, standings[0].confidence) == (pytest.approx(0.80), pytest.approx(0.60))
    _, standings = judge((cause(1, row(1), causal(2), causal(3)),))
    assert standings[0].confidence == pytest.approx(0.80)


def test_c5_the_lower_limitation_caps_and_goes_with_its_condition():
    story = investigating(findings(cause(1, row(1), causal(2), refuting())))
    limited = replace(story.state, limitations=("expertise_required", "general_limitation"))
    assert conclusion.standing(limited.hypotheses[0], limited).confidence == pytest.approx(0.40)
    assert conclusion.standing(story.state.hypotheses[0], story.state).confidence == pytest.approx(0.60)


def test_a_lost_core_dump_makes_the_leader_probable_until_it_arrives():
    rival = cause(2, row(3), causal(4), family="rival")
    found = findings(cause(1, row(1), causal(2)), rival, needs=(need(text="the core dump"),))
    story = investigating(found).says("here", found, files=(news(),))
    lost = tuple(replace(each, obtainability="unobtainable") if each.topic == "cause" else each for each in story.state.needs)
    story = with_state(story, needs=lost, turn=story.state.turn)
    story.says("what now?", found)
    assert story.state.limitation == "critical_evidence_missing"
    assert story.state.conclusion.level == "probable"
    assert story.state.verification_status == "insufficient_evidence"
    story.says("found it", findings(cause(1, causal(9, file="file_5"))), files=(news(5),))
    assert story.state.limitation != "critical_evidence_missing"


def test_c6_nothing_likely_enough_gives_no_conclusion():
    story = investigating(findings(cause(3, refuting())))
    assert story.state.conclusion is None
    assert investigating().state.conclusion is None


def test_c6_used_up_ideas_give_no_conclusion_unless_one_is_validated():
    state = replace(investigating(findings(cause(1, row(1)))).state, exhausted=True)
    assert conclusion.concluded(state, "low", DEFAULT) is None
    assert conclusion.concluded(replace(identified().state, exhausted=True), "low", DEFAULT) is not None


def test_c7_the_conclusion_keeps_the_turn_that_last_changed_it():
    story = identified()
    changed = story.state.conclusion.turn
    story.says("and now?")
    assert story.state.conclusion.turn == changed


@pytest.mark.parametrize(
    ("fields", "momentum"),
    [
        ({"investigative_turns": 5, "progress_turns": (4, 5)}, "high"),
        ({"investigative_turns": 5, "progress_turns": (3, 4)}, "moderate"),
        ({"investigative_turns": 5, "progress_turns": (5,)}, "moderate"),
        ({"investigative_turns": 9, "turns_without_progress": 5}, "blocked"),
        (
            {
                "investigative_turns": 9,
                "needs": (Need(need_id="n", kind="k", hypothesis_id="", text="t", obtainability="unobtainable"),),
            },
            "blocked",
        ),
        ({"investigative_turns": 9, "turns_without_progress": 3}, "low"),
        ({}, "low"),
    ],
)
def test_c7_momentum_follows_the_newest_three_turns(fields, momentum):
    assert conclusion.momentum(a_case(**fields), DEFAULT) == momentum


def a_fix(**fields) -> Solution:
    return Solution(solution_id="s", text="t", kind="remediation", hypothesis_id="", turn=1, **fields)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "open"),
        ({"exhausted": True}, "insufficient_evidence"),
        ({"limitation": "critical_evidence_missing"}, "insufficient_evidence"),
        ({"solutions": (a_fix(state="failed", failed_turn=3),)}, "treatment_blocked"),
        ({"solutions": (a_fix(state="applied"),), "gates": ("solution_accepted",), "unverified_turns": 3}, "treatment_blocked"),
        ({"solutions": (a_fix(state="applied"),), "gates": ("solution_accepted",), "unverified_turns": 2}, "open"),
        ({"turns_without_progress": 5}, "not_yet_productive"),
    ],
)
def test_c8_the_header_has_one_word(fields, word):
    assert conclusion.verification(a_case(status=CaseStatus.INVESTIGATING, **fields), DEFAULT) == word


def test_c8_an_identified_cause_is_healthy():
    assert identified().state.verification_status == "healthy"


def test_ranked_causes_are_judged_on_a_throw_away_state_in_their_order():
    state, standings = judge((cause(1, row(1), causal(2)), cause(2, family="b"), cause(3, refuting(decisive=True), family="c")))
    assert state == "identified"
    assert [each.status for each in standings] == [HypothesisStatus.VALIDATED, HypothesisStatus.ACTIVE, HypothesisStatus.REFUTED]
    assert [each.assurance for each in standings] == ["mechanistic", "no_root", "no_root"]
    assert judge(()) == ("unknown", ())


def test_judging_many_causes_of_a_model_keeps_only_its_share():
    ideas = tuple(cause(n, family=f"idea{n}", origin="model") for n in range(5))
    assert len(judge(ideas)[1]) == 3


def test_a_check_is_no_solution():
    story = investigating().says("here", findings(cause(1, row(1), causal(2)), actions=(check(),)), files=(news(),))
    assert story.state.solutions == ()


@pytest.mark.parametrize(
    ("text", "assurance", "claimed"),
    [
        ("It is definitely the disk", "mechanistic", True),
        ("It is Confirmed", "no_root", True),
        ("It is definitely the disk", "confirmed", False),
        ("It is definitely the disk", "", None),
        ("It may be the disk", "no_root", False),
        ("Raise it (once confirmed by: a look)", "no_root", False),
    ],
)
def test_c3_certainty_is_claimed_by_words_without_a_confirmed_cause(text, assurance, claimed):
    assert overclaims(text, assurance) is claimed

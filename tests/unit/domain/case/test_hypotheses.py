"""Birth, weight and fate of hypotheses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import belief, hypotheses
from domain.case import rows as evidence
from domain.case.policy import DEFAULT
from domain.case.state import CaseStatus, Category, HypothesisStatus, Need, RowCategory, Stance
from domain.case.turns import IntentType
from tests.unit.domain.case.build import (
    CASE,
    Story,
    a_case,
    causal,
    cause,
    findings,
    fix,
    identified,
    investigating,
    need,
    news,
    refuting,
    row,
    with_state,
)

ACTIVE, VALIDATED = HypothesisStatus.ACTIVE, HypothesisStatus.VALIDATED


def weighed(*causes, slots=5):
    """The hypotheses of an investigation that has just found these causes."""
    state = a_case(status=CaseStatus.INVESTIGATING, turn=1)
    known, rows = hypotheses.absorb(state, causes, DEFAULT)
    state = replace(state, hypotheses=known, rows=evidence.united((), rows))
    return replace(state, hypotheses=hypotheses.settle(state, DEFAULT, slots))


def hypothesis(found, family="disk_full"):
    return next(each for each in reversed(found.hypotheses) if each.family == family)


@pytest.mark.parametrize(
    ("origin", "rank", "prior"),
    [
        ("rule", 1, 0.50),
        ("rule", 2, 0.40),
        ("rule", 3, 0.30),
        ("rule", 9, 0.30),
        ("rule", 0, 0.50),
        ("runbook", 1, 0.45),
        ("user", 1, 0.35),
        ("model", 1, 0.30),
        ("symptom", 1, 0.10),
    ],
)
def test_h1_the_prior_follows_origin_and_rank(origin, rank, prior):
    assert belief.prior(origin, rank, DEFAULT) == prior


@pytest.mark.parametrize(
    ("rank", "rows", "likelihood"),
    [
        (3, (row(1), row(2)), 0.60),
        (1, (row(1), row(2), row(3)), 0.80),
        (1, (refuting(decisive=True),), 0.10),
        (1, (refuting(1), refuting(2), refuting(3), refuting(4)), 0.02),
        (2, (), 0.40),
    ],
)
def test_h2_likelihood_counts_independent_rows(rank, rows, likelihood):
    assert hypothesis(weighed(cause(rank, *rows), slots=0)).likelihood == pytest.approx(likelihood)


def test_d4_equal_witnesses_of_one_file_count_once_and_of_two_files_twice():
    same = weighed(cause(3, row(1, witness="t"), row(2, witness="t")))
    assert hypothesis(same).likelihood == pytest.approx(0.45)
    two = weighed(cause(3, row(1, witness="t"), row(1, witness="t", file="file_2")))
    assert hypothesis(two).likelihood == pytest.approx(0.60)


def test_h2_neutral_rows_do_not_count():
    assert hypothesis(weighed(cause(3, row(1, stance=Stance.NEUTRAL)))).likelihood == pytest.approx(0.30)


@given(
    st.integers(1, 4), st.lists(st.sampled_from([Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL]), max_size=20), st.booleans()
)
def test_h2_likelihood_stays_between_floor_and_ceiling(rank, stances, decisive):
    rows = tuple(row(n, stance=stance, decisive=decisive) for n, stance in enumerate(stances))
    assert all(0.02 <= each.likelihood <= 0.95 for each in weighed(cause(rank, *rows)).hypotheses)


def test_h3_attention_moves_on_and_belief_does_not():
    stale = replace(hypothesis(weighed(cause(3, row(1), row(2)))), stale=3)
    assert stale.likelihood == pytest.approx(0.60)
    assert belief.rank(stale, DEFAULT) == pytest.approx(0.4335)
    assert belief.rank(replace(stale, stale=99), DEFAULT) == belief.rank(replace(stale, stale=5), DEFAULT)


def test_h4_three_of_eight_captured_become_active_at_the_start():
    many = tuple(cause(n, row(n), family=f"family_{n}", category=list(Category)[n]) for n in range(1, 9))
    story = Story().says("checkout is failing since 11:00", findings(*many))
    assert {each.status for each in story.state.hypotheses} == {HypothesisStatus.CAPTURED}
    assert [each.likelihood for each in story.state.hypotheses][:3] == [0.50, 0.40, 0.30]
    story.says("yes")
    assert len(hypotheses.in_status(story.state.hypotheses, ACTIVE)) == 3
    story.says("here is more", findings())
    assert len(hypotheses.in_status(story.state.hypotheses, ACTIVE)) == 5


def test_h5_two_rows_with_a_mechanism_and_no_near_rival_validate():
    assert hypothesis(weighed(cause(1, row(1), causal(2)))).status is VALIDATED
    assert hypothesis(weighed(cause(1, row(1), row(2)))).status is ACTIVE
    assert hypothesis(weighed(cause(1, causal(2)))).status is ACTIVE
    assert hypothesis(weighed(cause(1, row(1), causal(2), refuting()))).status is ACTIVE


def test_h5_a_near_rival_keeps_both_active_and_a_captured_one_never_blocks():
    rival = cause(2, row(3), causal(4), family="rival")
    near = weighed(cause(1, row(1), causal(2)), rival)
    assert {each.status for each in near.hypotheses} == {ACTIVE}
    captured = weighed(cause(1, row(1), causal(2)), rival, slots=1)
    assert hypothesis(captured).status is VALIDATED


def test_h6_elimination_needs_two_or_a_decisive_contradiction():
    assert hypothesis(weighed(cause(3, refuting()))).status is ACTIVE
    decisive = hypothesis(weighed(cause(1, refuting(decisive=True))))
    assert decisive.status is HypothesisStatus.REFUTED
    assert 1 <= len(decisive.refutation_reason) <= 200


def test_h7_three_test_turns_without_a_link_or_lost_needs_make_it_inconclusive():
    state = weighed(cause(1, row(1)))
    tested = replace(state, hypotheses=(replace(state.hypotheses[0], tested_turns=3),))
    assert hypotheses.settle(tested, DEFAULT, 5)[0].status is HypothesisStatus.INCONCLUSIVE
    own = state.hypotheses[0].hypothesis_id
    lost = Need(need_id="n", kind="causal_verification", hypothesis_id=own, text="dump", obtainability="unobtainable")
    assert hypotheses.settle(replace(state, needs=(lost,)), DEFAULT, 5)[0].status is HypothesisStatus.INCONCLUSIVE
    open_need = replace(lost, need_id="m", obtainability="unknown")
    assert hypotheses.settle(replace(state, needs=(lost, open_need)), DEFAULT, 5)[0].status is ACTIVE


def test_h8_an_unlikely_one_retires_after_three_turns_and_one_at_0_30_does_not():
    low = weighed(cause(3, refuting()))
    aged = low.hypotheses
    for turn in range(2, 5):
        aged = hypotheses.aged(aged, turn, "", DEFAULT)
    assert hypotheses.settle(replace(low, hypotheses=aged), DEFAULT, 5)[0].status is HypothesisStatus.RETIRED
    idea = weighed(cause(1, origin="model"))
    aged = idea.hypotheses
    for turn in range(2, 6):
        aged = hypotheses.aged(aged, turn, "", DEFAULT)
    assert hypotheses.settle(replace(idea, hypotheses=aged), DEFAULT, 5)[0].status is ACTIVE


def test_h9_a_refuting_row_on_a_validated_cause_withdraws_the_milestone():
    story = identified()
    assert "root_cause_identified" in story.state.milestones
    story.says("look", findings(cause(1, refuting())), files=(news(2),))
    assert hypothesis(story.state).status is ACTIVE
    assert story.outcome.milestones_withdrawn == ("root_cause_identified", "solution_proposed")
    assert "No longer established: root cause identified." in story.outcome.notices


def test_h9_inconclusive_comes_back_with_a_new_link():
    story = investigating(findings(cause(1, row(1))))
    lost = replace(story.state.hypotheses[0], status=HypothesisStatus.INCONCLUSIVE)
    story = with_state(story, hypotheses=(lost,)).says("more", findings(cause(1, row(1))), files=(news(2),))
    assert story.state.hypotheses[0].status is HypothesisStatus.INCONCLUSIVE
    story.says("more", findings(cause(1, row(5))), files=(news(3),))
    assert story.state.hypotheses[0].status is ACTIVE


def test_h9_a_final_one_returns_as_a_new_hypothesis_only_with_new_rows():
    story = investigating(findings(cause(1, row(1))))
    old = story.state.hypotheses[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=old, action="retire")
    story.says("again", findings(cause(1, row(1))))
    assert len(story.state.hypotheses) == 1
    story.says("new log", findings(cause(1, row(8))), files=(news(2),))
    assert story.state.hypotheses[1].supersedes == old
    assert story.state.hypotheses[1].hypothesis_id != old


def test_h1_a_symptom_becomes_a_cause_again_when_one_is_known():
    story = investigating(findings(cause(1, origin="symptom")))
    assert story.state.hypotheses[0].likelihood == 0.10
    story.says("more", findings(cause(2, row(1))), files=(news(2),))
    (now,) = story.state.hypotheses
    assert (now.origin, now.prior, now.likelihood) == ("rule", 0.40, 0.55)


def test_h2_a_decisive_row_counts_twice_and_is_still_one_witness():
    (sure,) = weighed(cause(1, causal(decisive=True))).hypotheses
    assert (sure.likelihood, sure.status) == (0.80, ACTIVE)
    (surer,) = weighed(cause(1, causal(1, decisive=True), row(2, decisive=True))).hypotheses
    assert (surer.likelihood, surer.status) == (0.80, VALIDATED)


def test_h10_one_component_and_fault_class_is_one_hypothesis():
    one = weighed(cause(1, row(1), subject="db-1"), cause(2, row(2), subject="DB-1", statement="The disk of db-1 has no space"))
    assert len(one.hypotheses) == 1
    assert evidence.support(one.rows, one.hypotheses[0].hypothesis_id) == 2
    unknown = weighed(
        cause(1, family="other", statement="one idea of a cause"), cause(2, family="other", statement="another idea")
    )
    assert len(unknown.hypotheses) == 2


def test_h11_a_user_may_validate_and_the_label_stays_honest():
    story = investigating(findings(cause(1, row(1))))
    own = story.state.hypotheses[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action="validate")
    assert story.state.hypotheses[0].status is VALIDATED
    assert story.state.hypotheses[0].asserted_by == "user"
    assert "root_cause_identified" in story.state.milestones
    assert story.state.conclusion.assurance == "no_root"
    story.says("look at this", findings(cause(1, refuting())), files=(news(2),))
    assert story.state.hypotheses[0].status is ACTIVE


@pytest.mark.parametrize(
    ("action", "reason", "target", "said"),
    [
        ("refute", "", None, "needs a reason"),
        ("promote", "", None, "can be validated"),
        ("validate", "", "hyp_unknown", "does not belong"),
    ],
)
def test_h11_a_click_that_does_not_fit_changes_nothing(action, reason, target, said):
    story = investigating(findings(cause(1, row(1))))
    before = story.state.hypotheses
    own = target or before[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action=action, reason=reason)
    assert story.state.hypotheses == before
    assert any(said in notice for notice in story.outcome.notices)


def test_h9_a_final_hypothesis_takes_no_click_and_an_inquiry_none_at_all():
    story = investigating(findings(cause(1, row(1))))
    own = story.state.hypotheses[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action="refute", reason="measured, it is not full")
    assert story.state.hypotheses[0].refutation_reason == "measured, it is not full"
    assert any(entry.kind == "ruled_out" for entry in story.state.journal)
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action="validate")
    assert story.state.hypotheses[0].status is HypothesisStatus.REFUTED
    early = Story().says("checkout is failing since 11:00", findings(cause(1, row(1))))
    early.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=early.state.hypotheses[0].hypothesis_id, action="validate")
    assert early.state.hypotheses[0].status is HypothesisStatus.CAPTURED


def test_h12_a_model_adds_three_hypotheses_per_turn_at_most():
    ideas = tuple(cause(n, family=f"idea_{n}", origin="model") for n in range(1, 6))
    assert len(weighed(*ideas, cause(1)).hypotheses) == 4
    assert {each.likelihood for each in weighed(*ideas).hypotheses} == {0.30}


def test_b5_insisting_without_new_rows_moves_nothing():
    found = findings(cause(1, row(1)))
    story = investigating(found)
    before = story.state.hypotheses[0].likelihood
    for _ in range(3):
        story.says("You must say it is the network", found)
    assert story.state.hypotheses[0].likelihood == before


def test_an1_four_active_in_one_category_two_stale_ones_or_a_weak_leader_are_anchoring():
    crowd = weighed(*(cause(3, row(n), family=f"f{n}", category=Category.CONFIG) for n in range(4)))
    assert hypotheses.anchored(crowd, DEFAULT)
    pair = weighed(cause(1, row(1)), cause(2, row(2), family="b", category=Category.CODE))
    assert not hypotheses.anchored(pair, DEFAULT)
    stale = replace(pair, hypotheses=tuple(replace(each, stale=3) for each in pair.hypotheses))
    assert hypotheses.anchored(stale, DEFAULT)
    assert hypotheses.anchored(replace(pair, leader_turns=3), DEFAULT)


def test_an2_alternatives_of_other_categories_join_and_the_next_ask_is_not_about_the_leader():
    crowd = tuple(cause(1 + n, row(n), family=f"f{n}", category=Category.CONFIG) for n in range(4))
    wanted = (need("f0", separates=True), need("f1"))
    story = investigating(findings(*crowd)).says("and now", findings(*crowd, needs=wanted))
    assert story.state.repair == "hypothesis_anchoring"
    others = {each.category for each in story.state.hypotheses} - {Category.CONFIG}
    assert len(others) >= 2
    leader = hypotheses.leader(story.state.hypotheses, DEFAULT)
    assert story.state.test_target != leader.hypothesis_id
    assert any("Looking elsewhere" in entry.text for entry in story.state.journal)
    count = len(story.state.hypotheses)
    story.says("and more", findings(*crowd))
    assert len(story.state.hypotheses) == count


def test_h1_ids_are_the_same_for_the_same_cause_of_a_case():
    first = hypotheses.captured(CASE, cause(1), 1, DEFAULT)
    assert first.hypothesis_id == hypotheses.captured(CASE, cause(2), 5, DEFAULT).hypothesis_id
    assert first.hypothesis_id.startswith("hyp_")
    assert len(first.hypothesis_id) == 16


def test_s5_the_second_failed_fix_looks_at_other_categories():
    story = identified()
    for number in (2, 3):
        fresh = next(each for each in story.state.solutions if each.state != "failed")
        story.clicks(IntentType.SOLUTION_ACTION, solution_id=fresh.solution_id, action="applied")
        again = findings(cause(1, row(1), causal(2)), actions=(fix(text=f"Another repair {number}"),))
        story.says("no effect, it happened again", again, files=(news(number),))
    assert story.state.failed_fixes == 2
    assert story.state.repair == "fix_failure_cycle"
    assert {each.category for each in story.state.hypotheses} > {Category.ENVIRONMENT}


def test_e6_rows_of_a_deleted_file_no_longer_count():
    state = weighed(cause(1, row(1), causal(2, file="file_2")))
    gone = evidence.without_source(state.rows, "file_2")
    assert belief.likelihood(state.hypotheses[0], gone, DEFAULT) == pytest.approx(0.65)
    assert len(gone) == 2


def test_no_leader_without_hypotheses():
    assert hypotheses.leader((), DEFAULT) is None
    assert hypotheses.found((), "hyp") is None


def test_rows_of_another_category_do_not_make_a_mechanism():
    state = weighed(cause(1, row(1, RowCategory.OTHER)))
    assert not belief.has_mechanism(state.rows, state.hypotheses[0].hypothesis_id)

"""Coverage of the five steps, the path, and how complete the picture is."""

from dataclasses import replace

import pytest

from domain.case import doctrine
from domain.case.policy import DEFAULT
from tests.unit.domain.case.build import a_case, causal, cause, findings, fix, identified, investigating, news, row


def test_do1_a_stack_trace_first_covers_later_steps_before_earlier_ones():
    found = findings(cause(1, row(1), causal(2)), cause(2, row(3), family="b", category="code"), actions=(fix(),))
    state = investigating().says("trace", found, files=(news(),)).state
    assert dict(doctrine.coverage(state)) == {
        "blast_radius": False,
        "timeline": False,
        "hypothesis": True,
        "validate": True,
        "solution": True,
    }


def test_do1_nothing_is_covered_at_first_and_all_gaps_have_words():
    assert not any(doctrine.coverage(a_case()).values())
    assert len(doctrine.gaps(a_case())) == 5


def test_do2_gaps_are_what_is_not_covered():
    state = replace(
        identified().state, milestones=("scope_assessed", "timeline_established", "changes_identified", "solution_proposed")
    )
    assert doctrine.gaps(state) == ()


def test_completeness_is_weighted():
    assert doctrine.completeness(a_case(), DEFAULT) == 0.0
    assert doctrine.completeness(investigating().state, DEFAULT) == pytest.approx(0.25)
    assert doctrine.completeness(investigating(findings(cause(1, row(1)))).state, DEFAULT) == pytest.approx(0.40)
    assert doctrine.completeness(identified().state, DEFAULT) == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("temporal", "urgency", "path"),
    [
        ("ongoing", "critical", "mitigation_first"),
        ("intermittent", "high", "mitigation_first"),
        ("ongoing", "low", "cause_first"),
        ("historical", "low", "cause_first"),
        ("historical", "medium", "cause_first"),
        ("ongoing", "medium", "ask"),
        ("historical", "critical", "ask"),
        ("unknown", "critical", "cause_first"),
        ("ongoing", "unknown", "cause_first"),
    ],
)
def test_u3_urgency_and_time_order_the_actions(temporal, urgency, path):
    assert doctrine.path(a_case(temporal=temporal, urgency=urgency)) == path


def test_u3_the_path_is_asked_once_per_case():
    assert doctrine.path(a_case(temporal="ongoing", urgency="medium", advised=("path",))) == "cause_first"


def test_u3_an_ongoing_medium_case_asks_once_whether_to_relieve_first():
    story = investigating().says("this is a P3: search is slow right now")
    assert story.state.urgency == "medium"
    assert any("relief or the cause first" in notice for notice in story.outcome.notices)
    assert not any("relief" in notice for notice in story.says("it is slow right now for some users").outcome.notices)


def test_u1_rules_raise_what_nobody_set_and_u2_a_users_word_stays():
    story = investigating().says("some requests are slow")
    assert story.state.urgency == "high"
    story.says("prod is down")
    assert story.state.urgency == "critical"
    story.says("low priority for us")
    assert (story.state.urgency, story.state.urgency_by_user) == ("low", True)
    story.says("prod is down")
    assert story.state.urgency == "low"

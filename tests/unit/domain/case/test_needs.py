"""Evidence still wanted."""

from dataclasses import replace

from domain.case import needs
from domain.case.policy import DEFAULT
from domain.case.state import CaseStatus, Need
from domain.case.turns import IntentType
from tests.unit.domain.case.build import a_case, causal, cause, findings, investigating, need, news, row


def a_need(number: int = 1, **fields) -> Need:
    return Need(
        need_id=f"eneed_{number}", kind="symptom_verification", hypothesis_id="", text=f"need {number}", turn=number, **fields
    )


def open_needs(story) -> list[Need]:
    return [each for each in story.state.needs if needs.is_open(each)]


def test_n1_one_hypothesis_and_one_kind_of_file_are_one_need():
    wanted = (
        need(text="the log of the db", hints=("log",)),
        need(text="another wording", hints=("Log",)),
        need(text="metrics", hints=("metrics",)),
    )
    story = investigating(findings(cause(1, row(1)))).says("more", findings(cause(1, row(1)), needs=wanted))
    assert len([each for each in story.state.needs if each.topic == "cause"]) == 2
    assert all(each.need_id.startswith("eneed_") and len(each.need_id) == 18 for each in story.state.needs)


def test_n1_a_need_of_an_unknown_or_validated_cause_is_none():
    story = investigating().says(
        "more", findings(cause(1, row(1), causal(2)), needs=(need("unheard_of"), need())), files=(news(),)
    )
    assert not [each for each in story.state.needs if each.topic == "cause"]


def test_n2_at_most_five_pend_and_what_separates_the_leaders_comes_first():
    families = tuple(cause(n, row(n), family=f"f{n}") for n in range(1, 5))
    wanted = tuple(need(f"f{n}", text=f"need {n}", separates=n == 3) for n in range(1, 5))
    story = investigating(findings(*families)).says("more", findings(*families, needs=wanted))
    assert len(open_needs(story)) == 5
    chosen = needs.next_ask(replace(story.state, excluded=()), DEFAULT)
    assert chosen.separates


def test_n2_symptom_comes_before_scope_and_older_before_younger():
    state = a_case(needs=(a_need(3, topic="scope"), a_need(2, topic="scope"), a_need(4, topic="symptom")))
    assert needs.next_ask(state, DEFAULT).need_id == "eneed_4"
    assert needs.next_ask(replace(state, needs=state.needs[:2]), DEFAULT).need_id == "eneed_2"
    assert needs.next_ask(a_case(needs=(a_need(1, topic="unheard of"),)), DEFAULT) is not None
    assert needs.next_ask(a_case(), DEFAULT) is None


def test_n3_a_need_is_asked_three_times_and_then_another_one():
    story = investigating()
    asked = []
    for number in range(5):
        story.says(f"what could be wrong with part {number}")
        asked += [each.topic for each in story.state.needs if each.asked_turn == story.state.turn]
    assert asked == ["scope", "scope", "scope", "timeline", "timeline"]
    assert next(each for each in story.state.needs if each.topic == "scope").obtainability == "unobtainable"


def test_n3_what_the_user_does_not_have_is_unobtainable_at_once():
    story = investigating().says("what could be wrong with the cart")
    story.says("we do not have that")
    assert next(each for each in story.state.needs if each.topic == "scope").obtainability == "unobtainable"
    assert needs.refused(a_case(needs=(a_need(1),)))[0].obtainability == "unknown"


def test_n4_a_matching_row_fulfils_and_a_milestone_does():
    wanted = findings(cause(1, row(1)), needs=(need(),))
    story = investigating(findings(cause(1, row(1)))).says("more", wanted)
    story.says("here it is", findings(cause(1, row(9, file="file_2"))), files=(news(2),))
    assert next(each for each in story.state.needs if each.topic == "cause").state == "fulfilled"
    story.says("12 % of requests to the payments service fail")
    assert next(each for each in story.state.needs if each.topic == "scope").state == "fulfilled"


def test_n4_a_refuted_hypothesis_supersedes_its_needs():
    story = investigating(findings(cause(1, row(1)))).says("more", findings(cause(1, row(1)), needs=(need(),)))
    own = story.state.hypotheses[0].hypothesis_id
    story.clicks(IntentType.HYPOTHESIS_ACTION, hypothesis_id=own, action="refute", reason="measured")
    assert next(each for each in story.state.needs if each.topic == "cause").state == "superseded"


def test_n2_excluded_hypotheses_are_asked_last():
    own = replace(a_need(1, topic="cause", separates=True), hypothesis_id="hyp_1", kind="causal_verification")
    state = a_case(status=CaseStatus.INVESTIGATING, needs=(own, a_need(2, topic="scope")), excluded=("hyp_1",))
    assert needs.next_ask(state, DEFAULT).need_id == "eneed_2"
    assert needs.next_ask(replace(state, needs=(own,)), DEFAULT).need_id == "eneed_1"

"""Which turn is looked at once more by a model, and when (rule DG2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case.findings import Investigated
from domain.case.orders import ModelPart
from domain.case.state import CaseStatus
from domain.case.upgrades import LONGEST_S, owed, pause, settled, wanted
from tests.unit.domain.case.build import CASE, a_case

PART = ModelPart(
    case_id=CASE, team_id="t", user_id="u", turn_key="k", number=3, message_key="m", answer_key="a", diagnosis_key="d",
    status="candidates", files_key="f",
)  # fmt: skip
AWAY, ANSWERED, QUIET = Investigated(upgrade=PART), Investigated(model_answered=True), Investigated()


def test_the_newest_turn_of_an_outage_is_owed_a_part():
    state = owed(owed(a_case(), 3, AWAY), 5, AWAY)
    assert (wanted(state, 3), wanted(state, 5)) == (False, True)


def test_a_greeting_in_between_changes_nothing():
    assert wanted(owed(owed(a_case(), 3, AWAY), 4, QUIET), 3)


def test_a_turn_that_a_model_answered_settles_all_before_it():
    assert not wanted(owed(owed(a_case(), 3, AWAY), 4, ANSWERED), 3)


@pytest.mark.parametrize("status", [CaseStatus.RESOLVED, CaseStatus.CLOSED])
def test_an_ended_case_changes_no_more(status: CaseStatus):
    state = a_case(upgrade_turn=3, status=status)
    assert not wanted(state, 3)
    assert settled(state, (3,)) is state


def test_an_added_part_is_a_revision_once():
    state = a_case(upgrade_turn=3, revision=7)
    after = settled(state, (3, 3))
    assert after == replace(state, upgrade_turn=0, revision=8)
    assert settled(after, (3,)) is after
    assert settled(state, (2,)) is state


def test_pauses_double_up_to_an_hour_and_a_provider_may_ask_for_more():
    assert [pause(attempt, 0) for attempt in range(4)] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert pause(50, 0) == timedelta(seconds=LONGEST_S)
    assert (pause(0, 10_800), pause(50, 61)) == (timedelta(hours=3), timedelta(hours=1))

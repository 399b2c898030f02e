"""What a case says by itself, and when it keeps silent (rules X3, X4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.case.silence import Notice, due, told
from domain.case.state import CaseState, CaseStatus
from domain.case.turns import IntentType
from tests.unit.domain.case.build import Story, a_case, identified, investigating


def heard(state: CaseState, wait: timedelta) -> tuple[CaseState, list[tuple[timedelta, str]]]:
    """Return the state after a wait in which nobody writes, and what was said how long after the last turn."""
    now = state.updated_at
    assert now
    end, said = now + wait, []
    while (notice := due(state, now)) and notice.due <= end:
        now = max(now, notice.due)
        state, said = told(state, notice), [*said, (now - state.updated_at, notice.text)]
    return state, said


def applied() -> Story:
    story = identified()
    return story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")


def test_x3_ninety_idle_days_give_two_rows_and_change_nothing_else():
    before = investigating().state
    after, said = heard(before, timedelta(days=90))
    assert [waited.days for waited, _ in said] == [7, 30]
    assert said[0][1].startswith("No message for 7 days.")
    assert said[1][1].endswith("This is the last reminder.")
    assert after == replace(before, noticed=after.noticed, revision=before.revision + 2)


def test_x3_a_message_begins_the_silence_anew():
    state, said = heard(investigating().state, timedelta(days=8))
    again = Story(state).says("any news?").state
    later, more = heard(again, timedelta(days=60))
    assert ([waited.days for waited, _ in said], [waited.days for waited, _ in more]) == ([7], [7, 30])
    assert len(later.noticed) == 2


def test_x3_of_two_overdue_offers_the_later_one_is_told_alone():
    state = investigating().state
    now = state.updated_at + timedelta(days=40)
    notice = due(state, now)
    assert notice
    assert "30 days" in notice.text
    assert due(told(state, notice), now) is None


@pytest.mark.parametrize("status", [CaseStatus.RESOLVED, CaseStatus.CLOSED])
def test_x3_an_ended_case_says_nothing(status: CaseStatus):
    assert due(replace(applied().state, status=status), datetime.max.replace(tzinfo=applied().state.updated_at.tzinfo)) is None


def test_x3_a_case_without_a_turn_says_nothing():
    assert due(a_case(), investigating().state.updated_at) is None


def test_x4_a_day_after_a_fix_its_outcome_is_asked_for_once():
    story = applied()
    fix = story.state.solutions[0]
    _, said = heard(story.state, timedelta(days=6))
    ((waited, text),) = said
    assert waited == timedelta(days=1)
    assert text.startswith(f"“{fix.text}” was applied 24 hours ago, and nothing since shows whether it held.")
    assert f"To see it: {fix.verify}." in text


def test_x4_a_row_without_the_symptom_answers_before_it_is_asked():
    story = applied().says("the errors have stopped since the change")
    assert [waited.days for waited, _ in heard(story.state, timedelta(days=90))[1]] == [7, 30]


@pytest.mark.parametrize("became", ["failed", "verified", "rejected"])
def test_x4_what_became_of_a_fix_is_not_asked_again(became: str):
    story = applied()
    solutions = tuple(replace(each, state=became) for each in story.state.solutions)
    notice = due(replace(story.state, solutions=solutions), story.state.updated_at)
    assert isinstance(notice, Notice)
    assert notice.ends

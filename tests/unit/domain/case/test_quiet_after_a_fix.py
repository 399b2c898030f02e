"""When a log's silence after a fix is evidence that the symptom is gone (rules E3, E7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.case import milestones
from domain.case.findings import Quiet
from domain.case.state import EvidenceRow, RowCategory
from domain.case.turns import IntentType
from tests.unit.domain.case.build import NOON, Story, causal, cause, findings, fix, identified, investigating, news, row

GAP = 120.0


def applied() -> Story:
    """A cause, and its fix applied on turn 4, at 12:40."""
    story = identified()
    return story.clicks(IntentType.SOLUTION_ACTION, solution_id=story.state.solutions[0].solution_id, action="applied")


def stretch(since: datetime, minutes: float, **fields) -> Quiet:
    told = {"file_id": "file_2", "first": 10, "last": 90, "gap_s": GAP, "certain": True, **fields}
    return Quiet(since=since, until=since + timedelta(minutes=minutes), **told)


def gone(story: Story) -> list[EvidenceRow]:
    return [each for each in story.state.rows if each.category is RowCategory.SYMPTOM_ABSENCE]


FIXED = NOON + timedelta(minutes=40)
CASES = {
    "ten minutes": (stretch(FIXED, 10), True),
    "five quiet minutes": (stretch(FIXED, 5), False),
    "less than three gaps": (stretch(FIXED, 20, gap_s=500.0), False),
    "mostly before the fix": (stretch(FIXED - timedelta(minutes=30), 35), False),
    "partly before the fix": (stretch(FIXED - timedelta(minutes=30), 45), True),
    "a clock that does not compare": (stretch(FIXED, 60, certain=False), False),
    "a file of before": (stretch(FIXED, 60, file_id="file_1"), False),
    "a file that nobody knows": (stretch(FIXED, 60, file_id="file_9"), False),
}


@pytest.mark.parametrize(("told", "shows"), CASES.values(), ids=CASES)
def test_e3_absence_needs_enough_looking_after_the_fix(told: Quiet, shows: bool):
    story = applied().says("here is the new log", findings(quiet=told), files=(news(2),))
    assert len(gone(story)) == shows
    assert milestones.absent_since(story.state, story.state.solutions[0].applied_turn) is shows
    assert any("After the fix: no sign of it from" in each for each in story.outcome.notices) is shows


def test_e3_a_log_that_comes_with_the_word_of_the_fix_needs_no_clock():
    told = stretch(NOON - timedelta(days=200), 15, certain=False)
    story = identified().says("we restarted the database, here is the log since", findings(quiet=told), files=(news(2),))
    (one,) = gone(story)
    assert (one.file_id, one.first, one.last, one.time) == ("file_2", 10, 90, told.until)


def test_e3_what_another_file_shows_since_the_fix_speaks_against_it():
    seen = findings(symptoms=(row(5, file="file_3"),), quiet=stretch(FIXED, 60))
    assert gone(applied().says("here are log and pods", seen, files=(news(2), news(3)))) == []


def test_e3_without_a_fix_silence_shows_nothing():
    assert gone(identified().says("here is the new log", findings(quiet=stretch(FIXED, 60)), files=(news(2),))) == []


def test_e3_a_silence_is_told_once():
    story = applied().says("here is the new log", findings(quiet=stretch(FIXED, 60)), files=(news(2),))
    story.says("and now?", findings(quiet=stretch(FIXED, 60)))
    assert len(gone(story)) == 1
    assert not any("After the fix" in each for each in story.outcome.notices)


RELIEF = fix(kind="mitigation", text="Relieve", command="kubectl scale x")
OTHERWISE = fix(text="Repair otherwise", command="kubectl patch x")
OFFERED = {each.text: each for each in (RELIEF, fix(), OTHERWISE)}


def offered(story: Story) -> set[str]:
    return {each.label for each in story.outcome.actions if each.type == "RUN"}


@pytest.mark.parametrize(("taken", "spared"), [(fix().text, {RELIEF.text, OTHERWISE.text}), (RELIEF.text, set())])
def test_what_is_in_place_is_not_offered_again_nor_what_it_spares_once_the_symptom_is_gone(taken: str, spared: set[str]):
    seen = findings(cause(1, row(1), causal(2)), actions=tuple(OFFERED.values()))
    story = investigating().says("here is the log", seen, files=(news(),))
    solution = next(each for each in story.state.solutions if each.text == taken)
    story.clicks(IntentType.SOLUTION_ACTION, solution_id=solution.solution_id, action="applied")
    assert offered(story.says("here is another file", seen, files=(news(3),))) == OFFERED.keys() - {taken}
    quiet = stretch(NOON + timedelta(minutes=10 * story.state.turn), 30)
    story.says("here is the log since", replace(seen, quiet=quiet), files=(news(2),))
    assert len(gone(story)) == 1
    assert offered(story) == OFFERED.keys() - {taken} - spared

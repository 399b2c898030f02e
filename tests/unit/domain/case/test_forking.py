"""What a fork takes from its origin, and what it leaves."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from domain.case.forking import brought, left_out, pointed, retaken, twin
from domain.case.turns import Intent, IntentType
from tests.builders import NOON, a_case_record, a_file_record
from tests.unit.domain.case.build import CASE, a_ref, a_user_turn

FORK = a_case_record(case_id=UUID(int=9), owner_id="user-9", team_id="team-9", forked_from=CASE, forked_turn=3, model="anthropic")
LOG = a_file_record(file_id="file_log", name="app.log", uploaded_at=NOON)
BUNDLE = a_file_record(file_id="file_zip", name="b.zip", uploaded_at=NOON + timedelta(minutes=5))
INSIDE = replace(BUNDLE, file_id="file_in", name="b.zip/app.log")
BESIDE = replace(BUNDLE, file_id="file_by", name="b.zip.txt")
FILES = (LOG, BUNDLE, INSIDE, BESIDE)


def test_with_an_archive_its_members_stay_behind():
    assert left_out(FILES, ["file_zip"]) == (BUNDLE, INSIDE)
    assert left_out(FILES, ["file_in"]) == (INSIDE,)
    assert left_out(FILES, []) == ()


def test_a_turn_brings_what_was_uploaded_with_it_or_alone_since_the_turn_before():
    later = NOON + timedelta(minutes=5)
    assert brought(FILES, None, NOON) == (LOG,)
    assert set(brought(FILES, NOON, later)) == {BUNDLE, INSIDE, BESIDE}
    assert brought(FILES, later, later + timedelta(hours=1)) == ()


def test_a_turn_is_taken_as_it_was_by_whoever_forks():
    known = a_ref(2)
    ref = a_ref(1, turn_key="old")
    turn = a_user_turn(attachments=(ref,), duplicates=(known,), intent=Intent(type=IntentType.CONFIRMATION))
    mine = replace(ref, case_id=FORK.case_id, file_id=twin(FORK.case_id, ref.file_id))
    again = retaken(turn, FORK, 2, (mine,))
    assert (again.case_id, again.user_id, again.owner_id, again.team_id) == (FORK.case_id, "user-9", "user-9", "team-9")
    assert (again.again, again.named_after, again.model, again.posted_at) == (True, CASE, "anthropic", turn.posted_at)
    assert again.attachments == (replace(mine, turn_key=again.turn_key),)
    assert [each.file_id for each in again.duplicates] == [twin(FORK.case_id, known.file_id)]
    assert again.turn_key not in {turn.turn_key, retaken(turn, FORK, 1, ()).turn_key}


def test_only_the_last_turn_is_as_of_now_and_a_fork_of_a_fork_keeps_the_first_names():
    first = UUID(int=1)
    last = retaken(a_user_turn(named_after=first), FORK, 3, ())
    assert (last.again, last.named_after) == (False, first)


def test_a_file_that_comes_with_the_turn_is_no_duplicate():
    both = a_ref(1)
    mine = replace(both, case_id=FORK.case_id, file_id=twin(FORK.case_id, both.file_id))
    assert retaken(a_user_turn(duplicates=(both,)), FORK, 1, (mine,)).duplicates == ()


def test_a_click_on_a_file_points_at_its_copy():
    intent = Intent(type=IntentType.FILE_RECLASSIFICATION, data={"file_id": "file_log", "data_type": "logs_and_errors"})
    assert pointed(intent, {"file_log": "file_new"}).data == {"file_id": "file_new", "data_type": "logs_and_errors"}
    assert pointed(intent, {}) == intent

"""What a case takes from one run to the next."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain.case import hearing
from domain.case.carrying import arrived, merged, owned, quiet, reread, unknown
from domain.case.state import CarriedCase, CaseFile, CaseStatus
from domain.case.turns import EvidenceRef, Intent, IntentType, TurnQueue
from tests.unit.domain.case.build import CASE, Story, a_case, a_ref, a_user_turn, cause, findings, investigating, news

FILE = CaseFile(
    file_id="file_1", name="file-1.log", kind="logs_and_errors", confidence=0.9, turn=1, status="completed", analysis_key="a-1"
)
READ = a_case(files=(FILE, replace(FILE, file_id="file_2", name="file-2.log")))
ENDED = CarriedCase(state=replace(READ, status=CaseStatus.CLOSED))
CHOICE = Intent(type=IntentType.FILE_RECLASSIFICATION, data={"file_id": "file_2", "data_type": "metrics_and_performance"})


def test_a_file_arrives_once():
    assert arrived((), a_ref(1)) == (a_ref(1),)
    assert arrived((a_ref(1),), a_ref(2)) == (a_ref(1), a_ref(2))
    assert arrived((a_ref(1), a_ref(2)), a_ref(2, origin="paste")) == (a_ref(1), a_ref(2))


def test_what_arrived_while_a_case_was_loaded_stands_behind_what_it_held():
    stored = CarriedCase(
        state=READ,
        queue=TurnQueue(waiting=(a_user_turn("one"),), answered={"zero": 1}),
        arrivals=(a_ref(1),),
        inbox=(news(1),),
        cancelled=("one",),
        upgraded=(1,),
    )
    fresh = CarriedCase(
        state=a_case(),
        queue=TurnQueue(waiting=(a_user_turn("zero"), a_user_turn("one"), a_user_turn("two"))),
        arrivals=(a_ref(1), a_ref(2)),
        inbox=(news(2),),
        cancelled=("two",),
        upgraded=(2,),
    )
    assert merged(stored, fresh) == CarriedCase(
        state=READ,
        queue=TurnQueue(waiting=(a_user_turn("one"), a_user_turn("two")), answered={"zero": 1}),
        arrivals=(a_ref(1), a_ref(2)),
        inbox=(news(1), news(2)),
        cancelled=("one", "two"),
        upgraded=(1, 2),
    )


def test_the_first_turn_tells_the_owner_and_no_later_one_changes_it():
    turn = a_user_turn(owner_id="user-9", team_id="team-9", named_after=UUID(int=7))
    new = replace(a_case(), owner_id="", team_id="")
    assert owned(new, turn) == replace(new, owner_id="user-9", team_id="team-9", named_after=UUID(int=7))
    assert owned(a_case(), turn) == a_case()


def test_a_fork_names_its_hypotheses_and_questions_like_its_origin():
    first = investigating(findings(cause()))
    fork = Story(state=replace(a_case(), case_id=UUID(int=1), named_after=CASE))
    fork.says("checkout is failing since 11:00", findings(cause())).says("yes")
    assert fork.state.root == first.state.root == CASE
    assert [each.hypothesis_id for each in fork.state.hypotheses] == [each.hypothesis_id for each in first.state.hypotheses]
    asked, forked = (each.requests("closed").state.pending for each in (first, fork))
    assert asked == forked is not None


def test_news_that_a_turn_brought_along_is_known():
    heard = (news(1, analysis_key="a-1"), news(1, analysis_key="a-2"), news(1, status="failed", analysis_key="a-1"), news(3))
    assert unknown(READ, heard) == heard[1:]


def test_e5_a_file_whose_kind_a_person_chose_is_read_again_as_that():
    again = EvidenceRef(
        case_id=CASE, file_id="file_2", blob_key="", name="file-2.log", size_bytes=0, chosen_kind="metrics_and_performance"
    )
    assert reread(READ, CHOICE) == (again,)
    assert reread(READ, replace(CHOICE, data={"file_id": "file_9"})) == ()
    assert reread(READ, replace(CHOICE, type=IntentType.CONVERSATION)) == ()
    assert reread(ENDED.state, CHOICE) == ()


@pytest.mark.parametrize(
    ("carried", "done"),
    [
        (ENDED, True),
        (replace(ENDED, state=READ), False),
        (replace(ENDED, queue=TurnQueue(waiting=(a_user_turn(),))), False),
        (replace(ENDED, arrivals=(a_ref(),)), False),
        (replace(ENDED, inbox=(news(),)), False),
        (replace(ENDED, state=replace(ENDED.state, files=(FILE, replace(FILE, file_id="f", status="pending")))), False),
    ],
)
def test_an_ended_case_is_quiet_when_nothing_waits_or_is_read(carried, done):
    assert quiet(carried) is done


def test_files_of_one_name_are_told_apart_and_keep_their_names():
    same = [news(number, name="app.log") for number in (1, 2, 3)]
    state = hearing.files(hearing.unread(a_case(), (replace(a_ref(9), name="app.log"),)), same)
    assert [file.name for file in state.files] == ["app.log", "app.log (2)", "app.log (3)", "app.log (4)"]
    again = hearing.files(state, (news(2, name="app.log"), news(4, name="other.log")))
    assert [(file.file_id, file.name) for file in again.files][-2:] == [("file_2", "app.log (3)"), ("file_4", "other.log")]

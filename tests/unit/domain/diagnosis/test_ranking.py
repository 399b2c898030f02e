from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.diagnosis.causes import diagnose
from domain.diagnosis.graph import Graph
from domain.diagnosis.ranking import ranked, scored, trigger
from domain.evidence.values import Event, ObservedObject
from tests.unit.domain.diagnosis.values import a_candidate, a_finding, a_signal, an_analysis, cite

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


def change(minutes: int) -> Event:
    return Event(
        time=NOON + timedelta(minutes=minutes), certainty="exact", what="deployed", subject="", citation=cite(1), change=True
    )


def test_d4_ten_equal_lines_are_one_witness() -> None:
    one = scored(a_candidate(), specific=False)
    ten = scored(a_candidate(signals=tuple(a_signal(citation=cite(n)) for n in range(1, 11))), specific=False)
    assert ten.score == one.score


def test_a_second_file_counts_and_a_third_does_not() -> None:
    scores = [
        scored(a_candidate(signals=tuple(a_signal(evidence=f"{n}.log") for n in range(count))), specific=False).score
        for count in (1, 2, 3)
    ]
    assert scores[0] < scores[1] == scores[2]


def test_untrusted_signals_carry_nothing() -> None:
    assert scored(a_candidate(signals=(a_signal(untrusted=True),)), specific=False).score == pytest.approx(1.2)


def test_a_named_field_and_depth_raise_a_candidate() -> None:
    plain, named = (scored(a_candidate(depth=1), specific=value).score for value in (False, True))
    assert named - plain == pytest.approx(1.0)
    assert scored(a_candidate(depth=3), specific=True).score > named


def test_the_subject_of_the_question_comes_first() -> None:
    first, second = ranked((a_candidate(score=3.0), a_candidate(subject="pod/b", score=2.5, focus=True)), ())
    assert first.subject == "pod/b"
    assert [first.rank, second.rank] == [1, 2]


def test_a_change_within_an_hour_before_the_onset_is_a_trigger() -> None:
    one = a_candidate(onset=NOON)
    assert trigger(one, (change(-90), change(-20), change(5))) == change(-20)
    assert trigger(a_candidate(), (change(-20),)) is None
    assert ranked((one,), (change(-20),))[0].score == pytest.approx(one.score + 1.0)


def test_a_cause_after_the_first_symptom_loses_and_one_before_gains() -> None:
    symptom = a_candidate(family="crash_loop", depth=1, onset=NOON, signals=(a_signal(time=NOON, kind="line"),))
    late = a_candidate(signals=(a_signal(time=NOON + timedelta(minutes=9), kind="line"),), onset=NOON + timedelta(minutes=9))
    early = a_candidate(signals=(a_signal(time=NOON - timedelta(minutes=9), kind="line"),), onset=NOON - timedelta(minutes=9))
    assert [one.score for one in ranked((symptom, late), ()) if one.depth == 2] == [1.0]
    assert [one.score for one in ranked((symptom, early), ()) if one.depth == 2] == [4.0]


def test_two_faults_at_two_subjects_are_both_reported() -> None:
    analysis = an_analysis(
        a_finding("OOMKilled", line=1, kind="exit", subject="pod/a-7d9c6b5f4-x2x4z"),
        a_finding("No space left on device", line=2, kind="event", subject="pod/b-7d9c6b5f4-x2x4z"),
    )
    assert {one.family for one in diagnose((analysis,)).candidates} == {"oom_killed", "disk_full"}


def test_pods_of_one_owner_are_one_candidate() -> None:
    analysis = an_analysis(*(a_finding("OOMKilled", line=n, kind="exit", subject=f"pod/a-7d9c6b5f4-x2x{n}z") for n in (4, 5, 6)))
    assert len(diagnose((analysis,)).candidates) == 1


def test_a_pod_belongs_to_the_observed_workload_whose_name_it_continues() -> None:
    def seen(pod: str, *workloads: str) -> str:
        names = (f"pod/{pod}", *(f"deployment/{one}" for one in workloads))
        whole = Graph(objects={name: ObservedObject(id=name, fields={}, citation=cite(1)) for name in names})
        return whole.home(f"pod/{pod}")

    assert seen("kiln-7b6c5d4f9-1", "kiln") == "deployment/kiln"
    assert seen("kiln-db-0", "kiln") == "pod/kiln-db-0"
    assert seen("kiln-7b6c5d4f9-1", "mill") == "pod/kiln-7b6c5d4f9-1"

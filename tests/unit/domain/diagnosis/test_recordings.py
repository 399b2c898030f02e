"""Two recordings of one system: which service rose most between them."""

from __future__ import annotations

import pytest

from domain.diagnosis.causes import diagnose
from domain.diagnosis.monitoring.recordings import suspected
from domain.evidence.values import Analysis
from tests.quality.reading import analysed

CALM = {"kiln_cpu": 10.0, "mill_cpu": 10.0, "front_latency": 20.0}


def recording(name: str, hour: int, times: bool = True, **rises: float) -> Analysis:
    """Return a recording of forty minutes from an hour on, each column so many times its calm level, with a little noise."""
    columns = {**CALM, **{title: 0.0 for title in rises if title not in CALM}}
    rows = [
        (f"2026-05-04T{hour:02}:{n:02}:00Z," if times else "")
        + ",".join(str((level or 10.0) * rises.get(title, 1.0) * (1 + n % 3 / 100)) for title, level in columns.items())
        for n in range(40)
    ]
    return analysed(name, "\n".join([("time," if times else "") + ",".join(columns), *rows]).encode())


def told(*files: Analysis) -> list[str]:
    return [one.statement for one in suspected(files)]


FAULT = recording("b.csv", 12, kiln_cpu=6.0, front_latency=2.0)


def test_the_service_that_rose_most_since_an_earlier_recording_is_told_with_lines_of_both() -> None:
    (found,) = suspected((recording("a.csv", 10), FAULT))
    assert found.statement == "of 3 services kiln rose most since a.csv: kiln_cpu from 10.1 to 60.6; then front, mill"
    assert found.subject == "service/kiln"
    assert [bool(place.hash) for place in found.citations] == [True, True]
    assert found.citations[0].evidence == FAULT.evidence


def test_it_leads_above_what_moved_within_one_recording_whatever_the_order_of_the_files() -> None:
    files = (recording("a.csv", 10), FAULT, recording("0.csv", 9, mill_cpu=1.5))
    for given in (files, files[::-1]):
        leader = diagnose(given).candidates[0]
        assert (leader.subject, "since a.csv" in leader.statement) == ("service/kiln", True)


def test_a_recording_that_is_named_as_calm_is_the_past_whatever_its_times() -> None:
    for calm in (recording("normal.csv", 20), recording("normal.csv", 12, times=False)):
        assert len(told(calm, FAULT)) == 1


@pytest.mark.parametrize(
    "other",
    [
        recording("a.csv", 12),
        recording("a.csv", 10, times=False),
        recording("abnormal.csv", 12),
        recording("normal.csv", 10, ash_cpu=1.0, barn_cpu=1.0, clay_cpu=1.0, dune_cpu=1.0),
        recording("a.csv", 10, kiln_cpu=5.0, front_latency=2.0),
    ],
    ids=["at the same time", "without times", "named as a fault", "of another system", "hardly other"],
)
def test_recordings_that_do_not_compare_tell_nothing(other: Analysis) -> None:
    assert told(other, FAULT) == []
    assert told(FAULT) == []
    assert told() == []

"""Two recordings of one system: which service rose most between them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.diagnosis.causes import diagnose
from domain.diagnosis.monitoring.suspicion import ranking, suspected
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
    return [one.statement for one in suspected(ranking(files))]


FAULT = recording("b.csv", 12, kiln_cpu=6.0, front_latency=2.0)


def test_the_service_that_rose_most_since_an_earlier_recording_is_told_with_lines_of_both() -> None:
    found, other = suspected(ranking((recording("a.csv", 10), FAULT)))
    assert other.statement == "of 3 services front rose second most since a.csv: front_latency from 20.2 to 40.4"
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
        assert [one.partition(" rose ")[0] for one in told(calm, FAULT)] == ["of 3 services kiln", "of 3 services front"]


@pytest.mark.parametrize("other", [recording("a.csv", 12), recording("a.csv", 10, times=False)])
def test_where_nothing_says_which_is_calm_the_one_from_which_services_rise_is_assumed_to_be(other: Analysis) -> None:
    first, _ = told(other, FAULT)
    assert first.startswith("of 3 services kiln rose most since a.csv: kiln_cpu from 10.1 to 60.6")
    assert first.endswith("(assuming that a.csv, the steadier one, is the calm recording)")


def test_it_is_asked_which_is_calm_where_neither_is_steadier() -> None:
    swapped = recording("a.csv", 12, mill_cpu=6.0, front_latency=2.0)
    assert told(swapped, FAULT) == []
    assert "which of a.csv and b.csv was recorded while all was well" in diagnose((swapped, FAULT)).missing


def test_the_onset_is_that_of_the_faulty_recording_and_stands_in_the_time_line() -> None:
    rows = [f"2026-05-04T10:{n:02}:00Z,{30 if n > 20 else 10},10,20" for n in range(40)]
    calm = analysed("a.csv", "\n".join(["time,kiln_cpu,mill_cpu,front_latency", *rows]).encode())
    found = diagnose((calm, recording("b.csv", 12, mill_cpu=9.0)))
    assert found.onset is not None
    assert (found.onset.time, found.onset.citation and found.onset.citation.evidence) == (
        datetime(2026, 5, 4, 12, tzinfo=UTC),
        "b.csv",
    )
    assert [(one.time, one.what.partition(" since")[0]) for one in found.timeline] == [
        (datetime(2026, 5, 4, 12, tzinfo=UTC), "of 3 services mill rose most")
    ]


@pytest.mark.parametrize(
    "other",
    [
        recording("abnormal.csv", 12),
        recording("normal.csv", 10, ash_cpu=1.0, barn_cpu=1.0, clay_cpu=1.0, dune_cpu=1.0),
        recording("a.csv", 10, kiln_cpu=5.0, front_latency=2.0),
    ],
    ids=["named as a fault", "of another system", "hardly other"],
)
def test_recordings_that_do_not_compare_tell_nothing(other: Analysis) -> None:
    assert told(other, FAULT) == []
    assert told(FAULT) == []
    assert told() == []

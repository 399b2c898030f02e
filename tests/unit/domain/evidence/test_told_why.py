"""Answers of tools whose own readers take states and numbers: the line that says why is found and cited."""

from __future__ import annotations

import json

import pytest

from domain.evidence.values import Finding
from tests.quality.reading import analysed

REPLICA = """*************************** 1. row ***************************
             Replica_IO_State: Waiting for source to send event
                  Source_Host: db-main.acme.test
           Replica_IO_Running: Yes
          Replica_SQL_Running: No
                   Last_Error: Could not execute Write_rows event on table crm.contacts; Duplicate entry '991201'
        Seconds_Behind_Source: NULL
"""


def found(text: str, command: str) -> dict[int, Finding]:
    return {one.citations[0].first: one for one in reversed(analysed("answer.txt", text.encode(), "", command).findings)}


def test_a_record_is_cited_at_the_field_that_tells() -> None:
    told = found(REPLICA, "mysql -e 'SHOW REPLICA STATUS\\G'")
    assert list(told) == [6]
    assert "Duplicate entry '991201'" in told[6].citations[0].quote


STOPPED = "ResourceInitializationError: unable to pull registry auth: failed to fetch a value from the manager: not authorized"
TRACE = "test.ConnectException: Tolerance exceeded in error handler\n\tat test.Run.run(Run.java:8)\nCaused by: test.DataException: unknown schema\n"


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"id": 0, "lastStatus": "STOPPED", "stoppedReason": STOPPED}, "unable to pull registry auth"),
        ({"id": 0, "state": "FAILED", "trace": TRACE}, "Caused by: test.DataException"),
    ],
)
def test_sentences_beside_states_are_read(task: dict[str, object], words: str) -> None:
    text = json.dumps({"name": "sink", "tasks": [task]}, indent=1)
    lines = [place.quote for one in found(text, "curl -s connect/status").values() for place in one.citations]
    assert any(words in line for line in lines)


def vector(*values: str) -> str:
    rows = [{"metric": {"container": f"part-{n}"}, "value": [1930381200, value]} for n, value in enumerate(values)]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": rows}}, indent=1)


THROTTLED = "promql: sum by (container) (rate(container_cpu_cfs_throttled_periods_total[5m]))"


@pytest.mark.parametrize(
    ("values", "query", "line"),
    [
        (("0.01", "0.92", "0"), THROTTLED, '"0.92"'),
        (("0.31", "0.92", "0.4"), THROTTLED, ""),
        (("0.92", "0.01"), THROTTLED, ""),
        (("0.01", "0.92", "0"), "promql: up", ""),
    ],
)
def test_one_series_that_leads_all_others_in_something_bad_stands_out(values: tuple[str, ...], query: str, line: str) -> None:
    told = [one for one in found(vector(*values), query).values() if one.kind == "standout"]
    assert [one.citations[0].quote for one in told] == ([line] if line else [])


@pytest.mark.parametrize(("name", "kept"), [("BurstBalance", True), ("QueueDepth", False)])
def test_what_is_free_is_short_at_nothing_and_not_at_all_of_it(name: str, *, kept: bool) -> None:
    rows = [
        {"Timestamp": f"2031-03-04T0{n // 4}:{15 * (n % 4):02}:00Z", "Average": value, "Unit": "Percent"}
        for n, value in enumerate((99, 98, 97, 99, 98, 97, 70, 41, 12, 0, 0, 0, 5, 22, 60, 99))
    ]
    text = json.dumps({"Label": name, "Datapoints": rows}, indent=1)
    told = [one.statement for one in found(text, "aws cloudwatch get-metric-statistics").values() if one.kind == "saturation"]
    assert ("BurstBalance.Average was used up: 0 is left of 99" in told) is kept
    assert not any("reached 99 of 100" in one for one in told if kept)

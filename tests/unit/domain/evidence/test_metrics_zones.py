"""Metrics whose times name no zone are UTC by assumption, and say so (evidence.md 11.1)."""

from __future__ import annotations

import json

import pytest

from domain.evidence.digest import digest, pick
from domain.evidence.metrics.series import zone_assumed
from domain.evidence.values import Analysis, Head, Kind
from tests.unit.domain.evidence.formats.table import read


def table(time: str) -> Analysis:
    """Return the analysis of a column that steps up after twenty minutes; `time` is formatted with each minute."""
    rows = [f"{time.format(minute)},{20 + minute % 3 if minute < 20 else 200 + minute % 3},{minute % 5}" for minute in range(40)]
    found = read("\n".join(("time,latency_ms,other", *rows)))
    assert found.classification.kind is Kind.METRICS
    return found


@pytest.mark.parametrize(
    "time", ["2026-05-04 04:{:02d}:00", "2026-05-04T04:{:02d}", "2026/05/04 04:{:02d}:00", "05/04/2026 04:{:02d}:00"]
)
def test_a_time_without_a_zone_is_an_assumption_that_coverage_and_events_state(time: str) -> None:
    found = table(time)
    assert (found.coverage.assumed_zone, found.coverage.times_certain) == ("UTC", "zone assumed")
    assert {one.certainty for one in found.events if one.time} == {"zone assumed"}
    head = Head(evidence="e", name="e", kind=Kind.METRICS, confidence=1.0, coverage=found.coverage)
    assert "Zone assumed: UTC" in digest(pick(found), [head], 800).text


@pytest.mark.parametrize(
    "time", ["2026-05-04 04:{:02d}:00Z", "2026-05-04T04:{:02d}:00+02:00", "2026-05-04 04:{:02d}:00 UTC", "17778672{:02d}"]
)
def test_a_time_with_a_zone_or_counted_from_the_epoch_is_exact(time: str) -> None:
    found = table(time)
    assert (found.coverage.assumed_zone, found.coverage.times_certain) == (None, "exact")


def test_points_of_json_without_a_zone_are_assumed_too() -> None:
    points = [{"timestamp": f"2026-05-04T04:{minute:02d}:00", "value": 5 if minute < 20 else 90} for minute in range(40)]
    assert read(json.dumps({"label": "queue depth", "datapoints": points}, indent=1)).coverage.assumed_zone == "UTC"


def test_dates_of_several_forms_are_assumed_only_where_none_names_a_zone() -> None:
    assert zone_assumed(["2026-05-04 04:00,1", "2026-05-04,2"])
    assert not zone_assumed(["# until 2026-05-04T05:00:00Z", "2026-05-04 04:00,1"])
    assert not zone_assumed(["depth 12", "1777867200,1"])

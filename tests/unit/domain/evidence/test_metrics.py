"""Metrics of every format: shifts with their time, limits, trends, ranks."""

import json
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence import changes
from domain.evidence.metrics import analyser as metrics
from domain.evidence.metrics import names, rates
from domain.evidence.metrics import reader as series
from domain.evidence.metrics.series import Series
from tests.evidence import of_kind, read_by

NUMBERS = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32) | st.none(), max_size=80)


def a_table(columns: dict[str, list[float]]) -> str:
    rows = [
        f"2026-05-04T10:{n // 60:02}:{n % 60:02}Z," + ",".join(f"{v:.4f}" for v in row)
        for n, row in enumerate(zip(*columns.values(), strict=True))
    ]
    return "\n".join(["time," + ",".join(columns), *rows])


def noisy(level: float, count: int, seed: int = 1) -> list[float]:
    dice = random.Random(seed)
    return [level + dice.gauss(0, level / 50) for _ in range(count)]


def test_a_step_is_found_where_it_happens_with_its_size() -> None:
    text = a_table({"kiln_latency": noisy(10, 60) + noisy(80, 60, 2), "yard_latency": noisy(10, 120, 3)})
    parsed = read_by(metrics.analyse, text)
    [shift] = of_kind(parsed, "level_shift")
    assert (shift.subject, shift.citations[0].first) == ("service/kiln", 62)
    assert shift.numbers["before"] == pytest.approx(10, rel=0.05)
    assert shift.numbers["after"] == pytest.approx(80, rel=0.05)
    assert shift.time is not None
    assert (shift.time.minute, shift.time.second) == (1, 0)
    assert parsed.first_time is not None
    assert parsed.last_time is not None


def test_a_single_outlier_is_no_change_of_level() -> None:
    values = noisy(10, 100)
    values[50] = 500
    assert changes.change_points(values) == ()


def test_a_share_at_its_limit_and_free_space_running_out_are_found() -> None:
    full = read_by(metrics.analyse, a_table({"kiln_cpu_percent": noisy(40, 30) + [99.5] * 30}))
    assert of_kind(full, "saturation")[0].numbers["used"] == pytest.approx(99.5)
    gone = read_by(metrics.analyse, a_table({"disk_free": [1000.0 - 18 * n for n in range(50)]}))
    [soon] = [f for f in of_kind(gone, "saturation") if f.attributes["resource"] == "disk"]
    assert soon.numbers["after"] == pytest.approx(118)
    slow = read_by(metrics.analyse, a_table({"disk_free": [1000.0 - 12 * n for n in range(50)]}))
    assert of_kind(slow, "trend")[0].attributes["resource"] == "disk"


def test_query_results_exposition_long_tables_and_paired_lists_are_read() -> None:
    query = {
        "status": "success",
        "data": {
            "resultType": "matrix",
            "result": [{"metric": {"__name__": "up", "job": "kiln"}, "values": [[1777888800, "1"], [1777888860, "NaN"]]}],
        },
    }
    found = series.read(tuple(json.dumps(query, indent=1).split("\n")))[0]
    assert [(s.name, s.labels["job"], s.values) for s in found] == [("up", "kiln", [1.0, None])]
    exposed = series.read(("# HELP up x", 'up{job="kiln"} 1', 'up{job="yard"} 0'))[0]
    assert [(s.labels["job"], s.values) for s in exposed] == [("kiln", [1.0]), ("yard", [0.0])]
    long = series.read(("time,service,metric,value", "1777888800,kiln,cpu,1", "1777888800,yard,cpu,2", "1777888860,kiln,cpu,3"))[
        0
    ]
    assert [(s.labels["service"], s.values) for s in long] == [("kiln", [1.0, 3.0]), ("yard", [2.0])]
    paired = {
        "m": [
            {
                "label": "CPU",
                "unit": "Percent",
                "timestamps": ["2026-05-04T10:00:00Z"],
                "values": [9.5],
                "dimensions": [{"Name": "app", "Value": "kiln"}],
            }
        ]
    }
    [one] = series.read(tuple(json.dumps(paired, indent=1).split("\n")))[0]
    assert (one.name, one.unit, one.labels, one.values, names.owner(one)) == (
        "CPU",
        "Percent",
        {"app": "kiln"},
        [9.5],
        "service/kiln",
    )
    influx = series.read(("cpu,host=kiln usage=3.5 1777888800000000000",))[0]
    assert (influx[0].name, influx[0].values) == ("cpu.usage", [3.5])
    points = {"Datapoints": [{"Timestamp": f"2026-05-04T10:0{n}:00Z", "Average": n} for n in range(4)]}
    assert series.read(tuple(json.dumps(points, indent=1).split("\n")))[0][0].values == [0, 1, 2, 3]


def test_a_counter_becomes_a_rate_and_a_reset_counts_from_zero() -> None:
    counts = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 2, 7]
    counter = Series("requests_total", values=list(counts), times=[None] * 13, lines=list(range(13)))
    assert rates.rate(counter).values == [5] * 10 + [2, 5]
    steady = Series("requests_total", values=[0, 5, 10, 15, 20], times=[None] * 5, lines=[1, 2, 3, 4, 5])
    assert rates.rate(steady).values == [5, 5, 5, 5]


def test_a_nearly_constant_series_does_not_explode_the_scale() -> None:
    assert abs(changes.shift([100.0] * 50, [100.5] * 50)) < 1
    assert changes.shift([0.0] * 5, [0.0] * 5) == 0


def test_the_strongest_peak_comes_first() -> None:
    values = noisy(10, 400)
    values[200] = 400
    assert changes.peaks(values, 3)[0] in range(198, 206)


def test_a_very_long_series_is_thinned_and_still_split_near_its_step() -> None:
    values = np.concatenate([np.zeros(60_000), np.ones(60_000)]) + np.random.default_rng(7).normal(0, 0.1, 120_000)
    points = changes.change_points(values)
    assert any(abs(p - 60_000) < 20 for p in points)


@given(NUMBERS)
def test_any_numbers_have_ascending_change_points_and_distinct_peaks(values: list[float | None]) -> None:
    points = changes.change_points(values)
    assert list(points) == sorted(set(points))
    assert all(0 < p < len(values) for p in points)
    peaks = changes.peaks(values, 3)
    assert len(set(peaks)) == len(peaks) <= 3
    assert math.isfinite(changes.shift([v or 0.0 for v in values if v is None or math.isfinite(v)], [1.0]))


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    read_by(metrics.analyse, text)


def test_rows_of_another_width_are_counted_not_read() -> None:
    parsed = read_by(metrics.analyse, "time,a\n1777888800,1\n1777888860\n1777888920,3\n")
    assert parsed.notes == ("1 rows have another width",)

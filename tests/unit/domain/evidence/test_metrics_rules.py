"""Metrics: every finding whole, and each limit from both sides."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.metrics import analyser as metrics
from domain.evidence.metrics import limits, names, rates
from domain.evidence.metrics.series import Series
from domain.evidence.reading import Reading
from domain.evidence.values import Document
from tests import told
from tests.evidence import read_by

START = datetime(2026, 5, 4, 10, tzinfo=UTC)


def a_series(name: str, values: list[float | None], **labels: str) -> Series:
    times = [START.timestamp() + 60 * n for n in range(len(values))]
    return Series(name, labels, "", list(times), list(values), [n + 2 for n in range(len(values))])


def a_table(**columns: list[float]) -> str:
    rows = [
        f"{START + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ}," + ",".join(map(str, row))
        for n, row in enumerate(zip(*columns.values(), strict=True))
    ]
    return "\n".join(["time," + ",".join(columns), *rows])


def test_shifts_are_told_by_direction_size_and_strength_strongest_first() -> None:
    low, wave = [0.0, 1.0] * 8, [10.0, 11.0] * 8
    parsed = read_by(
        metrics.analyse,
        a_table(
            kiln_latency=[*wave, *(v + 17 for v in wave)],
            mill_errors=[*wave, *(v + 8 for v in wave)],
            yard_rps=[*(v + 6 for v in wave), *wave],
            barn=[*low, *low],
        ),
    )
    assert told.findings(parsed) == [
        "3.58 suspect service/kiln @18: of 3 services kiln rose most: kiln_latency from 10.5 to 27.5; then mill, yard | metric=kiln_latency measure=latency before:10.5 after:27.5 | 2026-05-04 10:16:00+00:00",
        "3.53 level_shift service/kiln @18: kiln_latency rose from 10.5 to 27.5 at 2026-05-04T10:16:00+00:00 | metric=kiln_latency before:10.5 after:27.5 score:22.95 | 2026-05-04 10:16:00+00:00",
        "3.22 level_shift service/mill @18: mill_errors rose from 10.5 to 18.5 at 2026-05-04T10:16:00+00:00 | metric=mill_errors before:10.5 after:18.5 score:10.8 | 2026-05-04 10:16:00+00:00",
        "3.01 level_shift service/yard @18: yard_rps fell from 16.5 to 10.5 at 2026-05-04T10:16:00+00:00 | metric=yard_rps before:16.5 after:10.5 score:-8.1 | 2026-05-04 10:16:00+00:00",
        "3 onset service/kiln @18: most moved at 2026-05-04T10:16:00+00:00: kiln_latency, mill_errors and 1 more | first=service/kiln groups:1 series:3 | 2026-05-04 10:16:00+00:00",
    ]
    assert told.events(parsed) == [
        "3.53 service/kiln @18: kiln_latency rose from 10.5 to 27.5 at 2026-05-04T10:16:00+00:00 | 2026-05-04 10:16:00+00:00",
        "3.22 service/mill @18: mill_errors rose from 10.5 to 18.5 at 2026-05-04T10:16:00+00:00 | 2026-05-04 10:16:00+00:00",
        "3.01 service/yard @18: yard_rps fell from 16.5 to 10.5 at 2026-05-04T10:16:00+00:00 | 2026-05-04 10:16:00+00:00",
    ]
    assert parsed.summary == "4 series, moved most: kiln_latency, mill_errors, yard_rps"
    assert (parsed.first_time, parsed.last_time) == (START, START + timedelta(minutes=31))


@pytest.mark.parametrize(("moved", "severity"), [(2.9, None), (3.0, 2.51), (6.0, 3.01), (11.9, 3.5), (24.0, 3.55)])
def test_a_shift_counts_from_four_scales_and_more_with_every_doubling(moved: float, severity: float | None) -> None:
    """The scale of a wave of 10 and 11 is a quartile distance of 1 / 1.35: four scales are 2.97, eight 5.93, sixteen 11.85."""
    wave = [10.0, 11.0] * 8
    found = read_by(metrics.analyse, a_table(kiln_latency=[*wave, *(v + moved for v in wave)])).findings
    assert [f.severity for f in found] == ([severity] if severity else [])


def test_scores_have_two_decimals() -> None:
    wave = [10.0, 11.0] * 8
    [found] = read_by(metrics.analyse, a_table(kiln_latency=[*wave, *(v + 8.11 for v in wave)])).findings
    assert found.numbers["score"] == 10.95


def test_a_series_with_a_name_on_another_line_and_a_unit_cites_both() -> None:
    values = [10.0, 11.0] * 8 + [40.0, 41.0] * 8
    text = '{"metric": {"__name__": "heat", "pod": "Kiln-1"},\n "values": [\n' + ",\n".join(
        f"[{1777888800 + 60 * n}, {v}]" for n, v in enumerate(values)
    )
    parsed = read_by(metrics.analyse, text + "\n]}")
    assert told.findings(parsed) == [
        "3.57 level_shift pod/kiln-1 @19,1: heat rose from 10.5 to 40.5 at 2026-05-04T10:16:00+00:00 | metric=heat before:10.5 after:40.5 score:40.5 | 2026-05-04 10:16:00+00:00"
    ]
    assert parsed.summary == "1 series, moved most: heat"


def test_steady_series_without_times_have_no_finding() -> None:
    parsed = read_by(metrics.analyse, "a,b\n1,2\n1,2\n1,2")
    assert (parsed.findings, parsed.summary, parsed.share_parsed) == ((), "2 series, no change of level", 1.0)
    assert (parsed.first_time, parsed.last_time) == (None, None)
    assert read_by(metrics.analyse, "").share_parsed == 0.0


def told_limits(name: str, values: list[float], unit: str = "") -> list[str]:
    one = a_series(name, list(values))
    one.unit = unit
    reading = Reading(document=Document(evidence="e1", name="x", chunks=()), lines=("-",) * 60)
    limits.find(reading, [one], 9)
    return told.findings(reading.parsed(""))


def test_a_share_is_at_its_limit_when_a_tenth_of_it_is_near() -> None:
    full = "3.5 saturation service/kiln @{line}: kiln_cpu_percent reached {most} of {limit} | resource=cpu metric=kiln_cpu_percent used:{most} limit:{limit} | {time}+00:00"

    def told_at(line: int, most: float, limit: float) -> list[str]:
        time = START + timedelta(minutes=line - 2)
        return [full.format(line=line, most=f"{most:g}", limit=f"{limit:g}", time=f"{time:%Y-%m-%d %H:%M:%S}")]

    name = "kiln_cpu_percent"
    assert told_limits(name, [40.0] * 18 + [95.0, 99.0]) == told_at(20, 99, 100)
    assert told_limits(name, [40.0] * 18 + [94.9, 99.0]) == []
    assert told_limits(name, [40.0] * 19 + [95.0, 99.0]) == []
    assert told_limits(name, [0.4] * 8 + [0.95, 1.0]) == told_at(10, 1, 1)
    assert told_limits(name, [0.4, 0.95, 0.99]) == told_at(3, 0.99, 1)
    assert told_limits(name, [0.95, 0.99]) == []
    assert told_limits(name, [40.0, 100.0, 105.0]) == told_at(3, 105, 100)
    assert told_limits(name, [40.0, 100.0, 106.0]) == []
    assert told_limits("kiln_cpu", [99.0] * 9) == []
    assert told_limits("memory_free_percent", [99.0] * 9) == []


def test_a_unit_of_percent_makes_a_share() -> None:
    assert told_limits("kiln", [99.0] * 3, "Percent") == [
        "3.5 saturation - @2: kiln reached 99 of 100 | resource=kiln metric=kiln used:99 limit:100 | 2026-05-04 10:00:00+00:00"
    ]
    assert told_limits("kiln", [99.0] * 3, "Bytes") == []


def test_what_is_free_and_falls_runs_out() -> None:
    """A third left after the time looked at lasts for half of that time more: at its limit; above it a trend."""
    assert told_limits("disk_free", [900.0, 700.0, 600.0, 400.0, 300.0]) == [
        "3.5 saturation - @6: disk_free fell from 900 to 300, 33% is left, used up in 0:02:00 | resource=disk metric=disk_free before:900 after:300"
    ]
    assert told_limits("disk_free", [900.0, 700.0, 600.0, 400.0, 310.0]) == [
        "3.5 trend - @6: disk_free fell from 900 to 310, 34% is left, used up in 0:02:06 | resource=disk metric=disk_free before:900 after:310"
    ]
    assert told_limits("disk_free", [900.0, 700.0, 600.0, 449.0]) == []
    assert told_limits("disk_free", [900.0, 700.0, 600.0, 500.0, 450.0]) == []
    assert told_limits("disk_free", [0.0, 0.0, 0.0, 0.0, -1.0]) == []
    assert told_limits("disk_used", [900.0, 700.0, 600.0, 400.0, 300.0]) == []
    rising = [900.0, 700.0, 800.0, 500.0, 400.0]
    assert told_limits("disk_free", rising) == []
    assert told_limits("disk_free", [9.0, 7.0, 8.0, 5.0, 4.0]) == []
    assert [row.partition(" ")[2][:5] for row in told_limits("disk_free", [*rising, 400.0])] == ["trend"]


def test_a_counter_becomes_its_rate_and_counts_from_zero_after_a_reset() -> None:
    grows: list[float | None] = [float(10 * n) for n in range(10)]
    reset = [*grows, 5.0]
    made = rates.rate(a_series("bricks_total", list(reset), zone="north"))
    assert (made.values, made.lines, made.labels) == ([10 / 60] * 9 + [5 / 60], list(range(3, 13)), {"zone": "north"})
    assert made.times[0] == START.timestamp() + 60
    holes = rates.rate(a_series("bricks_count", [1.0, None, 3.0, 5.0, 6.0]))
    assert holes.values == [None, None, 2 / 60, 1 / 60]
    for same in (
        a_series("bricks", list(reset)),
        a_series("bricks_total", [1.0, 2.0, 3.0]),
        a_series("bricks_total", [3.0, 2.0, 3.0, 4.0, 5.0]),
    ):
        assert rates.rate(same) is same
    assert rates.rate(a_series("bricks_sum", [1.0, 1.0, 3.0, 4.0])).values == [0.0, 2 / 60, 1 / 60]


@pytest.mark.parametrize(
    ("name", "labels", "owner"),
    [
        ("heat", {"pod": "Kiln-1", "node": "oak"}, "pod/kiln-1"),
        ("heat", {"service": "kiln", "pod": "p"}, "service/kiln"),
        ("heat", {"DBInstanceIdentifier": "Db-1"}, "database/db-1"),
        ("Kiln_cpu_usage", {}, "service/kiln"),
        ("kiln-1.latency-p99", {}, "service/kiln-1"),
        ("heat", {"pod": ""}, ""),
        ("_cpu", {}, ""),
    ],
)
def test_a_series_belongs_to_what_its_labels_or_its_name_say(name: str, labels: dict[str, str], owner: str) -> None:
    assert names.owner(a_series(name, [1.0], **labels)) == owner


def test_resources_are_named_in_the_words_of_diagnosis() -> None:
    measured = ("fs_inodes_free", "volume_used", "heap_bytes", "cpu_load", "pool_size", "bricks")
    assert [names.resource(a_series(name, [])) for name in measured] == [
        "inodes",
        "disk",
        "memory",
        "cpu",
        "connections",
        "bricks",
    ]

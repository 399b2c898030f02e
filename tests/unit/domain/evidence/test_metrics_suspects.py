"""Metrics: what a column was measured on, and which service a fault sits in."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from domain.evidence.metrics import analyser as metrics
from domain.evidence.metrics.names import measure, measured_on, owner, workload
from domain.evidence.metrics.series import Series
from domain.evidence.metrics.suspects import between, compared, levels
from domain.evidence.metrics.tables import labelled
from tests.evidence import read_by

CALM, LOUD = [10.0, 10.5, 9.5, 10.0] * 10, [2.0, 18.0, 5.0, 15.0] * 10


def a_pair(name: str, times: float, calm: list[float] = CALM, **labels: str) -> tuple[Series, Series]:
    return tuple(Series(name, labels, values=[factor * value for value in calm]) for factor in (1.0, times))


def ranked(calm: Iterable[Series], fault: Iterable[Series]) -> list[tuple[str, float]]:
    return [(one.service, one.score) for one in compared(levels(calm), levels(fault))]


def names(*pairs: tuple[Series, Series]) -> list[str]:
    return [name for name, _ in ranked([base for base, _ in pairs], [one for _, one in pairs])]


@pytest.mark.parametrize(
    ("column", "service", "what"),
    [
        ("kiln_cpu", "kiln", "cpu"),
        ("kiln-db_mem", "kiln-db", "memory"),
        ("kiln_lat_50", "kiln", "latency"),
        ("kiln_latency-90", "kiln", "latency"),
        ("kiln_container-cpu-usage-seconds-total", "kiln", "cpu"),
        ("kiln_container-fs-writes-bytes-total", "kiln", "disk"),
        ("kiln|p90", "kiln", "latency"),
        ("kiln.latency.p50", "kiln", "latency"),
        ("kiln.net.connections", "kiln", "connections"),
        ("kiln_workload", "kiln", "load"),
        ("kiln_requests_per_second", "kiln", "load"),
        ("kiln_response_time", "kiln", "latency"),
        ("kiln-error-count", "kiln", "errors"),
        ("kiln_cpu_cfs_periods_total", "kiln", "cpu"),
        ("rate_cpu", "rate", "cpu"),
        ("kiln-rate-cpu", "kiln-rate", "cpu"),
        ("kiln-memcached_cpu", "kiln-memcached", "cpu"),
        ("kiln-timeline-service_latency-90", "kiln-timeline-service", "latency"),
        ("network-yard_network", "network-yard", "network"),
        ("error-yard_err", "error-yard", "errors"),
        ("disk-yard-disk", "disk-yard", "disk"),
        ("kiln_fast_lane_cpu", "kiln_fast_lane", "cpu"),
        ("bricks", "", ""),
        ("kiln_colour", "", ""),
    ],
)
def test_a_column_names_its_service_before_the_words_that_say_what_was_measured(column: str, service: str, what: str) -> None:
    assert (measured_on(column), measure(Series(column))) == (service, what)


@pytest.mark.parametrize(
    ("pod", "service"),
    [("kiln-7d9f8b6c5d-x2k4z", "kiln"), ("kiln-0", "kiln"), ("kiln-yard", "kiln-yard"), ("kiln-memcached", "kiln-memcached")],
)
def test_pods_are_taken_together_by_what_they_belong_to(pod: str, service: str) -> None:
    assert workload(Series("cpu_rate", {"pod": pod})) == service


def test_a_column_may_be_titled_as_prometheus_writes_a_series() -> None:
    assert labelled('up{pod="kiln-0",job="a"}') == ("up", {"pod": "kiln-0", "job": "a"})
    assert labelled('{__name__="up", pod="kiln-0"}') == ("up", {"pod": "kiln-0"})
    assert labelled("heap {old}") == ("heap {old}", {})


def test_services_are_ranked_by_how_many_times_a_measure_rose_whatever_the_noise() -> None:
    assert names(a_pair("kiln_cpu", 3.0, LOUD), a_pair("yard_cpu", 1.3), a_pair("mill_cpu", 1.0)) == ["kiln", "yard", "mill"]


def test_the_callee_of_a_steady_caller_is_suspected_for_the_time_that_both_got_longer() -> None:
    calls = [Series("front_latency", values=[100.0, 101.0] * 20), Series("back_latency", values=[10.0, 14.0] * 20)]
    slow = [Series("front_latency", values=[150.0, 151.0] * 20), Series("back_latency", values=[60.0, 64.0] * 20)]
    assert [name for name, _ in ranked(calls, slow)] == ["back", "front"]


def test_what_most_services_do_is_the_load_and_does_not_count() -> None:
    grown = [a_pair(f"{name}_cpu", 2.0) for name in ("ash", "barn", "kiln", "mill")]
    assert names(*grown, a_pair("yard_cpu", 1.0), a_pair("yard_mem", 1.2), a_pair("ash_mem", 1.0))[0] == "yard"


def test_a_fall_says_less_than_the_same_rise_and_passed_on_errors_less_than_a_resource() -> None:
    assert names(a_pair("kiln_cpu", 0.4), a_pair("yard_cpu", 1.5)) == ["yard", "kiln"]
    assert names(a_pair("kiln_errors", 3.0), a_pair("yard_mem", 2.0)) == ["yard", "kiln"]


def test_next_to_nothing_times_five_is_still_nothing() -> None:
    tiny = [value / 1e4 for value in CALM]
    assert names(a_pair("kiln_disk", 5.0, tiny), a_pair("yard_disk", 1.4), a_pair("mill_disk", 1.0))[0] == "yard"


def test_series_without_a_service_a_value_or_a_past_are_left_out() -> None:
    lost = (Series("mill_cpu", values=[None] * 40), Series("mill_cpu", values=list(CALM)))
    new = Series("ash_cpu", values=list(CALM))
    before, after = zip(a_pair("kiln_cpu", 2.0), a_pair("bricks", 9.0), lost, strict=True)
    assert [name for name, _ in ranked(before, [*after, new])] == ["kiln"]
    assert ranked([], []) == []


def test_errors_where_none_were_before_are_weighed_by_what_others_have() -> None:
    none = Series("kiln_errors", values=[0.0] * 40)
    some = Series("kiln_errors", values=[3.0] * 40)
    (found,) = ranked([none], [some])
    assert found == ("kiln", pytest.approx(0.4 * 2.397895, rel=1e-3))


def test_pods_of_one_workload_count_as_one_service() -> None:
    pairs = [a_pair("cpu_rate", times, pod=pod) for pod, times in (("kiln-0", 1.0), ("kiln-1", 4.0), ("yard-0", 1.0))]
    assert names(*pairs) == ["kiln", "yard"]


def a_recording(**rises: float) -> str:
    """Return a table of forty minutes in which columns rise so many times at the twentieth."""
    rows = [",".join(str(CALM[n] * (times if n >= 20 else 1)) for times in rises.values()) for n in range(40)]
    return "\n".join(["time," + ",".join(rises), *(f"2026-05-04T10:{n:02}:00Z,{row}" for n, row in enumerate(rows))])


def test_the_service_that_rose_most_is_told_above_the_shifts_that_follow_from_it() -> None:
    parsed = read_by(metrics.analyse, a_recording(kiln_cpu=5.0, kiln_latency=3.0, front_latency=2.0, mill_cpu=1.0))
    (found,) = (one for one in parsed.findings if one.kind == "suspect")
    assert found.statement == "of 3 services kiln rose most: kiln_cpu from 10 to 50; then front, mill"
    assert (found.subject, found.attributes["measure"], found.citations[0].first) == ("service/kiln", "cpu", 22)
    assert found.time == datetime(2026, 5, 4, 10, 20, tzinfo=UTC)
    assert found.severity == max(one.severity for one in parsed.findings)


@pytest.mark.parametrize("rises", [{"kiln_cpu": 5.0, "front_cpu": 1.0}, {"kiln_cpu": 1.3, "front_cpu": 1.0, "mill_cpu": 1.0}])
def test_of_two_services_or_after_a_small_rise_none_is_suspected(rises: dict[str, float]) -> None:
    assert not [one for one in read_by(metrics.analyse, a_recording(**rises)).findings if one.kind == "suspect"]


def test_pods_are_suspected_as_their_service_and_without_a_time_nothing_is() -> None:
    pods = [a_pair("cpu_rate", times, pod=f"{name}-7d9f8b6c5d-x2k4z") for name, times in (("kiln", 4.0), ("mill", 1.0))]
    series = [
        Series("cpu_rate", one.labels, "", [float(n) for n in range(80)], [*one.values, *after.values], list(range(80)))
        for one, after in pods
    ]
    known = levels(series, datetime.fromtimestamp(40, UTC))
    assert [one.level.subject for one in between(known)] == ["service/kiln", "service/mill"]
    assert between(levels(series)) == between(levels(series, datetime.fromtimestamp(90, UTC))) == []


@pytest.mark.parametrize("label", ["destination_workload", "destination_service_name", "destination_app"])
def test_a_mesh_and_a_recording_rule_name_the_service_by_labels_of_their_own(label: str) -> None:
    assert workload(Series("istio_requests", {label: "kiln", "pod": "gateway-0"})) == "kiln"
    assert owner(Series("container_cpu_usage")) == ""


def test_what_only_grows_in_one_recording_is_no_counter_there() -> None:
    """The name says a counter, the values do not: neither recording is turned into rates."""
    steady, wave = [5.0] * 40, [5.0, 5.1] * 20
    gauges = [
        (Series(f"{name}_bytes_total", values=list(steady)), Series(f"{name}_bytes_total", values=list(wave))) for name in "ab"
    ]
    assert names(*gauges, a_pair("kiln_cpu", 1.5))[0] == "kiln"
    counted = [Series("ash_requests_total", values=[float(step * n) for n in range(40)]) for step in (1, 9)]
    assert ranked(counted[:1], counted[1:])[0] == ("ash", pytest.approx(0.2 * 1.846, rel=0.01))


def test_a_gauge_with_a_counters_name_is_compared_as_it_is_on_both_sides_of_a_time() -> None:
    rows = [f"2026-05-04T10:{n:02}:00Z,{n // 20 * 50 + n % 2},{CALM[n]},{CALM[n]}" for n in range(40)]
    table = "\n".join(["time,kiln_errors_total,front_latency,mill_cpu", *rows])
    (found,) = (one for one in read_by(metrics.analyse, table).findings if one.kind == "suspect")
    assert found.statement.startswith("of 3 services kiln rose most: kiln_errors_total from 0.5 to 50.5")

"""Metrics: what a column was measured on, and which service a fault sits in."""

import pytest

from domain.evidence.metrics.names import measure, measured_on, workload
from domain.evidence.metrics.series import Series
from domain.evidence.metrics.suspects import ranked
from domain.evidence.metrics.tables import labelled

CALM, LOUD = [10.0, 10.5, 9.5, 10.0] * 10, [2.0, 18.0, 5.0, 15.0] * 10


def a_pair(name: str, times: float, calm: list[float] = CALM, **labels: str) -> tuple[Series, Series]:
    return tuple(Series(name, labels, values=[factor * value for value in calm]) for factor in (1.0, times))


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

"""Incidents of kinds that were not tuned on: what a lossy node, a full cache, a drained queue and a failing probe look like."""

from __future__ import annotations

import json

from domain.diagnosis.explain import explain
from tests.quality.monitored_clouds import watched
from tests.quality.monitors import POINTS, alert, at, deployment, logs, pod, pods, ramp, warnings
from tests.quality.reading import Read, text_case
from tests.unit.domain.diagnosis.examples.objects import APART, measured, metrics

SLOW = {"store_p90latency": 400.0, "web_p90latency": 90.0}
SHARED = {**APART, "web": "n2"}


def first(read: Read) -> str:
    return read.diagnosis.candidates[0].family


def test_a_callee_on_the_only_node_that_loses_packets_is_slow_for_the_node() -> None:
    assert first(text_case(measured(metrics(**SLOW, n2_tcp_retrans=80.0), **SHARED))) == "node_loss"


def test_a_callee_that_is_busy_itself_is_the_cause_on_any_node() -> None:
    assert first(text_case(measured(metrics(**SLOW, store_cpu=20.0, n2_tcp_retrans=80.0), **SHARED))) == "cpu_saturated"


def test_a_callee_alone_on_a_lossy_node_is_slow_by_itself() -> None:
    assert first(text_case(measured(metrics(**SLOW, n2_tcp_retrans=80.0), **APART))) == "pod_network"


def cache(**last: float) -> dict[str, str]:
    gauges = watched(
        "CacheClusterId",
        ("DatabaseMemoryUsagePercentage", "Percent", "shelf", ramp(78, last["memory"], 3, 4)),
        ("Evictions", "Count", "shelf", ramp(0, last["evictions"], 4, 5)),
        ("CacheHitRate", "Percent", "shelf", ramp(96, 31, 5, 6)),
        ("CurrConnections", "Count", "shelf", [240.0] * POINTS),
    )
    return {"cache.json": gauges, "alert.json": alert("HitRateLow", "Hit rate of shelf fell to 31 %.", cache_cluster_id="shelf")}


def test_a_full_cache_that_evicts_what_is_read_has_run_out_of_memory() -> None:
    read = text_case(cache(memory=100.0, evictions=48_000.0))
    assert first(read) == "store_memory_full"
    assert "evicts what is still read (Evictions 0" in explain(read.answer)


def test_a_cache_with_room_that_misses_has_lost_what_it_held() -> None:
    assert first(text_case(cache(memory=79.0, evictions=0.0))) == "cache_loss"


def queue(left: float) -> dict[str, str]:
    course = [60.0, 900.0, 1_700.0, 2_400.0, 2_390.0, 1_800.0, 900.0, 300.0]
    gauges = watched(
        "QueueName", ("ApproximateAgeOfOldestMessage", "Seconds", "mail-out", course + [left] * (POINTS - len(course)))
    )
    return {
        "queue.json": gauges,
        "alert.json": alert("OldestMessage", "Oldest message of mail-out is 40 minutes old.", queue="mail-out"),
    }


def test_a_backlog_that_has_drained_is_nothing_any_more() -> None:
    read = text_case(queue(5.0))
    assert read.answer.status == "healthy"
    assert "the backlog has recovered and is drained (ApproximateAgeOfOldestMessage rose to 2400 s" in explain(read.answer)


def test_a_backlog_of_which_some_is_left_is_not_called_healthy() -> None:
    assert text_case(queue(290.0)).answer.status != "healthy"


POD = "orders-7d9c6b5f4-x2x4z"
STATES = {
    "pods.json": pods(pod(POD, "n1", ready=False)),
    "deployments.json": deployment("orders", 0, 1),
    "events.json": warnings(("Unhealthy", f"Pod/{POD}", "Readiness probe failed: HTTP probe failed with statuscode: 503")),
}
REFUSED = "readiness: ping to shelf:6379 failed: dial tcp 10.9.1.7:6379: connect: connection refused"


def test_a_probe_that_fails_for_what_the_application_cannot_reach_is_the_consequence() -> None:
    read = text_case({**STATES, "lines.json": logs("orders", ("error", REFUSED), ("error", REFUSED))})
    leader = read.diagnosis.candidates[0]
    assert (leader.family, "probe_failing" in leader.chain) == ("dependency_down", True)


def test_a_probe_whose_own_words_are_all_there_is_stays_the_cause() -> None:
    assert first(text_case(STATES)) == "probe_failing"


def test_a_failed_host_tells_of_the_failover_that_followed() -> None:
    told = [
        (5, "The primary host of the DB instance is unhealthy: storage volume unresponsive."),
        (6, "Multi-AZ instance failover started."),
        (7, "Multi-AZ instance failover completed"),
    ]
    journal = {"events": [{"date": at(n), "message": message, "source_identifier": "till-db"} for n, message in told]}
    read = text_case({
        "events.json": json.dumps(journal, indent=1),
        "alert.json": alert("Resets", "Connections to till-db were reset.", db_instance="till-db"),
    })
    assert first(read) == "host_failed"
    assert "What follows from it is failover" in explain(read.answer)

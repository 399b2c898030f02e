"""States, counts, times and resources of a claim are read from the fields that tell them."""

from __future__ import annotations

import json

import pytest

from domain.diagnosis.claims.check import check
from domain.diagnosis.values import Claim
from domain.evidence.values import Citation

DOCUMENTS: dict[str, object] = {
    "nodes": {
        "nodes": [
            {"name": "node-1", "ready": "True", "memory_pressure": "False", "cpu": "4"},
            {"name": "node-2", "ready": "True", "memory_pressure": "False", "cpu": "4"},
        ]
    },
    "pods": {
        "pods": [
            {"name": "shop-6c4-old1", "containers": [{"ready": False, "state": {"reason": "CrashLoopBackOff"}}]},
            {
                "name": "shop-7f9-new1",
                "containers": [{"ready": True, "restart_count": 3, "state": {"message": "shop-7f9-new1 runs"}}],
            },
        ]
    },
    "deployments": {"deployments": [{"name": "shop-web", "desired": 3, "ready": 3, "unavailable": 0}]},
    "events": {
        "events": [
            {
                "reason": "BackOff",
                "object": "shop-6c4-old1",
                "count": 8,
                "first_time": "2026-04-18T10:05:00Z",
                "last_time": "2026-04-18T10:47:00Z",
            }
        ]
    },
    "database": {"events": [{"message": "DB instance ran out of storage space", "time": "2026-04-18T03:08:44Z"}]},
    "monitors": {"monitors": [{"name": "Error Rate", "overall_state": "OK"}, {"name": "Latency", "overall_state": "OK"}]},
    "series": {
        "metrics": [
            {
                "name": "WriteIOPS",
                "timestamps": [f"2026-03-27T03:0{minute}:00Z" for minute in range(5)],
                "values": [1840, 1920, 1760, 420, 12],
            }
        ]
    },
    "log": {"log": "10:45:10 kernel: Memory cgroup out of memory: Killed process 1 (shop-web)\n10:45:11 stopped"},
}


def verdict(name: str, text: str) -> str:
    rows = json.dumps(DOCUMENTS[name], indent=1).splitlines()
    lines = {(name, number): row for number, row in enumerate(rows, start=1)}
    cited = tuple(Citation(evidence=name, first=at, last=min(at + 49, len(rows))) for at in range(1, len(rows) + 1, 50))
    return check(Claim(text=text, citations=cited), (), lines).verdict


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nodes", "Neither node reports memory pressure."),
        ("nodes", "node-1 is ready."),
        ("pods", "shop-7f9-new1 is ready."),
        ("pods", "shop-6c4-old1 is in CrashLoopBackOff."),
        ("pods", "Pod shop-7f9-new1 has restarted 3 times."),
        ("deployments", "No replica of shop-web is unavailable."),
        ("events", "BackOff was counted 8 times between 10:05 and 10:47."),
        ("database", "The instance ran out of storage space at 03:08:44."),
        ("series", "WriteIOPS dropped to 12 at 03:04."),
    ],
)
def test_what_the_fields_say_is_confirmed(name: str, text: str) -> None:
    assert verdict(name, text) == "confirmed"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nodes", "Both nodes report memory pressure."),
        ("nodes", "node-2 reports memory pressure."),
        ("pods", "shop-6c4-old1 is ready."),
        ("pods", "shop-7f9-new1 is in CrashLoopBackOff."),
        ("pods", "Pod shop-7f9-new1 has restarted 7 times."),
        ("deployments", "All replicas of shop-web are unavailable."),
        ("deployments", "3 replicas of shop-web are unavailable."),
        ("events", "BackOff was counted 7 times between 10:05 and 10:47."),
        ("events", "The BackOff ended at 10:05 and began at 10:47."),
        ("database", "The instance ran out of memory at 03:08:44."),
        ("database", "The instance never ran out of storage space."),
        ("monitors", "The Error Rate monitor is alerting."),
        ("series", "WriteIOPS dropped to 12 at 03:01."),
        ("series", "WriteIOPS peaked at 1920 at 03:04."),
        ("series", "WriteIOPS fell from 1,760 at 03:03 to 420 at 03:02."),
        ("log", "The kernel killed process 1 (postgres) at 10:45:10."),
        ("log", "The process was killed by the liveness probe."),
        ("pods", "shop-7f9-new1 was hit by RudderJam."),
        ("deployments", "shop-web has 2/3 replicas."),
        ("nodes", "node-1 has the address 10.0.0.9."),
        ("database", "The storage was extended at 03:08:44."),
        ("database", "The instance was rolled back at 03:08:44."),
    ],
)
def test_what_the_fields_deny_is_not(name: str, text: str) -> None:
    assert verdict(name, text) != "confirmed"

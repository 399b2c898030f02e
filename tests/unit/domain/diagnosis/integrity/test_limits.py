"""Limits that fit neither what is asked of them nor what peers have."""

from __future__ import annotations

import pytest

from domain.diagnosis.integrity import limits
from domain.evidence.values import Citation, Edge
from tests.unit.domain.diagnosis.integrity.graphs import calls, thing, told

DATABASE = thing("statefulset/base", ready="1/1")
SETTINGS = thing("configmap/base", **{"data.my.cnf.mysqld.max_connections": "20"})
MOUNTED = Edge(
    source="statefulset/base", relation="mounts", target="configmap/base", citation=Citation(evidence="e", first=1, last=1)
)
CALLED = (MOUNTED, calls("service/shop", "service/base"), calls("service/mail", "service/base"))
SHOP = thing("deployment/shop", container__main__env__POOL_SIZE="15")


def test_pools_that_may_open_more_than_the_server_allows_are_told() -> None:
    mail = thing("deployment/mail", container__main__env__DB_MAX_POOL_SIZE="10")
    assert told(limits.check, DATABASE, SETTINGS, SHOP, mail, edges=CALLED) == [("pools", "statefulset/base")]


def test_pools_that_fit_are_not_told() -> None:
    mail = thing("deployment/mail", container__main__env__DB_MAX_POOL_SIZE="5")
    assert told(limits.check, DATABASE, SETTINGS, SHOP, mail, edges=CALLED) == []


def test_pools_of_those_who_call_another_server_do_not_count() -> None:
    mail = thing("deployment/mail", container__main__env__DB_MAX_POOL_SIZE="10")
    assert told(limits.check, DATABASE, SETTINGS, SHOP, mail, edges=CALLED[:2]) == []


KILLED = {"ready": "0/1", "container__main__limits__memory": "256Mi", "container__main__reason": "OOMKilled"}
HEAPS = {
    "java": ({"env__JAVA_OPTS": "-Xss1m -Xms64m -Xmx512m"}, True),
    "java with room": ({"env__JAVA_OPTS": "-Xmx192m"}, False),
    "java in gigabytes": ({"command": "java -Xmx1G -jar app.jar"}, True),
    "java in bytes": ({"args": "-Xms268435456"}, True),
    "node": ({"env__NODE_OPTIONS": "--max-old-space-size=512"}, True),
    "node with room": ({"args": "--max_old_space_size 128 server.js"}, False),
    "neither": ({"args": "--max-connections=512"}, False),
}


@pytest.mark.parametrize(("fields", "odd"), HEAPS.values(), ids=HEAPS)
def test_a_heap_that_the_limit_does_not_hold_is_told(fields: dict[str, str], odd: bool) -> None:
    pod = thing("pod/web-5c8d7b6f5-x2x4z", **KILLED, **{f"container__main__{name}": value for name, value in fields.items()})
    assert told(limits.check, pod) == ([("heap", pod.id)] if odd else [])


def test_a_heap_without_a_limit_or_without_trouble_is_not_told() -> None:
    heap = {"container__main__env__JAVA_OPTS": "-Xmx512m"}
    assert told(limits.check, thing("pod/web-5c8d7b6f5-x2x4z", ready="0/1", **heap)) == []
    assert told(limits.check, thing("pod/web-5c8d7b6f5-x2x4z", **{**KILLED, "ready": "1/1"}, status="Running", **heap)) == []


def with_limit(name: str, memory: str, cpu: str = "500m"):
    return thing(f"deployment/{name}", container__main__limits__memory=memory, container__main__limits__cpu=cpu)


PEERS = tuple(with_limit(name, "1Gi") for name in "abcd")
POD = thing("pod/web-5c8d7b6f5-x2x4z", ready="0/1")


def test_a_limit_far_below_those_of_other_workloads_is_told() -> None:
    assert told(limits.check, *PEERS, with_limit("web", "128Mi"), POD) == [("limit_low", POD.id)]
    assert told(limits.check, *PEERS, with_limit("web", "1Gi", "50m"), POD) == [("limit_low", POD.id)]


def test_a_limit_near_those_of_few_or_many_is_not_odd() -> None:
    assert told(limits.check, *PEERS, with_limit("web", "512Mi"), POD) == []
    assert told(limits.check, *PEERS[:3], with_limit("web", "128Mi"), POD) == []
    assert told(limits.check, *PEERS, with_limit("web", "128Mi"), thing("pod/web-5c8d7b6f5-x2x4z", ready="1/1")) == []

"""What healthy systems write is no fault: connections that came back, tests that passed, scans without a burst, clients that left."""

from __future__ import annotations

import pytest

from tests.quality.reading import text_case

CALM = [
    f"2026-02-11T09:{number // 6:02}:{number % 6 * 10:02}Z INFO worker: job done in {20 + number % 9} ms" for number in range(300)
]


def line(number: int, text: str) -> str:
    return f"2026-02-11T09:{number // 6:02}:{number % 6 * 10 + 1:02}Z {text}"


def mixed(*told: tuple[int, str]) -> str:
    rows = list(CALM)
    for number, text in sorted(told, reverse=True):
        rows.insert(number + 1, line(number, text))
    return "\n".join(rows)


REFUSED = "ERROR orders: could not connect to server: Connection refused (host db-1 port 5432)"
RESTORED = "INFO orders: connection to db-1:5432 restored"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.log", mixed((50, REFUSED), (51, REFUSED), (52, RESTORED))),
        ("app.log", mixed((50, REFUSED), (51, RESTORED), (150, REFUSED), (151, RESTORED))),
        ("postgresql.log", mixed((80, "LOG:  could not receive data from client: Connection reset by peer"))),
        (
            "build.log",
            'PASS src/pay.test.js\n  ✓ logs "connection refused" and retries (12 ms)\nTests: 41 passed, 41 total\n' * 9,
        ),
        (
            "auth.log",
            mixed(*((at, f"sshd[{at}]: Invalid user admin from 203.0.113.9 port {4_000 + at}") for at in range(0, 300, 30))),
        ),
    ],
    ids=["came back", "came back twice", "client left", "test passed", "scans"],
)
def test_what_healthy_systems_write_is_no_fault(name: str, text: str) -> None:
    told = text_case({name: text}).answer
    assert told.status not in {"identified", "candidates"}


def test_a_connection_that_fails_again_after_it_came_back_is_one() -> None:
    told = text_case({"app.log": mixed((50, REFUSED), (51, RESTORED), (200, REFUSED), (201, REFUSED))}).answer
    assert told.causes[0].family == "dependency_down"


def test_a_stray_line_makes_no_exception_of_the_line_before_it() -> None:
    rows = [*CALM[:200], "worker-9   NotReady   <none>   9d   v1.29.1", *CALM[200:]]
    told = text_case({"app.log": "\n".join(rows)}).answer
    assert [one.family for one in told.causes] == ["other"]


def test_a_description_cut_above_its_node_is_of_a_pod() -> None:
    text = (
        "Name:         cart-7d9\nNamespace:    shop\nContainers:\n  cart:\n    Last State:     Terminated\n"
        "      Reason:       OOMKilled\n      Exit Code:    137\n    Restart Count:  11\n"
    )
    told = text_case({"describe.txt": text}).answer
    assert [one.family for one in told.causes] == ["oom_killed"]


PODS = "NAME                 READY   STATUS      RESTARTS   AGE\n{}mill-7c9d8b5f4-k2l9p   1/1     Running     0          2d\n"
FAILED = "invoice-28711-x7abc   0/1     Error       0          40m\n"
NODES = "NAME     STATUS   ROLES    AGE   VERSION\nnode-1   Ready    <none>   90d   v1.31.2\n"


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        (FAILED, "inconclusive"),
        (f"{FAILED}invoice-28711-k2m9z   0/1     Completed   0          20m\n", "healthy"),
        (f"{FAILED}invoice-28710-k2m9z   0/1     Completed   0          20m\n", "inconclusive"),
    ],
    ids=["failed", "tried again", "another job ended well"],
)
def test_a_failed_pod_whose_job_ended_well_is_no_fault(rows: str, status: str) -> None:
    told = text_case({"pods.txt": PODS.format(rows), "nodes.txt": NODES}).answer
    assert told.status == status


def test_many_failed_logins_are_an_attack_once_others_are_refused_for_them() -> None:
    failed = [
        (at, f"sshd[{at}]: Failed password for root from 203.0.113.{at % 250} port {4_000 + at} ssh2") for at in range(0, 300, 4)
    ]
    refused = (299, "sshd[7]: error: beginning MaxStartups throttling")
    assert "attack" not in {one.family for one in text_case({"auth.log": mixed(*failed)}).answer.causes}
    leader = text_case({"auth.log": mixed(*failed, refused)}).answer.causes[0]
    assert (leader.family, leader.evidence[1].count) == ("attack", 75)

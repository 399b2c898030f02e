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

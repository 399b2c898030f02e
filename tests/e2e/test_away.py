"""Two rows of the failure ladder that need processes: the engine killed, and every worker killed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.house import House, house, open_case, signed_in
from tests.waiting import ASK_AGAIN_S, until

REFUSED_S = 5
NOTICED_S = 120
"""A worker that is gone is noticed when its last long poll is 65 s old."""


@pytest.fixture(scope="module")
def opened() -> Iterator[House]:
    with house() as running:
        yield running


def shown(client: httpx.Client, component: str) -> tuple[str, str]:
    health = client.get("/health").json()
    return health["components"][component]["status"], health["status"]


def answered(client: httpx.Client, place: str) -> bool:
    return client.get(place).status_code == 200


def test_without_temporal_messages_are_refused_and_the_same_key_is_answered_when_it_is_back(opened: House) -> None:
    with signed_in(opened) as client:
        case_id, keyed = open_case(client), {"Idempotency-Key": "sent-while-away"}
        turns, said = f"/api/v1/cases/{case_id}/turns", {"query": "checkout fails since noon"}
        assert client.post(turns, data={"query": "checkout is slow"}).status_code in {200, 202}
        opened.kill("temporal")
        for _ in range(3):  # a machine that stands still spoils a try
            started = time.monotonic()
            refused = client.post(turns, data=said, headers=keyed)
            took = time.monotonic() - started
            if took < REFUSED_S:
                break
        assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (503, "STORE_UNAVAILABLE", "5")
        reading = client.get(f"/api/v1/cases/{case_id}")
        assert (reading.status_code, reading.headers["X-State-Source"]) == (200, "projection")
        until(lambda: shown(client, "temporal") == ("unhealthy", "unhealthy"), what="health that shows it", every=ASK_AGAIN_S)
        assert client.get("/readiness").status_code == 503
        assert 'faultmaven_messages_refused_total{reason="store_unavailable"}' in client.get("/metrics").text
        opened.start("temporal")
        again = client.post(turns, data=said, headers=keyed)
        assert again.status_code in {200, 202}, again.text
        place = f"{turns}/{again.json()['turn_id']}"
        until(lambda: answered(client, place), what="an answer", every=ASK_AGAIN_S)
        print(f"refused after {took:.1f} s (at most {REFUSED_S})")
        assert took < REFUSED_S


def test_without_workers_messages_wait_and_each_is_answered_once(opened: House) -> None:
    with signed_in(opened) as client:
        case_id = open_case(client)
        opened.kill("worker")
        posted = client.post(f"/api/v1/cases/{case_id}/turns", data={"query": "checkout fails"}, headers={"Prefer": "wait=1"})
        assert posted.status_code == 202
        reading = client.get(f"/api/v1/cases/{case_id}")
        assert (reading.status_code, reading.headers["X-State-Source"]) == (200, "projection")
        until(lambda: shown(client, "workers") == ("unhealthy", "unhealthy"), NOTICED_S, "health that shows it", ASK_AGAIN_S)
        assert client.get("/readiness").status_code == 200
        opened.start("worker")
        until(lambda: answered(client, posted.headers["Location"]), what="an answer", every=ASK_AGAIN_S)
        assert client.get(f"/api/v1/cases/{case_id}/messages").json()["total_count"] == 2
        assert shown(client, "workers")[0] == "healthy"

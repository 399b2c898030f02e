"""Archives over HTTP, on the product as it runs on one machine; a killed worker makes nothing twice and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.asking import ask
from tests.e2e.house import House, house, open_case, signed_in
from tests.e2e.test_journey import a_failing_log
from tests.unit.domain.evidence.bundles import overlapping, tarred, zipped
from tests.waiting import ASK_AGAIN_S, until

PODS = 20
FILES = [(f"dump/shop/pod-{n}/logs.txt", f"2026-11-20T13:00:00Z INFO pod {n} ready\n".encode() * (n + 1)) for n in range(PODS)]


@pytest.fixture(scope="module")
def opened() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture
def client(opened: House) -> Iterator[httpx.Client]:
    with signed_in(opened) as one:
        yield one


def listed(client: httpx.Client, case_id: str) -> dict[str, str]:
    page = client.get(f"/api/v1/cases/{case_id}/uploaded-files", params={"limit": 100}).json()
    return {file["filename"]: file["analysis_status"] for file in page["files"]}


def test_a_worker_killed_among_the_members_of_an_archive_loses_none_and_makes_none_twice(
    opened: House, client: httpx.Client
) -> None:
    case_id = open_case(client)
    data = tarred([*FILES, ("dump/shop/db/logs.txt", a_failing_log().encode())], "w:gz")
    answer = client.post(f"/api/v1/cases/{case_id}/evidence", files=[("file", ("dump.tar.gz", data))])
    assert answer.status_code == 201, answer.text
    until(lambda: "completed" in listed(client, case_id).values(), 120, "the first file")
    opened.kill("worker")
    opened.start("worker")
    names = {"dump.tar.gz", "dump.tar.gz/dump/shop/db/logs.txt", *(f"dump.tar.gz/{name}" for name, _ in FILES)}
    until(lambda: listed(client, case_id) == dict.fromkeys(names, "completed"), 240, "all members", ASK_AGAIN_S)
    known = f"/api/v1/cases/{case_id}/ui"
    until(lambda: client.get(known).json()["uploaded_files_count"] == len(names), 120, "the case's own list", ASK_AGAIN_S)
    told = ask(client, case_id, "checkout fails, why?")
    assert "too many clients" in told["agent_response"]
    assert {citation["filename"] for citation in told["citations"]} == {"dump.tar.gz/dump/shop/db/logs.txt"}


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        (overlapping(copies=2_000, size=5_000_000), "archive of 2000 files, 1 read; left out: 1999 that share their bytes with others"),
        (zipped([("../../x", b"x"), ("/etc/y", b"y"), ("z", b"")]), "archive of 3 files, 0 read; left out: 2 named outside of the archive's own folder, 1 empty"),
    ],
    ids=["overlapping", "outside"],
)  # fmt: skip
def test_a_hostile_archive_is_read_within_its_bounds(client: httpx.Client, data: bytes, summary: str) -> None:
    case_id = open_case(client)
    answer = client.post(f"/api/v1/cases/{case_id}/turns", files=[("files", ("bad.zip", data))])
    assert answer.status_code in {200, 202}, answer.text
    until(lambda: "pending" not in listed(client, case_id).values(), 120, "the archive", ASK_AGAIN_S)
    page = client.get(f"/api/v1/cases/{case_id}/uploaded-files").json()
    assert next(file["summary"] for file in page["files"] if file["filename"] == "bad.zip") == summary

"""From the upload over HTTP to what a client sees of the file, in whole processes (E4)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.figures import Figure
from tests.e2e.house import house, open_case, signed_in
from tests.waiting import eventually

ONE_S, TEN_S = 5.0, 15.0
BYTES = 10_000_000


def served(path: Path) -> Iterator[Figure]:
    """One upload of 10 MB, then ten at once; each file differs in its first line."""
    with path.open("rb") as file:
        data = file.read(BYTES)
    with house(in_memory=True) as opened, signed_in(opened) as client:
        case_id, headers = open_case(client), dict(client.headers)
        _upload(opened.url, headers, case_id, data, 1)
        yield Figure("10 MB, HTTP upload → digest visible", _upload(opened.url, headers, case_id, data, 1), "s", ONE_S)
        yield Figure("ten of 10 MB at once, the slowest", _upload(opened.url, headers, case_id, data, 10), "s", TEN_S)


def _upload(url: str, headers: dict[str, str], case_id: str, data: bytes, count: int) -> float:
    return max(asyncio.run(_at_once(url, headers, case_id, data, count)))


async def _at_once(url: str, headers: dict[str, str], case_id: str, data: bytes, count: int) -> list[float]:
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=90, trust_env=False) as client:
        marked = [b"%d %d\n" % (time.perf_counter_ns(), number) + data for number in range(count)]
        return await asyncio.gather(*[_seen(client, case_id, one) for one in marked])


async def _seen(client: httpx.AsyncClient, case_id: str, data: bytes) -> float:
    began = time.perf_counter()
    taken = await client.post(f"/api/v1/cases/{case_id}/evidence", files=[("file", ("app.log", data))])
    assert taken.status_code == 201, taken.text
    file_id = taken.json()["files"][0]["file_id"]

    async def visible() -> bool:
        detail = (await client.get(f"/api/v1/cases/{case_id}/uploaded-files/{file_id}")).json()
        assert detail["analysis_status"] != "failed", detail
        return bool(detail["analysis_status"] == "completed" and detail["summary"])

    await eventually(visible, 120, "the file's digest", 0.1)
    return time.perf_counter() - began

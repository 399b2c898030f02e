"""Asking as a patient client does: post a turn, poll its Location until the answer stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from tests.waiting import ASK_AGAIN_S, until

ANSWERED_S = 110.0
READ_S = 120.0


def ask(
    client: httpx.Client,
    case_id: str,
    query: str = "",
    files: Sequence[Any] = (),
    headers: Mapping[str, str] | None = None,
    **fields: str,
) -> dict[str, Any]:
    """Return the answer to one turn, however long it takes within its budget."""
    said = {"query": query, **fields}
    posted = client.post(f"/api/v1/cases/{case_id}/turns", data=said, files=list(files) or None, headers=headers)
    assert posted.status_code in {200, 202}, posted.text
    return posted.json() if posted.status_code == 200 else _polled(client, posted.headers["Location"])


def _polled(client: httpx.Client, place: str) -> dict[str, Any]:
    answers: list[httpx.Response] = []

    def over() -> bool:
        answers[:] = [client.get(place)]
        return answers[0].status_code != 202

    until(over, ANSWERED_S, f"an answer at {place}", ASK_AGAIN_S)
    assert answers[0].status_code == 200, answers[0].text
    return answers[0].json()


def upload(client: httpx.Client, case_id: str, files: Mapping[str, bytes]) -> None:
    """Bring files outside of a turn and wait until they are read."""
    parts = [("file", (name, content)) for name, content in files.items()]
    assert client.post(f"/api/v1/cases/{case_id}/evidence", files=parts).status_code == 201
    all_read(client, case_id)


def all_read(client: httpx.Client, case_id: str) -> None:
    """Wait until every file of the case is read, and known to the case itself."""

    def over() -> bool:
        listed = client.get(f"/api/v1/cases/{case_id}/uploaded-files").json()["files"]
        known = client.get(f"/api/v1/cases/{case_id}/ui").json()["uploaded_files_count"]
        return known == len(listed) > 0 and all(file["analysis_status"] == "completed" for file in listed)

    until(over, READ_S, f"every file of {case_id} read", ASK_AGAIN_S)

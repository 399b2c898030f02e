"""A thin HTTP client of the API: what the commands that need a server share."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

Json = Any
"""What the API answers: JSON is untyped where it enters."""
TURN_FILE_BYTES = 10 << 20
"""Larger files go by the evidence route."""


class Refused(Exception):
    """The server said no; `exit_code` is what a script sees."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        """Keep what to print and how to end."""
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Server:
    """A signed-in connection; every failure becomes one line that names the remedy."""

    http: httpx.Client

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return the answer, or raise `Refused` with the server's own words."""
        try:
            answer = self.http.request(method, path, **options)
        except httpx.TransportError as failure:
            raise unreachable(self.http.base_url) from failure
        if answer.status_code >= 400:
            raise Refused(told(answer), 4 if answer.status_code == 404 else 1)
        return answer

    def open_case(self, title: str | None = None) -> str:
        """Return the id of a new case."""
        body = {"title": title} if title else {}
        return str(self.call("POST", "/api/v1/cases", json=body, headers=fresh_key()).json()["case_id"])

    def upload(self, case_id: str, file: Path) -> str:
        """Send a file outside of a turn and return its id."""
        with file.open("rb") as stream:
            answer = self.call("POST", f"/api/v1/cases/{case_id}/evidence", files={"file": (file.name, stream)}, timeout=600)
        return str(answer.json()["files"][0]["file_id"])

    def post(self, case_id: str, query: str, files: list[Path], **fields: str) -> Json:
        """Post a turn without waiting and return its answer or where it stands; the same key is used should it be sent twice."""
        opened = [("files", (file.name, file.read_bytes())) for file in files]
        data = {"query": query, **fields}
        headers = {**fresh_key(), "Prefer": "respond-async"}
        path = f"/api/v1/cases/{case_id}/turns"
        if opened:
            return self.call("POST", path, data=data, files=opened, headers=headers, timeout=120).json()
        return self.call("POST", path, data=data, headers=headers).json()

    def turn(self, case_id: str, turn_id: str) -> Json | None:
        """Return the finished answer, or nothing while it runs."""
        answer = self.call("GET", f"/api/v1/cases/{case_id}/turns/{turn_id}")
        return None if answer.status_code == 202 else answer.json()

    def events(self, case_id: str, turn_id: str) -> Iterator[tuple[str, Json]]:
        """Yield (event, data) of a running turn; ends with `answer` or `failed`."""
        path = f"/api/v1/cases/{case_id}/turns/{turn_id}/events"
        with self.http.stream("GET", path, timeout=httpx.Timeout(10, read=60)) as stream:
            name = ""
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:") and name:
                    yield name, json.loads(line[5:])


def fresh_key() -> dict[str, str]:
    """Return a header that makes a repeated request harmless."""
    return {"Idempotency-Key": uuid4().hex}


def told(answer: httpx.Response) -> str:
    """Return the server's words about a refusal."""
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return f"the server answered {answer.status_code}"
    return detail if isinstance(detail, str) else json.dumps(detail)


def unreachable(address: object) -> Refused:
    """Return the failure of a server that does not answer."""
    return Refused(f"no FaultMaven server answers at {address}; start one with `faultmaven up`", 3)


def data_folder() -> Path:
    """Return the folder that `up` uses."""
    return Path(os.environ.get("FAULTMAVEN_DATA") or Path.home() / ".local/share/faultmaven")


def credential(folder: Path) -> tuple[str, str]:
    """Return (address, user:password or token) as `up` wrote it, or from the environment."""
    token = os.environ.get("FAULTMAVEN_TOKEN", "")
    address = os.environ.get("FAULTMAVEN_URL", "")
    file = folder / "credentials.json"
    if not (token and address) and file.exists():
        kept = json.loads(file.read_text(encoding="utf-8"))
        address = address or kept["url"]
        token = token or f"{kept['username']}:{kept['password']}"
    if not token:
        raise Refused(f"not signed in: no {file} and no FAULTMAVEN_TOKEN; start the server with `faultmaven up`", 3)
    return address or "http://127.0.0.1:8090", token


@contextmanager
def connect() -> Generator[Server, None, None]:
    """Open a signed-in connection to the server of the data folder, or of FAULTMAVEN_URL and FAULTMAVEN_TOKEN."""
    address, secret = credential(data_folder())
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as http:
        server = Server(http)
        if ":" in secret:
            name, _, password = secret.partition(":")
            signed = server.call("POST", "/api/v1/auth/login", json={"username": name, "password": password}).json()
            secret = signed["access_token"]
        http.headers["Authorization"] = f"Bearer {secret}"
        yield server

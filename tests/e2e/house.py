"""The whole product in processes of its own: Temporal on a database file, API and worker over one data folder.

Each part can be killed and started again where it was. Everything listens on loopback; every process is its own group and
is reaped when the house closes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from activities.adapters.settings import Providers
from tests import servers
from tests.waiting import ASK_AGAIN_S, until

READY_SECONDS = 120.0
NO_MODEL = dict.fromkeys((name.upper() for name in Providers.model_fields), "")
"""What stands in the developer's environment is not asked."""
COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", str(servers.CACHE.parent / "pycache")),
}
"""Compiled modules are kept, but not beside the sources."""


@dataclass(slots=True)
class House:
    """Running processes and how to reach them."""

    folder: Path
    environment: Mapping[str, str]
    api_port: int
    temporal_port: int
    api: Sequence[str] = (sys.executable, "-m", "api.main")
    worker: Sequence[str] = (sys.executable, "-m", "worker.main")
    in_memory: bool = False
    """Temporal without a file, at two thirds of the work: where it is not killed itself."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Temporal's dynamic configuration, such as a history that is soon too long."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    def commands(self) -> Mapping[str, Sequence[str]]:
        database = None if self.in_memory else self.folder / "temporal.db"
        temporal = servers.temporal_command(database, self.temporal_port, self.limits)
        return {"temporal": temporal, "api": self.api, "worker": self.worker}

    def start(self, *names: str) -> None:
        """Start these parts, all by default, and wait until the house is ready."""
        for name in names or ("temporal", "worker", "api"):
            with self.log(name).open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self.commands()[name],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    env={**os.environ, **self.environment},
                    start_new_session=True,
                )
        until(self.ready, READY_SECONDS, f"a ready house; logs in {self.folder}", every=ASK_AGAIN_S)

    def kill(self, name: str) -> None:
        """SIGKILL a part with all its children."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)

    def ready(self) -> bool:
        """Return whether a turn would be accepted and answered."""
        gone = [name for name, process in self.processes.items() if process.poll() is not None]
        assert not gone, f"{gone} ended: {self.log(gone[0]).read_text(errors='replace')[-2000:]}"
        if "api" not in self.processes:
            return True
        try:
            health = httpx.get(f"{self.url}/health", timeout=2, trust_env=False, verify=False).json()
        except (httpx.HTTPError, ValueError):
            return False
        wanted = {"temporal", "workers", "database", "blobs"} if "worker" in self.processes else {"database", "blobs"}
        return all(health["components"].get(name, {}).get("status") == "healthy" for name in wanted)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)


@contextmanager
def house(environment: Mapping[str, str] | None = None, **options: Any) -> Generator[House, None, None]:
    """Open a house in a fresh folder; `api=` and `worker=` put other composition roots in."""
    with servers.folder() as place:
        api_port, temporal_port = servers.free_port(), servers.free_port()
        own = {
            "FAULTMAVEN_DATA": str(place / "data"),
            "FAULTMAVEN_API__PORT": str(api_port),
            "FAULTMAVEN_TEMPORAL__ADDRESS": f"127.0.0.1:{temporal_port}",
            "FAULTMAVEN_LOG__FORMAT": "json",
            **NO_MODEL,
            **COMPILED,
            "FAULTMAVEN_LIMITS__READS_PER_MINUTE": "1000000",
            "FAULTMAVEN_LIMITS__WRITES_PER_MINUTE": "1000000",
            "FAULTMAVEN_LIMITS__TURNS_PER_MINUTE": "1000000",
        }
        (place / "data").mkdir(mode=0o700)
        opened = House(
            folder=place, environment={**own, **(environment or {})}, api_port=api_port, temporal_port=temporal_port, **options
        )
        try:
            opened.start()
            yield opened
        finally:
            opened.close()


@contextmanager
def signed_in(opened: House) -> Generator[httpx.Client, None, None]:
    """Return a client with an account of its own."""
    with httpx.Client(base_url=opened.url, timeout=90, trust_env=False) as client:
        body = {"username": f"ada-{uuid4().hex[:8]}", "password": uuid4().hex}
        token = client.post("/api/v1/auth/register", json=body).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def open_case(client: httpx.Client) -> str:
    """Return the id of a new case."""
    answer = client.post("/api/v1/cases", json={})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])

"""Real faults on real software: its own log, made in this run under random names, is uploaded and diagnosed.

Controls run the same software under the same load without the fault, or with another one.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from textwrap import dedent
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from tests import servers
from tests.e2e.asking import ask
from tests.e2e.house import House, house, open_case, signed_in

CLIENTS, ROUNDS = 20, 3
FEW, ENOUGH = 8, 60
"""Connections that the server takes: far fewer than clients, or far more."""
WORDS = ("orchard", "lantern", "harbour", "saddle", "pepper", "quartz")


@pytest.fixture(scope="module")
def opened() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture
def client(opened: House) -> Iterator[httpx.Client]:
    with signed_in(opened) as one:
        yield one


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """The log as it was written, and what the API said of it."""

    lines: list[str]
    answer: dict[str, Any]

    @property
    def families(self) -> list[str]:
        return [cause["family"] for cause in self.answer["causes"]]

    def assert_cites(self, name: str, words: str) -> None:
        """The first cause cites lines of this file that say these words, exactly as they stand there."""
        cited = self.answer["causes"][0]["evidence"]
        assert {line["file"] for line in cited} == {name}
        for line in cited:
            assert folded(line["text"]) in folded(self.lines[line["line"] - 1])
        assert any(words in self.lines[line["line"] - 1] for line in cited)
        assert f"{name}:{cited[0]['line']}" in self.answer["agent_response"]


def folded(line: str) -> str:
    return " ".join(line.split())


def diagnosed(client: httpx.Client, question: str, name: str, log: str) -> Diagnosed:
    """Upload a log with a question; the turn waits for its analysis."""
    answer = ask(client, open_case(client), question, [("files", (name, log.encode()))])
    print(f"\n{name}: {len(log.splitlines())} lines → {[cause['statement'] for cause in answer['causes']]}")
    return Diagnosed(lines=log.splitlines(), answer=answer)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a database's clients saw, and its log of that time."""

    served: int
    refused: int
    log: str


def under_load(connections: int, *, right_password: bool = True) -> Loaded:
    """Let many clients connect, ask and leave at once; each holds its connection for a moment."""
    name, password = f"{Random().choice(WORDS)}_{secrets.token_hex(2)}", secrets.token_hex(12)
    settings = [f"max_connections={connections}", "superuser_reserved_connections=1", "log_connections=on"]
    with servers.postgres([*settings, "log_line_prefix=%m [%p] %q%u@%d "]) as server:
        print(f"\n{server.version}, max_connections={connections}")
        with psycopg.connect(server.url, autocommit=True) as owner:
            role = sql.Identifier(name)
            owner.execute(sql.SQL("create role {} login password {}").format(role, sql.Literal(password)))
            owner.execute(sql.SQL("create database {} owner {}").format(role, role))
        given = password if right_password else secrets.token_hex(12)
        address = psycopg.conninfo.make_conninfo(server.url, user=name, password=given, dbname=name, connect_timeout=30)
        assert server.log is not None
        before = server.log.stat().st_size
        with ThreadPoolExecutor(CLIENTS) as clients:
            served = sum(clients.map(visit, [address] * CLIENTS))
        log = server.log.read_bytes()[before:].decode()
        return Loaded(served=served, refused=CLIENTS * ROUNDS - served, log=log)


def visit(address: str) -> int:
    """Come a few times; return how often the server let us in."""
    served = 0
    for _ in range(ROUNDS):
        try:
            with psycopg.connect(address) as connection:
                connection.execute("select pg_sleep(0.3)")
                served += 1
        except psycopg.OperationalError:
            continue
    return served


def test_an_exhausted_database_is_named_from_its_own_log(client: httpx.Client) -> None:
    loaded = under_load(FEW)
    assert loaded.served
    assert loaded.refused
    told = diagnosed(client, "many requests fail, some work", "postgresql.log", loaded.log)
    assert told.families[0] == "db_connections"
    told.assert_cites("postgresql.log", "FATAL:")


def test_the_same_load_with_enough_connections_has_no_cause(client: httpx.Client) -> None:
    loaded = under_load(ENOUGH)
    assert (loaded.served, loaded.refused) == (CLIENTS * ROUNDS, 0)
    told = diagnosed(client, "many requests fail, some work", "postgresql.log", loaded.log)
    assert told.families == []


def test_a_wrong_password_under_load_is_not_connection_exhaustion(client: httpx.Client) -> None:
    loaded = under_load(ENOUGH, right_password=False)
    assert loaded.served == 0
    told = diagnosed(client, "many requests fail, some work", "postgresql.log", loaded.log)
    assert told.families[0] == "db_credentials"
    assert "db_connections" not in told.families
    told.assert_cites("postgresql.log", "password authentication failed")


def a_service(setting: str) -> str:
    """Return a small service that reads its limit from the environment."""
    return dedent(f"""
        import logging, os, sys

        logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        log = logging.getLogger("writer")

        def main():
            log.info("starting")
            limit = int(os.environ["{setting}"])
            log.info("ready, at most %d entries in a batch", limit)
            for batch in range(30):
                log.info("batch %d written in %d ms", batch, 8 + batch % 5)
            log.info("stopped")

        main()
        """)


def supervised(folder: Path, setting: str, value: str | None) -> str:
    """Run the service as a supervisor does, starting it again when it fails, five times at most; return the log of both."""
    program, log = folder / "writer.py", folder / "writer.log"
    program.write_text(a_service(setting), encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", **({setting: value} if value is not None else {})}
    with log.open("a", encoding="utf-8") as written:
        for _ in range(5):
            print(f"{datetime.now():%Y-%m-%d %H:%M:%S,000} INFO supervisor starting writer", file=written, flush=True)  # ruff: ignore[call-datetime-now-without-tzinfo]
            ended = subprocess.run([sys.executable, program], env=environment, stdout=written, stderr=written, timeout=90)
            told = (
                f"WARNING supervisor writer exited with code {ended.returncode}" if ended.returncode else "INFO supervisor done"
            )
            print(f"{datetime.now():%Y-%m-%d %H:%M:%S,000} {told}", file=written, flush=True)  # ruff: ignore[call-datetime-now-without-tzinfo]
            if not ended.returncode:
                break
    return log.read_text(encoding="utf-8")


def test_a_crash_loop_for_a_missing_setting_is_named(client: httpx.Client, tmp_path: Path) -> None:
    setting = f"{Random().choice(WORDS).upper()}_BATCH_{secrets.token_hex(2).upper()}"
    told = diagnosed(client, "the writer does not come up", "writer.log", supervised(tmp_path, setting, None))
    assert told.families[0] == "env_missing"
    assert setting in told.answer["causes"][0]["statement"]
    told.assert_cites("writer.log", setting)


def test_the_same_service_with_its_setting_has_no_cause(client: httpx.Client, tmp_path: Path) -> None:
    told = diagnosed(client, "the writer does not come up", "writer.log", supervised(tmp_path, "WRITER_BATCH_LIMIT", "50"))
    assert told.families == []


def test_a_crash_loop_for_another_reason_is_no_missing_setting(client: httpx.Client, tmp_path: Path) -> None:
    told = diagnosed(client, "the writer does not come up", "writer.log", supervised(tmp_path, "WRITER_BATCH_LIMIT", "many"))
    assert told.families
    assert "env_missing" not in told.families

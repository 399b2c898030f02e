"""A runbook goes in by the command line and is cited; a case that ends leaves its report: on the product as it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.asking import ask
from tests.e2e.house import House, house, open_case, signed_in
from tests.waiting import ASK_AGAIN_S, until

RUNBOOK = """# Connection pool of the ledger service is exhausted

## Fix

Raise `ledger.pool.size` and restart the ledger service.
"""
LOG = "".join(f"2026-11-20T14:00:{second:02d}Z ERROR ledger: FATAL: sorry, too many clients already\n" for second in range(40))


@pytest.fixture(scope="module")
def opened() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture
def client(opened: House) -> Iterator[httpx.Client]:
    with signed_in(opened) as one:
        yield one


def ingest(opened: House, client: httpx.Client, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `faultmaven ingest` as this client's person."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    environment = {**os.environ, "FAULTMAVEN_URL": opened.url, "FAULTMAVEN_TOKEN": token}
    command = [sys.executable, "-c", "from cli.main import main; raise SystemExit(main())", "ingest", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)


def test_a_runbook_given_on_the_command_line_is_cited(opened: House, client: httpx.Client, tmp_path: Path) -> None:
    file = tmp_path / "ledger.md"
    file.write_text(RUNBOOK, encoding="utf-8")
    done = ingest(opened, client, str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("processed")
    answer = ask(client, open_case(client), "the connection pool of the ledger service is exhausted, requests fail")
    assert "From the knowledge base" in answer["agent_response"]
    assert answer["citations"][-1]["document_id"] in done.stdout


def test_an_empty_document_is_refused_on_the_command_line(opened: House, client: httpx.Client, tmp_path: Path) -> None:
    file = tmp_path / "empty.md"
    file.touch()
    done = ingest(opened, client, str(file))
    assert (done.returncode, "content" in done.stderr) == (1, True)


def test_rp1_a_case_that_is_closed_with_substance_shows_its_report(client: httpx.Client) -> None:
    case_id = open_case(client)
    ask(client, case_id, "ledger is failing since 14:00", files=[("files", ("app.log", LOG))])
    ask(client, case_id, "yes")
    assert client.post(f"/api/v1/cases/{case_id}/close", timeout=60).json()["case_state"] == "closed"
    expected = [{"report_type": "closure_summary", "status": "auto_generated", "reason": None}]
    until(
        lambda: client.get(f"/api/v1/cases/{case_id}/ui").json()["reports_available"] == expected,
        what="the report",
        every=ASK_AGAIN_S,
    )

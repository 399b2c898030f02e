"""The product beside a server that somebody else wrote: fakellm, which speaks OpenAI's chat completions (PyPI, MIT)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import servers
from tests.e2e.asking import ask, upload
from tests.e2e.house import house, open_case, signed_in
from tests.workflow.test_reasoning import LOG, ODD, citing

LOOK = {"name": "find_lines", "arguments": {"file": "E1", "words": "137", "context": 0, "after": 0}}
RULES: tuple[dict[str, Any], ...] = (
    {
        "name": "propose what it found",
        "when": {"messages_contain": "checkout", "tool_result_contains": ODD},
        "respond": {"content": citing(138, ODD)},
    },
    {
        "name": "look first",
        "when": {"messages_contain": "checkout", "tools_include": "find_lines"},
        "respond": {"tool_calls": [LOOK]},
    },
)
"""What it says to a question about checkout; to anything else it says back what it was told, which is no JSON."""


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """Return the address of the server, in a process of its own."""
    port = servers.free_port()
    with servers.folder() as place:
        rules = place / "rules.yaml"
        rules.write_text(json.dumps({"version": 1, "rules": RULES}))  # YAML holds JSON
        program = str(Path(sys.executable).parent / "fakellm")
        command = servers.Command(arguments=[program, "serve", "--port", str(port), "--config", str(rules)], folder=place)
        with servers.running(command, port):
            yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def client(foreign: str) -> Iterator[httpx.Client]:
    """Return a client of a product whose one provider is that server."""
    environment = {"LOCAL_BASE_URL": f"{foreign}/v1", "FAULTMAVEN_MODELS__LOCAL_MODEL": "any"}
    with house(environment, in_memory=True) as opened, signed_in(opened) as visitor:
        yield visitor


def told(client: httpx.Client, question: str) -> dict[str, Any]:
    case_id = open_case(client)
    upload(client, case_id, {"app.log": LOG})
    return ask(client, case_id, question)


def test_a_model_behind_it_looks_and_its_claim_is_checked_and_told(client: httpx.Client, foreign: str) -> None:
    answer = told(client, "checkout fails since noon, what is the cause?")
    assert answer["degraded"] == []
    assert f"{ODD} (app.log:138)." in answer["agent_response"]
    assert (answer["reasoning"]["steps"], answer["reasoning"]["tools"]) == (2, ["find_lines"])
    assert httpx.get(f"{foreign}/_fakellm/stats", trust_env=False).json()["total_requests"] == 2


def test_an_answer_that_is_no_json_leaves_the_rules_to_answer_and_is_not_shown(client: httpx.Client) -> None:
    answer = told(client, "payment fails since noon, what is the cause?")
    assert answer["degraded"] == ["model_unavailable"]
    assert "connection refused" in answer["agent_response"]
    assert "mock" not in answer["agent_response"].lower()
    assert "{" not in answer["agent_response"]

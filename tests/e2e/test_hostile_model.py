"""A hostile model gains nothing: through the whole product, a reply after a lie is the reply of a model that said nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.asking import ask, upload
from tests.e2e.house import house, open_case, signed_in
from tests.e2e.provider import Provider, provider
from tests.integration.test_hostile_model import LOG
from tests.stubs import hostile
from tests.stubs.models import Received

QUESTION = "checkout fails since 04:31, what is the cause?"
SILENT = json.dumps({"summary": "", "causes": []})
PLANTED = (hostile.INVENTED_ACTION, hostile.OBEYED, str(hostile.MISSING_LINE), "happened before", "198.51.100.7")
OWN = re.compile(
    r"file_[0-9a-f]{20}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|msg_[\w-]{22}_[ua]|(?:hyp|ev|eneed|sol|pend)_\w+|2026-11-\d\dT[\d:.]+Z|Case-\d+-\d+"
)
"""What differs between two cases that are told the same: ids, the day's times, titles by number."""
READS = ("", "/ui", "/messages", "/uploaded-files")

Visit = tuple[Provider, httpx.Client]


@pytest.fixture(scope="module", params=["openai", "anthropic"])
def visit(request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a model and a client of a product that speaks to it over one of the two protocols."""
    with provider() as model, house(model.environment(request.param)) as opened, signed_in(opened) as client:
        yield model, client


def told(visit: Visit, script: Callable[[Received], str]) -> dict[str, Any]:
    """Return all that a client can read of a fresh case whose one turn this model took part in."""
    model, client = visit
    model.script, before = script, len(model.received)
    case_id = open_case(client)
    upload(client, case_id, {"app.log": LOG.encode()})
    answer = ask(client, case_id, f"{QUESTION} (order {uuid4()})")  # words that no paid answer was given to
    assert len(model.received) == before + 1
    assert "model_unavailable" not in answer["degraded"]
    answer.pop("turn_id")
    return {"answer": answer} | {path: client.get(f"/api/v1/cases/{case_id}{path}").json() for path in READS}


def lines(seen: dict[str, Any]) -> list[str]:
    """Return what was read, line by line, without what differs anyway."""
    text = re.sub(r'"turn_id": "[^"]*"', '"turn_id": "-"', json.dumps(seen, sort_keys=True, indent=1))
    return OWN.sub("-", text).splitlines()


@pytest.fixture(scope="module")
def baseline(visit: Visit) -> dict[str, Any]:
    """Return what is told when the model proposes nothing."""
    return told(visit, lambda _received: SILENT)


@pytest.mark.parametrize("lie", hostile.HOSTILE, ids=lambda lie: lie.__name__)
def test_nothing_that_a_lying_model_says_is_told_or_changes_the_case(
    visit: Visit, baseline: dict[str, Any], lie: Callable[[Received], str]
) -> None:
    said: list[str] = []

    def script(received: Received) -> str:
        said.append(lie(received))
        return said[-1]

    seen = told(visit, script)
    reached = [planted for planted in PLANTED if planted in json.dumps(seen)]
    print(
        f"{lie.__name__}: {len(said)} lies over {visit[0].received[-1].provider}, {len(reached)} planted words reached a client"
    )
    assert json.loads(said[0])["causes"]
    assert reached == []
    assert set(lines(seen)) ^ set(lines(baseline)) == set()


def test_an_honest_model_is_heard(visit: Visit, baseline: dict[str, Any]) -> None:
    said: list[str] = []

    def script(received: Received) -> str:
        said.append(hostile.honest(received))
        return said[-1]

    seen = told(visit, script)
    assert json.loads(said[0])["causes"][0]["claims"]
    assert seen["answer"]["agent_response"] != baseline["answer"]["agent_response"]
    assert seen["answer"]["case_state"] == baseline["answer"]["case_state"]

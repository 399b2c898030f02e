"""A provider in every mode of misbehaviour (reliability.md 17): the case answers, goes on, shows nothing raw and pays what it may."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import cycle

import pytest
from temporalio.common import RetryPolicy
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.workflow import ActivityConfig

import workflows.reasoning
from activities.adapters.model_router import open_router
from activities.paid_calls import TURN_TOKENS
from domain.case.outcome import ResponseType
from domain.ports.models import LanguageModel
from tests import servers
from tests.stubs import hostile
from tests.stubs.models import ModelStub, Received, Reply
from tests.workflow.stage import Stage
from tests.workflow.test_reasoning import LOG
from tests.workflow.test_reasoning_wires import CALM, HASTE, WIRES, opened
from worker.build import Options

QUICK = RetryPolicy(initial_interval=timedelta(milliseconds=20), maximum_interval=timedelta(milliseconds=50), maximum_attempts=2)
SILENT = json.dumps({"summary": "", "causes": []})
SAID = "raw-words-of-the-provider"
WELL, AWAY, SPENT = (), ("model_unavailable",), ("budget_exhausted",)

Mode = Reply | Callable[[Received], Reply | str]
MODES: dict[str, tuple[Mode, tuple[str, ...]]] = {
    "well": (Reply(text=SILENT), WELL),
    "429": (Reply(status=429, error=SAID), AWAY),
    "429 for a second": (Reply(status=429, headers={"retry-after": "1"}), AWAY),
    "429 for hours": (Reply(status=429, headers={"retry-after": "10800"}), AWAY),
    "500": (Reply(status=500, error=SAID), AWAY),
    "503": (Reply(status=503), AWAY),
    "529": (Reply(status=529), AWAY),
    "401": (Reply(status=401), AWAY),
    "silence": (Reply(text=SILENT, silence_s=9), AWAY),
    "slow first token": (Reply(text=SILENT, silence_s=0.2), WELL),
    "trickle": (Reply(text=SILENT, gap_s=0.02), AWAY),
    "cut": (Reply(text=SILENT, cut_after=300), AWAY),
    "malformed JSON": (Reply(text='{"summary": "' + SAID), AWAY),
    "malformed event stream": (Reply(body=b"event: nonsense\ndata: {" + SAID.encode() + b"\n\n"), AWAY),
    "not a stream": (Reply(body=b"<html>" + SAID.encode() + b"</html>"), AWAY),
    "wrong schema": (Reply(text=json.dumps({"answer": SAID})), AWAY),
    "empty": (Reply(text=""), AWAY),
    "without end": (Reply(text="x" * 5_000_000), AWAY),
    "refusal": (Reply(text=SAID, stop="refusal"), AWAY),
    "cut by its own limit": (Reply(text=SILENT, stop="length"), AWAY),
    "unknown tool": (Reply(calls=(("run_shell", json.dumps({"command": SAID})),)), SPENT),
    "invented citation": (hostile.cites_a_missing_line, WELL),
    "missing usage": (Reply(text=SILENT, usage=False), WELL),
    "hijacked": (hostile.obeys_the_log, WELL),
}
RAW = (SAID, '"causes"', '"summary"', "Traceback", hostile.OBEYED, str(hostile.MISSING_LINE), "xxxx")
MODES_ON_WIRES = list(zip(MODES, cycle(WIRES), strict=False))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits between attempts."""
    short: ActivityConfig = {**workflows.reasoning.MODEL, "retry_policy": QUICK}
    monkeypatch.setattr(workflows.reasoning, "MODEL", short)


@pytest.mark.parametrize(("mode", "wire"), MODES_ON_WIRES, ids=[f"{mode}, {wire}" for mode, wire in MODES_ON_WIRES])
@pytest.mark.usefixtures("quick")
async def test_a_provider_that_misbehaves_costs_its_words_and_nothing_else(cold_stage: Stage, mode: str, wire: str) -> None:
    script, degraded = MODES[mode]
    async with ModelStub(script) as stub:
        await check(cold_stage, wire, opened(wire, stub, HASTE.get(mode, CALM)), degraded)
        assert stub.received


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.usefixtures("quick")
async def test_a_provider_that_nobody_can_reach_costs_nothing(cold_stage: Stage, wire: str) -> None:
    stub = ModelStub(Reply())
    with servers.unheard() as port:
        stub.url = f"http://127.0.0.1:{port}"
        await check(cold_stage, wire, opened(wire, stub), AWAY)


async def check(stage: Stage, wire: str, model: LanguageModel, degraded: tuple[str, ...]) -> None:
    """Take two turns beside this provider."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(model.client)
        stage.model = open_router([(wire, model)])
        await stack.enter_async_context(stage.workers(Options(runner=UnsandboxedWorkflowRunner())))
        first = await stage.ask(attachments=(await stage.upload(LOG),))
        second = await stage.ask("what is the cause?")
    assert first.degraded == degraded
    assert [reply.turn_number for reply in (first, second)] == [1, 2]
    for reply in (first, second):
        assert reply.outcome.response_type is not ResponseType.ERROR
        assert "connection refused" in reply.agent_response
        assert [word for word in RAW if word in reply.agent_response] == []
    assert len([row for row in stage.messages() if row.role == "assistant"]) == 2
    spent = [stage.budgets.settled.get(key, row.cost).tokens for key, row in stage.budgets.rows.items()]
    assert sum(spent) <= 2 * TURN_TOKENS

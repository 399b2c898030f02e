"""The loop of a turn over real HTTP, on both wires: a provider that misbehaves after it looked costs nothing but its words."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import cycle

import pytest

from activities.adapters.anthropic_model import open_anthropic_model
from activities.adapters.model_calls import Patience
from activities.adapters.model_router import open_router
from activities.adapters.openai_model import open_openai_model
from domain.diagnosis.reply import TurnReply
from domain.diagnosis.tools import TOOLS
from domain.ports.models import LanguageModel
from tests.stubs import hostile
from tests.stubs.models import ModelStub, Received, Reply
from tests.workflow.stage import Stage
from tests.workflow.test_reasoning import LOG, ODD, citing

WIRES = ("anthropic", "openai")
FIND = Reply(calls=(("find_lines", json.dumps({"file": "E1", "words": "137", "context": 0, "after": 0})),))
SILENT = json.dumps({"summary": "", "causes": []})
CALM = Patience(connect=10, first=60, gap=60, whole=90)
"""A provider that answers is waited for, also while the machine stands still."""
HASTE = {mode: Patience(connect=1, first=0.5, gap=0.5, whole=2) for mode in ("silence", "trickle")}
"""What never ends by itself is left soon."""

After = Reply | Callable[[Received], Reply | str]


def after(then: After) -> Callable[[Received], Reply | str]:
    """Look once, then behave like this."""

    def script(received: Received) -> Reply | str:
        if not received.results:
            return FIND
        return then if isinstance(then, Reply) else then(received)

    return script


def opened(wire: str, stub: ModelStub, patience: Patience = CALM) -> LanguageModel:
    if wire == "anthropic":
        return open_anthropic_model(wire, "stub", "", stub.url, patience)
    return open_openai_model(wire, "stub", "", stub.openai_url, patience)


async def told(stage: Stage, wire: str, *stubs: ModelStub, patience: Patience = CALM) -> TurnReply:
    """Answer one message about a log, with one provider for each stub."""
    async with AsyncExitStack() as stack:
        for stub in stubs:
            await stack.enter_async_context(stub)
        models = [opened(wire, stub, patience) for stub in stubs]
        for model in models:
            await stack.enter_async_context(model.client)
        stage.model = open_router([(f"{wire}-{place}", model) for place, model in enumerate(models)])
        await stack.enter_async_context(stage.workers())
        turn = await stage.say(attachments=(await stage.upload(LOG),))
        return stage.reply(await stage.answered(turn))


@pytest.mark.parametrize("wire", WIRES)
async def test_a_model_looks_and_its_claim_about_what_it_saw_is_told(cold_stage: Stage, wire: str) -> None:
    stub = ModelStub(after(Reply(text=citing(138, ODD))))
    reply = await told(cold_stage, wire, stub)
    assert f"{ODD} (app.log:138)." in reply.agent_response
    first, second = stub.received
    assert (first.tools, second.tools) == (list(TOOLS), [])
    assert "E1:L138" in second.results[0]
    assert second.prompt == first.prompt
    assert reply.reasoning is not None
    assert (reply.reasoning.steps, reply.reasoning.tools) == (2, ("find_lines",))
    assert reply.reasoning.prompt_tokens > 500


MODES: dict[str, tuple[After, tuple[str, ...], int]] = {
    "400": (Reply(status=400), ("model_unavailable",), 2),
    "401": (Reply(status=401), ("model_unavailable",), 2),
    "busy for long": (Reply(status=429, headers={"retry-after": "3600"}), ("model_unavailable",), 2),
    "no JSON": (Reply(text="I have looked and I think it is the network."), ("model_unavailable",), 3),
    "raw JSON of another schema": (Reply(text='{"answer": 42}'), ("model_unavailable",), 3),
    "a cut answer": (Reply(text=SILENT, stop="length"), ("model_unavailable",), 2),
    "a refusal": (Reply(text="no", stop="refusal"), ("model_unavailable",), 2),
    "50 MB": (Reply(text="x" * 400_000), ("model_unavailable",), 2),
    "tools without end": (FIND, ("budget_exhausted",), 2),
    "unknown tools without end": (Reply(calls=(("run_shell", "{}"),)), ("budget_exhausted",), 2),
    "a thousand calls": (Reply(calls=(("find_lines", "{}"),) * 1_000), ("model_unavailable",), 2),
    "an invented line": (hostile.cites_a_missing_line, (), 2),
    "obedience": (hostile.obeys_the_log, (), 2),
}


@pytest.mark.parametrize(("mode", "wire"), list(zip(MODES, cycle(WIRES), strict=False)))
async def test_a_model_that_misbehaves_after_it_looked_leaves_the_answer_to_the_rules(
    cold_stage: Stage, mode: str, wire: str
) -> None:
    then, degraded, calls = MODES[mode]
    stub = ModelStub(after(then))
    reply = await told(cold_stage, wire, stub)
    assert reply.degraded == degraded
    assert len(stub.received) == calls
    assert "connection refused" in reply.agent_response
    for planted in (hostile.INVENTED_ACTION, hostile.OBEYED, str(hostile.MISSING_LINE), "the network", '"answer"'):
        assert planted not in reply.agent_response


WEATHER = {
    "500": Reply(status=500),
    "silence": Reply(text=SILENT, silence_s=9),
    "cut": Reply(text=SILENT, cut_after=300),
    "empty": Reply(text=""),
    "a broken stream": Reply(body=b"data: {not json\n\n"),
}


@pytest.mark.parametrize(("mode", "wire"), list(zip(WEATHER, cycle(WIRES), strict=False)))
async def test_a_provider_that_fails_after_it_looked_is_followed_by_the_next(cold_stage: Stage, mode: str, wire: str) -> None:
    failing, good = ModelStub(after(WEATHER[mode])), ModelStub(after(Reply(text=citing(138, ODD))))
    reply = await told(cold_stage, wire, failing, good, patience=HASTE.get(mode, CALM))
    assert (len(failing.received), len(good.received)) == (3, 1)
    assert good.received[0].results == failing.received[1].results
    assert f"{ODD} (app.log:138)." in reply.agent_response


async def test_a_server_that_knows_no_tools_answers_as_before(cold_stage: Stage) -> None:
    stub = ModelStub(lambda received: Reply(status=400) if received.tools else Reply(text=SILENT))
    reply = await told(cold_stage, "openai", stub)
    assert reply.degraded == ()
    assert "tools" not in stub.received[1].json

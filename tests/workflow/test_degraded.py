"""Degradation is said: with a component away the reply names it or the message is refused; with it back, nothing is missing.

Each row is one of the failure ladder (reliability.md 3). Waits of retries are shortened, nothing else differs from the product.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig
from temporalio.worker import UnsandboxedWorkflowRunner

import workflows.case
import workflows.evidence
import workflows.reasoning
import workflows.turn
from activities.adapters.model_router import open_router
from activities.adapters.temporal import CONVERTER, Address, connect
from api.dependencies import Ports
from api.health import HealthBoard
from domain.errors import (
    BudgetExhausted,
    EvidenceUnreadable,
    ModelUnreachable,
    RedactionUnavailable,
    StorageFull,
    StoreUnavailable,
)
from domain.ports.models import ModelRequest
from tests import servers
from tests.fakes import ScriptedModel
from tests.fakes.faulty import Faulty, Switch
from tests.waiting import eventually, in_time
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage
from worker.build import Options
from worker.build import Ports as WorkerPorts

SILENT = json.dumps({"summary": "", "causes": []})
LOG = b"2026-11-20T14:00:00Z INFO started\n2026-11-20T14:01:00Z ERROR checkout failed: connection refused by db:5432\n"
DATABASE = ("cases", "documents", "erasure", "files", "intake", "ledger", "sessions")
API_DATABASE = (
    "people",
    "sessions",
    "refresh_tokens",
    "attempts",
    "replies",
    "cases",
    "conversation",
    "files",
    "evidence",
    "turns",
)
QUICK = RetryPolicy(initial_interval=timedelta(milliseconds=20), maximum_interval=timedelta(milliseconds=50), maximum_attempts=4)


@dataclass
class ShakyProcesses:
    """Analyses as the real ones do, unless its switch is off."""

    real: Any
    switch: Switch

    async def run(self, *given: Any) -> Any:
        if self.switch.failure:
            raise self.switch.failure
        return await self.real.run(*given)

    def close(self) -> None:
        self.real.close()


@dataclass
class ShakyStage(Stage):
    """A stage each of whose components has a switch."""

    switches: dict[str, Switch] = field(default_factory=dict)

    def switch(self, name: str) -> Switch:
        return self.switches.setdefault(name, Switch())

    def ports(self) -> WorkerPorts:
        ports = super().ports()
        shaky = {name: Faulty(getattr(ports, name), self.switch("database")) for name in DATABASE}
        return replace(ports, **shaky)


@dataclass
class Place:
    """The product of one row: an API with its client over workers and a case of its own."""

    stage: ShakyStage
    ports: Ports
    client: httpx.AsyncClient
    metrics: MetricBuffer
    case_id: str
    reasons: list[str] = field(default_factory=list)

    async def post(self, query: str = "checkout fails since noon", wait: int = 40, **more: Any) -> httpx.Response:
        place, headers = f"/api/v1/cases/{self.case_id}/turns", {"Prefer": f"wait={wait}"}
        return await self.client.post(place, data={"query": query}, headers=headers, **more)

    async def health(self) -> dict[str, Any]:
        await self.ports.board.look()
        return (await self.client.get("/health")).json()

    def counted(self, reason: str) -> int:
        """Return how often workers counted this reason since the row began."""
        updates = self.metrics.retrieve_updates()
        self.reasons += [str(u.attributes["reason"]) for u in updates if u.metric.name == "faultmaven_degraded_total"]
        return self.reasons.count(reason)


def refused(reason: str) -> float:
    """Return how many messages the API has refused for this reason."""
    return REGISTRY.get_sample_value("faultmaven_messages_refused_total", {"reason": reason}) or 0.0


@asynccontextmanager
async def place(address: str, stage_model: Any) -> AsyncGenerator[Place, None]:
    """Open the product with every component well."""
    metrics = MetricBuffer(10_000)
    runtime = Runtime(telemetry=TelemetryConfig(metrics=metrics))
    client = await Client.connect(address, namespace=servers.NAMESPACE, data_converter=CONVERTER, runtime=runtime)
    stage = ShakyStage(client, model=stage_model)
    stage.blobs = Faulty(stage.blobs, stage.switch("blobs"))
    stage.passages = Faulty(stage.passages, stage.switch("passages"))
    stage.redactor = Faulty(stage.redactor, stage.switch("redaction"), only=("redact",))
    stage.processes = ShakyProcesses(stage.processes, stage.switch("analysis"))
    ports = api_ports(stage, providers=tuple(each.name for each in getattr(stage_model, "providers", ())))
    shaky = {name: Faulty(getattr(ports, name), stage.switch("database")) for name in API_DATABASE}
    board = HealthBoard({**ports.board.probes, "database": lambda: _looked(shaky["people"])})
    async with front(replace(ports, board=board, **shaky)) as visitor:
        case_id = await open_case(await sign_in(visitor))
        yield Place(stage=stage, ports=replace(ports, board=board, **shaky), client=visitor, metrics=metrics, case_id=case_id)
    stage.processes.close()


async def _looked(people: Any) -> str:
    await people.by_id("-")
    return "healthy"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten how long steps are tried again."""
    short = timedelta(seconds=3)
    for module, name in ((workflows.turn, "LOOKUP"), (workflows.evidence, "LOOKUP"), (workflows.reasoning, "MODEL")):
        config = {**getattr(module, name), "retry_policy": QUICK}
        monkeypatch.setattr(module, name, config | ({"schedule_to_close_timeout": short} if name == "LOOKUP" else {}))


async def test_with_everything_there_nothing_is_named(temporal_server: servers.Temporal) -> None:
    async with place(temporal_server.address, _model()) as well, well.stage.workers():
        answer = await well.post(files=[("files", ("app.log", LOG))])
        health = await well.health()
        assert (answer.status_code, answer.json()["degraded"]) == (200, [])
        assert health["status"] == "healthy"
        assert {each["status"] for each in health["components"].values()} == {"healthy"}


def _model(first: ScriptedModel | None = None, *, second: bool = False) -> Any:
    """Return a router over one or two providers."""
    models = [("first", first or ScriptedModel(lambda _request: SILENT))]
    return open_router(models + ([("second", ScriptedModel(lambda _request: SILENT))] if second else []))


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A component without which nothing is accepted."""

    component: str
    failure: Exception
    within_s: float
    code: str = "STORE_UNAVAILABLE"
    reads: int = 200


REFUSALS = {
    "database away: refused within 2 s, reads too": Refusal(
        component="database", failure=StoreUnavailable("the database did not answer"), within_s=2, reads=503
    ),
    "blob store away: refused within 3 s, lists are live": Refusal(
        component="blobs", failure=StoreUnavailable("the object store did not answer"), within_s=3
    ),
    "disk full: refused, reads are live": Refusal(
        component="blobs", failure=StorageFull("the object store has no room"), within_s=3, code="STORAGE_FULL"
    ),
}


@pytest.mark.parametrize("row", REFUSALS.values(), ids=REFUSALS)
async def test_what_cannot_be_stored_is_refused_and_may_be_sent_again(temporal_server: servers.Temporal, row: Refusal) -> None:
    async with place(temporal_server.address, _model()) as product, product.stage.workers():
        before = refused(row.code.lower())
        product.stage.switch(row.component).failure = row.failure
        answers = await in_time(row.within_s, product.post)
        answer = answers[-1]
        assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, row.code, "5")
        assert (await product.client.get("/api/v1/cases")).status_code == row.reads
        assert refused(row.code.lower()) == before + len(answers)
        health = await product.health()
        assert (health["status"], health["components"][row.component]["status"]) == ("unhealthy", "unhealthy")
        assert (await product.client.get("/readiness")).status_code == 503
        product.stage.switch(row.component).failure = None
        again = await product.post()
        assert (again.status_code, again.json()["degraded"], again.json()["turn_number"]) == (200, [], 1)
        assert (await product.health())["status"] == "healthy"


async def test_without_the_engine_messages_are_refused_within_5_s_and_reads_come_from_the_projection(stage: Stage) -> None:
    nowhere = Address(target=f"127.0.0.1:{servers.free_port()}", namespace=servers.NAMESPACE)
    well = api_ports(stage)
    lost = Stage(await connect(nowhere, lazy=True), rows=stage.rows, blobs=stage.blobs)
    away = replace(api_ports(lost), people=well.people, tokens=well.tokens)
    async with front(well) as client, front(away) as cut_off:
        case_id = await open_case(await sign_in(client))
        cut_off.headers["Authorization"] = client.headers["Authorization"]
        place_of_turns, keyed = f"/api/v1/cases/{case_id}/turns", {"Idempotency-Key": "engine-away-key"}
        before = refused("store_unavailable")
        answers = await in_time(5, lambda: cut_off.post(place_of_turns, data={"query": "checkout fails"}, headers=keyed))
        answer = answers[-1]
        assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "STORE_UNAVAILABLE", "5")
        assert refused("store_unavailable") == before + len(answers)
        reading = await cut_off.get(f"/api/v1/cases/{case_id}")
        assert (reading.status_code, reading.headers["X-State-Source"]) == (200, "projection")
        await away.board.look()
        health = (await cut_off.get("/health")).json()
        assert (health["status"], health["components"]["temporal"]["status"]) == ("unhealthy", "unhealthy")
        again = await client.post(place_of_turns, data={"query": "checkout fails"}, headers=keyed)
        assert (again.status_code, again.json()["turn_number"]) == (200, 1)


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A component without which the turn goes on with less."""

    says: str
    """The word in `degraded`; empty where nothing was lacking."""
    switch: str = ""
    failure: Exception | None = None
    script: Callable[[ModelRequest], str | Exception] | None = None
    """What the first model does while it is away."""
    second: bool = False
    component: str
    shown: tuple[str, str]
    """Status of the component and of the whole."""


LACKS = {
    "passage index away: the turn goes on without it": Lack(
        switch="passages",
        failure=StoreUnavailable("the passage index cannot be read"),
        says="retrieval_unavailable",
        component="passages",
        shown=("unhealthy", "degraded"),
    ),
    "one provider away: the next one answers": Lack(
        script=lambda _request: ModelUnreachable("no answer"),
        second=True,
        says="provider_unavailable",
        component="models",
        shown=("degraded", "degraded"),
    ),
    "every provider away: the rules answer": Lack(
        script=lambda _request: ModelUnreachable("no answer"),
        says="model_unavailable",
        component="models",
        shown=("degraded", "degraded"),
    ),
    "budget used up: the rules answer": Lack(
        script=lambda _request: BudgetExhausted("the tokens are spent"),
        says="budget_exhausted",
        component="models",
        shown=("healthy", "healthy"),
    ),
    "redaction away: nothing goes to a model": Lack(
        switch="redaction",
        failure=RedactionUnavailable("redaction did not finish"),
        says="redaction_unavailable",
        component="redaction",
        shown=("unhealthy", "unhealthy"),
    ),
    "poison file: it is named as failed and the turn goes on": Lack(
        switch="analysis", failure=EvidenceUnreadable("not to be read"), says="", component="blobs", shown=("healthy", "healthy")
    ),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("row", LACKS.values(), ids=LACKS)
async def test_what_a_turn_had_to_do_without_is_said_counted_and_shown(temporal_server: servers.Temporal, row: Lack) -> None:
    first = ScriptedModel(row.script or (lambda _request: SILENT))
    async with place(temporal_server.address, _model(first, second=row.second)) as product:
        async with product.stage.workers(Options(runner=UnsandboxedWorkflowRunner())):
            product.stage.switch(row.switch).failure = row.failure
            answer = await product.post(files=[("files", ("app.log", LOG))])
            assert answer.status_code == 200, answer.text
            assert answer.json()["degraded"] == ([row.says] if row.says else [])
            assert (
                row.switch not in {"redaction", "analysis"}
                or answer.json()["attachments_processed"][0]["processing_status"] == "failed"
            )
            assert row.switch != "redaction" or first.asked == []
            health = await product.health()
            assert (health["components"][row.component]["status"], health["status"]) == row.shown
            first.script = lambda _request: SILENT
            product.stage.switch(row.switch).failure = None
            again = await product.post("and now, what is the cause?")
            assert (again.status_code, again.json()["degraded"]) == (200, [])
            assert (await product.health())["status"] == "healthy"
        if row.says:
            await eventually(lambda: _is(product.counted(row.says) == 1), what=f"a count of {row.says}")


async def _is(condition: bool) -> bool:
    return condition


async def test_no_model_configured_is_said_and_healthy(temporal_server: servers.Temporal) -> None:
    async with place(temporal_server.address, ScriptedModel(configured=False)) as product:
        async with product.stage.workers():
            assert (await product.post()).json()["degraded"] == ["model_unavailable"]
            health = await product.health()
            assert (health["components"]["models"]["status"], health["status"]) == ("disabled", "healthy")
        await eventually(lambda: _is(product.counted("model_unavailable") == 1))


async def test_without_workers_messages_are_accepted_and_wait(temporal_server: servers.Temporal) -> None:
    async with place(temporal_server.address, _model()) as product:
        posted = await product.post(wait=1)
        assert posted.status_code == 202
        reading = await product.client.get(f"/api/v1/cases/{product.case_id}")
        assert (reading.status_code, reading.headers["X-State-Source"]) == (200, "projection")
        async with product.stage.workers():
            await eventually(lambda: _answered(product, posted))
            assert (await product.client.get(posted.headers["Location"])).json()["degraded"] == []


async def _answered(product: Place, posted: httpx.Response) -> bool:
    return (await product.client.get(posted.headers["Location"])).status_code == 200


async def test_faulty_workflow_code_pauses_its_case_and_fixed_code_drains_it(
    temporal_server: servers.Temporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError("shipped by mistake")

    async with place(temporal_server.address, _model()) as product:
        async with product.stage.workers(Options(runner=UnsandboxedWorkflowRunner())):
            with monkeypatch.context() as shipped:
                shipped.setattr(workflows.case, "owned", bug)
                posted = await product.post(wait=1)
                assert posted.status_code == 202
                reading = await product.client.get(f"/api/v1/cases/{product.case_id}")
                assert (reading.status_code, reading.headers["X-State-Source"]) == (200, "projection")
            await eventually(lambda: _answered(product, posted))
        failures = [u for u in product.metrics.retrieve_updates() if "workflow_task_execution_failed" in u.metric.name]
        assert failures

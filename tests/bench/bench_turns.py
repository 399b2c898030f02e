"""What a turn costs beside its model, against rows of `reliability.md` 19 and this run's own floor.

`python -m tests.bench.bench_turns [--cases N]`: whole processes on loopback, Temporal in memory, a recorded model. The floor
of a turn is a bare signal that starts a child with two empty steps on the same server; the floor of a read is a bare route.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.adapters.temporal import Address, connect
from tests import servers
from tests.bench.figures import Figure
from tests.e2e.house import House, house
from tests.waiting import pause, until
from workflows import names
from workflows.case import CaseWorkflow

SEED = 20_261_121
QUEUE = "bare"
BARE_APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/bare')\nasync def bare(): return {}\n"


@activity.defn
async def nothing() -> None:
    """Do nothing."""


@workflow.defn
class BareTurn:
    """Two empty steps."""

    @workflow.run
    async def run(self) -> None:
        for _ in range(2):
            await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=10))


@workflow.defn
class BareCase:
    """Runs a bare turn per signal."""

    @workflow.init
    def __init__(self) -> None:
        self._asked = self._done = 0

    @workflow.run
    async def run(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self._asked > self._done)
            await workflow.execute_child_workflow(BareTurn.run, id=f"{workflow.info().workflow_id}-{self._done}")
            self._done += 1

    @workflow.signal
    async def ask(self) -> None:
        self._asked += 1

    @workflow.update
    async def wait(self, number: int) -> None:
        await workflow.wait_condition(lambda: self._done >= number)


@dataclass(frozen=True)
class Spread:
    """p50, p95 and the slowest of seconds, as milliseconds."""

    p50: float
    p95: float
    slowest: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        ordered = [took * 1000 for took in sorted(seconds)]
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        return cls(statistics.median(ordered), p95, ordered[-1], len(ordered))


async def timed(action: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await action()
    return time.perf_counter() - started


@asynccontextmanager
async def bare_engine(address: str):
    client = await connect(Address(target=address, namespace=servers.NAMESPACE))
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue=QUEUE, workflows=[BareCase, BareTurn], activities=[nothing], workflow_runner=runner):
        yield client


async def bare_turns(client: Client, cases: int, each: int) -> Spread:
    async def one_case() -> list[float]:
        handle = await client.start_workflow(BareCase.run, id=f"bare-{uuid4()}", task_queue=QUEUE)
        took = []
        for number in range(1, each + 1):

            async def turn(number: int = number) -> None:
                await handle.signal(BareCase.ask)
                await handle.execute_update(BareCase.wait, number)

            took.append(await timed(turn))
        await handle.terminate()
        return took

    return Spread.of([took for case in await asyncio.gather(*(one_case() for _ in range(cases))) for took in case])


@asynccontextmanager
async def account(opened: House):
    async with httpx.AsyncClient(
        base_url=opened.url, timeout=120, trust_env=False, limits=httpx.Limits(max_connections=200)
    ) as client:
        body = {"username": f"bench-{uuid4().hex[:8]}", "password": uuid4().hex}
        client.headers["Authorization"] = (
            f"Bearer {(await client.post('/api/v1/auth/register', json=body)).json()['access_token']}"
        )
        yield client


async def open_cases(client: httpx.AsyncClient, count: int) -> list[str]:
    answers = [await client.post("/api/v1/cases", json={}) for _ in range(count)]
    return [answer.json()["case_id"] for answer in answers]


async def ask(client: httpx.AsyncClient, case_id: str, prefer: str = "wait=60") -> None:
    data = {"query": f"the checkout service answers 503, sample {uuid4().hex[:6]}"}
    answer = await client.post(f"/api/v1/cases/{case_id}/turns", data=data, headers={"Prefer": prefer})
    assert answer.status_code == (202 if prefer == "respond-async" else 200), answer.text


async def turns(client: httpx.AsyncClient, cases: int, each: int) -> Spread:
    """Ask in as many open cases at once, one message after the other in each."""

    async def one_case(case_id: str) -> list[float]:
        return [await timed(lambda: ask(client, case_id)) for _ in range(each)]

    opened = await open_cases(client, cases)
    for one in opened:
        await ask(client, one)
    return Spread.of([took for case in await asyncio.gather(*(one_case(one) for one in opened)) for took in case])


async def answered(engine: Client, client: httpx.AsyncClient, case_id: str) -> float:
    """Return the seconds from acceptance, when its sender is told, to the recorded reply."""
    data = {"query": f"the checkout service answers 503, sample {uuid4().hex[:6]}"}
    told = await client.post(f"/api/v1/cases/{case_id}/turns", data=data, headers={"Prefer": "respond-async"})
    case = engine.get_workflow_handle_for(CaseWorkflow.run, names.case(UUID(case_id)))
    return await timed(lambda: case.execute_update(CaseWorkflow.await_turn, told.json()["turn_id"]))


async def arrivals(engine: Client, client: httpx.AsyncClient, cases: int, per_second: float, count: int) -> Spread:
    """Ask at random moments, at that rate over all cases."""
    dice, opened = random.Random(SEED), await open_cases(client, cases)
    for one in opened:
        await ask(client, one)
    asked = []
    for _ in range(count):
        asked.append(asyncio.create_task(answered(engine, client, dice.choice(opened))))
        await pause(dice.expovariate(per_second))
    return Spread.of(await asyncio.gather(*asked))


async def reads(client: httpx.AsyncClient, path: str, count: int = 200) -> Spread:
    return Spread.of([await timed(lambda: client.get(path)) for _ in range(count)])


async def bare_route(count: int = 200) -> Spread:
    port = servers.free_port()
    with servers.folder() as place:
        (place / "bare.py").write_text(BARE_APP)
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "bare:app",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--app-dir",
            str(place),
        ]
        process = subprocess.Popen(command, start_new_session=True)
        try:
            until(lambda: servers.listens(port), 20, "the bare route")
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                return await reads(client, "/bare", count)
        finally:
            process.terminate()
            process.wait(10)


def private_mib(pid: int) -> float:
    """Return the private memory of a process and its children, in MiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    own = sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
    return own / 1024 + sum(private_mib(int(child)) for child in children)


async def measure(cases: int) -> AsyncIterator[Figure]:
    """Yield each figure as soon as it is known."""
    async with AsyncExitStack() as stack:
        place = stack.enter_context(servers.folder())
        opened = stack.enter_context(house(recorded(place), in_memory=True))
        yield Figure("memory idle, api + worker", idle_mib(opened), "MiB private", 200)
        bare = await stack.enter_async_context(bare_engine(f"127.0.0.1:{opened.temporal_port}"))
        client = await stack.enter_async_context(account(opened))
        at_sizes = [partial(at_once, bare, client, *size) for size in ((1, 30), (10, 6), (cases, 1))]
        for step in (*at_sizes, partial(steady, bare, client, cases), partial(waits, client)):
            for figure in await step():
                yield figure


def recorded(place: Path) -> dict[str, str]:
    """Return settings of a model that says nothing new, so that every step runs and none waits."""
    answers = place / "recorded.json"
    answers.write_text(json.dumps({"proposal": {"summary": "", "causes": []}}), encoding="utf-8")
    return {"FAULTMAVEN_MODELS__RECORDED": str(answers), "FAULTMAVEN_MODELS__CACHE_HOURS": "0"}


def idle_mib(opened: House) -> float:
    return sum(private_mib(opened.processes[name].pid) for name in ("api", "worker"))


async def at_once(bare: Client, client: httpx.AsyncClient, count: int, each: int) -> list[Figure]:
    """Time turns that all start together; the row for one is that of a steady load, that for a hundred bounds the slowest."""
    floor, mine = await bare_turns(bare, count, each), await turns(client, count, each)
    told, unit = f"{count} cases at once", f"ms (N={mine.count})"
    rows = (80, 150) if count == 1 else (None, None)
    return [
        Figure(f"turn p50, {told}", mine.p50, unit, rows[0], floor.p50),
        Figure(f"turn p95, {told}", mine.p95, unit, rows[1], floor.p95),
        Figure(f"slowest turn, {told}", mine.slowest, unit, 5_000 if count >= 100 else None, floor.slowest),
    ]


async def steady(engine: Client, client: httpx.AsyncClient, cases: int) -> list[Figure]:
    seen = await arrivals(engine, client, cases, 4, 240)
    return [
        Figure(f"accepted → reply p50, {cases} cases, 4/s", seen.p50, f"ms (N={seen.count})", 80),
        Figure(f"accepted → reply p95, {cases} cases, 4/s", seen.p95, f"ms (N={seen.count})", 150),
    ]


async def waits(client: httpx.AsyncClient) -> list[Figure]:
    """Measure what a client waits for besides answers: acceptance, the case view, health."""
    route = await bare_route()
    (one,) = await open_cases(client, 1)
    await ask(client, one)
    figures = [Figure("turn accepted p95", (await accepted(client, one)).p95, "ms (N=30)", 20, route.p95)]
    for name, path, target in (("case view /ui p95", f"/api/v1/cases/{one}/ui", 200), ("health p95", "/health", 10)):
        seen = await reads(client, path)
        figures.append(Figure(name, seen.p95, f"ms (N={seen.count})", target, route.p95))
    return figures


async def accepted(client: httpx.AsyncClient, case_id: str, count: int = 30) -> Spread:
    """Time acceptance alone: each turn is answered before the next is sent."""
    took = []
    for _ in range(count):
        took.append(await timed(lambda: ask(client, case_id, "respond-async")))
        await ask(client, case_id)
    return Spread.of(took)


async def main(cases: int) -> int:
    figures = []
    async for figure in measure(cases):
        print(figure, flush=True)
        figures.append(figure)
    return 0 if all(figure.tolerable for figure in figures) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100)
    sys.exit(asyncio.run(main(parser.parse_args().cases)))

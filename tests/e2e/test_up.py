"""`faultmaven up` as a person runs it: ask, lose the worker in the middle of the answer, get the answer once, stop."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cli.supervisor import STOP_SECONDS
from tests import servers
from tests.e2e.house import COMPILED, NO_MODEL
from tests.stubs.models import ModelStub, Reply
from tests.waiting import eventually

FAULTMAVEN = str(Path(sys.executable).with_name("faultmaven"))
READY_SECONDS, ANSWER_SECONDS = 120.0, 120.0
CLOSED_SECONDS = 3 * STOP_SECONDS
"""What the supervisor takes at most: it ends its children one by one, those that do not end by themselves by force."""
THOUGHT = Reply(text='{"summary": "The lines name no cause yet.", "causes": []}')
THINKING = replace(THOUGHT, silence_s=ANSWER_SECONDS)
"""Until the worker that asked is lost; who asks again is answered."""


@dataclass(frozen=True, slots=True)
class Up:
    """A running `faultmaven up` and the model that it may ask."""

    process: asyncio.subprocess.Process
    environment: dict[str, str]
    log: Path
    model: ModelStub

    def child(self, module: str) -> int:
        """Return the process id of a child by the module that it runs."""
        return next(pid for pid in children(self.process.pid) if module in command(pid))

    def said(self) -> str:
        return " ".join(self.log.read_text(encoding="utf-8", errors="replace").split())

    async def faultmaven(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; return its exit code and everything that it printed."""
        process = await asyncio.create_subprocess_exec(
            FAULTMAVEN,
            *arguments,
            env={**os.environ, **self.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                printed, _ = await process.communicate()
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        return process.returncode, printed.decode()


def children(pid: int) -> Sequence[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")


def descendants(pid: int) -> list[int]:
    """Return every process below this one."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def gone(pid: int) -> bool:
    """Tell whether a process has ended; one that only waits to be reaped has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture
async def up() -> AsyncIterator[Up]:
    """Start the product in a fresh folder on free ports, and leave nothing of it behind."""
    with servers.folder() as place:
        async with ModelStub([THINKING, THOUGHT]) as model:
            environment = {
                **NO_MODEL,
                **COMPILED,
                "FAULTMAVEN_DATA": str(place / "data"),
                "FAULTMAVEN_API__PORT": str(servers.free_port()),
                "FAULTMAVEN_TEMPORAL__ADDRESS": f"127.0.0.1:{servers.free_port()}",
                "FAULTMAVEN_TEMPORAL__UI_PORT": str(servers.free_port()),
                "OPENAI_BASE_URL": model.openai_url,
                "OPENAI_API_KEY": secrets.token_hex(16),
                "COLUMNS": "200",
            }
            with (place / "up.log").open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    FAULTMAVEN, "up", env={**os.environ, **environment}, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
                )
            opened = Up(process=process, environment=environment, log=place / "up.log", model=model)
            try:
                await eventually(_settled(opened), READY_SECONDS, "FaultMaven")
                assert process.returncode is None, opened.said()
                yield opened
            finally:
                await reaped(opened)


def _settled(opened: Up):
    async def settled() -> bool:
        return "FaultMaven is up" in opened.said() or opened.process.returncode is not None

    return settled


async def reaped(opened: Up) -> None:
    """Kill what is left, by process id."""
    if opened.process.returncode is not None:
        return
    for pid in (*descendants(opened.process.pid), opened.process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await opened.process.wait()


async def test_an_answer_survives_its_worker_and_comes_once(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    file.write_text("2026-11-20T14:00:00Z ERROR checkout order failed: FATAL: sorry, too many clients already\n" * 20)
    asked = asyncio.create_task(up.faultmaven("ask", "checkout is failing since 14:00", "--file", str(file)))
    async with asyncio.timeout(ANSWER_SECONDS):
        await up.model.called.wait()
    lost = up.child("worker.main")
    os.killpg(lost, signal.SIGKILL)
    code, printed = await asked
    assert code == 0, printed
    assert "app.log:" in printed
    assert "worker ended (signal SIGKILL)" in up.said()
    assert up.child("worker.main") != lost
    assert len(up.model.received) == 2
    case_id = printed.split("--case ")[1].split()[0]
    code, shown = await up.faultmaven("show", case_id, "--json")
    assert code == 0, shown
    rows = json.loads(shown)["messages"]
    assert [(row["turn_number"], row["role"]) for row in rows] == [(1, "user"), (1, "assistant")]


async def test_a_second_up_over_the_same_folder_says_what_runs(up: Up) -> None:
    code, printed = await up.faultmaven("up")
    assert code == 1
    assert "runs already" in printed
    assert str(up.process.pid) in printed
    assert f"http://127.0.0.1:{up.environment['FAULTMAVEN_API__PORT']}" in "".join(printed.split("\n"))
    assert up.process.returncode is None


async def test_a_signal_stops_everything_in_time(up: Up) -> None:
    below = descendants(up.process.pid)
    assert len(below) >= 3
    up.process.terminate()
    async with asyncio.timeout(CLOSED_SECONDS):
        assert await up.process.wait() == 0, up.said()
    assert [pid for pid in below if not gone(pid)] == []


async def test_nothing_is_left_when_the_supervisor_itself_is_killed(up: Up) -> None:
    below = descendants(up.process.pid)
    up.process.kill()
    await up.process.wait()

    async def all_gone() -> bool:
        return all(gone(pid) for pid in below)

    await eventually(all_gone, what="the end of every child")

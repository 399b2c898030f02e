"""Composition root of `faultmaven up`: Temporal's dev server, the API and a worker over one data folder, supervised."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from rich.console import Console
from temporalio.service import RPCError

from activities.adapters import dev_server
from activities.adapters.credentials import open_passwords
from activities.adapters.settings import Settings
from activities.adapters.settings_check import SettingsInvalid, read_settings
from activities.adapters.sql_people import SqlPeople
from activities.adapters.sql_store import open_database
from activities.adapters.temporal import Address, connect
from cli.show import terminal
from cli.supervisor import Child
from domain.errors import FaultMavenError
from domain.privacy.accounts import User
from workflows import names

OWNER = "owner"
READY_SECONDS = 90.0
CHILDREN = {"FAULTMAVEN_LOG__FORMAT": "json", "PYTHONDONTWRITEBYTECODE": ""}
"""Compiled modules are kept: every workflow instance imports its modules anew, and compiling them doubles what that costs."""


class NotStarted(FaultMavenError):
    """The house cannot open; the message says what stands in the way and what to do."""


@dataclass(frozen=True, slots=True)
class House:
    """The settings and where things lie."""

    settings: Settings
    console: Console

    @property
    def api(self) -> str:
        """The API's address."""
        return f"http://{self.settings.api.host}:{self.settings.api.port}"

    def child(self, name: str, command: tuple[str, ...]) -> Child:
        """Return a program with its log beside the data."""
        logs = self.settings.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Child(name=name, command=command, log=logs / f"{name}.log", environment=CHILDREN)

    def tell(self, line: str) -> None:
        """Print one line."""
        self.console.print(line, style="yellow", soft_wrap=True)


async def run(house: House) -> None:
    """Open the house, say where it is, keep it open until a signal comes, close it in reverse order."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    children: list[Child] = []
    try:
        await _open(house, children)
        _welcome(house)
        watching = [asyncio.create_task(child.watch(house.tell)) for child in children]
        await stop.wait()
        house.tell("stopping")
        for task in watching:
            task.cancel()
    finally:
        for child in reversed(children):
            await child.stop()
    await asyncio.sleep(0.3)  # the engine's client aborts in native code when the process ends right behind it


async def _open(house: House, children: list[Child]) -> None:
    """Start each part once the one it needs is ready; what started is in `children` even when the rest fails."""
    for step, start in (("Temporal", _temporal), ("database and account", _account), ("API and worker", _processes)):
        with house.console.status(f"starting {step}"):
            await start(house, children)


async def _temporal(house: House, children: list[Child]) -> None:
    settings = house.settings
    host, _, port = settings.temporal.address.partition(":")
    binary = dev_server.find() or await dev_server.obtain(settings.folder)
    server = dev_server.DevServer(
        database=settings.folder / "temporal.db",
        port=int(port),
        ui_port=settings.temporal.ui_port,
        namespace=settings.temporal.namespace,
        attributes=names.SEARCH_ATTRIBUTES,
    )
    _refuse_taken(host, (int(port), settings.temporal.ui_port, settings.api.port))
    child = house.child("temporal", dev_server.command(binary, server))
    await _started(child, children)
    await _until(child, lambda: _namespace_stands(settings))


async def _namespace_stands(settings: Settings) -> bool:
    try:
        client = await connect(Address(target=settings.temporal.address, namespace=settings.temporal.namespace))
        await dev_server.keep_histories(client)
    except (RPCError, RuntimeError):
        return False
    return True


async def _account(house: House, _: list[Child]) -> None:
    """Bring the schema up to date and make the owner's account; its password stands in a file that only they can read."""
    settings = house.settings
    database = await open_database(settings)
    people, kept = SqlPeople(database), settings.folder / "credentials.json"
    password = secrets.token_urlsafe(24)
    hashed = await open_passwords().hash(password)
    owner = await people.by_name(OWNER)
    if owner is None:
        await people.add(_owner(hashed))
    elif kept.exists():
        password = json.loads(kept.read_text(encoding="utf-8"))["password"]
    else:
        await people.change(owner.user_id, {"password_hash": hashed})
    _write_private(kept, json.dumps({"url": house.api, "username": OWNER, "password": password}))


def _owner(hashed: str) -> User:
    return User(
        user_id=f"user_{uuid4().hex[:20]}",
        username=OWNER,
        email="",
        display_name="Owner",
        team_id="team_local",
        roles=("user", "admin"),
        created_at=datetime.now(UTC),
        password_hash=hashed,
    )


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


async def _processes(house: House, children: list[Child]) -> None:
    worker = house.child("worker", (sys.executable, "-m", "worker.main"))
    api = house.child("api", (sys.executable, "-m", "api.main"))
    await _started(worker, children)
    await _started(api, children)
    async with httpx.AsyncClient(base_url=house.api, trust_env=False, timeout=2) as client:
        await _until(api, lambda: _healthy(client))


async def _healthy(client: httpx.AsyncClient) -> bool:
    try:
        components = (await client.get("/health")).json()["components"]
    except (httpx.HTTPError, ValueError, KeyError):
        return False
    wanted = ("temporal", "workers", "database", "blobs", "redaction")
    return all(components.get(name, {}).get("status") == "healthy" for name in wanted)


async def _started(child: Child, children: list[Child]) -> None:
    await child.start()
    children.append(child)


async def _until(child: Child, ready: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition; a child that ends meanwhile fails at once, with its last words."""
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    while not await ready():
        if child.process is not None and child.process.returncode is not None:
            raise NotStarted(f"{child.name} ended at once; its last words:\n{child.last_words()}")
        if asyncio.get_running_loop().time() > deadline:
            raise NotStarted(f"{child.name} was not ready within {READY_SECONDS:.0f} s; see {child.log}")
        await asyncio.sleep(0.1)


def _refuse_taken(host: str, ports: tuple[int, ...]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise NotStarted(
                    f"port {port} is taken by another program; stop it, or set FAULTMAVEN_API__PORT, "
                    "FAULTMAVEN_TEMPORAL__ADDRESS or FAULTMAVEN_TEMPORAL__UI_PORT"
                ) from None


def _welcome(house: House) -> None:
    settings, say = house.settings, house.console.print
    say("\nFaultMaven is up", style="bold")
    rows = {
        "API and its docs": f"{house.api}/docs",
        "Temporal UI": f"http://127.0.0.1:{settings.temporal.ui_port}/namespaces/{settings.temporal.namespace}/workflows",
        "data and logs": str(settings.folder),
    }
    for name, place in rows.items():
        say(f"  {name:<18}{place}", soft_wrap=True)
    command = Path(sys.executable).with_name("faultmaven")
    say(f'\ntry: {command} ask "checkout is failing since 14:00" --file app.log', soft_wrap=True)
    say("stop with Ctrl-C", style="dim")


@contextmanager
def alone(house: House) -> Generator[None, None, None]:
    """Hold the data folder; a second `up` over it says what runs already."""
    folder = house.settings.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "up.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise NotStarted(f"FaultMaven runs already over {folder} (process {lock.read().strip()}): {house.api}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def main() -> int:
    """Run until a signal comes; 0 after a clean stop, 1 when the house cannot open, 2 for wrong settings."""
    console = terminal(stderr=True)
    try:
        house = House(read_settings(os.environ), console)
        with alone(house):
            asyncio.run(run(house))
    except SettingsInvalid as mistakes:
        console.print(str(mistakes), style="red")
        return 2
    except FaultMavenError as failure:
        console.print(f"faultmaven: {failure}", style="red")
        return 1
    return 0

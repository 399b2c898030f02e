"""Asking, watching the steps, and showing a case."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.rule import Rule

from cli.client import TURN_FILE_BYTES, Json, Refused, Server
from cli.show import plain, reply

STAGES = ("intake", "redact", "evidence", "retrieve", "diagnose", "reason", "check", "record")
PATIENCE = 600.0
"""Seconds after which `ask` stops waiting; the case goes on."""


def ask(server: Server, question: str, files: list[Path], case_id: str, console: Console) -> None:
    """Post a turn, show its steps as they run, print the answer and how to go on."""
    case_id = case_id or server.open_case()
    small = [file for file in files if file.stat().st_size <= TURN_FILE_BYTES]
    for file in files:
        if file not in small:
            upload(server, case_id, file, console)
    posted = server.post(case_id, question, small)
    answer = posted if "agent_response" in posted else watch(server, case_id, posted["turn_id"], console)
    reply(console, answer)
    console.print(Rule(style="dim"))
    console.print(f'go on with: faultmaven ask "…" --case {case_id}', style="dim", soft_wrap=True)


def upload(server: Server, case_id: str, file: Path, console: Console) -> None:
    """Send a large file by itself and wait until it was read, so that the turn sees it."""
    deadline = time.monotonic() + PATIENCE
    with console.status(f"uploading {file.name}") as status:
        file_id = server.upload(case_id, file)
        while time.monotonic() < deadline:
            known = server.call("GET", f"/api/v1/cases/{case_id}/uploaded-files/{file_id}").json()
            if known["analysis_status"] in {"completed", "failed"}:
                return
            status.update(f"reading {file.name}")
            time.sleep(0.5)
    raise Refused(f"{file.name} was not read within {PATIENCE:.0f} s; the case goes on: faultmaven show {case_id}")


def watch(server: Server, case_id: str, turn_id: str, console: Console) -> Json:
    """Return the answer, showing the steps meanwhile; a broken stream falls back to asking again."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    deadline = time.monotonic() + PATIENCE
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("accepted", total=len(STAGES))
        while time.monotonic() < deadline:
            answer = _follow(server, case_id, turn_id, lambda text, done: progress.update(task, description=text, completed=done))
            if answer is not None:
                return answer
    raise Refused(f"no answer within {PATIENCE:.0f} s; the case goes on: faultmaven show {case_id}")


def _follow(server: Server, case_id: str, turn_id: str, tell: Json) -> Json | None:
    try:
        for name, data in server.events(case_id, turn_id):
            if name == "answer":
                return data
            if name == "failed":
                raise Refused(str(data.get("detail", "the turn failed")))
            text, done = described(name, data)
            tell(text, done)
    except httpx.TransportError:
        time.sleep(0.5)  # the server may be restarting; the turn goes on without us
    try:
        return server.turn(case_id, turn_id)
    except Refused as refusal:
        if refusal.exit_code == 3:
            return None
        raise


def described(name: str, data: Json) -> tuple[str, int]:
    """Return one line for an event and how many stages are behind it."""
    stage = str(data.get("stage", name))
    done = STAGES.index(stage) if stage in STAGES else 0
    if name == "evidence":
        return f"reading evidence: {data.get('status', '')} {data.get('lines_read', '')}".strip(), STAGES.index("evidence")
    return plain(stage), done


def show_case(server: Server, case_id: str, console: Console, *, as_json: bool) -> None:
    """Print a case's view and its conversation."""
    screen = server.call("GET", f"/api/v1/cases/{case_id}/ui").json()
    rows: list[Json] = []
    more = True
    while more:
        path = f"/api/v1/cases/{case_id}/messages"
        page = server.call("GET", path, params={"limit": 100, "offset": len(rows)}).json()
        rows += page["messages"]
        more = page["has_more"]
    if as_json:
        console.print_json(json.dumps({"case": screen, "messages": rows}))
        return
    console.print(Rule(plain(f"{screen['title']} · {screen['state']}")))
    for row in rows:
        console.print(f"{row['role']} · turn {row['turn_number']} · {row['created_at']}", style="dim")
        console.print(Markdown(plain(row["content"])))


def close(server: Server, case_id: str, console: Console) -> None:
    """Close a case by explicit command."""
    answer = server.call("POST", f"/api/v1/cases/{case_id}/close", timeout=90).json()
    console.print(plain(answer.get("agent_response", "closing")))

"""Forking a case and showing what that changes."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from cli.client import Json, Refused, Server, fresh_key
from cli.show import plain

PATIENCE = 600.0
"""Seconds after which `fork` stops waiting; the fork goes on."""
LISTED = 10
"""Items that are printed of each list; `--json` has all."""


def fork(server: Server, case_id: str, wish: Json, console: Console) -> None:
    """Fork a case, wait until its turns are taken, print what that changes; files are named by id or by name."""
    without = [file_id(server, case_id, name) for name in wish.pop("without", [])]
    body = {name: value for name, value in {**wish, "without": without}.items() if value}
    opened = server.call("POST", f"/api/v1/cases/{case_id}/fork", json=body, headers=fresh_key()).json()
    wait(server, opened, console)
    diff(server, opened["case_id"], "", console, as_json=False)
    console.print(Rule(style="dim"))
    console.print(f'go on with: faultmaven ask "…" --case {opened["case_id"]}', style="dim", soft_wrap=True)


def file_id(server: Server, case_id: str, wanted: str) -> str:
    """Return the id of a file of the case; `Refused` names what there is."""
    path, files, more = f"/api/v1/cases/{case_id}/uploaded-files", list[Json](), True
    while more:
        page = server.call("GET", path, params={"limit": 100, "offset": len(files)}).json()
        files += page["files"]
        more = bool(page["files"]) and len(files) < page["total_count"]
    found = [file["file_id"] for file in files if wanted in {file["file_id"], file["filename"]}]
    if len(found) == 1:
        return str(found[0])
    if found:
        raise Refused(f"--without {wanted}: {len(found)} files have this name; give one's id: {', '.join(found)}")
    known = ", ".join(plain(file["filename"]) for file in files) or "it has none"
    raise Refused(f"--without {wanted}: no such file in this case; its files: {known}")


def wait(server: Server, opened: Json, console: Console) -> None:
    """Wait until the fork has taken the turns of its origin; an origin that goes meanwhile gives fewer."""
    deadline, case = time.monotonic() + PATIENCE, opened
    with console.status("taking the turns again") as status:
        while case["current_turn"] < case["forked_from"]["turn"]:
            if time.monotonic() > deadline:
                raise Refused(f"not done within {PATIENCE:.0f} s; the fork goes on: faultmaven diff {case['case_id']}")
            time.sleep(0.2)
            case = server.call("GET", f"/api/v1/cases/{case['case_id']}").json()
            status.update(f"taking the turns again: {case['current_turn']} of {case['forked_from']['turn']}")


def diff(server: Server, case_id: str, other: str, console: Console, *, as_json: bool) -> None:
    """Print what a case concludes differently from another one, or from the case it was forked from."""
    params = {"with": other} if other else {}
    found = server.call("GET", f"/api/v1/cases/{case_id}/diff", params=params).json()
    if as_json:
        console.print_json(json.dumps(found))
        return
    show(console, found)


def show(console: Console, found: Json) -> None:
    """Print a difference for people."""
    console.print(_sides(found))
    console.print(_causes(found["causes"]))
    for name in ("files", "evidence", "claims", "actions"):
        for side, sign, style in (("before", "-", "red"), ("after", "+", "green")):
            _only(console, f"{name} only {side}", [f"{sign} {_told(name, item)}" for item in found[name][side]], style)
    if found["turns_left"]:
        console.print(Text(f"turns that the fork still has to take: {found['turns_left']}", style="yellow"))


def _sides(found: Json) -> Table:
    table = Table(title="Another cause leads" if found["leader_changed"] else "The same cause leads", title_justify="left")
    for heading in ("", "before", "after"):
        table.add_column(heading, overflow="fold")
    both = (found["before"], found["after"])
    table.add_row("case", *(f"{plain(side['title'])}\n{side['case_id']}" for side in both))
    table.add_row("turn, state", *(f"{side['turn']}, {side['state']}" for side in both))
    table.add_row("conclusion", *(_held(side["conclusion"]) for side in both))
    return table


def _held(held: Json) -> str:
    return f"{plain(held['text'])}\n{held['level']} ({held['confidence']:.0%})" if held else "none"


def _causes(causes: Sequence[Json]) -> Table:
    table = Table(title="Causes", title_justify="left")
    for heading in ("cause", "before", "after", "move"):
        table.add_column(heading, overflow="fold")
    for cause in causes:
        table.add_row(plain(cause["statement"]), _rank(cause["before"]), _rank(cause["after"]), cause["move"])
    return table


def _rank(cause: Json) -> str:
    return f"{cause['rank']}. {cause['level']} ({cause['likelihood']:.0%})" if cause else "-"


def _told(name: str, item: Json) -> str:
    """Return one line about what only one case has."""
    if name == "files":
        return plain(item["name"])
    if name == "actions":
        return plain(item["text"])
    place = f"{item['file']}:{item['first_line']}" if item["file"] else "your words"
    return plain(f"{place}  {item['said'].replace('_', ' ')}  {item['text'][:160]}")


def _only(console: Console, title: str, lines: Sequence[str], style: str) -> None:
    if not lines:
        return
    console.print(Text(f"\n{title}", style="bold"))
    for line in lines[:LISTED]:
        console.print(Text(line, style=style))
    if len(lines) > LISTED:
        console.print(Text(f"… and {len(lines) - LISTED} more", style="dim"))

"""How answers look on a terminal: Markdown, tables, a histogram; never escape codes of the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

SECONDS = re.compile(r"\.\d+(?=Z|[+-])")
"""What a time has beyond its second."""
Json = Any
"""An answer of the API or of `analyze`: JSON is untyped where it enters."""


def terminal(*, stderr: bool = False, **where: Any) -> Console:
    """Return a console that prints every text as it is: evidence may hold what looks like markup or names of emoji."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, **where)


def plain(text: object) -> str:
    r"""Return text with control characters shown as `\\xNN`."""
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in str(text))


def reply(console: Console, answer: Json) -> None:
    """Print a turn's answer with what can be done next."""
    console.print(Markdown(plain(answer["agent_response"])))
    for action in answer["suggested_actions"]:
        console.print(_suggestion(action))
    away = answer.get("degraded") or []
    if away:
        console.print(Text(f"answered without: {', '.join(away)}", style="yellow"))


def _suggestion(action: Json) -> RenderableType:
    if action["type"] == "RUN":
        return Panel(Text(plain(action["payload"])), title=plain(action["label"]), title_align="left", expand=False)
    sign = {"DECIDE": "○", "EVIDENCE": "⇪", "FREE_SPEECH": "…"}.get(action["type"], "·")
    hints = "; ".join(action.get("hints") or [])
    return Text(f"{sign} {plain(action['label'])}{f' ({plain(hints)})' if hints else ''}", style="cyan")


def analysis(console: Console, answer: Json) -> None:
    """Print the object of `analyze --json` for people."""
    console.print(_documents(answer["documents"]))
    console.print(_verdict(answer))
    for cause in answer["causes"]:
        console.print(_cause(cause))
    for title, said in sections(answer):
        console.print(Text(f"\n{title}", style="bold"))
        for one in said:
            console.print(Text(f"• {plain(one)}"))
    _list(console, "Check next", answer["checks"])
    _list(console, "Do", answer["actions"])
    if answer["timeline"]:
        console.print(_timeline(answer["timeline"]))
    for note in answer["coverage"]["notes"]:
        console.print(Text(f"note: {plain(note)}", style="dim"))


def sections(answer: Json) -> list[tuple[str, list[str]]]:
    """Return what an answer says beside its causes, as titles with their sentences; a title of which nothing is known is left out."""
    told = [
        ("Affected", [", ".join(answer["affected"])] if answer["affected"] else []),
        ("How it came about", answer["story"]),
        (
            "What changed before",
            [_change(one) for one in answer["changes"] if not any(one["text"] in step for step in answer["story"])],
        ),
        ("Ruled out", [f"{one['family'].replace('_', ' ')}: {one['why']}" for one in answer["ruled_out"]]),
        ("Missing", answer["missing"]),
    ]
    return [(title, said) for title, said in told if said]


def _change(event: Json) -> str:
    known = moment(event)
    return f"{'at a time that is not told' if known == '-' else known}: {event['text']} ({event['file']}:{event['line']})"


def _documents(documents: Sequence[Json]) -> Table:
    table = Table(title="Evidence", title_justify="left")
    for heading in ("file", "kind", "lines", "from", "to"):
        table.add_column(heading, overflow="fold")
    for one in documents:
        table.add_row(
            plain(one["file"]),
            f"{one['kind']} ({one['confidence']:.0%})",
            f"{one['lines']:,}",
            moment(one, "first_time"),
            moment(one, "last_time"),
        )
    return table


def moment(item: Json, name: str = "time") -> str:
    """Return a time of the answer's JSON to the second, the local one where its zone was assumed, "-" where there is none."""
    told = item.get(name)
    return SECONDS.sub("", told) if told else str(item.get(f"{name}_local") or "-")


def _verdict(answer: Json) -> Text:
    onset = answer.get("onset")
    since = f", since {moment(onset, 'time')}" if onset else ""
    why = f": {plain(answer['reason'])}" if answer["reason"] else ""
    return Text(f"\n{answer['status']}{since}{why}", style="bold")


def _cause(cause: Json) -> Panel:
    head = Text(plain(cause["statement"]), style="bold")
    lines: list[RenderableType] = [head]
    for sign, items, style in (("+", cause["evidence"], "green"), ("-", cause["against"], "red")):
        lines += [Text(f"{sign} {item['file']}:{item['line']}  {plain(item['text'])[:200]}", style=style) for item in items[:5]]
    title = f"{cause['rank']}. {cause['level']} ({cause['confidence']:.0%})"
    return Panel(Group(*lines), title=title, title_align="left")


def _list(console: Console, title: str, items: Sequence[Json]) -> None:
    if items:
        console.print(Text(f"\n{title}", style="bold"))
    for item in items:
        console.print(Text(f"• {plain(item['text'])}"))
        if item.get("command"):
            console.print(Text(f"    {plain(item['command'])}", style="cyan"))
        if "state_change" in item:
            told = f"changes: {item['state_change']} · undo: {item['reversible']} · reaches: {item['blast_radius']} · verify: {item['verify']}"
            console.print(Text(f"    {plain(told)}", style="dim"))


def _timeline(events: Sequence[Json]) -> Table:
    table = Table(title="Time-line", title_justify="left")
    table.add_column("time", no_wrap=True)
    for heading in ("what", "where"):
        table.add_column(heading, overflow="fold")
    for event in events[:30]:
        table.add_row(moment(event, "time"), plain(event["text"])[:160], f"{plain(event['file'])}:{event['line']}")
    return table


def cases(console: Console, page: Json) -> None:
    """Print a page of cases."""
    table = Table(title=f"{page['total_count']} cases", title_justify="left")
    table.add_column("case", no_wrap=True)
    for heading in ("title", "state", "turns", "last activity"):
        table.add_column(heading, overflow="fold")
    for case in page["cases"]:
        table.add_row(case["case_id"], plain(case["title"]), case["state"], str(case["current_turn"]), case["last_activity_at"])
    console.print(table)

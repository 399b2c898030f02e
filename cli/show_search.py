"""How the answers of `search` look on a terminal; never escape codes of the evidence."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.show import Json, plain

WIDTH = 40
"""Columns of the longest bar."""


def searched(console: Console, answer: Json, words: str, *, as_json: bool) -> None:
    """Print the answer: as JSON alone, or for people."""
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
        return
    for name, show in {"rows": _rows, "kinds": _kinds, "stretches": _stretches, "new": _changes}.items():
        if name in answer:
            show(console, answer, words.split())


def _rows(console: Console, answer: Json, words: Sequence[str]) -> None:
    before = 0
    for row in answer["rows"]:
        if before and row["line"] > before + 1:
            console.print(Text("⋮", style="dim"))
        before = row["line"]
        text = Text(plain(row["text"]), style="" if row.get("hit", True) else "dim")
        text.highlight_words(words, style="bold red", case_sensitive=False)
        console.print(Text(f"{row['line']:>8,}  ", style="cyan") + text, soft_wrap=True)
    if "total" in answer:
        console.print(Text(_told(answer), style="bold"))


def _told(answer: Json) -> str:
    """How many lines there are, and what to do next."""
    if not answer["total"]:
        known = ", ".join(map(plain, answer["vocabulary"]))
        return "no such line" + (f"; often said here: {known}" if known else "")
    if answer["complete"]:
        return f"{answer['total']:,} of {answer['lines']:,} lines"
    return f"{answer['total']:,} or more of {answer['lines']:,} lines; go on with --after {answer['searched_to']}"


def _kinds(console: Console, answer: Json, words: Sequence[str]) -> None:
    del words
    table = Table(title=f"{len(answer['kinds'])} of {answer['total']} kinds of line", title_justify="left")
    table.add_column("lines", justify="right")
    table.add_column("severity", justify="right")
    table.add_column("first", justify="right")
    table.add_column("kind", overflow="fold")
    for one in answer["kinds"]:
        table.add_row(f"{one['count']:,}", f"{one['severity']:g}", f"{one['first']:,}", Text(plain(one["template"])))
    console.print(table)


def _stretches(console: Console, answer: Json, words: Sequence[str]) -> None:
    most = max((one["lines"] for one in answer["stretches"]), default=1)
    for one in answer["stretches"]:
        bar = "█" * max(1, WIDTH * one["lines"] // most)
        where = one["start"] or f"about line {one['line']:,}"
        console.print(Text(f"{where:>26}  {one['lines']:>9,}  ") + Text(bar, style="blue"))
    every = "" if answer["complete"] else " or more"
    console.print(
        Text(f"{answer['total']:,}{every} of {answer['lines']:,} lines hold “{' '.join(map(plain, words))}”", style="bold")
    )


def _changes(console: Console, answer: Json, words: Sequence[str]) -> None:
    del words
    for name, title in (("new", "New"), ("gone", "Gone"), ("shifted", "Of another frequency")):
        table = Table(title=f"{title}: {len(answer[name])}", title_justify="left")
        for heading in ("before", "after", "line"):
            table.add_column(heading, justify="right")
        table.add_column("kind", overflow="fold")
        for one in answer[name]:
            table.add_row(f"{one['before']:,}", f"{one['after']:,}", f"{one['first']:,}", Text(plain(one["template"])))
        if answer[name]:
            console.print(table)
    if not any(answer[name] for name in ("new", "gone", "shifted")):
        console.print(Text("no difference in kinds of line", style="bold"))

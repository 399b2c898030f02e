"""The command line: one function per command, wiring only.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings, 3 no server or not signed in, 4 no such case.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import ask as asking
from cli import forks as forking
from cli import ingest as publishing
from cli import show, show_search
from cli.client import Refused, connect

app = typer.Typer(help="FaultMaven: investigate a fault from its evidence.", no_args_is_help=True, add_completion=False)
Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="evidence to read")]
CaseId = Annotated[str, typer.Argument(help="the case's id")]


@app.command()
def up() -> None:
    """Start Temporal, the API and a worker over one data folder, and supervise them."""
    from cli.up import main as supervise  # ruff: ignore[import-outside-top-level]  # a composition root is opened only when it is meant

    raise typer.Exit(supervise())


@app.command()
def worker() -> None:
    """Start a worker alone, for a Temporal that runs already."""
    from worker.main import main as work  # ruff: ignore[import-outside-top-level]  # a composition root is opened only when it is meant

    work()


@app.command()
def analyze(
    files: Files,
    as_json: Annotated[bool, typer.Option("--json", help="print the whole answer as JSON")] = False,
    question: Annotated[str, typer.Option(help="what you want to know")] = "",
    command: Annotated[str, typer.Option(help="what printed the files")] = "",
    observed_at: Annotated[str, typer.Option(help="when they were taken, RFC 3339; default: each file's time")] = "",
    baseline: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="the same from when all was well")
    ] = None,
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="also write one page with charts, to this file")] = None,
) -> None:
    """Read files and rank causes, without a server; nothing leaves this machine."""
    from cli import analyze as local  # ruff: ignore[import-outside-top-level]  # numpy is loaded only where it is used

    examined = local.analyze(
        files,
        local.Told(question=question, command=command, observed_at=observed_at, baseline=baseline),
        show.terminal(stderr=True),
    )
    if html is not None:
        local.write_page(examined, html)
        show.terminal(stderr=True).print(f"wrote {html}")
    local.tell(examined, show.terminal(), as_json=as_json)


@app.command()
def search(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="the file to look into")],
    words: Annotated[list[str] | None, typer.Argument(help="words that one line must hold, in any case")] = None,
    context: Annotated[int, typer.Option(min=0, max=20, help="lines around each hit")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=200, help="hits or kinds at most")] = 50,
    after: Annotated[int, typer.Option(min=0, help="go on behind this line")] = 0,
    lines: Annotated[str, typer.Option("--range", help="A-B: print these lines")] = "",
    templates: Annotated[bool, typer.Option("--templates", help="list kinds of line, severe ones first")] = False,
    count: Annotated[bool, typer.Option("--count", help="count the words over time")] = False,
    windows: Annotated[str, typer.Option(help="A-B,C-D: compare two ranges of lines")] = "",
    other: Annotated[
        Path | None,
        typer.Option("--with", exists=True, dir_okay=False, readable=True, help="compare with this file, the earlier one"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON")] = False,
) -> None:
    """Find lines by words, read ranges, list, count and compare, without a server."""
    from cli import search as local  # ruff: ignore[import-outside-top-level]  # scanning code is loaded only where it is used

    wanted = local.Wanted(
        words=" ".join(words or ()), context=context, limit=limit, after=after,
        lines=lines, windows=windows, other=other, templates=templates, count=count,
    )  # fmt: skip
    show_search.searched(show.terminal(), local.search(file, wanted), wanted.words, as_json=as_json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="what is wrong, in your words")],
    file: Annotated[list[Path] | None, typer.Option("--file", exists=True, dir_okay=False, readable=True)] = None,
    case: Annotated[str, typer.Option(help="go on in this case; default: a new one")] = "",
) -> None:
    """Ask about a fault, with evidence, and wait for the answer."""
    with connect() as server:
        asking.ask(server, question, file or [], case, show.terminal())


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Markdown documents")],
    team: Annotated[bool, typer.Option("--team", help="for your team; default: for you alone")] = False,
) -> None:
    """Add documents to the knowledge that answers cite."""
    with connect() as server:
        publishing.ingest(server, files, "team" if team else "personal", show.terminal())


@app.command()
def cases(limit: Annotated[int, typer.Option(min=1, max=100)] = 20) -> None:
    """List your cases, last activity first."""
    with connect() as server:
        show.cases(show.terminal(), server.call("GET", "/api/v1/cases", params={"limit": limit}).json())


@app.command("show")
def show_case(case: CaseId, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show a case and its conversation."""
    with connect() as server:
        asking.show_case(server, case, show.terminal(), as_json=as_json)


@app.command()
def close(case: CaseId) -> None:
    """Close a case."""
    with connect() as server:
        asking.close(server, case, show.terminal())


@app.command()
def fork(
    case: CaseId,
    without: Annotated[list[str] | None, typer.Option("--without", help="leave this file out: its name or id")] = None,
    at_turn: Annotated[int | None, typer.Option(min=1, help="take the turns up to this one; default: all")] = None,
    model: Annotated[str, typer.Option(help="ask this model first: provider or provider/model")] = "",
    title: Annotated[str, typer.Option(help="how the fork is called")] = "",
) -> None:
    """Take a case's turns again as a new case, without a file or with another model, and show what that changes."""
    wish = {"without": without or [], "at_turn": at_turn, "model": model, "title": title}
    with connect() as server:
        forking.fork(server, case, wish, show.terminal())


@app.command()
def diff(
    case: CaseId,
    other: Annotated[str, typer.Option("--with", help="the case to compare with; default: the one it was forked from")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show what a case concludes differently from another one."""
    with connect() as server:
        forking.diff(server, case, other, show.terminal(), as_json=as_json)


def main() -> int:
    """Run the command line; return its exit code."""
    try:
        app(standalone_mode=True)
    except Refused as refusal:
        show.terminal(stderr=True).print(f"faultmaven: {refusal}", style="red")
        return refusal.exit_code
    return 0

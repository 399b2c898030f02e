"""Adding documents to the knowledge, and seeing them become searchable."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli.client import Json, Refused, Server
from cli.show import plain

DOCUMENTS = "/api/v1/knowledge/documents"
ENDED = frozenset({"processed", "failed"})
PATIENCE_S = 60.0
"""How long one document is watched; the server goes on without us."""
LOOK_S = 0.2


def ingest(server: Server, files: list[Path], scope: str, console: Console) -> None:
    """Send each file and wait until it is searchable; the first that cannot be ends the command."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("ingesting", total=len(files))
        for file in files:
            progress.update(task, description=plain(file.name))
            document = _ended(server, _sent(server, file, scope))
            progress.console.print(Text(f"{document['status']:<10} {document['document_id']}  {plain(document['title'])}"))
            progress.advance(task)
            if document["status"] == "failed":
                raise Refused(f"{plain(file.name)}: the document could not be indexed; is it Markdown or plain text?")


def _sent(server: Server, file: Path, scope: str) -> Json:
    with file.open("rb") as stream:
        return server.call("POST", DOCUMENTS, data={"scope": scope}, files={"file": (file.name, stream)}).json()


def _ended(server: Server, document: Json) -> Json:
    """Return the document when it is indexed or failed, or as it stands when patience ends."""
    deadline = time.monotonic() + PATIENCE_S
    while document["status"] not in ENDED and time.monotonic() < deadline:
        time.sleep(LOOK_S)  # between two looks at the status: the server has no stream of it
        document = server.call("GET", f"{DOCUMENTS}/{document['document_id']}").json()
    return document

"""Raw evidence on disk → Answer, without a server; text stays raw because nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from cli.client import Refused
from domain.diagnosis.answer import answer, to_json
from domain.diagnosis.causes import diagnose
from domain.evidence.analyse import analyse as read
from domain.evidence.digest import digest, pick
from domain.evidence.values import Analysis, Context, Document, Head, Hint

PIECE = 1 << 20
BUDGET = 1_600
"""Tokens of the digest (investigation J4)."""


def analyze(files: list[Path], question: str, command: str, observed_at: str, console: Console) -> dict[str, Any]:
    """Return the object of `analyze --json`; progress goes to the console."""
    observed = _moment(observed_at)
    context = Context(question=question, observed_at=observed)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        analyses = [read(_document(file, command, observed, progress), context) for file in files]
    heads = [_head(one) for one in analyses]
    printed = digest([line for one in analyses for line in pick(one)], heads, BUDGET, question)
    return to_json(answer(diagnose(analyses, question), analyses, printed))


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("--observed-at: RFC 3339 is needed, such as 2026-01-31T14:00:00Z", 2) from None
    return moment if moment.tzinfo else moment.astimezone()


def _document(file: Path, command: str, observed: datetime | None, progress: Progress) -> Document:
    known = file.stat()
    task = progress.add_task(file.name, total=known.st_size)
    return Document(
        evidence=str(file),
        name=str(file),
        chunks=_Chunks(file, lambda done: progress.update(task, completed=done)),
        size=known.st_size,
        observed_at=observed or datetime.fromtimestamp(known.st_mtime, UTC),
        command=command,
        hint=Hint(name=file.name, command=command),
    )


class _Chunks(Iterable[bytes]):
    """A file that may be read more than once."""

    def __init__(self, file: Path, told: Any) -> None:
        self._file, self._told = file, told

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as stream:
            while piece := stream.read(PIECE):
                self._told(stream.tell())
                yield piece


def _head(one: Analysis) -> Head:
    return Head(
        evidence=one.evidence,
        name=one.name,
        kind=one.classification.kind,
        confidence=one.classification.confidence,
        coverage=one.coverage,
    )

"""Raw evidence on disk → Answer, without a server; text stays raw because nothing leaves the machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from activities.adapters.document_text import open_documents
from activities.adapters.ruff_linter import open_linter
from activities.extracting import extracted
from activities.processes import uncollected
from cli import pictures, show
from cli.bundles import Unfolded, unfolded
from cli.client import Refused
from cli.page.page import render
from domain.diagnosis.answer import answer, to_json
from domain.diagnosis.causes import diagnose
from domain.diagnosis.values import Answer
from domain.evidence.analyse import analyse as read
from domain.evidence.digest import digest, pick
from domain.evidence.logs.compare.names import same_source
from domain.evidence.values import Analysis, Context, Document, Event, Head, Hint

PIECE = 1 << 20
BUDGET = 1_600
"""Tokens of the digest (investigation J4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The answer with what it was made from, for those who draw it."""

    answer: Answer
    analyses: tuple[Analysis, ...]
    timeline: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person says about the files."""

    question: str = ""
    command: str = ""
    """What printed them."""
    observed_at: str = ""
    """RFC 3339; empty for each file's own time."""
    baseline: Path | None = None
    """One of them, or its like, from when all was well."""


def analyze(files: list[Path], told: Told, console: Console) -> Examined:
    """Return what the rules make of the files; progress goes to the console."""
    compared = _compared(files, told.baseline)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress, TemporaryDirectory() as folder:
        opened = _Opened(told.command, _moment(told.observed_at), progress, Path(folder))
        good = opened.unfolded(told.baseline) if told.baseline else None
        analyses = tuple(one for file in files for one in _read(told, opened, file, good if file in compared else None))
    heads = [_head(one) for one in analyses]
    printed = digest([line for one in analyses for line in pick(one)], heads, BUDGET, told.question)
    found = diagnose(analyses, told.question)
    return Examined(answer=answer(found, analyses, printed), analyses=analyses, timeline=found.timeline)


def _read(told: Told, opened: _Opened, file: Path, good: Unfolded | None) -> Iterator[Analysis]:
    """Yield the analysis of a file, or of an archive and its members."""
    reader, given = open_documents(), opened.unfolded(file)
    if good and given.archive and not good.archive:
        raise Refused("--baseline: an archive is compared with an archive; name one from when all was well", 2)
    if given.archive:
        yield given.archive
    for document in given.documents:
        context = _context(told, opened, good.like(document) if good else None)
        yield uncollected(partial(read, extracted(document, reader), context))


def _context(told: Told, opened: _Opened, baseline: Document | None) -> Context:
    return Context(question=told.question, observed_at=opened.observed_at, baseline=baseline, lint=open_linter().look)


def tell(examined: Examined, console: Console, *, as_json: bool) -> None:
    """Print the answer: as JSON alone, or for people with its pictures."""
    told = to_json(examined.answer)
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    show.analysis(console, told)
    pictures.draw(console, examined.analyses)


def write_page(examined: Examined, file: Path) -> None:
    """Write the answer with its charts as one HTML file; what cannot be written is refused by name."""
    text = render(examined.answer, examined.analyses, examined.timeline)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise Refused(f"--html: {file} cannot be written: {failure.strerror}", 2) from failure


def _compared(files: list[Path], baseline: Path | None) -> list[Path]:
    """Return the files that the baseline belongs to: the only one, or those named like it."""
    if baseline is None:
        return []
    chosen = files if len(files) == 1 else [file for file in files if same_source(file.name, baseline.name)]
    if not chosen:
        raise Refused(
            f"--baseline: none of the files is named like {baseline.name}; name one file, or files of the same source", 2
        )
    return chosen


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("--observed-at: RFC 3339 is needed, such as 2026-01-31T14:00:00Z", 2) from None
    return moment if moment.tzinfo else moment.astimezone()


@dataclass(frozen=True, slots=True)
class _Opened:
    """How files become documents."""

    command: str
    observed_at: datetime | None
    progress: Progress
    folder: Path
    """Where members of archives lie while they are read."""

    def unfolded(self, file: Path) -> Unfolded:
        """Return a file as evidence, or the members of an archive."""
        given = unfolded(file, self.document(file), self.folder)
        if self.observed_at is None:
            return given
        return replace(given, documents=tuple(replace(one, observed_at=self.observed_at) for one in given.documents))

    def document(self, file: Path) -> Document:
        """Return a file as evidence whose reading is shown."""
        known = file.stat()
        task = self.progress.add_task(file.name, total=known.st_size)
        return Document(
            evidence=str(file),
            name=str(file),
            chunks=_Chunks(file, lambda done: self.progress.update(task, completed=done)),
            size=known.st_size,
            observed_at=self.observed_at or datetime.fromtimestamp(known.st_mtime, UTC),
            command=self.command,
            hint=Hint(name=file.name, command=self.command),
        )


class _Chunks(Iterable[bytes]):
    """A file that may be read more than once, and from any place."""

    def __init__(self, file: Path, told: Any) -> None:
        self._file, self._told = file, told

    def __iter__(self) -> Iterator[bytes]:
        return self.at(0)

    def at(self, offset: int) -> Iterator[bytes]:
        with self._file.open("rb") as stream:
            stream.seek(offset)
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

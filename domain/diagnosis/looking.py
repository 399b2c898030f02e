"""What each tool over evidence answers: bounded, from the documents alone, every line with its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from domain.diagnosis.tools import (
    CompareFiles,
    CompareWindows,
    CountLines,
    EvidenceCall,
    FindLines,
    ListKinds,
    Looked,
    ReadLines,
)
from domain.evidence.decoding.decode import fold_space
from domain.evidence.logs.compare.difference import Change, Difference
from domain.evidence.search.counts import Count, count, documents, kinds, windows
from domain.evidence.search.source import Row, Source
from domain.evidence.search.words import find
from domain.evidence.values import DigestLine

HITS = 40
ROWS = 120
"""Lines of one answer before its tokens are counted."""
CONTEXT = 5
KINDS = 30
CHANGES = 12
"""Kinds of line told of each: new, gone, more or less frequent."""
STRETCHES = 24
QUOTE = 300
"""Characters of a line."""

Names = Mapping[str, str]
"""Id of a piece of evidence → its name."""


def look(call: EvidenceCall, sources: Sequence[Source], names: Names) -> Looked:
    """Return what a call finds in the files that it names, in their order."""
    source, *others = sources
    match call:
        case FindLines():
            return _found(call, source, names)
        case ReadLines(first=first, last=last):
            rows = source.read(first, min(last, max(1, first) + ROWS - 1))
            return Looked(said=(f"The file has {source.index.lines} lines.",), lines=_lines(source, names, rows))
        case ListKinds(words=words):
            return _kinds(words, source, names)
        case CountLines(words=words):
            return _counted(words, source)
        case CompareWindows():
            before, after = (call.before_first, call.before_last), (call.after_first, call.after_last)
            return _differs(windows(source, before, after), source, source, names)
        case CompareFiles():
            return _differs(documents(source, others[0]), source, others[0], names)


def _found(call: FindLines, source: Source, names: Names) -> Looked:
    found = find(source, call.words, limit=HITS, context=min(call.context, CONTEXT), after=call.after)
    if not found.rows:
        return Looked(said=("No line holds all of these words. Frequent words: " + " ".join(found.vocabulary),))
    behind = "" if found.complete else f" Searched to L{found.searched_to}."
    return Looked(said=(f"{found.total} lines hold all words.{behind}",), lines=_lines(source, names, found.rows[:ROWS]))


def _kinds(words: str, source: Source, names: Names) -> Looked:
    found = kinds(source, words, KINDS)
    lines = [_line(source, names, Row(line=kind.first, text=cited.quote), count=kind.count) for kind, cited in found.kinds]
    return Looked(said=(f"{found.total} kinds of line.",), lines=tuple(lines))


def _counted(words: str, source: Source) -> Looked:
    counted = count(source, words)
    sure = "" if counted.complete else " at least"
    rows = [_stretch(few) for few in _bundled(counted.stretches)]
    return Looked(said=(f"{counted.total} lines{sure} hold all words.", *rows))


def _bundled(stretches: Sequence[Count]) -> Iterable[Sequence[Count]]:
    """Neighbours together, so that no more than `STRETCHES` are told."""
    size = max(1, -(-len(stretches) // STRETCHES))
    return (stretches[place : place + size] for place in range(0, len(stretches), size))


def _stretch(few: Sequence[Count]) -> str:
    lines = sum(one.lines for one in few)
    return f"{_clock(few[0].start)}from about L{few[0].line}: {lines} lines"


def _clock(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} " if time else ""


def _differs(found: Difference, before: Source, after: Source, names: Names) -> Looked:
    told = [
        *(_changed(after, names, one, f"new, {one.after} lines") for one in found.new[:CHANGES]),
        *(_changed(before, names, one, f"gone, {one.before} lines before") for one in found.gone[:CHANGES]),
        *(_changed(after, names, one, f"{one.before} lines before, {one.after} after") for one in found.shifted[:CHANGES]),
    ]
    sums = f"{len(found.new)} kinds of line are new, {len(found.gone)} gone, {len(found.shifted)} of another frequency."
    return Looked(said=(sums,), lines=tuple(told))


def _changed(source: Source, names: Names, change: Change, statement: str) -> DigestLine:
    row = next(iter(source.read(change.first, change.first)), Row(line=change.first, text=""))
    return _line(source, names, row, statement=statement)


def _lines(source: Source, names: Names, rows: Iterable[Row]) -> tuple[DigestLine, ...]:
    return tuple(_line(source, names, row) for row in rows)


def _line(source: Source, names: Names, row: Row, count: int = 1, statement: str = "") -> DigestLine:
    return DigestLine(
        evidence=source.evidence,
        name=names[source.evidence],
        first=row.line,
        last=row.line,
        count=count,
        text=fold_space(row.text, QUOTE),
        statement=statement,
    )

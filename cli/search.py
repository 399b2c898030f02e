"""Read a file again by words, lines, kinds or counts, without a server; bounded answers, each line with its number."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from activities import reopening
from activities.adapters.document_text import open_documents
from activities.reopening import Stored
from cli.client import Refused
from domain.evidence.logs.compare.difference import Change, Difference
from domain.evidence.search.counts import count, documents, kinds, windows
from domain.evidence.search.source import Row, Source
from domain.evidence.search.words import find

_RANGE = re.compile(r"(\d{1,12})-(\d{1,12})")
Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for in a file; without any choice, lines that hold all words."""

    words: str = ""
    context: int = 0
    limit: int = 50
    after: int = 0
    """Go on behind this line."""
    lines: str = ""
    """A-B: these lines."""
    windows: str = ""
    """A-B,C-D: what the second range says that the first does not."""
    other: Path | None = None
    """What this file says that the other does not."""
    templates: bool = False
    count: bool = False


def search(file: Path, wanted: Wanted) -> Json:
    """Return what was asked for as JSON values; a question that is none or several is refused."""
    chosen = [bool(wanted.lines), bool(wanted.windows), wanted.other is not None, wanted.templates, wanted.count]
    if sum(chosen) > 1:
        raise Refused("ask for one of --range, --windows, --with, --templates and --count at a time", 2)
    if not any(chosen) and not wanted.words.strip():
        raise Refused("say which words to look for, or ask for --range, --templates, --count, --windows or --with", 2)
    with opened(file) as source:
        return {"file": str(file), "lines": source.index.lines, **_answer(source, wanted)}


@contextmanager
def opened(file: Path) -> Generator[Source]:
    """Open a file by its path, as it was when it was last written."""
    taken = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    stored = Stored(path=file, evidence=str(file), name=str(file), size=file.stat().st_size, observed_at=taken)
    with reopening.opened(stored, open_documents()) as source:
        yield source


def _answer(source: Source, wanted: Wanted) -> Json:
    if wanted.lines:
        return {"rows": [asdict(row) for row in source.read(*_range(wanted.lines, "--range"))]}
    if wanted.templates:
        return _kinds(source, wanted)
    if wanted.count:
        return _counted(source, wanted.words)
    if wanted.windows:
        first, _, second = wanted.windows.partition(",")
        return _difference(windows(source, _range(first, "--windows"), _range(second, "--windows")))
    if wanted.other is not None:
        with opened(wanted.other) as other:
            return _difference(documents(other, source))
    return _found(source, wanted)


def _range(text: str, option: str) -> tuple[int, int]:
    match = _RANGE.fullmatch(text.strip())
    if match is None or int(match[1]) > int(match[2]):
        form = "A-B,C-D" if option == "--windows" else "A-B"
        raise Refused(f"{option}: line numbers are needed as {form}, such as {'1-900,901-1200' if ',' in form else '120-180'}", 2)
    return int(match[1]), int(match[2])


def _found(source: Source, wanted: Wanted) -> Json:
    found = find(source, wanted.words, limit=wanted.limit, context=wanted.context, after=wanted.after)
    hits = {one.first for one in found.citations}
    return {
        "rows": [_row(row, hit=row.line in hits) for row in found.rows],
        "total": found.total,
        "complete": found.complete,
        "searched_to": found.searched_to,
        "vocabulary": list(found.vocabulary),
    }


def _row(row: Row, *, hit: bool) -> Json:
    return {**asdict(row), "hit": hit}


def _kinds(source: Source, wanted: Wanted) -> Json:
    found = kinds(source, wanted.words, wanted.limit)
    return {"kinds": [{**asdict(one), "text": cited.quote} for one, cited in found.kinds], "total": found.total}


def _counted(source: Source, words: str) -> Json:
    found = count(source, words)
    stretches = [
        {"start": one.start.isoformat() if one.start else None, "line": one.line, "lines": one.lines} for one in found.stretches
    ]
    return {"total": found.total, "complete": found.complete, "width_s": found.width_s, "stretches": stretches}


def _difference(found: Difference) -> Json:
    return {name: _changes(getattr(found, name)) for name in ("new", "gone", "shifted")}


def _changes(changes: Sequence[Change]) -> list[Json]:
    return [asdict(one) for one in changes[:200]]

"""Read a file again by words, lines, kinds or counts, without a server; bounded answers, each line with its number."""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from activities.adapters.document_text import open_documents
from activities.analysis import FilePieces
from activities.extracting import extracted
from cli.client import Refused
from domain.evidence.decoding.decode import decode
from domain.evidence.logs.compare.difference import Change, Difference
from domain.evidence.search.counts import count, documents, kinds, windows
from domain.evidence.search.source import Row, Source, source_of
from domain.evidence.search.words import find
from domain.evidence.values import Document

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
    """Decode a file of any encoding and compression to disk, map it and scan it."""
    with tempfile.TemporaryFile() as spool:
        spool.writelines(_text(file))
        spool.flush()
        taken = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        if not spool.tell():
            yield source_of(str(file), b"", taken)
            return
        with mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield source_of(str(file), data, taken)


def _text(file: Path) -> Iterator[bytes]:
    """Return the text whose lines citations name: that of the bytes, or what was read of a document that is none."""
    pieces = FilePieces(file)
    document = Document(evidence=str(file), name=str(file), chunks=pieces, size=file.stat().st_size)
    extract = extracted(document, open_documents()).extract
    return iter((extract.text.encode(),)) if extract and extract.text else decode(pieces)


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

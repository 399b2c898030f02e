"""A file that was read before, opened again to be searched: decoded, mapped and scanned. Runs in the process pool."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from activities.analysis import FilePieces
from activities.extracting import extracted
from domain.diagnosis.looking import look
from domain.diagnosis.tools import EvidenceCall, Looked
from domain.evidence.decoding.decode import decode
from domain.evidence.search.source import Source, source_of
from domain.evidence.values import Document
from domain.ports.documents import TextReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file on disk and what is known of it."""

    path: Path
    evidence: str
    name: str
    size: int
    observed_at: datetime | None = None


def look_again(call: EvidenceCall, files: tuple[Stored, ...], reader: TextReader) -> Looked:
    """Return what a tool finds in files that lie on disk, raw; what it needs besides lies in the same folder, without a name."""
    with ExitStack() as stack:
        sources = [stack.enter_context(opened(file, reader, file.path.parent)) for file in files]
        return look(call, sources, {file.evidence: file.name for file in files})


@contextmanager
def opened(file: Stored, reader: TextReader, room: Path | None = None) -> Generator[Source]:
    """Decode a file of any encoding and compression to disk, map it and scan it."""
    with tempfile.TemporaryFile(dir=room) as spool:
        spool.writelines(_text(file, reader))
        spool.flush()
        if not spool.tell():
            yield source_of(file.evidence, b"", file.observed_at)
            return
        with mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield source_of(file.evidence, data, file.observed_at)


def _text(file: Stored, reader: TextReader) -> Iterator[bytes]:
    """Return the text whose lines citations name: that of the bytes, or what was read of a document that is none."""
    pieces = FilePieces(file.path)
    extract = extracted(Document(evidence=file.evidence, name=file.name, chunks=pieces, size=file.size), reader).extract
    return iter((extract.text.encode(),)) if extract and extract.text else decode(pieces)

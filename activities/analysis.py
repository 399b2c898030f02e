"""What runs in the process pool: a file in, its analysis as JSON and its telling lines out. Raw, so nothing of it is logged."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from activities.extracting import extracted
from activities.unpacking import FileBytes
from domain.case.projection import FileRecord
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.evidence.analyse import WHOLE, analyse, conclude
from domain.evidence.archives.unpacking import is_archive
from domain.evidence.decoding.blocks import MAGIC
from domain.evidence.decoding.encoding import HEAD, Encoding, encoding_of
from domain.evidence.decoding.inflate import Reading, inflate, packed
from domain.evidence.digest import pick
from domain.evidence.logs.survey import EPOCH_BYTES, Part, Survey, joined
from domain.evidence.values import Analysis, Context, DigestLine, Document, Hint, Kind
from domain.ports.documents import TextReader
from domain.ports.linting import Linter

PIECE = 1 << 20
"""Bytes read at a time."""
MOST_LINES = 300
"""Candidates that are redacted and kept (evidence.md 13)."""
MOST_NOTES = 20
LENGTH = 8
"""Bytes before a state in a file of several."""

_ANALYSIS = TypeAdapter(Analysis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A file's analysis as JSON, its raw candidate lines, and the news of it, still raw."""

    analysis: bytes
    lines: tuple[DigestLine, ...]
    news: EvidenceNews


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An upload of the same source, whose bytes lie at `path`: what it lacks is new."""

    path: Path
    record: FileRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What an analysis uses besides its file."""

    reader: TextReader
    linter: Linter
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive of files: it is opened, and they are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """A text that is scanned in legs: where its expanded bytes lie, and how they are read."""

    path: Path
    size: int
    encoding: Encoding
    head: bytes
    cut: bool = False
    notes: tuple[str, ...] = ()

    @property
    def epochs(self) -> range:
        """The parts that may be scanned at the same time."""
        return range(-(-self.size // EPOCH_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """How far an epoch is scanned; `state` is what the next leg goes on from, in any process."""

    stop: int
    over: bool
    state: bytes

    def packed(self) -> bytes:
        """Return the leg as it is kept."""
        return bytes([self.over]) + self.stop.to_bytes(8, "big") + self.state

    @classmethod
    def unpacked(cls, data: bytes) -> Leg:
        """Return a leg that was kept."""
        return cls(over=bool(data[0]), stop=int.from_bytes(data[1:9], "big"), state=data[9:])


@dataclass(frozen=True, slots=True)
class FilePieces:
    """The bytes of a file in pieces; may be read more than once, and from any place."""

    path: Path

    def __iter__(self) -> Iterator[bytes]:
        """Yield from the first byte."""
        return self.at(0)

    def at(self, offset: int) -> Iterator[bytes]:
        """Yield from this byte."""
        with self.path.open("rb") as file:
            file.seek(offset)
            while piece := file.read(PIECE):
                yield piece


def begin(path: Path, room: Path, ref: EvidenceRef, beside: Beside) -> Scanned | Large | Packed:
    """Analyse a file whose bytes lie at `path`; a large text is only prepared: expanded into `room` where it is packed."""
    if not ref.member_of and not ref.chosen_kind and is_archive(FileBytes(path)):
        return Packed()
    document = extracted(_document(path, ref), beside.reader)
    reading = Reading()
    text = _large_text(document, path, room, reading)
    if text is None:
        context = Context(
            observed_at=ref.observed_at,
            lint=beside.linter.look,
            baseline=_baseline(beside.earlier) if beside.earlier else None,
            baseline_good=False,
        )
        return _scanned(ref, analyse(document, context))
    head = _head(text)
    return Large(
        path=text,
        size=text.stat().st_size,
        encoding=encoding_of(head),
        head=head[:MAGIC],
        cut=reading.cut,
        notes=tuple(reading.notes),
    )


def _baseline(earlier: Earlier) -> Document:
    row = earlier.record
    return Document(
        evidence=row.file_id,
        name=row.name,
        chunks=FilePieces(earlier.path),
        size=row.size_bytes,
        observed_at=row.observed_at,
        hint=Hint(name=row.name),
    )


def _large_text(document: Document, path: Path, room: Path, reading: Reading) -> Path | None:
    """Return where the expanded bytes of a large text lie; None where a document is analysed at once."""
    if document.extract is not None:
        return None
    if packed(_head(path)):
        return room if _expanded(path, room, reading) > WHOLE else None
    return path if path.stat().st_size > WHOLE else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _expanded(path: Path, room: Path, reading: Reading) -> int:
    with room.open("wb") as file:
        return sum(file.write(piece) for piece in inflate(inflate(FilePieces(path), reading), reading))


def leg(large: Large, ref: EvidenceRef, epoch: int, state: bytes | None) -> Leg:
    """Scan the next leg of an epoch."""
    part = Part(epoch=epoch, size=large.size, encoding=large.encoding, observed_at=ref.observed_at)
    survey, over = part.read_leg(FilePieces(large.path), _opened(state) if state else None)
    return Leg(stop=survey.stop, over=over, state=_closed(survey))


def framed(state: bytes) -> bytes:
    """Return a state as it lies in a file of several."""
    return len(state).to_bytes(LENGTH, "big") + state


def conclusion(large: Large, ref: EvidenceRef, states: Path) -> Scanned:
    """Return what a file is told to be once all its epochs were scanned; their framed states lie at `states`, in order."""
    survey = _joined(states)
    survey.seekable = True
    survey.reading.head, survey.reading.cut, survey.reading.notes = large.head, large.cut, list(large.notes)
    return _scanned(ref, conclude(_document(large.path, ref), Context(observed_at=ref.observed_at), survey))


def _joined(states: Path) -> Survey:
    """Join the surveys as they are read: no more than two are open at a time."""
    with states.open("rb") as file:
        survey = _opened(_next(file))
        while state := _next(file):
            survey = joined(survey, _opened(state))
    return survey


def _next(file: BinaryIO) -> bytes:
    """Return the next state; nothing behind the last."""
    return file.read(int.from_bytes(file.read(LENGTH), "big"))


def _opened(state: bytes) -> Survey:
    survey: Survey = ForkingPickler.loads(zlib.decompress(state))
    return survey


def _closed(survey: Survey) -> bytes:
    return zlib.compress(ForkingPickler.dumps(survey), level=1)


def _document(path: Path, ref: EvidenceRef) -> Document:
    hint = Hint(name=ref.name, origin=ref.origin, chosen=Kind(ref.chosen_kind) if ref.chosen_kind else None)
    return Document(
        evidence=ref.file_id,
        name=ref.name,
        chunks=FilePieces(path),
        size=ref.size_bytes,
        observed_at=ref.observed_at,
        hint=hint,
    )


def _scanned(ref: EvidenceRef, analysis: Analysis) -> Scanned:
    return Scanned(analysis=_ANALYSIS.dump_json(analysis), lines=pick(analysis)[:MOST_LINES], news=news_of(ref, analysis))


def news_of(ref: EvidenceRef, analysis: Analysis) -> EvidenceNews:
    """Return what a case learns of an analysis; keys of blobs are added where they are stored."""
    return EvidenceNews(
        file_id=ref.file_id,
        name=ref.name,
        kind=analysis.classification.kind,
        confidence=analysis.classification.confidence,
        status="completed",
        lines=analysis.coverage.lines,
        size_bytes=ref.size_bytes,
        summary=analysis.summary,
        severity=max((finding.severity for finding in analysis.findings), default=0.0),
        first_time=analysis.coverage.first_time,
        last_time=analysis.coverage.last_time,
        notes=analysis.coverage.notes[:MOST_NOTES],
        member_of=ref.member_of,
    )

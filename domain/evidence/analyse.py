"""One piece of evidence to its Analysis: decode, classify, one analyser per kind, sealed citations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from domain.evidence import binary, code, configs, errors, images, logs, profiles, prose, traces
from domain.evidence.classify import classify
from domain.evidence.commands import output
from domain.evidence.decode import blocks, cut_line, decode, fold_space, line_hash
from domain.evidence.inflate import Reading, inflate, peek
from domain.evidence.metrics import analyser as metrics
from domain.evidence.values import Analysis, Citation, Classification, Context, Coverage, Document, Finding, Kind, Parsed, Text

VERSION = "1"
"""Raised with every change that gives another Analysis for the same bytes."""
WHOLE = 64 << 20
"""Decoded bytes above which a document is read as a log, whatever it is."""
WINDOW = 20 << 10
"""Bytes of head, middle and tail that the classification sees, each."""
MAGIC = 4096
"""Undecoded bytes that tell images and binaries apart."""
MOST_FINDINGS = 500
Analyser = Callable[[Text, Document, Context], Parsed]
ANALYSERS: Mapping[Kind, Analyser] = {
    Kind.ERROR_REPORT: errors.analyse,
    Kind.COMMAND_OUTPUT: output.analyse,
    Kind.CONFIG: configs.analyse,
    Kind.METRICS: metrics.analyse,
    Kind.TRACE: traces.analyse,
    Kind.PROFILE: profiles.analyse,
    Kind.SOURCE_CODE: code.analyse,
    Kind.TEXT: prose.analyse,
    Kind.DOCUMENTATION: prose.analyse,
    Kind.IMAGE: images.analyse,
    Kind.BINARY: binary.analyse,
}
"""Every kind but logs; a kind without its own analyser is read line by line as a log."""
BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a mistake in one analyser raises: the document is then read as a log and the analysis says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The first pass over a document."""

    classification: Classification
    size: int
    blank: bool


def analyse(document: Document, context: Context) -> Analysis:
    """Return everything that rules read from one document; any input ends in an Analysis."""
    look = _look(document)
    if look.blank:
        return _empty(document, look)
    analyser = ANALYSERS.get(look.classification.kind)
    notes: tuple[str, ...] = ()
    if analyser is not None and look.size > WHOLE:
        notes = (f"larger than {WHOLE >> 20} MiB: read line by line as a log",)
    elif analyser is not None:
        text, coverage = _whole(document)
        try:
            return _sealed(document, look.classification, analyser(text, document, context), coverage, text)
        except BUGS as bug:
            notes = (f"its own reader failed ({type(bug).__name__}): read line by line as a log",)
    found = logs.analyse(document, context)
    coverage = replace(found.coverage, notes=(*notes, *found.coverage.notes))
    return _analysis(document, look.classification, found.parsed, coverage)


def _look(document: Document) -> _Look:
    raw, _ = peek(inflate(inflate(document.chunks, Reading()), Reading()), MAGIC)
    by_bytes = classify(raw, b"", b"", document.hint)
    head, middle, tail, size, blank = b"", b"", b"", 0, True
    for block in blocks(decode(document.chunks)):
        size += len(block.data)
        blank = blank and not block.data.strip()
        if not head:
            head, middle = block.data[:WINDOW], block.data[len(block.data) // 2 :][:WINDOW]
        elif block.number & (block.number - 1) == 0:
            middle = block.data[:WINDOW]
        tail = block.data[-WINDOW:]
    chosen = by_bytes if by_bytes.kind in {Kind.IMAGE, Kind.BINARY} else _classified(document, head, middle, tail)
    return _Look(classification=chosen, size=size, blank=blank)


def _classified(document: Document, head: bytes, middle: bytes, tail: bytes) -> Classification:
    """Classify the decoded text; a short one is seen whole, once."""
    if head == tail or len(head) < WINDOW:
        return classify(head, b"", b"", document.hint)
    return classify(head, middle, tail, document.hint)


def _whole(document: Document) -> tuple[Text, Coverage]:
    reading = Reading()
    data = b"".join(decode(document.chunks, reading)).decode("utf-8", "replace")
    rows = tuple(data.removesuffix("\n").split("\n"))
    replaced = (f"{reading.replaced} characters could not be read and were replaced",) if reading.replaced else ()
    notes = (*reading.notes, *replaced)
    coverage = Coverage(
        bytes=reading.bytes, lines=len(rows), share_read=0.99 if reading.cut else 1.0, notes=notes, encoding=reading.encoding
    )
    return Text(lines=rows, encoding=reading.encoding, notes=notes), coverage


def _sealed(document: Document, classification: Classification, parsed: Parsed, coverage: Coverage, text: Text) -> Analysis:
    """Hash and quote every citation from the text that was parsed."""
    seal = _Sealer(document.evidence, text.lines)
    done = replace(
        parsed,
        findings=tuple(
            replace(one, citations=tuple(map(seal.citation, one.citations))) for one in parsed.findings if one.citations
        ),
        events=tuple(replace(one, citation=seal.citation(one.citation)) for one in parsed.events),
        objects=tuple(replace(one, citation=seal.citation(one.citation)) for one in parsed.objects),
        edges=tuple(replace(one, citation=seal.citation(one.citation)) for one in parsed.edges),
        curves=tuple(replace(one, citation=seal.citation(one.citation)) for one in parsed.curves),
    )
    read = replace(
        coverage,
        share_parsed=parsed.share_parsed,
        notes=tuple(dict.fromkeys((*coverage.notes, *parsed.notes))),
        first_time=parsed.first_time,
        last_time=parsed.last_time,
        times_certain=parsed.times_certain,
        assumed_zone=parsed.assumed_zone,
    )
    return _analysis(document, classification, done, read)


@dataclass(frozen=True, slots=True, kw_only=False)
class _Sealer:
    """Fills in hash and quote; line numbers are brought into the document."""

    evidence: str
    lines: tuple[str, ...]

    def citation(self, one: Citation) -> Citation:
        """The same citation, sealed."""
        first = min(max(1, one.first), len(self.lines))
        last = min(max(first, one.last), len(self.lines), first + 1_999)
        rows = [cut_line(row) for row in self.lines[first - 1 : last]]
        return Citation(
            evidence=self.evidence, first=first, last=last, hash=line_hash(rows), quote=self.quote(one, self.lines[first - 1])
        )

    @staticmethod
    def quote(one: Citation, row: str) -> str:
        """The analyser's own window of a long line where it stands in it, else the head of the line."""
        core = one.quote.strip("… ")
        stands = len(row) > len(one.quote) and "…" in one.quote and (core in row or core in " ".join(row[: 1 << 16].split()))
        return fold_space(one.quote if core and stands else cut_line(row))


def _analysis(document: Document, classification: Classification, parsed: Parsed, coverage: Coverage) -> Analysis:
    ranked = sorted(_numbered(parsed.findings), key=lambda one: (-one.severity, one.citations[0].first, one.id))
    dropped = len(ranked) - MOST_FINDINGS
    notes = (*coverage.notes, f"{dropped} less severe findings were left out") if dropped > 0 else coverage.notes
    return Analysis(
        evidence=document.evidence,
        name=document.name,
        version=VERSION,
        classification=classification,
        coverage=replace(coverage, notes=notes),
        keys=parsed.keys,
        events=parsed.events,
        findings=tuple(ranked[:MOST_FINDINGS]),
        objects=parsed.objects,
        edges=parsed.edges,
        volume=parsed.volume,
        curves=parsed.curves,
        summary=parsed.summary[:500],
        command=document.command or document.hint.command,
    )


def _numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings that share an id a number behind it."""
    seen: dict[str, int] = {}
    found = []
    for one in findings:
        seen[one.id] = seen.get(one.id, 0) + 1
        found.append(one if seen[one.id] == 1 else replace(one, id=f"{one.id}#{seen[one.id]}"))
    return found


def _empty(document: Document, look: _Look) -> Analysis:
    citation = Citation(evidence=document.evidence, first=1, last=1, quote="")
    row = next(chain((block.data.split(b"\n")[0] for block in blocks(decode(document.chunks))), [b""])).decode("utf-8", "replace")
    finding = Finding(
        id="empty:1",
        kind="empty",
        subject="",
        statement="the document holds no text",
        severity=0.0,
        citations=(replace(citation, hash=line_hash([row])),),
    )
    coverage = Coverage(bytes=look.size, lines=0, share_read=0.0, share_parsed=0.0, notes=("empty",))
    kind = Classification(kind=Kind.TEXT, confidence=1.0, format="empty")
    return _analysis(document, kind, Parsed(findings=(finding,), summary="empty"), coverage)

"""One piece of evidence to its Analysis: decode, classify, one analyser per kind, sealed citations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from domain.evidence import pastes
from domain.evidence.binary import analyser as binary
from domain.evidence.code import program
from domain.evidence.configs import configuration
from domain.evidence.decoding.blocks import MAGIC, text_blocks
from domain.evidence.decoding.decode import cut_line, decode, fold_space, line_hash
from domain.evidence.decoding.encoding import HEAD
from domain.evidence.decoding.inflate import Reading, inflate, packed, peek
from domain.evidence.documents import images
from domain.evidence.documents.converting import as_text, placed, uncovered
from domain.evidence.errors import analyser as errors
from domain.evidence.kinds.classify import by_bytes, classify
from domain.evidence.logs import analyser as logs
from domain.evidence.logs.compare.failed_builds import with_failing_blocks
from domain.evidence.logs.survey import WINDOW, Look, Survey, survey
from domain.evidence.metrics import analyser as metrics
from domain.evidence.overlooked import with_words
from domain.evidence.profiles import analyser as profiles
from domain.evidence.prose import analyser as prose
from domain.evidence.traces import analyser as traces
from domain.evidence.values import Analysis, Citation, Classification, Context, Coverage, Document, Finding, Kind, Parsed, Text

VERSION = "7"
"""Raised with every change that gives another Analysis for the same bytes."""
WHOLE = 64 << 20
"""Expanded bytes above which a document is read as a log, whatever it is."""
MIXED = 256 << 10
"""Bytes up to which a text may be a paste of several kinds of evidence."""
MIXABLE = frozenset({Kind.LOGS, Kind.ERROR_REPORT, Kind.TEXT, Kind.DOCUMENTATION})
STRUCTURED = frozenset({Kind.CONFIG, Kind.TRACE, Kind.METRICS})
"""Kinds of which a command may print what only looks like one."""
MOST_FINDINGS = 500
ALWAYS = 2.4
"""Severity by which what is always so is ordered: below what a second look finds."""
PIECE = 4_096
"""Characters of a line from which on it is long for a citation."""
Analyser = Callable[[Text, Document, Context], Parsed]
ANALYSERS: Mapping[Kind, Analyser] = {
    Kind.ERROR_REPORT: errors.analyse,
    Kind.COMMAND_OUTPUT: pastes.analyse,
    Kind.CONFIG: configuration.analyse,
    Kind.METRICS: metrics.analyse,
    Kind.TRACE: traces.analyse,
    Kind.PROFILE: profiles.analyse,
    Kind.SOURCE_CODE: program.analyse,
    Kind.TEXT: prose.analyse,
    Kind.DOCUMENTATION: prose.analyse,
    Kind.IMAGE: images.analyse,
    Kind.BINARY: binary.analyse,
}
"""Every kind but logs; a kind without its own analyser is read line by line as a log."""
BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a mistake in one analyser raises: the document is then read as a log and the analysis says so."""


def analyse(document: Document, context: Context) -> Analysis:
    """Return everything that rules read from one document; any input ends in an Analysis."""
    extract = document.extract
    if extract is None:
        return _compared(_analysed(document, context), document, context)
    if extract.text.strip():
        return placed(analyse(as_text(document, extract), context), document, extract)
    return uncovered(_analysed(document, context), extract)


def conclude(document: Document, context: Context, found: Survey) -> Analysis:
    """Return the Analysis of a document too large to be parsed whole, which was surveyed as the log that it probably is."""
    return _compared(_concluded(document, context, found), document, context)


def _caught(parsed: Parsed, kind: Kind, text: Text, document: Document) -> Parsed:
    return with_words(parsed, text, document) if kind in STRUCTURED else parsed


def _compared(found: Analysis, document: Document, context: Context) -> Analysis:
    return found if context.baseline is None else with_failing_blocks(found, document, context.baseline)


def _analysed(document: Document, context: Context) -> Analysis:
    look = _looked(document)
    if look is None:
        return _concluded(document, context, survey(document.chunks, document.observed_at or context.observed_at))
    if look.blank:
        return _empty(document, look)
    raw, _ = peek(inflate(inflate(document.chunks, Reading()), Reading()), MAGIC)
    classification = _classified(document, look, raw)
    analyser = ANALYSERS.get(classification.kind)
    if look.size <= MIXED and classification.kind in MIXABLE and pastes.is_mixed(_whole(document)[0].lines):
        analyser = pastes.analyse
    if analyser is None:
        return _log(document, context, classification, ())
    text, coverage = _whole(document)
    try:
        return _sealed(
            document,
            classification,
            _caught(analyser(text, document, context), classification.kind, text, document),
            coverage,
            text,
        )
    except BUGS as bug:
        note = f"its own reader failed ({type(bug).__name__}): read line by line as a log"
    return _log(document, context, classification, (note,))


def _concluded(document: Document, context: Context, found: Survey) -> Analysis:
    if found.look.blank:
        return _empty(document, found.look)
    classification = _classified(document, found.look, found.reading.head)
    larger = f"larger than {WHOLE >> 20} MiB: read line by line as a log"
    return _told(document, context, classification, found, (larger,) if classification.kind in ANALYSERS else ())


def _log(document: Document, context: Context, classification: Classification, notes: tuple[str, ...]) -> Analysis:
    found = survey(document.chunks, document.observed_at or context.observed_at)
    return _told(document, context, classification, found, notes)


def _told(
    document: Document, context: Context, classification: Classification, found: Survey, notes: tuple[str, ...]
) -> Analysis:
    told = logs.analyse(document, context, found)
    coverage = replace(told.coverage, notes=(*notes, *told.coverage.notes))
    return _analysis(document, classification, told.parsed, coverage)


def _looked(document: Document) -> Look | None:
    """See a whole text; None where it is too large to be parsed whole."""
    if document.size > WHOLE and not packed(peek(document.chunks, HEAD)[0]):
        return None
    look = Look()
    for block in text_blocks(document.chunks):
        look.see(block)
        block.lines = 1  # which line it begins with is asked by nobody here
        if look.size > WHOLE:
            return None
    return look


def _classified(document: Document, look: Look, raw: bytes) -> Classification:
    """Classify by the first bytes or by the decoded text; a short one is seen whole, once."""
    if document.hint.chosen is None and (found := by_bytes(raw)):
        return found
    if look.head == look.tail or len(look.head) < WINDOW:
        return classify(look.head, b"", b"", document.hint)
    return classify(look.head, look.middle, look.tail, document.hint)


def _whole(document: Document) -> tuple[Text, Coverage]:
    reading = Reading()
    data = b"".join(decode(document.chunks, reading)).decode("utf-8", "replace")
    rows = tuple(data.removesuffix("\n").split("\n"))
    replaced = (f"{reading.replaced} characters could not be read and were replaced",) if reading.replaced else ()
    notes = (*reading.notes, *replaced)
    coverage = Coverage(
        bytes=reading.size, lines=len(rows), share_read=0.99 if reading.cut else 1.0, notes=notes, encoding=reading.encoding
    )
    return Text(lines=rows, encoding=reading.encoding, notes=notes), coverage


def _sealed(document: Document, classification: Classification, parsed: Parsed, coverage: Coverage, text: Text) -> Analysis:
    """Hash and quote every citation from the text that was parsed."""
    cited = text.lines if parsed.extract is None else tuple(parsed.extract.text.removesuffix("\n").split("\n"))
    seal = _Sealer(document.evidence, cited)
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
        lines=coverage.lines if parsed.extract is None else len(cited),
        share_parsed=parsed.share_parsed,
        notes=tuple(dict.fromkeys((*coverage.notes, *parsed.notes))),
        first_time=parsed.first_time,
        last_time=parsed.last_time,
        times_certain=parsed.times_certain,
        assumed_zone=parsed.assumed_zone,
    )
    return _analysis(document, classification, done, read)


@dataclass(slots=True)
class _Sealer:
    """Fills in hash and quote; line numbers are brought into the document, and what a long line costs is paid once."""

    evidence: str
    lines: tuple[str, ...]
    hashes: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Of each long line its cut and its folded beginning."""
    reached: dict[int, int] = field(default_factory=dict)
    """Where in each long line the newest quote stands: the next one is likely behind it."""

    def citation(self, one: Citation) -> Citation:
        """The same citation, sealed; one of another document was sealed by who read that."""
        if one.hash and one.evidence != self.evidence:
            return one
        first = min(max(1, one.first), len(self.lines))
        last = min(max(first, one.last), len(self.lines), first + 1_999)
        if (first, last) not in self.hashes:
            self.hashes[first, last] = line_hash([self.cut(number) for number in range(first, last + 1)])
        return Citation(
            evidence=self.evidence, first=first, last=last, hash=self.hashes[first, last], quote=self.quote(one, first)
        )

    def cut(self, number: int) -> str:
        """The line as it is cited."""
        row = self.lines[number - 1]
        return row if len(row) <= PIECE else self._long(number)[0]

    def quote(self, one: Citation, number: int) -> str:
        """The analyser's own window of a long line where it stands in it, else the head of the line."""
        row = self.lines[number - 1]
        core = one.quote.strip("… ")
        own = core and "…" in one.quote and len(row) > len(one.quote) and self._stands(core, number)
        return fold_space(one.quote if own else self.cut(number))

    def _stands(self, core: str, number: int) -> bool:
        row = self.lines[number - 1]
        if len(row) <= PIECE:
            return core in row or core in " ".join(row.split())
        if row.startswith(core):
            return True
        at = row.find(core, self.reached.get(number, 0))
        at = at if at >= 0 else row.find(core)
        self.reached[number] = max(at, 0)
        return at >= 0 or core in self._long(number)[1]

    def _long(self, number: int) -> tuple[str, str]:
        if number not in self.shown:
            row = self.lines[number - 1]
            self.shown[number] = cut_line(row), " ".join(row[: 1 << 16].split())
        return self.shown[number]


def _order(one: Finding) -> tuple[float, bool, int, str]:
    """Grave ones first; what comes throughout a long log stands behind what happened in it, and what is alone before its like."""
    weight = min(one.severity, ALWAYS) if "steady" in one.numbers else one.severity
    return -weight, "lone" not in one.numbers, one.citations[0].first, one.id


def _analysis(document: Document, classification: Classification, parsed: Parsed, coverage: Coverage) -> Analysis:
    ranked = sorted(_numbered(parsed.findings), key=_order)
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
        levels=parsed.levels,
        marks=parsed.marks,
        summary=parsed.summary[:500],
        command=document.command or document.hint.command,
        extract=parsed.extract,
        observed_at=document.observed_at,
    )


def _numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings that share an id a number behind it."""
    seen: dict[str, int] = {}
    found = []
    for one in findings:
        seen[one.id] = seen.get(one.id, 0) + 1
        found.append(one if seen[one.id] == 1 else replace(one, id=f"{one.id}#{seen[one.id]}"))
    return found


def _empty(document: Document, look: Look) -> Analysis:
    citation = Citation(evidence=document.evidence, first=1, last=1, quote="")
    row = next(chain((block.data.split(b"\n")[0] for block in text_blocks(document.chunks)), [b""])).decode("utf-8", "replace")
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

"""Logs of any format: what is severe, new, bursting, silent or moved, each with its lines (evidence.md 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.evidence.chronicle.marks import Marks, literals
from domain.evidence.decoding.blocks import Block
from domain.evidence.decoding.decode import fold_space, line_hash
from domain.evidence.decoding.inflate import Reading
from domain.evidence.logs.chains import chain, request_of
from domain.evidence.logs.close.look import closely
from domain.evidence.logs.compare.difference import baseline_of
from domain.evidence.logs.counting import Scan, key_of
from domain.evidence.logs.groups import Group, groups_of, totals
from domain.evidence.logs.logged import Log, Remark, suspicion
from domain.evidence.logs.records import attributes, members, record_text
from domain.evidence.logs.remarks import remarks
from domain.evidence.logs.slots import slot_of
from domain.evidence.logs.survey import Survey
from domain.evidence.logs.volume import volume_of
from domain.evidence.values import Certainty, Citation, Context, Coverage, Document, Event, Finding, KeyStat, Mark, Parsed, Slot

MOST_KEYS = 400
MOST_FINDINGS = 500
MOST_EVENTS = 200
NOISE = 1.0
"""Severity of what the good log says as often."""
NEAR = 2_000
"""Lines around a reckoned one among which the line of a moment is looked for."""
CHAINED, CHAINS = 3.0, 5
"""Severity from which a request is followed, and requests followed per block."""
RECORD = 40
"""Lines below a cited line that are read for its stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReading:
    """A log's findings, and how much of it was read."""

    parsed: Parsed
    coverage: Coverage


def analyse(document: Document, context: Context, found: Survey) -> LogReading:
    """Tell what a surveyed log says; only the lines that are cited are read again."""
    log = Log(
        scan=found.scan,
        groups=groups_of(found.scan),
        observed_at=document.observed_at or context.observed_at,
        baseline=baseline_of(context.baseline) if context.baseline else None,
        baseline_good=context.baseline_good,
    )
    said = closely(document, log, remarks(log))
    rows, marks = fetch(document, log, said, found)
    findings = _findings(log, document.evidence, said, rows)
    coverage = _coverage(log, found.reading)
    parsed = Parsed(
        findings=findings,
        events=_events(findings, coverage.times_certain),
        keys=_keys(log),
        volume=volume_of(found.scan, log.groups),
        marks=marks,
        summary=_summary(log, findings),
        share_parsed=coverage.share_parsed,
        notes=coverage.notes,
        first_time=coverage.first_time,
        last_time=coverage.last_time,
        times_certain=coverage.times_certain,
        assumed_zone=coverage.assumed_zone,
    )
    return LogReading(parsed=parsed, coverage=coverage)


def fetch(document: Document, log: Log, said: Sequence[Remark], found: Survey) -> tuple[Mapping[int, str], tuple[Mark, ...]]:
    """Read the cited lines with what follows them; remarks about a last line learn its number here.

    The blocks that are read anyway also yield the names of requests that stand in them.
    """
    rows: dict[int, str] = {}
    marks = Marks(literals(one.sample for one in log.groups), log.time)
    wanted = {line for remark in said for line in range(remark.line, remark.line + RECORD)}
    numbers = sorted(wanted)
    place = 0
    for block in found.blocks_of(document.chunks, numbers):
        last = block.first_line + block.data.count(b"\n")
        chosen = []
        while place < len(numbers) and numbers[place] <= last:
            chosen.append(numbers[place])
            place += 1
        if chosen:
            lines = block.data.split(b"\n")
            marks.see(block.first_line, block.data)
            _find_last(log.scan, block, lines, said)
            _find_first(log, block, lines, said)
            _follow(block, lines, said)
            ends = [line for remark in said for line in (remark.line, *remark.chain) if block.first_line <= line <= last]
            for number in {*(n for n in chosen if n >= block.first_line), *ends}:
                rows[number] = lines[number - block.first_line].decode("utf-8", "replace")
        if place == len(numbers):
            break
    return rows, marks.all()


def _find_last(scan: Scan, block: Block, lines: Sequence[bytes], said: Sequence[Remark]) -> None:
    """Move remarks about a last line from the start of its segment to the line itself."""
    pending = {remark.last_of: remark for remark in said if remark.last_of and 0 <= remark.line - block.first_line < len(lines)}
    if not pending:
        return
    start = min(remark.line for remark in pending.values()) - block.first_line
    for index in range(len(lines) - 1, start - 1, -1):
        remark = pending.pop(key_of(lines[index], scan.rules), None)
        if remark is not None:
            remark.line = block.first_line + index
        if not pending:
            return


def _follow(block: Block, lines: Sequence[bytes], said: Sequence[Remark]) -> None:
    """Find the other lines of the requests that met the worst errors of this block."""
    severe = [one for one in said if one.severity >= CHAINED and not one.chain and 0 <= one.line - block.first_line < len(lines)]
    for remark in sorted(severe, key=lambda one: (-one.severity, one.line))[:CHAINS]:
        place = remark.line - block.first_line
        request = request_of(lines[place].decode("utf-8", "replace"))
        found = chain(lines, request) if request else ()
        if found:
            remark.request, remark.chain = request, tuple(block.first_line + other for other in found if other != place)


def _find_first(log: Log, block: Block, lines: Sequence[bytes], said: Sequence[Remark]) -> None:
    """Move remarks about a moment from the line where it was reckoned to stand to the first that is not earlier."""
    for remark in said:
        index = remark.line - block.first_line
        if remark.since is None or not 0 <= index < len(lines):
            continue
        near = range(max(0, index - NEAR), min(len(lines), index + NEAR))
        moments = ((place, log.moment(lines[place][:400].decode("utf-8", "replace"))) for place in near)
        found = next((place for place, moment in moments if moment and moment.seconds >= remark.since), index)
        remark.line, remark.since = block.first_line + found, None


def _findings(log: Log, evidence: str, said: Sequence[Remark], rows: Mapping[int, str]) -> tuple[Finding, ...]:
    found: dict[str, Finding] = {}
    covered: set[int] = set()
    for remark in sorted(said, key=lambda one: (one.kind == "exception", one.line)):
        raw = rows.get(remark.line)
        if raw is None or (remark.kind == "exception" and remark.line in covered):
            continue
        below = members([rows[n] for n in range(remark.line + 1, remark.line + RECORD) if n in rows], log.scan.segments.clock)
        covered.update(range(remark.line + 1, remark.line + 1 + len(below)))
        finding = _chained(_finding(log, evidence, remark, raw, below), remark, rows)
        found.setdefault(finding.id, finding)
    ranked = sorted(found.values(), key=lambda one: (-one.severity, one.citations[0].first))
    return tuple(ranked[:MOST_FINDINGS])


def _finding(log: Log, evidence: str, remark: Remark, raw: str, below: tuple[str, ...]) -> Finding:
    citation = Citation(
        evidence=evidence,
        first=remark.line,
        last=remark.line,
        hash=line_hash([raw]),
        quote=fold_space(raw),
    )
    stack = (
        ()
        if not below
        else (
            Citation(
                evidence=evidence,
                first=remark.line,
                last=remark.line + len(below),
                hash=line_hash([raw, *below]),
                quote=citation.quote,
            ),
        )
    )
    statement = fold_space(remark.statement)
    if below:
        statement = fold_space(f"{statement}; {record_text('', below).removeprefix(' | ')}")
    return Finding(
        id=f"{remark.kind}:{remark.line}" + (f":{remark.attributes['field']}" if "field" in remark.attributes else ""),
        kind=remark.kind,
        subject="",
        statement=statement,
        severity=remark.severity,
        citations=(citation, *stack),
        time=log.time(raw),
        last_time=_last_time(log, remark.group),
        numbers=remark.numbers,
        text=record_text(raw, below),
        attributes={**attributes(raw, below), **remark.attributes},
    )


def _chained(finding: Finding, remark: Remark, rows: Mapping[int, str]) -> Finding:
    """The finding with the lines that its request left elsewhere."""
    if not remark.chain:
        return finding
    cited = tuple(
        Citation(
            evidence=finding.citations[0].evidence,
            first=line,
            last=line,
            hash=line_hash([rows[line]]),
            quote=fold_space(rows[line]),
        )
        for line in remark.chain
    )
    told = f"{finding.statement}; request {remark.request} also in lines {', '.join(map(str, remark.chain))}"
    return replace(
        finding,
        statement=fold_space(told),
        citations=(*finding.citations, *cited),
        attributes={**finding.attributes, "request": remark.request},
    )


def _last_time(log: Log, one: Group | None) -> datetime | None:
    if one is None or not one.spread or not log.scan.segments.timed:
        return None
    seconds = log.scan.segments.time_of(max(one.spread[::2]))
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _events(findings: Sequence[Finding], certainty: Certainty) -> tuple[Event, ...]:
    kept = [finding for finding in findings if finding.severity >= 2][:MOST_EVENTS]
    found = (
        Event(
            time=finding.time,
            certainty=certainty if finding.time else "order only",
            what=finding.statement,
            subject=finding.subject,
            citation=finding.citations[0],
            severity=finding.severity,
            change=finding.kind in {"change", "restart"},
        )
        for finding in kept
    )
    return tuple(sorted(found, key=lambda event: (event.citation.first, event.what)))


def _keys(log: Log) -> tuple[KeyStat, ...]:
    """The groups worth keeping: severe ones, then rare ones, in order of their first line."""
    slots = tuple(slot_of(literal, state) for literal, state in sorted(log.scan.slots.items()) if state.count)
    told = (one for one in log.groups if one.sample.strip() and (one.severity or not one.continuation))
    ranked = sorted(told, key=lambda one: (-one.severity, one.count, one.first))
    return tuple(_key(log, one, slots) for one in sorted(ranked[:MOST_KEYS], key=lambda one: one.first))


def _key(log: Log, one: Group, slots: tuple[Slot, ...]) -> KeyStat:
    found = log.bursts(one)
    low = log.span()[0]
    burst = None
    if found and log.scan.segments.timed:
        peak = max(found, key=lambda item: item.ratio)
        edges = [log.scan.segments.time_of(low + index) for index in (peak.start, peak.end + 1)]
        burst = (datetime.fromtimestamp(edges[0] or 0, UTC), datetime.fromtimestamp(edges[1] or 0, UTC), peak.peak, peak.ratio)
    alert, noise = suspicion(log, one), log.is_noise(one)
    return KeyStat(
        key=one.key,
        template=one.template[:500],
        count=one.count,
        first=one.first,
        last=one.last,
        samples=tuple((line, text[:500]) for line, text in one.samples),
        severity=min(one.severity, NOISE) if noise else one.severity,
        alert=min(alert, NOISE) if noise else alert,
        first_time=log.time(one.sample),
        last_time=_last_time(log, one),
        burst=burst,
        slots=tuple(slot for slot in slots if slot.literal in one.sample),
        new=log.is_new(one),
    )


def _coverage(log: Log, reading: Reading) -> Coverage:
    scan = log.scan
    times = log.times()
    notes = list(reading.notes)
    if scan.other:
        notes.append(f"{scan.other} of {scan.lines} lines were counted only: too many different ones")
    if scan.rules:
        words = ", ".join(rule.decode("utf-8", "replace").strip() for rule in scan.rules)
        notes.append(f"words after {words} were left out of the grouping")
    if reading.replaced:
        notes.append(f"{reading.replaced} characters could not be read and were replaced")
    certain: Certainty = times[0].certainty if times else "order only"
    return Coverage(
        bytes=reading.size,
        lines=scan.lines,
        share_read=0.0 if not scan.lines else 0.99 if reading.cut else 1.0,
        share_parsed=1.0 - scan.other / max(1, scan.lines),
        notes=tuple(notes),
        encoding=reading.encoding,
        assumed_zone="UTC" if certain == "zone assumed" else None,
        first_time=times[0].time if times else None,
        last_time=times[-1].time if times else None,
        times_certain=certain,
    )


def _summary(log: Log, findings: Sequence[Finding]) -> str:
    sums = totals(list(log.groups))
    levels = ", ".join(f"{count} of severity {level:g}" for level, count in sorted(sums.items(), reverse=True) if level >= 2)
    worst = findings[0].statement if findings else "nothing severe"
    return fold_space(f"{log.scan.lines} lines of {len(log.groups)} kinds; {levels or 'no severe lines'}; {worst}", 500)

"""Traces: where the time went, which spans failed, and who calls whom."""

from __future__ import annotations

from dataclasses import replace

from domain.evidence.metrics.series import instant
from domain.evidence.reading import Fact, Reading
from domain.evidence.traces import courses, patterns, reader
from domain.evidence.traces.paths import Timed, critical, gaps, own_times, skews
from domain.evidence.traces.services import observe
from domain.evidence.traces.spans import Forest, Span, forest
from domain.evidence.values import Context, Document, Parsed, Text

SHARE = 0.2
"""Of its trace: below it a span's own time is no finding (evidence.md 10)."""
SLOW_MS, VERY_SLOW_MS = 200.0, 1_000.0
"""Own time that a person notices, and one that a person waits for."""
TOP = 20
FEW = 5
"""Gaps and clocks told."""
STEPS = 6
"""Spans of a critical path that are named."""
ERRORS = frozenset({
    "error",
    "exception.message",
    "status.message",
    "event.exception.message",
    "event.message",
    "event.error.object",
    "event.exception.type",
    "error.message",
})


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return slow and failing spans, services and calls."""
    found, notes = reader.read(text.lines)
    reading = Reading(document=document, lines=text.lines, notes=notes)
    trees = forest(found)
    observe(reading, trees)
    timed = sorted(own_times(trees), key=lambda t: (-t.own_ms, t.span.line))
    for one in timed[:TOP]:
        if one.share >= SHARE and (one.span.service or one.own_ms >= SLOW_MS):
            _slow(reading, one)
    for span in deepest_errors(trees)[:TOP]:
        _error(reading, trees, span)
    patterns.find(reading, trees)
    _path(reading, trees)
    _waits(reading, trees)
    slowest = f", longest {max(s.duration_ms for s in found):g} ms" if found else ""
    traces = len({s.trace for s in found if s.trace})
    several = f" in {traces} traces" if traces > 1 else ""
    parsed = reading.parsed(
        f"{len(found)} spans{several} of {len({s.service for s in found if s.service})} services{slowest}", 1.0 if found else 0.0
    )
    told = courses.courses(trees)
    starts = [span.start_ms / 1e3 for span in found if span.start_ms > 0]
    ends = [span.end_ms / 1e3 for span in found if span.start_ms > 0]
    return replace(
        parsed,
        levels=courses.levels(told, courses.onset(told)),
        first_time=instant(min(starts, default=None)),
        last_time=instant(max(ends, default=None)),
    )


def deepest_errors(trees: Forest) -> list[Span]:
    """Return failing spans without a failing child."""
    failed_above = {span.parent for span in trees.spans if span.error and span.parent in trees.by_id}
    return [span for span in trees.spans if span.error and span.id not in failed_above]


def _slow(reading: Reading, one: Timed) -> None:
    """Keep a span that took much by itself; its statement is the decisive line where it has one."""
    span = one.span
    severity = 1.0 if one.own_ms < SLOW_MS else 2.5 if one.own_ms < VERY_SLOW_MS or not span.service else 3.5
    statement = span.attributes.get("db.statement") or span.attributes.get("db.query.text") or ("", span.line)
    facts: dict[str, Fact] = {
        "statement": statement[0],
        "operation": span.operation,
        "service": span.service,
        "duration_ms": span.duration_ms,
    }
    facts |= {
        "own_ms": round(one.own_ms, 3),
        "share": round(one.share, 3),
        "system": span.attributes.get("db.system", ("", 0))[0],
    }
    who = span.who
    text = f"{who} took {span.duration_ms:g} ms, {one.share:.0%} of the request {statement[0]}"
    reading.find("slow_span", _subject(span), statement[1], severity, text, **facts)
    if statement[1] != span.line:
        reading.also(span.line, span.operation)
    timings: list[tuple[str, str, int]] = []
    for name, (value, line) in span.attributes.items():
        if any(part in name for part in ("execution_time", "duration", "elapsed", "took")):
            reading.also(line, value)
            timings.append((name, value, line))
    for name, value, line in timings if severity >= 2.5 else ():
        reading.find("field", _subject(span), line, severity - 0.5, f"{name} of {who} is {value}", field=name, value=value)


def _subject(span: Span) -> str:
    return f"service/{span.service}" if span.service else ""


def _error(reading: Reading, trees: Forest, span: Span) -> None:
    """Keep a failing span with its message, and with the operations above it that failed because of it."""
    message, line = next(
        (span.attributes[name] for name in span.attributes if name in ERRORS and span.attributes[name][0].lower() != "true"),
        ("", span.line),
    )
    above = _failed_above(trees, span)
    passed = f", which failed {' and '.join(one.who for one in above[:2])}" if above else ""
    facts: dict[str, Fact] = {
        "message": message,
        "operation": span.operation,
        "service": span.service,
        "duration_ms": span.duration_ms,
        "trace": span.trace,
    }
    if time := instant(span.start_ms / 1e3 if span.start_ms > 0 else None):
        facts["time"] = time
    reading.find("error_span", _subject(span), line, 4.0, f"{span.operation} of {span.service} failed {message}{passed}", **facts)
    for cited in [span, *above[:2]] if line != span.line else above[:2]:
        reading.also(cited.line, cited.operation)


def _failed_above(trees: Forest, span: Span) -> list[Span]:
    """Return the failing spans above a failing span, nearest first."""
    found: list[Span] = []
    above = trees.by_id.get(span.parent)
    while above and above.error and above is not span and above not in found:
        found.append(above)
        above = trees.by_id.get(above.parent)
    return found


def _path(reading: Reading, trees: Forest) -> None:
    """Tell what held up the slowest request of several steps."""
    root = max((one for one in trees.roots if one.id in trees.below), key=lambda one: one.duration_ms, default=None)
    if root is None or root.duration_ms < SLOW_MS:
        return
    path = critical(root, trees)
    steps = " → ".join(f"{span.operation} ({span.service}) {span.duration_ms:g} ms" for span in path[:STEPS])
    facts: dict[str, Fact] = {"duration_ms": root.duration_ms, "steps": float(len(path)), "trace": root.trace}
    reading.find("critical_path", _subject(path[-1]), path[-1].line, 1.5, f"critical path: {steps}", **facts)
    for span in path[:-1][:STEPS]:
        reading.also(span.line, span.operation)


def _waits(reading: Reading, trees: Forest) -> None:
    """Tell waits that no span explains, and clocks that disagree."""
    for gap in sorted(gaps(trees), key=lambda one: -one.length_ms)[:FEW]:
        where = f"after {gap.after.operation} of {gap.after.service}" if gap.after else "before its first call"
        share = gap.length_ms / max(gap.span.duration_ms, 1e-9)
        text = f"{gap.span.who} spends {gap.length_ms:g} ms ({share:.0%}) {where} without a span"
        facts: dict[str, Fact] = {"gap_ms": round(gap.length_ms, 3), "operation": gap.span.operation, "reason": "no span"}
        reading.find("span_gap", _subject(gap.span), gap.span.line, 2.0, text, **facts)
        if gap.after:
            reading.also(gap.after.line, gap.after.operation)
    for skew in skews(trees)[:FEW]:
        text = (
            f"clock of {skew.child.service} is {skew.offset_ms:g} ms behind that of {skew.parent.service} in {skew.count} calls"
        )
        reading.find("clock_skew", _subject(skew.child), skew.child.line, 1.5, text, offset_ms=round(skew.offset_ms, 3))
        reading.also(skew.parent.line, skew.parent.operation)

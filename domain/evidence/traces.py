"""Traces: where the time went, which spans failed, and who calls whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median

from domain.evidence import spans
from domain.evidence.reading import Fact, Reading
from domain.evidence.spans import Span
from domain.evidence.values import Context, Document, Parsed, Text

SHARE = 0.2
"""Of its trace: below it a span's own time is no finding (evidence.md 10)."""
SLOW_MS, VERY_SLOW_MS = 200.0, 1_000.0
"""Own time that a person notices, and one that a person waits for."""
REPEATS = 10
"""Equal children of one span from which on they are a loop of queries."""
TOP = 20
ERRORS = frozenset({
    "error",
    "exception.message",
    "status.message",
    "event.exception.message",
    "event.message",
    "event.exception.type",
    "error.message",
})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A span, its own time without its children, and its share of the trace."""

    span: Span
    own_ms: float
    share: float


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return slow and failing spans, services and calls."""
    found, notes = spans.read(text.lines)
    reading = Reading(document=document, lines=text.lines, notes=notes)
    by_id = {span.id: span for span in found}
    _services(reading, found, by_id)
    timed = sorted(own_times(found, by_id), key=lambda t: (-t.own_ms, t.span.line))
    for one in timed[:TOP]:
        if one.share >= SHARE and (one.span.service or one.own_ms >= SLOW_MS):
            _slow(reading, one)
    for span in deepest_errors(found, by_id)[:TOP]:
        _error(reading, span)
    _repeats(reading, found)
    slowest = f", longest {max(s.duration_ms for s in found):g} ms" if found else ""
    return reading.parsed(
        f"{len(found)} spans of {len({s.service for s in found if s.service})} services{slowest}", 1.0 if found else 0.0
    )


def own_times(found: list[Span], by_id: dict[str, Span]) -> list[Timed]:
    """Return each span's own time: its duration less that of its children, at least 0."""
    below: dict[str, float] = {}
    for span in found:
        if span.parent in by_id:
            below[span.parent] = below.get(span.parent, 0.0) + span.duration_ms
    whole = {span.id: _root(span, by_id).duration_ms for span in found}
    own = {span.id: max(0.0, span.duration_ms - below.get(span.id, 0.0)) for span in found}
    return [Timed(span=s, own_ms=own[s.id], share=own[s.id] / max(whole[s.id], 1e-9)) for s in found]


def _root(span: Span, by_id: dict[str, Span]) -> Span:
    """Return the outermost span above; a loop of parents ends after 64 steps."""
    for _ in range(64):
        above = by_id.get(span.parent)
        if above is None or above is span:
            break
        span = above
    return span


def deepest_errors(found: list[Span], by_id: dict[str, Span]) -> list[Span]:
    """Return failing spans without a failing child."""
    failed_above = {span.parent for span in found if span.error and span.parent in by_id}
    return [span for span in found if span.error and span.id not in failed_above]


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
    who = f"{span.operation} of {span.service}" if span.service else f"request {span.operation}"
    text = f"{who} took {span.duration_ms:g} ms, {one.share:.0%} of the request {statement[0]}"
    reading.find("slow_span", f"service/{span.service}" if span.service else "", statement[1], severity, text, **facts)
    if statement[1] != span.line:
        reading.also(span.line, span.operation)
    timings: list[tuple[str, str, int]] = []
    for name, (value, line) in span.attributes.items():
        if any(part in name for part in ("execution_time", "duration", "elapsed", "took")):
            reading.also(line, value)
            timings.append((name, value, line))
    for name, value, line in timings if severity >= 2.5 else ():
        reading.find(
            "field", f"service/{span.service}", line, severity - 0.5, f"{name} of {who} is {value}", field=name, value=value
        )


def _error(reading: Reading, span: Span) -> None:
    message, line = next(
        (span.attributes[name] for name in span.attributes if name in ERRORS and span.attributes[name][0] != "true"),
        ("", span.line),
    )
    subject = f"service/{span.service}" if span.service else ""
    text = f"{span.operation} of {span.service} failed {message}"
    facts: dict[str, Fact] = {
        "message": message,
        "operation": span.operation,
        "service": span.service,
        "duration_ms": span.duration_ms,
    }
    reading.find("error_span", subject, line, 4.0, text, **facts)
    if line != span.line:
        reading.also(span.line, span.operation)


def _services(reading: Reading, found: list[Span], by_id: dict[str, Span]) -> None:
    """Keep services with their median duration, and calls between them."""
    durations: dict[str, list[float]] = {}
    for span in found:
        if not span.service:
            continue
        durations.setdefault(span.service, []).append(span.duration_ms)
        above = by_id.get(span.parent)
        if above and above.service and above.service != span.service:
            reading.relate(f"service/{above.service}", "calls", f"service/{span.service}", span.line)
        if system := span.attributes.get("db.system"):
            reading.relate(f"service/{span.service}", "depends on", f"database/{system[0]}", system[1])
    for name, values in durations.items():
        line = next(span.line for span in found if span.service == name)
        reading.observe("service", name, line, {"spans": str(len(values)), "median_ms": f"{median(values):g}"})


def _repeats(reading: Reading, found: list[Span]) -> None:
    """Find the same operation many times under one span."""
    counts = Counter((span.parent, span.operation) for span in found if span.parent)
    for (parent, operation), count in counts.most_common(3):
        if count >= REPEATS:
            first = next(span for span in found if span.parent == parent and span.operation == operation)
            text = f"{operation} runs {count} times inside one request"
            reading.find(
                "slow_span",
                f"service/{first.service}",
                first.line,
                2.5,
                text,
                operation=operation,
                count=float(count),
                reason="repeated",
            )

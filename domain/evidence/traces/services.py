"""What a trace shows of the system: services, what they depend on, and the calls between them with their times."""

from __future__ import annotations

from statistics import median, quantiles

from domain.evidence.reading import Reading
from domain.evidence.traces.spans import Forest, Span

SPANS = 2_000
"""Spans that become objects; findings come from all of them."""


def observe(reading: Reading, trees: Forest) -> None:
    """Keep spans, services with their durations, what they depend on, and the calls between them."""
    durations: dict[str, list[Span]] = {}
    calls: dict[tuple[str, str], list[Span]] = {}
    for span in trees.spans:
        if not span.service:
            continue
        durations.setdefault(span.service, []).append(span)
        above = trees.by_id.get(span.parent)
        if above and above.service and above.service != span.service:
            calls.setdefault((above.service, span.service), []).append(span)
        if system := span.attributes.get("db.system"):
            reading.relate(f"service/{span.service}", "depends on", f"database/{system[0]}", system[1])
    for name, spans in durations.items():
        reading.observe("service", name, spans[0].line, {"spans": str(len(spans)), **_times(spans)})
    for (caller, called), spans in calls.items():
        reading.relate(f"service/{caller}", "calls", f"service/{called}", spans[0].line)
        reading.observe("call", f"{caller} -> {called}", spans[0].line, {"calls": str(len(spans)), **_times(spans)})
    for span in trees.spans[:SPANS]:
        _span(reading, span)


def _times(spans: list[Span]) -> dict[str, str]:
    """Return median and 95th percentile in milliseconds, and how many failed."""
    values = sorted(span.duration_ms for span in spans)
    p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    failed = sum(span.error for span in spans)
    return {"median_ms": f"{median(values):g}", "p95_ms": f"{p95:.6g}", "failed": str(failed) if failed else ""}


def _span(reading: Reading, span: Span) -> None:
    fields = {
        "operation": span.operation, "service": span.service, "duration_ms": f"{span.duration_ms:g}",
        "parent": span.parent, "trace": span.trace, "failed": "yes" if span.error else "",
    }  # fmt: skip
    reading.observe("span", span.id, span.line, fields)

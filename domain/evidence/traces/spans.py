"""Spans of any tracing format, each with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import Tree

SPANS = 200_000
"""Spans kept of one file (evidence.md 14)."""
FAILED = frozenset({"true", "error", "status_code_error", "2"})
"""Values of an error mark."""
MARKS = ("error", "otel.status_code", "status", "status.code", "status_code")
CODES = ("http.status_code", "http.response.status_code", "rpc.grpc.status_code", "grpc.status_code")
"""Attributes that say whether a span failed (OpenTelemetry's semantic conventions)."""


@dataclass(slots=True)
class Span:
    """One timed step of a request."""

    line: int
    id: str
    parent: str
    service: str
    operation: str
    start_ms: float
    """Since the epoch; 0 when unknown."""
    duration_ms: float
    error: bool = False
    attributes: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Name → (value, line)."""
    trace: str = ""
    """Of which request, where the document says so."""

    @property
    def end_ms(self) -> float:
        """When it was over."""
        return self.start_ms + self.duration_ms

    @property
    def who(self) -> str:
        """Operation and service in words."""
        return f"{self.operation} of {self.service}" if self.service else f"request {self.operation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """The spans of a document as trees of requests."""

    spans: tuple[Span, ...]
    by_id: dict[str, Span]
    below: dict[str, list[Span]]
    """Id → children in the order of their start."""
    roots: tuple[Span, ...]
    """Outermost spans, also those whose parent is not there."""
    root_of: dict[str, Span]
    """Id → outermost span above."""


DEEPEST = 64
"""Steps upwards after which a loop of parents ends."""


def forest(spans: list[Span]) -> Forest:
    """Return the trees that spans form; a span that two sides report under one id becomes two."""
    _apart(spans)
    by_id = {span.id: span for span in spans}
    below: dict[str, list[Span]] = {}
    for span in spans:
        if span.parent in by_id and span.parent != span.id:
            below.setdefault(span.parent, []).append(span)
    for children in below.values():
        children.sort(key=lambda span: (span.start_ms, span.line))
    roots = tuple(span for span in spans if span.parent not in by_id or span.parent == span.id)
    return Forest(
        spans=tuple(spans), by_id=by_id, below=below, roots=roots, root_of={span.id: outermost(span, by_id) for span in spans}
    )


def _apart(spans: list[Span]) -> None:
    """Give the calling side of a span that client and server report under one id (Zipkin) an id of its own, above the other."""
    counts = Counter(span.id for span in spans)
    first: dict[str, Span] = {}
    for span in spans:
        if counts[span.id] < 2:
            continue
        if known := first.get(span.id):
            span.parent, known.id = f"{span.id}/client", f"{span.id}/client"
        else:
            first[span.id] = span


def outermost(span: Span, by_id: dict[str, Span]) -> Span:
    """Return the outermost span above; a loop of parents ends after 64 steps."""
    for _ in range(DEEPEST):
        above = by_id.get(span.parent)
        if above is None or above is span:
            break
        span = above
    return span


def bounded(found: Iterator[Span]) -> list[Span]:
    """Return the first spans of a document, up to the bound."""
    return [span for span, _ in zip(found, range(SPANS), strict=False)]


def failed(attributes: dict[str, tuple[str, int]]) -> bool:
    """Return whether attributes mark their span as failed."""
    if any(attributes[name][0].lower() in FAILED for name in MARKS if name in attributes):
        return True
    codes = (attributes[name][0] for name in CODES if name in attributes)
    return any(code.isdecimal() and (int(code) >= 500 or 0 < int(code) < 17) for code in codes if len(code) < 5)


def is_json(lines: tuple[str, ...]) -> bool:
    """Return whether a document begins as JSON."""
    first = next((line for line in lines if line.strip()), "")
    return first.lstrip()[:1] in {"{", "["}


def tree_of(lines: tuple[str, ...]) -> tuple[Tree, list[str]]:
    """Return a JSON document and a note where it broke."""
    tree = jsontree.read("\n".join(lines))
    return tree, [f"line {tree.broke}: {tree.reason}; the part above it was read"] if tree.broke else []

"""Where the time of a request went: own time, the critical path, waits that no span explains, clocks that disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from domain.evidence.traces.spans import DEEPEST, Forest, Span

SKEW_MS = 1.0
"""Milliseconds by which a child may begin before its parent: clocks of one host."""
GAP_SHARE, GAP_MS = 0.2, 200.0
"""Of its span, and at least so long: a wait that no span explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A span, its own time without its children, and its share of the trace."""

    span: Span
    own_ms: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of a span during which none of its children ran."""

    span: Span
    after: Span | None
    """The child before it; None at the beginning."""
    length_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """How far one service's clock is behind another's."""

    parent: Span
    child: Span
    offset_ms: float
    """By how much the child seems to begin before its parent."""
    count: int


def own_times(trees: Forest) -> list[Timed]:
    """Return each span's own time: its duration less what its children cover, at least 0."""
    timed = []
    for span in trees.spans:
        own = max(0.0, span.duration_ms - _covered(span, trees.below.get(span.id, [])))
        whole = max(trees.root_of[span.id].duration_ms, 1e-9)
        timed.append(Timed(span=span, own_ms=own, share=own / whole))
    return timed


def _covered(span: Span, children: list[Span]) -> float:
    """Return for how long some child ran: parallel ones count once where their starts are known, else all count."""
    if not span.start_ms or any(not child.start_ms for child in children):
        return sum(child.duration_ms for child in children)
    covered, reached = 0.0, span.start_ms
    for child in children:
        end = min(child.end_ms, span.end_ms)
        covered += max(0.0, end - max(child.start_ms, reached))
        reached = max(reached, end)
    return covered


def critical(root: Span, trees: Forest) -> list[Span]:
    """Return the spans that held up a request, outermost first: of each one's children the one that ended last, or took longest."""
    path, seen = [root], {root.id}
    while len(path) < DEEPEST:
        children = [child for child in trees.below.get(path[-1].id, ()) if child.id not in seen]
        if not children:
            break
        path.append(max(children, key=lambda child: (child.end_ms if child.start_ms else 0.0, child.duration_ms)))
        seen.add(path[-1].id)
    return path


def gaps(trees: Forest) -> Iterator[Gap]:
    """Yield the longest unexplained wait of every span with children that has one worth telling."""
    for span in trees.spans:
        children = trees.below.get(span.id, [])
        if span.start_ms and children and all(child.start_ms for child in children):
            longest = max(_waits(span, children), key=lambda gap: gap.length_ms)
            if longest.length_ms >= max(GAP_MS, GAP_SHARE * span.duration_ms):
                yield longest


def _waits(span: Span, children: list[Span]) -> Iterator[Gap]:
    reached, before = span.start_ms, None
    for child in children:
        yield Gap(span=span, after=before, length_ms=child.start_ms - reached)
        if child.end_ms > reached:
            reached, before = child.end_ms, child
    yield Gap(span=span, after=before, length_ms=span.end_ms - reached)


def skews(trees: Forest) -> list[Skew]:
    """Return pairs of services whose children begin before their parents, with the median offset."""
    pairs: dict[tuple[str, str], list[tuple[float, Span, Span]]] = {}
    for span in trees.spans:
        above = trees.by_id.get(span.parent)
        if above and span.start_ms and above.start_ms and above.service != span.service:
            pairs.setdefault((above.service, span.service), []).append((above.start_ms - span.start_ms, above, span))
    found = []
    for offsets in pairs.values():
        early = [one for one in offsets if one[0] > SKEW_MS]
        if early and len(early) * 2 >= len(offsets):
            _, above, span = early[0]
            found.append(Skew(parent=above, child=span, offset_ms=median(one[0] for one in early), count=len(early)))
    return found

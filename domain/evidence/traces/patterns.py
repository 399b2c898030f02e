"""Shapes of calls that cost: loops of equal calls, retries, and requests that are slower than others of their sort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from domain.evidence.reading import Fact, Reading
from domain.evidence.traces.spans import Forest, Span

REPEATS = 10
"""Equal children of one span from which on they are a loop of queries."""
TRIES = 2
"""Equal children of one span, the earlier ones failing, that are a call and its repetition."""
LOOPS = 3
"""Loops, retries and slow requests told."""
TYPICAL = 3
"""Other requests of the same sort that say what is usual."""
SLOWER, NOTICED_MS = 3.0, 100.0
"""Times the usual duration, and milliseconds above it, from which on a request stands out."""


def find(reading: Reading, trees: Forest) -> None:
    """Find loops of equal calls, retries, and requests slower than usual."""
    counts = Counter((span.parent, span.operation) for span in trees.spans if span.parent)
    for (parent, operation), count in counts.most_common(LOOPS):
        if count >= REPEATS:
            members = [span for span in trees.spans if span.parent == parent and span.operation == operation]
            _loop(reading, members)
    told = 0
    for children in trees.below.values():
        for tries in _retried(children):
            if told < LOOPS:
                _retry(reading, tries)
                told += 1
    _compare(reading, trees)


def _loop(reading: Reading, members: Sequence[Span]) -> None:
    first, count = members[0], len(members)
    statements = {span.attributes.get("db.statement", ("", 0))[0] for span in members}
    whole = sum(span.duration_ms for span in members)
    text = f"{first.operation} runs {count} times inside one request"
    facts: dict[str, Fact] = {
        "operation": first.operation, "count": float(count), "reason": "repeated", "total_ms": round(whole, 3),
        "statement": next(iter(statements)) if len(statements) == 1 else "",
    }  # fmt: skip
    reading.find("slow_span", f"service/{first.service}" if first.service else "", first.line, 2.5, text, **facts)


def _retried(children: Sequence[Span]) -> list[list[Span]]:
    """Return runs of equal calls of which all but the last failed."""
    groups: dict[tuple[str, str], list[Span]] = {}
    for child in children:
        groups.setdefault((child.service, child.operation), []).append(child)
    return [group for group in groups.values() if TRIES <= len(group) < REPEATS and all(one.error for one in group[:-1])]


def _retry(reading: Reading, tries: Sequence[Span]) -> None:
    last = tries[-1]
    end = "and failed" if last.error else "until it succeeded"
    text = f"{last.who} was tried {len(tries)} times {end}, {sum(one.duration_ms for one in tries):g} ms in all"
    facts: dict[str, Fact] = {"operation": last.operation, "count": float(len(tries)), "reason": "retry"}
    reading.find("slow_span", f"service/{last.service}" if last.service else "", tries[0].line, 2.5, text, **facts)
    for one in tries[1:4]:
        reading.also(one.line, one.operation)


def _compare(reading: Reading, trees: Forest) -> None:
    """Find requests that took much longer than others of the same operation, and the step that makes the difference."""
    sorts: dict[tuple[str, str], list[Span]] = {}
    for root in trees.roots:
        sorts.setdefault((root.service, root.operation), []).append(root)
    slow = []
    for group in sorts.values():
        usual = median(root.duration_ms for root in group)
        slowest = max(group, key=lambda root: root.duration_ms)
        if len(group) > TYPICAL and slowest.duration_ms > max(SLOWER * usual, usual + NOTICED_MS):
            slow.append((slowest.duration_ms / max(usual, 1e-9), slowest, usual, group))
    for ratio, root, usual, group in sorted(slow, key=lambda one: (-one[0], one[1].line))[:LOOPS]:
        text = f"{root.who} took {root.duration_ms:g} ms where {usual:g} ms is usual"
        facts: dict[str, Fact] = {
            "duration_ms": root.duration_ms,
            "usual_ms": usual,
            "ratio": round(ratio, 2),
            "reason": "slower than usual",
        }
        step = _difference(trees, root, group)
        if step:
            text += f"; {step[0].who} took {step[0].duration_ms:g} instead of {step[1]:g} ms"
        reading.find(
            "slow_span", f"service/{(step[0] if step else root).service}", root.line, 3.0, text, trace=root.trace, **facts
        )
        if step:
            reading.also(step[0].line, step[0].operation)


def _difference(trees: Forest, root: Span, group: Sequence[Span]) -> tuple[Span, float] | None:
    """Return the innermost span of a slow request that differs most from its like in the others, with their usual duration."""
    steps: dict[tuple[str, str], list[float]] = {}
    roots = {id(one) for one in group}
    for span in trees.spans:
        top = trees.root_of[span.id]
        if id(top) in roots and top is not root:
            steps.setdefault((span.service, span.operation), []).append(span.duration_ms)
    inside = [span for span in trees.spans if trees.root_of[span.id] is root and span is not root]
    known = [(span, median(steps[span.service, span.operation])) for span in inside if (span.service, span.operation) in steps]
    if not known:
        return None
    most = max(span.duration_ms - usual for span, usual in known)
    near = [pair for pair in known if pair[0].duration_ms - pair[1] >= 0.8 * most]
    return min(near, key=lambda pair: (pair[0].duration_ms, pair[0].line)) if most > 0 else None

"""Who holds what database sessions wait for: the session at the root of the waits, with what it does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding, ObservedObject

STATEMENTS = ("query", "info", "trx_query", "statement")
LASTS = ("xact_age", "trx_age", "query_age", "time", "duration")
MOST = 10
"""Holders that are told."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield each session that others wait for and that waits for none itself, where its own row was read."""
    waits: dict[str, set[str]] = {}
    for source, edges in graph.edges_from.items():
        for edge in edges:
            if edge.relation == "waits for" and edge.target != source:
                waits.setdefault(edge.target, set()).add(source)
    waiting = frozenset[str]().union(*waits.values())
    roots = [(graph.objects[name], count) for name, found in waits.items() if name in graph.objects and (count := len(found))]
    for holder, count in roots[:MOST]:
        if holder.id not in waiting:
            yield _holds(holder, count)


def _holds(holder: ObservedObject, count: int) -> Finding:
    """Return what a session does while others wait for it."""
    state = holder.fields.get("state") or holder.fields.get("command", "")
    lasts = next((holder.fields[name] for name in LASTS if name in holder.fields), "")
    statement = next((holder.fields[name] for name in STATEMENTS if name in holder.fields), "")
    session = holder.id.partition("/")[2]
    since = f" for {lasts}" if lasts else ""
    doing = f" ({state}{since})" if state else ""
    told = f"session {session}{doing} holds what {count} {'session waits' if count == 1 else 'sessions wait'} for: {statement}"
    return finding("holder", holder, told, severity=4.0, value=session, lock=f"held by session {session}{doing}")

"""Monitoring as a whole: the picture of it, the faults in it, what it disproves, and when it shows that all is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.diagnosis.graph import Graph
from domain.diagnosis.monitoring.gauges import board
from domain.diagnosis.monitoring.loads import loads
from domain.diagnosis.monitoring.pressures import overloaded
from domain.diagnosis.monitoring.shortages import NOTHING
from domain.diagnosis.monitoring.values import CORE, Note, Picture, Vital
from domain.diagnosis.monitoring.vitals import PILED, explained, slow
from domain.diagnosis.signals import Observation
from domain.diagnosis.values import Candidate

TOLD = frozenset({"event", "row", "alert", "change", "line", "severe_template", "field"})
"""Kinds of finding that are somebody's words."""
SHOWN_BY = {
    "cpu_saturated": ("cpu", "cpu"),
    "db_connections": ("connections", "connections"),
    "replication_lag": ("lag", "lag"),
    "disk_full": ("free_storage", "storage"),
}
"""Family → the gauge that would show it, and the fault that is found when it does."""
SEVERE = 3.0
NUMBERS = re.compile(r"\d+")
SETTLED = timedelta(minutes=5)
"""Without an error, while others go on speaking, before an error counts as over."""
LEFT = 0.02
"""Share of its height that a backlog may still have when it counts as drained."""
HISTORY = timedelta(minutes=60)
"""Before the measured window: what ended earlier explains nothing in it (diagnosis.md 5, failover)."""


def picture(whole: Graph, seen: Sequence[Observation], start: datetime | None) -> Picture:
    """Return gauges, loads and what was said, oldest first; `start` is when the measured window begins."""
    notes = [
        Note(
            text=item.text,
            time=item.finding.time,
            citation=item.finding.citations[0],
            said=item.finding.attributes.get("message") or ("" if item.finding.kind == "field" else item.finding.statement),
            subject=item.subject,
            severity=item.finding.severity,
            alert=item.finding.kind == "alert",
        )
        for item in seen
        if item.finding.kind in TOLD and not item.untrusted
    ]
    notes.sort(key=lambda one: one.time.timestamp() if one.time else 0.0)
    return Picture(board=board(whole), loads=loads(whole), notes=tuple(notes), start=start)


def observed(one: Vital) -> Observation:
    """Return a fault as signatures read it."""
    finding = one.finding()
    return Observation(finding=finding, subject=one.subject, text=finding.text, name="")


def disproved(one: Candidate, seen: Picture, found: Sequence[Vital]) -> str:
    """Return why gauges exclude a candidate, empty where they do not."""
    if over_before(one, seen):
        return "it was over more than an hour before the measured window"
    role, vital = SHOWN_BY.get(one.family, ("", ""))
    gauge = seen.board.one(role) if role else None
    if gauge and vital not in {two.id for two in found}:
        return gauge.spoken
    if _of_server(one, seen):
        return "the gauges of a database are read together"
    return _of_another(one, seen, found) if one.family == "slow_query" and _of_loads(one, seen) else ""


def _of_server(one: Candidate, seen: Picture) -> bool:
    """Tell whether a candidate rests on what rose most alone, while the series are gauges of a database and not of many services."""
    of_database = any(gauge.owner.startswith("database/") for gauge in seen.board.gauges)
    return seen.known and of_database and all(sign.kind == "suspect" for sign in one.signals if sign.decisive)


def _of_another(one: Candidate, seen: Picture, found: Sequence[Vital]) -> str:
    """Return why the load of a statement is no fault of its own, empty where it may be one."""
    if {sign.citation for sign in one.signals if sign.decisive} & explained(found):
        return "its statement is part of the cause above"
    return "no gauge suffers from it" if seen.known and not found else ""


def over_before(one: Candidate, seen: Picture) -> bool:
    """Tell whether every decisive sign of a candidate is older than an hour when measuring began."""
    times = [sign.time for sign in one.signals if sign.decisive]
    if seen.start is None or not seen.known or not times:
        return False
    return all(time is not None and time.timestamp() < seen.start.timestamp() - HISTORY.total_seconds() for time in times)


def _of_loads(one: Candidate, seen: Picture) -> bool:
    """Tell whether a candidate rests on rows of a load report alone."""
    rows = {(row.citation.evidence, row.citation.first) for row in seen.loads.statements}
    return all((sign.evidence, sign.citation.first) in rows for sign in one.signals if sign.decisive)


def _complaining(seen: Picture) -> bool:
    """Tell whether an error that was said more than once is among the last words of the measured window.

    Gauges alone do not make that well; a single line is no complaint, whoever wrote it.
    """
    began = seen.start.timestamp() if seen.start else 0.0
    told = [(one, one.time.timestamp()) for one in seen.notes if one.time and not one.alert and one.time.timestamp() >= began]
    loud = [(NUMBERS.sub("#", one.text), time) for one, time in told if one.severity >= SEVERE]
    often = {text for text, count in Counter(text for text, _ in loud).items() if count > 1}
    newest = max((time for _, time in told), default=0.0)
    return any(text in often and newest - time < SETTLED.total_seconds() for text, time in loud)


def _drained(seen: Picture) -> str:
    """Return that every backlog that had grown is gone, with what it was and is."""
    gauges = seen.board.of("backlog")
    grown = [one for one in gauges if one.high >= PILED * max(min(one.first, one.last), 1.0)]
    if not grown or any(one.last > max(one.first, LEFT * one.high) for one in gauges):
        return ""
    told = "; ".join(f"{one.name} rose to {one.number(one.high)} and is {one.number(one.last)} again" for one in grown[:3])
    return f"the backlog has recovered and is drained ({told})"


def _deserted(seen: Picture) -> bool:
    """Tell whether a server has lost all its clients: it is not well, even if it is not itself what fails."""
    return any(one.first >= 1 and one.last <= NOTHING * one.first for one in seen.board.of("connections"))


def calm(seen: Picture, found: Sequence[Vital]) -> str:
    """Return why nothing is wrong with a database or a queue now, empty where that cannot be said."""
    if found or any(slow(seen.board)) or any(map(overloaded, seen.board.of("load"))) or _deserted(seen) or _complaining(seen):
        return ""
    if not seen.known:
        return _drained(seen)
    gauges = [one for role in CORE if (one := seen.board.one(role))][:4]
    over = [one for one in gauges if one.high > 2 * max(one.last, 1e-9) or one.low * 2 < one.last]
    load = seen.board.one("load")
    told = "; ".join(one.spoken for one in (*gauges, *([load] if load else [])))
    back = f", {over[0].name} has recovered" if over else ""
    errors = "" if any(one.severity >= SEVERE and not one.alert for one in seen.notes) else " and no error is logged"
    return f"every gauge of the database is within its limits{back}{errors} ({told})"

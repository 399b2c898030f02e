"""What a scanned log has to say: rules over groups and slots, before any line is read again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence.logs.compare.difference import Change, against, seen
from domain.evidence.logs.deeds import is_deed
from domain.evidence.logs.groups import FURTHER, Group
from domain.evidence.logs.logged import Log as Log
from domain.evidence.logs.logged import Remark as Remark
from domain.evidence.logs.logged import suspicion
from domain.evidence.logs.messages import read_message
from domain.evidence.logs.rhythms import STEADY, rhythms
from domain.evidence.logs.slots import shift_of
from domain.evidence.severity import level_named

MOST_SEVERE = 300
THROWN = re.compile(
    r"[A-Z]\w{0,80}(?:Exception|Error|Fault|Panic|Failure|Interrupt|Timeout|Refused)\b|(?i:\b(?:panic|fatal error|traceback|exception|caused by|uncaught|unhandled|goroutine|backtrace|stack ?trace|abort|assert|core dump|segmentation|signal))|^\s+(?:at\b|File \"|\.{3}|#?\d+[:.]|from\b|in\b)|^[\w.]{1,80}: \S"
)
"""What a line without a header says where it belongs to something thrown; other such lines were put between."""
DEEDS, ROUTINE = 50, 20
"""Changes told of one log, and how rare a change is: one line in twenty at most."""
MOVED = 3.0
"""How many times as frequent or as rare an ordinary kind of line must be beside a baseline to be told."""
MOST_MOVED = 5
TOP, RESTARTS, SEQUENCE = 20, 50, 3
"""First lines of a log that may be its start-up, how often it may start, and kinds of line that then come again equally often."""
BANNERS = ("starting", "started", "booting", "initializ", "server version", "listening on", "linux version", "startup")


def remarks(log: Log) -> list[Remark]:
    """Return all remarks; the order is that of their rules, then of lines."""
    return [
        *_severe(log),
        *rhythms(log),
        *_shifted(log),
        *_statuses(log),
        *_restarts(log),
        *_deeds(log),
        *_against(log),
    ]


def _severe(log: Log) -> Iterator[Remark]:
    severe = [one for one in log.groups if one.severity >= 2 and one.template != FURTHER]
    for one in sorted(severe, key=lambda item: (-item.severity, item.count, item.first))[:MOST_SEVERE]:
        if log.is_noise(one):
            continue
        numbers: dict[str, float] = {"count": one.count, "alert": suspicion(log, one)}
        kind = "exception" if one.continuation and THROWN.search(one.sample) else "severe_template"
        if log.late(one.first):
            numbers["late"] = 1.0
        if log.is_new(one):
            numbers["new"] = 1.0
        found = log.bursts(one)
        statement = f"{one.count} × {one.template}"
        if found:
            peak = max(found, key=lambda burst: burst.ratio)
            numbers |= {"burst": peak.ratio, "peak": peak.peak}
            kind = "burst" if one.count >= 20 and not one.continuation else kind
            when = log.clock_text(log.span()[0] + peak.start)
            statement += f"; burst of {peak.peak} lines{' from ' + when if when else ''}"
        elif "late" in numbers and one.severity >= 3 and not one.continuation:
            kind = "first_seen"
        if ratio := log.risen(one):
            numbers["ratio"] = ratio
            statement += f"; {ratio:.3g} times as frequent as in the baseline"
        yield Remark(kind=kind, line=one.first, statement=statement, severity=one.severity, group=one, numbers=numbers)


def _shifted(log: Log) -> Iterator[Remark]:
    for literal, state in log.scan.slots.items():
        shift = None if state.status else shift_of(literal, state)
        if shift is None:
            continue
        unit = f" {shift.unit}" if shift.unit else ""
        line = shift.line_of_maximum if shift.after > shift.before else shift.line
        yield Remark(
            kind="slot_shift",
            line=line,
            statement=f"{shift.literal}: {shift.before:g}{unit} before about line {shift.line} → {shift.after:g}{unit}, maximum {state.maximum:g}{unit}",
            severity=3.0 if shift.after > shift.before else 2.0,
            numbers={"before": shift.before, "after": shift.after, "maximum": state.maximum, "count": 1},
            attributes={"field": shift.literal, "unit": shift.unit},
        )


def _statuses(log: Log) -> Iterator[Remark]:
    for literal, state in log.scan.slots.items():
        for value, count in sorted(state.values.items()) if state.status else ():
            if int(value) < 400 or (int(value) < 500 and count * 20 > state.count):
                continue
            name = literal.decode("utf-8", "replace").strip()
            yield Remark(
                kind="slot_shift",
                line=state.where[value][0],
                statement=f"status {value}: {count} of {state.count} behind {name}",
                severity=4.0 if int(value) >= 500 else 2.0,
                numbers={"count": count, "of": state.count, "status": float(value)},
                attributes={"status": value},
            )


def _restarts(log: Log) -> Iterator[Remark]:
    """The log's first lines again, cited where they stand last: one that a banner's words tell, or several that come again together."""
    heads = [one for one in log.groups if one.first <= TOP and 2 <= one.count <= RESTARTS and not one.continuation]
    again = [one for one in heads if one.last > TOP]
    told = [one for one in again if any(word in one.template.lower() for word in BANNERS)]
    together = [
        one for one in again if one.count * ROUTINE <= log.scan.lines and sum(_beside(one, other) for other in again) >= SEQUENCE
    ]
    for one in (told or together)[:1]:
        yield Remark(
            kind="restart",
            line=one.last,
            statement=f"start-up again: {one.count} × {one.template}",
            severity=2.0,
            group=one,
            numbers={"count": one.count},
            last_of=one.last_key,
        )


def _beside(one: Group, other: Group) -> bool:
    """Tell whether two kinds of line come equally often, in the same stretches or the next."""
    pairs = zip(one.spread[::2], other.spread[::2], strict=False)
    return one.count == other.count and len(one.spread) == len(other.spread) and all(abs(a - b) <= 1 for a, b in pairs)


def _deeds(log: Log) -> Iterator[Remark]:
    """Say what was done to the system; a deed that fills the log is routine."""
    found = [one for one in log.groups if one.count <= DEEDS and one.count * ROUTINE <= log.scan.lines and is_deed(one.template)]
    for one in found[:DEEDS]:
        yield Remark(
            kind="change",
            line=one.first,
            statement=f"{f'{one.count} × ' if one.count > 1 else ''}{_message(one)}",
            severity=max(2.0, one.severity),
            group=one,
            numbers={"count": one.count},
        )


def _message(one: Group) -> str:
    """Return the group's first line without its header: from where the words of its template begin, and behind its level."""
    text = read_message(one.sample).text
    text = text[max(0, text.find(one.template.partition("<*>")[0])) :]
    first, _, rest = text.partition(" ")
    return rest.lstrip() if rest and level_named(first.strip("[]():|,;")) is not None else text


def _against(log: Log) -> Iterator[Remark]:
    """Ordinary kinds of line that are missing beside the baseline, or far more or less frequent."""
    if log.baseline is None or not log.baseline_good:
        return
    found = against(log.baseline, seen(log.groups), log.scan.lines)
    share = log.scan.lines / max(1, log.baseline.lines)
    for change in [one for one in found.gone if one.before * share >= STEADY][:MOST_MOVED]:
        yield _moved("gone", change, share, log.scan.lines)
    for change in [one for one in found.shifted if one.severity < 2 and not 1 / MOVED < one.after / one.before / share < MOVED][
        :MOST_MOVED
    ]:
        yield _moved("rate_shift", change, share, change.first)


def _moved(kind: str, change: Change, share: float, line: int) -> Remark:
    expected = change.before * share
    return Remark(
        kind=kind,
        line=line,
        statement=f"{change.after} × {change.template}, where the baseline lets expect {expected:.0f}",
        severity=2.0,
        numbers={"count": max(1, change.after), "expected": expected},
    )

"""What a scanned log has to say: rules over groups and slots, before any line is read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.evidence.clocks import Moment
from domain.evidence.compare.difference import Baseline, Change, against, differs, seen, seen_of
from domain.evidence.counting import Scan
from domain.evidence.decode import plain
from domain.evidence.deeds import is_deed
from domain.evidence.groups import FURTHER, Group, bucket_counts
from domain.evidence.messages import read_message
from domain.evidence.slots import shift_of
from domain.evidence.timeline import Burst, bursts, silence

LATE_SHARE, LATE_LINES = 50, 200
MOST_SEVERE = 300
DEEDS, ROUTINE = 50, 20
"""Changes told of one log, and how rare a change is: one line in twenty at most."""
STEADY = 10
"""Hits below which a key that ends is no silence."""
MOVED = 3.0
"""How many times as frequent or as rare an ordinary kind of line must be beside a baseline to be told."""
MOST_MOVED = 5
BANNERS = ("starting", "started", "booting", "initializ", "server version", "listening on", "linux version", "startup")


@dataclass(slots=True, kw_only=True)
class Remark:
    """Something to say about a line that was met in the scan; the line is read in the second pass."""

    kind: str
    line: int
    statement: str
    severity: float
    group: Group | None = None
    numbers: dict[str, float] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    last_of: bytes = b""
    """Cite the last line of this key, at or after `line`, instead of `line`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A scanned log with its groups."""

    scan: Scan
    groups: Sequence[Group]
    observed_at: datetime | None
    baseline: Baseline | None = None
    baseline_good: bool = True

    def moment(self, line: str) -> Moment | None:
        """Time that this raw line carries, by the log's clock."""
        clock = self.scan.segments.clock
        return None if clock is None else clock.read(plain(line), self.observed_at)

    def time(self, line: str) -> datetime | None:
        """The same as a datetime."""
        moment = self.moment(line)
        return moment.time if moment else None

    def times(self) -> list[Moment]:
        """Times of the log in order: of its first and last line and of the first line of each group."""
        rows = [one.sample for one in self.groups] + [row.decode("utf-8", "replace") for row in self.scan.tail]
        return sorted((found for row in rows if (found := self.moment(row))), key=lambda moment: moment.seconds)

    def late(self, line: int) -> bool:
        """True where a first hit counts as new: after 2 % of the lines and 200 (evidence.md 11.4)."""
        return line > max(LATE_LINES, self.scan.lines // LATE_SHARE)

    def span(self) -> tuple[int, int]:
        """First and last bucket."""
        return self.scan.segments.low or 0, self.scan.segments.high or 0

    def bursts(self, one: Group) -> tuple[Burst, ...]:
        """Bursts of a group; none where there are too few buckets to know what is usual."""
        low, high = self.span()
        if one.count < 5 or high - low < 4:
            return ()
        return bursts(bucket_counts(one, low, high), float(self.scan.segments.width if self.scan.segments.timed else 60))

    def clock_text(self, bucket: int) -> str:
        """A bucket's start for people, empty where no time is known."""
        seconds = self.scan.segments.time_of(bucket)
        return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"

    def is_new(self, one: Group) -> bool:
        """True for a kind of line that the baseline lacks."""
        return self.baseline is not None and not self.baseline.has(seen_of(one))

    def risen(self, one: Group) -> float:
        """How much more frequent than in the baseline, 0 where that may be chance."""
        before = self.baseline.counts.get(one.template, 0) if self.baseline else 0
        if not self.baseline or not before or not differs(before, self.baseline.lines, one.count, self.scan.lines):
            return 0.0
        ratio = one.count / self.scan.lines / (before / self.baseline.lines)
        return ratio if ratio > 1 else 0.0

    def is_noise(self, one: Group) -> bool:
        """True for what was said as often when all was well."""
        return self.baseline is not None and self.baseline_good and not self.is_new(one) and not self.risen(one)


def remarks(log: Log) -> list[Remark]:
    """Return all remarks; the order is that of their rules, then of lines."""
    return [*_severe(log), *_silent(log), *_shifted(log), *_statuses(log), *_restarts(log), *_deeds(log), *_against(log)]


def _severe(log: Log) -> Iterator[Remark]:
    severe = [one for one in log.groups if one.severity >= 2 and one.template != FURTHER]
    for one in sorted(severe, key=lambda item: (-item.severity, item.count, item.first))[:MOST_SEVERE]:
        if log.is_noise(one):
            continue
        numbers: dict[str, float] = {"count": one.count}
        kind = "exception" if one.continuation else "severe_template"
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


def _silent(log: Log) -> Iterator[Remark]:
    low, high = log.span()
    if high - low < 8:
        return
    for one in log.groups:
        if one.count < STEADY or one.continuation or one.severity >= 2:
            continue
        counts = bucket_counts(one, low, high)
        filled = [index for index, count in enumerate(counts) if count]
        last = silence(filled, high - low)
        if last is None or len(filled) < 5 or filled[0] > (high - low) // 2:
            continue
        when = log.clock_text(low + last)
        yield Remark(
            kind="silence",
            line=one.last,
            statement=f"falls silent: last seen{' about ' + when if when else ''} after {one.count} regular lines, none until the end",
            severity=3.0,
            group=one,
            numbers={"count": one.count},
            last_of=one.last_key,
        )


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
    heads = [one for one in log.groups if one.first <= 20 and 2 <= one.count <= 50 and not one.continuation]
    for one in heads:
        text = one.template.lower()
        if not any(word in text for word in BANNERS) or one.last <= one.first:
            continue
        yield Remark(
            kind="restart",
            line=one.last,
            statement=f"start-up again: {one.count} × {one.template}",
            severity=2.0,
            group=one,
            numbers={"count": one.count},
            last_of=one.last_key,
        )
        return


def _deeds(log: Log) -> Iterator[Remark]:
    """Say what was done to the system; a deed that fills the log is routine."""
    found = [one for one in log.groups if one.count <= DEEDS and one.count * ROUTINE <= log.scan.lines and is_deed(one.template)]
    for one in found[:DEEDS]:
        yield Remark(
            kind="change",
            line=one.first,
            statement=f"{f'{one.count} × ' if one.count > 1 else ''}{read_message(one.sample).text}",
            severity=max(2.0, one.severity),
            group=one,
            numbers={"count": one.count},
        )


def _against(log: Log) -> Iterator[Remark]:
    """Ordinary kinds of line that are missing beside the baseline, or far more or less frequent."""
    if log.baseline is None:
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

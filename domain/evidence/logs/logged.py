"""A scanned log with its kinds of line, and what may be said about one of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.evidence.clocks import Moment, parse_time, time_span
from domain.evidence.decoding.decode import plain
from domain.evidence.logs.alerts import score
from domain.evidence.logs.compare.difference import Baseline, differs, seen_of
from domain.evidence.logs.counting import Scan
from domain.evidence.logs.groups import Group, bucket_counts
from domain.evidence.timeline import Burst, bursts

LATE_SHARE, LATE_LINES = 50, 200
FEWEST = 5
"""Lines of a kind, and buckets of a log, below which nothing is a burst."""
RUNS = (1, 4, 16)
"""Buckets that are taken together in search of a storm."""
FAR, AT_START = 4_096, 60
"""Characters of a line in which its time is looked for by the log's clock, and by any."""


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
    request: str = ""
    """Id of the request that the line belongs to, and the other lines with it."""
    chain: tuple[int, ...] = ()
    since: float | None = None
    """Cite the first line at or after this time, near `line`, instead of `line`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A scanned log with its groups."""

    scan: Scan
    groups: Sequence[Group]
    observed_at: datetime | None
    baseline: Baseline | None = None
    baseline_good: bool = True

    def moment(self, line: str) -> Moment | None:
        """Time that this raw line carries: by the log's clock, or by another one right at its start."""
        clock = self.scan.segments.clock
        text = plain(line[:FAR])
        found = None if clock is None else clock.read(text, self.observed_at)
        span = time_span(text[:AT_START]) if found is None else None
        return parse_time(text[:AT_START], self.observed_at) if span and not text[: span[0]].strip(" [<") else found

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
        if one.count < FEWEST or high - low + 1 < FEWEST:
            return ()
        return bursts(bucket_counts(one, low, high), _width(self))

    def clock_text(self, bucket: int) -> str:
        """A bucket's start for people, empty where no time is known."""
        seconds = self.scan.segments.time_of(bucket)
        return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"

    def is_new(self, one: Group) -> bool:
        """True for a kind of line that the baseline lacks."""
        return self.baseline is not None and not self.baseline.has(seen_of(one))

    def risen(self, one: Group) -> float:
        """How much more frequent than in the baseline, 0 where that may be chance."""
        twin = self.baseline.twin(seen_of(one)) if self.baseline else None
        if not self.baseline or not twin or not differs(twin.count, self.baseline.lines, one.count, self.scan.lines):
            return 0.0
        ratio = one.count / self.scan.lines / (twin.count / self.baseline.lines)
        return ratio if ratio > 1 else 0.0

    def is_noise(self, one: Group) -> bool:
        """True for what was said as often when all was well."""
        return self.baseline is not None and self.baseline_good and not self.is_new(one) and not self.risen(one)


def suspicion(log: Log, one: Group) -> float:
    """Return how suspicious a kind of line is: an alert from `ALERT` on (alerts.py)."""
    return score(one.tone, one.count / max(1, log.scan.lines), log.scan.lines, stormy=_stormy(log, one))


def _width(log: Log) -> float:
    segments = log.scan.segments
    return float(segments.width if segments.timed else 60)


def _stormy(log: Log, one: Group) -> bool:
    """Tell whether a kind of line comes in a burst of buckets, or of runs of buckets: a storm may be steady while it lasts."""
    low, high = log.span()
    if one.count < FEWEST or not one.tone.storm:
        return False
    counts = bucket_counts(one, low, high)
    runs = ([sum(counts[start : start + run]) for start in range(0, len(counts), run)] for run in RUNS)
    return any(len(sums) >= FEWEST and bursts(sums, _width(log)) for sums in runs)

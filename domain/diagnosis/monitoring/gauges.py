"""Measured series as gauges: what each measures, how far it moved and where it stands now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.diagnosis.graph import Graph
from domain.evidence.structure.trees import numeric
from domain.evidence.values import Citation, ObservedObject

ROLES = (
    ("wal_kept", r"transactionlogsdiskusage|replication_?slot|wal_?(?:size|disk|kept|retained)"),
    ("lag", r"replica\w*?[_/]?lag|replication[\w/]*?(?:lag|delay)|seconds_behind|replay_lag"),
    (
        "wal",
        r"transactionlogs?generation|wal_?(?:bytes|generat\w+|written|rate)|redo_?(?:bytes|written)|binlog\w*?(?:bytes|rate)|bytes_binlog",
    ),
    ("surplus", r"surplus_?credit"),
    ("credits", r"credit_?(?:balance|s_remaining)|credits_remaining|burst_?balance|burst\w*_?credits?"),
    ("cache_rate", r"(?:cache|keyspace)[\w./]{0,12}?hits?_?(?:rate|ratio|percent|pct)\b|hit_?ratio"),
    ("cache_hits", r"(?:cache|keyspace)[\w./]{0,12}?hits"),
    ("cache_misses", r"(?:cache|keyspace)[\w./]{0,12}?miss"),
    ("evictions", r"evict(?:ions|ed_?(?:keys|items)?)(?:_total|_rate)?$"),
    ("used_memory", r"mem\w{0,12}?_?(?:usage|used|util\w{0,8})_?(?:perc\w{0,4}|pct|ratio)"),
    ("throttles", r"throttl(?:es|ed|ing|e)_?(?:requests|events|count|rate)?$|throttled_?requests"),
    ("consumed", r"consumed_?(?:read|write)?_?(?:capacity|request_?units)|request_?units_?consumed"),
    ("granted", r"provisioned_?(?:read|write)?_?(?:capacity|throughput)"),
    ("status_check", r"status_?check_?failed"),
    ("concurrency", r"concurrent_?executions|concurrency$"),
    ("refused", r"(?:failed|aborted|refused)_?conn|conn\w{0,8}_?(?:failed|aborted|refused|errors)"),
    ("free_storage", r"free_?(?:local_?)?(?:storage|disk)|(?:disk|storage|volume|filesystem)\w{0,8}_?(?:free|avail)"),
    ("used_storage", r"(?:disk|storage|volume|filesystem)[\w/]{0,12}?_?(?:util|used_?perc|usage_?perc|percent)"),
    ("free_memory", r"freeable_?memory|mem\w{0,8}_?(?:free|avail)"),
    ("cpu", r"cpu[_/]?(?:util|usage|percent|total|used)(?!\w{0,20}(?:cores|seconds))|^cpu$"),
    ("connection_limit", r"max_?connections|connections?_?(?:limit|max)"),
    ("connections", r"connections|threads_connected|num_?backends"),
    ("write_iops", r"write_?(?:iops|ops)|rows_?(?:inserted|written)"),
    ("read_iops", r"read_?(?:iops|ops)"),
    ("write_latency", r"write_?latency"),
    ("read_latency", r"read_?latency"),
    ("commit_latency", r"commit_?latency"),
    ("queue", r"disk_?queue"),
    (
        "backlog",
        r"age_?of_?oldest|numberofmessages_?visible|offset_?lag|consumer\w{0,8}_?lag|queue_?(?:depth|length|size)|messages_?(?:ready|visible|unacked)|oldest_?unacked",
    ),
    ("ids", r"used_?transaction_?ids|(?:datfrozen)?xid_?age|oldest_?xid"),
    ("swap", r"swap"),
    ("load", r"db_?load|active_?sessions"),
    ("sent", r"network_?(?:transmit|sent|tx|out)"),
    ("received", r"network_?(?:receive|rx|in)"),
)
"""Word → names of series that measure it, in the spelling of cloud monitors and of exporters; the first that fits wins."""
PATTERNS = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in ROLES)
ROSE, STAYS = 1.5, 1.3
"""Times its first value that a gauge must reach to have risen, and that it must still have at the end."""
BACK = 1.2
SHARES = frozenset({"cpu", "used_storage", "used_memory"})
"""Roles in percent; a utilization that never passes 1 is a share of one (Google Cloud's metric list)."""
SIZES = (("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One series, told by its ends and edges."""

    role: str
    name: str
    owner: str
    """Object id of what it was measured on, empty when nothing names it."""
    unit: str
    points: int
    citation: Citation
    first: float = 0.0
    last: float = 0.0
    low: float = 0.0
    high: float = 0.0
    departed: datetime | None = None
    """When it left where it was."""

    @property
    def rose(self) -> bool:
        """Whether it stands well above where it began."""
        return self.points > 0 and self.high >= ROSE * max(self.first, 1e-9) and self.last >= STAYS * max(self.first, 1e-9)

    @property
    def spoken(self) -> str:
        """Name and range as people read them: `DatabaseConnections 142-165`, `ReplicaLag 1.2 → 1140 s`."""
        if not self.points:
            return f"{self.name} not reported"
        moved = self.high > ROSE * max(self.low, 1e-9)
        ends = (self.first, self.last) if moved else (self.low, self.high)
        told = f" {'→' if moved else '–'} ".join(dict.fromkeys(self.number(one) for one in ends))
        peak = max(self.high, self.low, key=lambda one: abs(one - self.last))
        far = moved and abs(peak - self.last) > 0.2 * abs(self.last) and self.number(peak) not in told
        return f"{self.name} {told.replace(' – ', '-')}" + (f" (peak {self.number(peak)})" if far and peak == self.high else "")

    def number(self, value: float) -> str:
        """Return a value in its unit."""
        unit = self.unit.lower()
        if unit.startswith("byte") and "second" in unit:
            return f"{_size(value)}/s"
        if unit.startswith("byte"):
            return _size(value)
        short = {"percent": " %", "%": " %", "seconds": " s", "s": " s", "milliseconds": " ms", "ms": " ms"}.get(unit, "")
        return f"{value:.3g}{short}" if abs(value) < 1_000 else f"{value:.0f}{short}"


def _size(value: float) -> str:
    return next((f"{value / size:.3g} {word}" for word, size in SIZES if abs(value) >= size), f"{value:.0f} B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All gauges of the evidence, by what they measure."""

    gauges: tuple[Gauge, ...] = ()

    def of(self, role: str, owner: str = "") -> tuple[Gauge, ...]:
        """Return the gauges of a role that have values, of one owner where it is given."""
        return tuple(one for one in self.gauges if one.role == role and one.points and owner in {"", one.owner})

    def one(self, role: str, owner: str = "") -> Gauge | None:
        """Return the gauge of a role that moved most."""
        found = self.of(role, owner)
        return max(found, key=lambda one: (one.high - one.low) / (abs(one.first) + 1e-9), default=None)

    @property
    def silent(self) -> tuple[Gauge, ...]:
        """Series that are named and have no values."""
        return tuple(one for one in self.gauges if not one.points)


def board(whole: Graph) -> Board:
    """Return the gauges of all observed series that measure something known."""
    return Board(gauges=tuple(_gauges(whole.of("series"))))


def _gauges(series: Iterable[ObservedObject]) -> Iterable[Gauge]:
    for item in series:
        name = item.fields.get("name", "")
        role = next((role for role, pattern in PATTERNS if pattern.search(name)), "")
        if role:
            yield _gauge(role, name, item)


def _gauge(role: str, name: str, item: ObservedObject) -> Gauge:
    told = item.fields
    departed = told.get("departed", "")
    highest = numeric(told.get("maximum", "")) or 0.0
    share = role in SHARES and highest <= 1.0 and name.lower().endswith("utilization")
    times = 100.0 if share else 1.0
    return Gauge(
        role=role,
        name=name,
        owner=told.get("owner", ""),
        unit="percent" if share else told.get("unit", ""),
        points=int(numeric(told.get("points", "")) or 0),
        citation=item.citation,
        first=times * (numeric(told.get("first", "")) or 0.0),
        last=times * (numeric(told.get("last", "")) or 0.0),
        low=times * (numeric(told.get("minimum", "")) or 0.0),
        high=times * highest,
        departed=datetime.fromisoformat(departed) if departed else None,
    )

"""What monitoring shows at once, and the faults that are read from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from domain.diagnosis.monitoring.gauges import Board, Gauge
from domain.diagnosis.monitoring.loads import Loads, Row
from domain.evidence.values import Citation, Finding

CORE = ("cpu", "connections", "free_storage", "lag", "write_latency", "read_latency", "free_memory")
WIDER = (*CORE, "write_iops", "read_iops", "commit_latency", "wal", "wal_kept", "queue", "load", "used_storage")
"""What only a server that stores measures, besides."""
ENOUGH = 3
"""Gauges that must be known before a database may be called well or ill."""
FEW = 2
"""As many are enough to find a fault where a label names the database."""
DOMINANT = 0.3
"""Share of the load from which on a statement or a wait drives it."""
WRITER = 0.15
"""Share of the load from which on a writing statement may fill a disk beside a heavier one that reads."""
LIMIT = re.compile(r"(?i)max_?connections\b[^\d\n]{0,24}(\d{2,6})|(?:of|/) ?(\d{2,6}) (?:max(?:imum)?[ _]?)?connections")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A dated line that speaks of the system."""

    text: str
    time: datetime | None
    citation: Citation
    said: str = ""
    """The message alone."""
    subject: str = ""
    severity: float = 0.0
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that monitoring shows at once."""

    board: Board
    loads: Loads
    notes: tuple[Note, ...] = ()
    start: datetime | None = None
    """When the measured window begins."""

    @property
    def known(self) -> bool:
        """Whether enough gauges were read to say how a database is."""
        return sum(bool(self.board.of(role)) for role in CORE) >= ENOUGH

    @property
    def measured(self) -> bool:
        """Whether enough gauges were read to find what a database lacks; to call it well takes more."""
        known = [role for role in WIDER if self.board.of(role)]
        named = any(one.owner.startswith("database/") for one in self.board.gauges)
        return len(known) >= (FEW if named else ENOUGH) and any(role in CORE for role in known)

    def said(self, pattern: re.Pattern[str]) -> Note | None:
        """Return the last line that is no alert and matches."""
        return next((one for one in reversed(self.notes) if not one.alert and pattern.search(one.text)), None)

    @property
    def limit(self) -> float:
        """How many connections the server takes, by a gauge or by what is said of it; 0 where it is not known."""
        gauge = self.board.one("connection_limit")
        told = (hit for note in self.notes if (hit := LIMIT.search(note.text)))
        return gauge.high if gauge else next((float(hit[1] or hit[2]) for hit in told), 0.0)

    @property
    def writer(self) -> Row | None:
        """The heaviest statement that writes, where it is worth the name."""
        return next((one for one in self.loads.statements if one.writes and one.share >= WRITER), None)

    @property
    def driver(self) -> Row | None:
        """The statement that drives the load, if one does."""
        return next((one for one in self.loads.statements[:1] if one.share >= DOMINANT), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """A fault with the gauges and rows that show it."""

    id: str
    subject: str
    statement: str
    chain: tuple[str, ...]
    """From the driver to the symptom, a sentence each."""
    shown_by: tuple[Gauge | Row | Note, ...]
    drivers: tuple[Row, ...] = ()
    """Rows of the load that are explained by it."""
    time: datetime | None = None
    severity: float = field(default=4.0)

    def finding(self) -> Finding:
        """Return it as a finding that cites every gauge and row."""
        places = tuple(dict.fromkeys(one.citation for one in self.shown_by))
        return Finding(
            id=f"vital:{self.id}:{self.subject}",
            kind="vital",
            subject=self.subject,
            statement=self.statement[:300],
            severity=self.severity,
            citations=places,
            time=self.time,
            text=self.statement,
            attributes={"vital": self.id, "chain": "\n".join(self.chain)},
        )

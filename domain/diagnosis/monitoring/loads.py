"""Who a database's active sessions work for: its heaviest statement, waits and users."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.diagnosis.graph import Graph
from domain.evidence.structure.trees import numeric
from domain.evidence.values import Citation, ObservedObject

WRITES = re.compile(
    r"(?i)^\W*(?:with\b.{0,400}\b)?(?:insert|update|delete|merge|copy|replace|truncate|create table .{0,80} as|create (?:unique )?index|alter)\b"
)
UPKEEP = re.compile(
    r"(?i)^\W*(?:auto)?(?:vacuum|analyze|reindex|checkpoint|cluster|optimize table)|autovacuum:|pg_dump|base_?backup"
)
SHOWN = 90
"""Characters of a statement in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a load report."""

    text: str
    share: float
    load: float
    waits: str
    rate: str
    type: str
    citation: Citation

    @property
    def writes(self) -> bool:
        """Whether it is a statement that changes data."""
        return WRITES.match(self.text) is not None

    @property
    def stands(self) -> bool:
        """Whether it is waited for without being carried out any more."""
        return self.rate in {"0", "0.0"}

    @property
    def upkeep(self) -> bool:
        """Whether it is the server's own work: vacuum, analyse, backup."""
        return UPKEEP.search(self.text) is not None

    @property
    def short(self) -> str:
        """The text in one line for inline code, cut where it is long."""
        folded = " ".join(self.text.split()).replace("`", "'")
        return folded if len(folded) <= SHOWN else f"{folded[: SHOWN - 1].rstrip()}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """The lists of all load reports, heaviest first."""

    statements: tuple[Row, ...] = ()
    waits: tuple[Row, ...] = ()
    users: tuple[Row, ...] = ()

    def waiting(self, pattern: str) -> float:
        """Return the share of the load that waits for what the expression names."""
        return sum(one.share for one in self.waits if re.search(pattern, one.text, re.IGNORECASE))


def loads(whole: Graph) -> Loads:
    """Return who the sessions work for and what they wait for."""
    return Loads(statements=_rows(whole, "statement"), waits=_rows(whole, "wait"), users=_rows(whole, "user"))


def _rows(whole: Graph, kind: str) -> tuple[Row, ...]:
    found = [_row(item) for item in whole.of(kind) if numeric(item.fields.get("share", "")) is not None]
    return tuple(sorted(found, key=lambda one: (-one.share, -one.load, one.text)))


def _row(item: ObservedObject) -> Row:
    told = item.fields
    return Row(
        text=told.get("text", ""),
        share=numeric(told.get("share", "")) or 0.0,
        load=numeric(told.get("load", "")) or 0.0,
        waits=told.get("waits", ""),
        rate=told.get("rate", ""),
        type=told.get("type", ""),
        citation=item.citation,
    )

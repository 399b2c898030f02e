"""Elasticsearch and OpenSearch: the tables of `_cat` (elastic.co, compact and aligned text APIs)."""

from __future__ import annotations

from domain.evidence.commands.listings import Listing, unhealthy
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

BAD = {"red": 4.0, "yellow": 2.5}
HEAP, DISK = 90.0, 85.0
"""Percent; 85 is the low watermark of disks, above which no shard is placed."""


def _health(reading: Reading, row: Row, subject: str) -> None:
    state = row.get("health", "status")
    unassigned = amount(row.get("unassign")) or 0.0
    if state in BAD:
        facts: dict[str, Fact] = {"status": state, "unassigned": unassigned}
        unhealthy(reading, row, subject, BAD[state], state, **facts)
    pending = amount(row.get("pending_tasks")) or 0.0
    if pending >= 100:
        reading.find(
            "row", subject, row.line, 2.5, f"{subject}: {pending:g} tasks are pending", reason="pending tasks", count=pending
        )


def _shard(reading: Reading, row: Row, subject: str) -> None:
    state, why = row.get("state"), row.get("unassigned.reason")
    if state in {"UNASSIGNED", "INITIALIZING", "RELOCATING"}:
        primary = row.get("prirep") == "p"
        severity = (4.0 if primary else 3.0) if state == "UNASSIGNED" else 1.5
        told = f"{'primary' if primary else 'replica'} {subject} is {state} {why}"
        reading.find("unhealthy_object", subject, row.line, severity, told, reason=state, status=state, message=why)


def _node(reading: Reading, row: Row, subject: str) -> None:
    heap, cpu = amount(row.get("heap.percent")), amount(row.get("cpu"))
    for name, used in (("memory", heap), ("cpu", cpu)):
        if used is not None and used >= HEAP:
            what = "heap" if name == "memory" else "CPU"
            reading.find(
                "resource",
                subject,
                row.line,
                3.5,
                f"{subject} uses {used:g} % of its {what}",
                resource=name,
                used=used,
                limit=100.0,
            )


def _disk(reading: Reading, row: Row, subject: str) -> None:
    used = amount(row.get("disk.percent"))
    if used is not None and used >= DISK:
        told = f"{subject} uses {used:g} % of its disk"
        reading.find("resource", subject, row.line, 4.0 if used >= 95 else 3.5, told, resource="disk", used=used, limit=100.0)
    elif row.get("node") == "UNASSIGNED" or next(iter(row.cells.values()), "") == "UNASSIGNED":
        reading.find("unhealthy_object", subject, row.line, 3.0, "shards are not assigned to any node", reason="UNASSIGNED")


def _pool(reading: Reading, row: Row, subject: str) -> None:
    rejected = amount(row.get("rejected")) or 0.0
    if rejected > 0:
        reading.find(
            "row", subject, row.line, 3.0, f"{subject} rejected {rejected:g} requests", reason="rejected", rejected=rejected
        )


LISTINGS: tuple[Listing, ...] = (
    Listing(
        kind="cluster",
        marks=frozenset({"cluster", "status", "shards", "unassign"}),
        names=("cluster",),
        judge=_health,
        worded=True,
    ),
    Listing(kind="index", marks=frozenset({"health", "status", "index"}), names=("index",), judge=_health, worded=True),
    Listing(
        kind="shard",
        marks=frozenset({"index", "shard", "prirep", "state"}),
        names=("index", "shard", "prirep"),
        judge=_shard,
        edges={"node": ("runs on", "host"), "index": ("part of", "index")},
        worded=True,
    ),
    Listing(kind="host", marks=frozenset({"heap.percent", "node.role", "name"}), names=("name",), judge=_node, worded=True),
    Listing(kind="host", marks=frozenset({"shards", "disk.percent", "node"}), names=("node",), judge=_disk, worded=True),
    Listing(
        kind="pool", marks=frozenset({"node_name", "name", "rejected"}), names=("node_name", "name"), judge=_pool, worded=True
    ),
)

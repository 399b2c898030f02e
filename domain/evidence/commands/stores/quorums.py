"""Stores that agree by vote: etcd, consul and vault."""

from __future__ import annotations

import re

from domain.evidence.commands.listings import Listing, unhealthy
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

FULL = 2 * 1024**3 * 0.9
"""Bytes: nine tenths of etcd's default quota of 2 GiB (etcd.io, maintenance)."""
PLAIN = re.compile(
    r"^(?:https?://)?([\w.\-\[\]:]{1,200}), ([0-9a-f]{8,16}), ([\d.]{1,20}), ([\d.]{1,12} [kMGT]?B), (true|false), (?:(true|false), )?(\d{1,18}), (\d{1,18})(?:, (\d{1,18}))?,?(.{0,300})$"
)
"""endpoint, ID, version, size, is leader, is learner, term, index, applied index, errors."""
HEALTH = re.compile(r"^(\S{1,200}) is (healthy|unhealthy): (.{0,300})$")


def _member(reading: Reading, row: Row, subject: str) -> None:
    size = amount(row.get("db size").replace(" ", "")) or 0.0
    if size >= FULL:
        told = f"{subject}: the database holds {row.get('db size')}, its default quota is 2 GiB"
        reading.find("resource", subject, row.line, 3.5, told, resource="storage", used=size)
    if row.get("errors"):
        reading.find(
            "field", subject, row.line, 4.0, f"{subject}: {row.get('errors')}", message=row.get("errors"), field="errors"
        )


BOXED = (Listing(kind="member", marks=frozenset({"endpoint", "is leader", "raft term"}), names=("endpoint",), judge=_member),)
"""`etcdctl endpoint status -w table`, column names in lower case."""


def endpoints(reading: Reading, first: int, last: int) -> int:
    """Read `etcdctl endpoint status` and `endpoint health` in lines; members that are behind, none that leads."""
    understood, leaders, members = 0, 0, 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := PLAIN.match(line):
            understood, members, leaders = understood + 1, members + 1, leaders + (found[5] == "true")
            fields = dict(
                zip(
                    (
                        "id",
                        "version",
                        "db size",
                        "is leader",
                        "is learner",
                        "raft term",
                        "raft index",
                        "raft applied index",
                        "errors",
                    ),
                    (part or "" for part in found.groups()[1:]),
                    strict=True,
                )
            )
            fields["errors"] = fields["errors"].strip(", ")
            subject = reading.observe("member", found[1], number, fields)
            _member(reading, Row(line=number, cells=fields), subject)
        elif told := HEALTH.match(line):
            understood += 1
            subject = reading.observe("member", told[1], number, {"status": told[2]})
            if told[2] == "unhealthy":
                facts: dict[str, Fact] = {"reason": "unhealthy", "status": told[2], "message": told[3]}
                reading.find("unhealthy_object", subject, number, 4.0, f"{subject} is unhealthy: {told[3]}", **facts)
    if members > 1 and not leaders:
        reading.find("unhealthy_object", "cluster/etcd", first, 4.5, "no member of the cluster leads", reason="no leader")
    return understood


def _peer(reading: Reading, row: Row, subject: str) -> None:
    state = row.get("Status")
    if state in {"failed", "left", "leaving"}:
        unhealthy(reading, row, subject, 4.0 if state == "failed" else 2.0, state, status=state, type=row.get("Type"))


def vault(reading: Reading, first: int, last: int) -> int:
    """Read `vault status`: a sealed vault answers nobody."""
    fields: dict[str, tuple[str, int]] = {}
    for number in range(first, last + 1):
        words = re.split(r"\s{2,}", reading.head(number).strip(), maxsplit=1)
        if len(words) == 2 and not words[0].startswith("-"):
            fields[words[0]] = (words[1], number)
    subject = reading.observe(
        "vault",
        fields.get("Cluster Name", ("vault", 0))[0],
        first,
        {name.lower().replace(" ", "_"): value for name, (value, _) in fields.items()},
    )
    for name, bad, severity in (("Sealed", "true", 4.5), ("Initialized", "false", 4.0)):
        value, line = fields.get(name, ("", 0))
        if value == bad:
            progress = fields.get("Unseal Progress", ("", 0))[0]
            reading.find(
                "unhealthy_object",
                subject,
                line,
                severity,
                f"{subject}: {name} is {value} {progress}",
                reason=f"{name} {value}".lower(),
                status=value,
                field=name,
            )
    return last - first + 1 if fields else 0


LISTINGS: tuple[Listing, ...] = (
    Listing(
        kind="member", marks=frozenset({"Node", "Address", "Status", "Type", "DC"}), names=("Node",), judge=_peer, worded=True
    ),
)

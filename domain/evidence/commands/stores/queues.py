"""Queues: consumer groups and topics of Kafka, queues and nodes of RabbitMQ."""

from __future__ import annotations

import re

from domain.evidence.commands.listings import BLANK, Listing, keep, unhealthy
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

LAG = 1_000.0
"""Messages behind, or unread, from which on a queue is a finding."""


def _behind(reading: Reading, row: Row, _subject: str) -> None:
    """Find a consumer that is far behind, or a partition that nobody reads."""
    lag = amount(row.get("LAG")) or 0.0
    if lag >= LAG or row.get("CONSUMER-ID") == "-":
        name = f"{row.get('GROUP')}:{row.get('TOPIC')}"
        facts: dict[str, Fact] = {"lag": lag, "consumer": row.get("CONSUMER-ID"), "partition": row.get("PARTITION")}
        nobody = ", nobody consumes it" if row.get("CONSUMER-ID") == "-" else ""
        severity = 3.5 if lag >= LAG else 2.0
        reading.find("row", f"queue/{name}", row.line, severity, f"{name} is {lag:g} messages behind{nobody}", **facts)
    reading.relate(f"group/{row.get('GROUP')}", "reads from", f"topic/{row.get('TOPIC')}", row.line)


def _group(reading: Reading, row: Row, subject: str) -> None:
    state = row.get("STATE")
    if state in {"Empty", "Dead", "PreparingRebalance", "CompletingRebalance"}:
        severity = 3.0 if state in {"Dead", "Empty"} else 2.5
        unhealthy(reading, row, subject, severity, state, status=state, members=row.get("#MEMBERS"))


LISTINGS: tuple[Listing, ...] = (
    Listing(
        kind="assignment",
        marks=frozenset({"GROUP", "TOPIC", "PARTITION", "LAG"}),
        names=("GROUP", "TOPIC", "PARTITION"),
        judge=_behind,
        worded=True,
    ),
    Listing(
        kind="group",
        marks=frozenset({"GROUP", "COORDINATOR", "ASSIGNMENT-STRATEGY", "STATE"}),
        names=("GROUP",),
        worded=True,
        judge=_group,
    ),
)

PARTITION = re.compile(
    r"^\s*Topic: (\S{1,249})\s+Partition: (\d{1,9})\s+Leader: (\S{1,20})\s+Replicas: ([\d,]{1,200})\s+Isr: ([\d,]{0,200})"
)


def topics(reading: Reading, first: int, last: int) -> int:
    """Read the partitions of topics: one without a leader, or with fewer replicas in step than it should have."""
    understood = 0
    for number in range(first, last + 1):
        found = PARTITION.match(reading.head(number))
        understood += bool(found) or reading.line(number).startswith("Topic: ")
        if not found:
            continue
        topic, partition, leader, replicas, isr = found.groups()
        fields = {"leader": leader, "replicas": replicas, "isr": isr}
        subject = reading.observe("partition", f"{topic}:{partition}", number, fields)
        reading.relate(f"topic/{topic}", "owns", subject, number)
        if leader.isdecimal():
            reading.relate(subject, "runs on", f"broker/{leader}", number)
        _partition(reading, number, subject, fields)
    return understood


def _partition(reading: Reading, number: int, subject: str, fields: dict[str, str]) -> None:
    wanted = [one for one in fields["replicas"].split(",") if one]
    there = [one for one in fields["isr"].split(",") if one]
    missing = [one for one in wanted if one not in there]
    if fields["leader"] in {"none", "-1"}:
        told = f"{subject} has no leader: it can neither be read nor written"
        reading.find("unhealthy_object", subject, number, 4.0, told, reason="no leader", missing=",".join(missing))
    elif missing:
        told = f"{subject} is under-replicated: replicas {', '.join(missing)} are not in step"
        facts: dict[str, Fact] = {"missing": ",".join(missing), "ready": float(len(there)), "desired": float(len(wanted))}
        reading.find("unhealthy_object", subject, number, 3.5, told, reason="under-replicated", **facts)


NAMES = frozenset({
    "name",
    "messages",
    "messages_ready",
    "messages_unacknowledged",
    "consumers",
    "state",
    "memory",
    "vhost",
    "pid",
    "durable",
    "type",
    "node",
    "policy",
    "slave_pids",
    "members",
    "online",
    "leader",
})
"""Columns that `rabbitmqctl list_queues` can be asked for (rabbitmq.com, rabbitmqctl)."""
DEFAULT = ("name", "messages")
ASIDE = re.compile(r"^(?:Timeout: |Listing |\.\.\.done|\s*$)")


def rabbit(reading: Reading, first: int, last: int) -> int:
    """Read the queues of RabbitMQ; without a header the columns are name and messages."""
    heads: list[str] = []
    rows: list[Row] = []
    for number in range(first, last + 1):
        line = reading.head(number)
        cells = line.strip().split("\t") if "\t" in line else line.split()
        if ASIDE.match(line) or len(cells) < 2:
            continue
        if not heads:
            heads = cells if set(cells) <= NAMES else list(DEFAULT)
            if heads is cells:
                continue
        if len(cells) == len(heads):
            rows.append(Row(line=number, cells=dict(zip(heads, cells, strict=True))))
    keep(reading, QUEUE, rows)
    return last - first + 1 if rows else 0


def _queue(reading: Reading, row: Row, subject: str) -> None:
    """Find a queue that nobody reads, or whose messages pile up or are not acknowledged."""
    waiting = amount(row.get("messages", "messages_ready")) or 0.0
    unacked = amount(row.get("messages_unacknowledged")) or 0.0
    consumers = amount(row.get("consumers"))
    facts: dict[str, Fact] = {"lag": waiting, "unacknowledged": unacked}
    if consumers is not None:
        facts["consumers"] = consumers
    if consumers == 0 and waiting > 0:
        told = f"{subject} holds {waiting:g} messages and has no consumer"
        reading.find("row", subject, row.line, 3.5, told, reason="no consumers", **facts)
    elif unacked >= LAG:
        told = f"{subject}: {unacked:g} messages were delivered and are not acknowledged"
        reading.find("row", subject, row.line, 3.0, told, reason="unacknowledged", **facts)
    elif waiting >= LAG:
        reading.find("row", subject, row.line, 3.0, f"{subject} holds {waiting:g} messages", reason="backlog", **facts)
    if row.get("state") not in {*BLANK, "running", "flow", "idle"}:
        unhealthy(reading, row, subject, 3.5, row.get("state"), status=row.get("state"))


QUEUE = Listing(kind="queue", marks=frozenset(), names=("name",), judge=_queue)
SECTION = re.compile(
    r"^(Alarms|Network Partitions|Running Nodes|Disk Nodes|RAM Nodes|Maintenance status|Memory|File Descriptors|Free Disk Space|Totals|Listeners|Runtime|Data directory|Plugins|Versions|Cluster name|Basics|Config files|Log file\(s\)|Feature flags)\s*$"
)
PAIR = re.compile(r"^([A-Z][\w ()-]{1,60}):? (?:is |:)?\s{0,10}(\S.{0,300})$")


def broker(reading: Reading, first: int, last: int) -> int:
    """Read `rabbitmqctl status` and `cluster_status` by their sections: alarms, partitions, nodes."""
    section = ""
    for number in range(first, last + 1):
        line = reading.head(number).strip()
        if found := SECTION.match(line):
            section = found[1]
        elif not line or line.startswith("(none)"):
            continue
        elif section in {"Alarms", "Network Partitions"}:
            kind = "partition" if section != "Alarms" else "field"
            reading.find(kind, "", number, 4.0, f"{section}: {line}", field=section.lower(), message=line)
        elif section in {"Running Nodes", "Disk Nodes"}:
            reading.observe(
                "broker", line.split(" ")[0], number, {"running": "true"} if section == "Running Nodes" else {"disc": "true"}
            )
        elif pair := PAIR.match(line):
            reading.observe("cluster", "rabbitmq", number, {f"{section} {pair[1]}".strip().lower().replace(" ", "_"): pair[2]})
    _stopped(reading)
    return last - first + 1


def _stopped(reading: Reading) -> None:
    """Find nodes of the cluster that are not among the running ones."""
    brokers = [one for name, one in reading.objects.items() if name.startswith("broker/") and "disc" in one.fields]
    running = any("running" in one.fields for name, one in reading.objects.items() if name.startswith("broker/"))
    for one in brokers:
        if running and "running" not in one.fields:
            reading.find("unhealthy_object", one.id, one.citation.first, 4.0, f"{one.id} is not running", reason="stopped")

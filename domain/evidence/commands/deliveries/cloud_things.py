"""JSON of cloud accounts and of stores: things by the names their field carries, judged by the fields that say their state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from domain.evidence import telling
from domain.evidence.reading import QUOTE, Fact, Reading, innermost
from domain.evidence.structure.trees import Node, said

NAME = re.compile(r"^(?:\w{0,60}(?:Name|Identifier|Id|Arn)|name|id)$")
STATE = re.compile(r"^(?:\w{0,60}(?:State|Status|Health)|state|status|StateValue|statusText|powerState|provisioningState)$")
WHY = (
    "Reason",
    "Description",
    "StateReason",
    "StatusReason",
    "StateTransitionReason",
    "StateReasonData",
    "reason",
    "message",
    "statusMessage",
    "Message",
)
"""Fields beside a state that say why."""
ILL = frozenset({
    "stopped", "stopping", "terminated", "shutting-down", "impaired", "insufficient-data", "draining", "unhealthy", "unused", "unavailable", "alarm", "error",
    "degraded", "failed", "failing", "incompatible-parameters", "incompatible-network", "incompatible-restore", "storage-full", "inaccessible-encryption-credentials",
    "restore-error", "deleting", "suspended", "repairing", "vm deallocated", "vm stopped", "vm deallocating", "canceled", "provisioning_failed", "suspending",
    "inactive", "rebooting", "modifying", "backing-up", "reconciling", "stopped_with_error",
})  # fmt: skip
"""Words of the providers' own documentation for a thing that does not work or is being changed."""
PASSING = frozenset({
    "rebooting",
    "modifying",
    "backing-up",
    "reconciling",
    "draining",
    "stopping",
    "deleting",
    "repairing",
    "insufficient-data",
    "unused",
    "unknown",
})
"""States that pass, or that need nothing by themselves."""
LISTS = frozenset({
    "Reservations", "InstanceStatuses", "DBInstances", "DBClusters", "TargetHealthDescriptions", "MetricAlarms", "CompositeAlarms", "LoadBalancers", "TargetGroups",
    "AutoScalingGroups", "CacheClusters", "ReplicationGroups", "NatGateways", "StackEvents", "Stacks", "nodegroup", "clusters", "cluster", "tasks",
    "provisioningState", "powerState", "selfLink", "currentMasterVersion",
})  # fmt: skip
"""Fields that only the answers of cloud accounts have."""
REFERS = re.compile(
    r"^(?:VpcId|SubnetId|ClusterName|clusterName|DBClusterIdentifier|LoadBalancerArn|TargetGroupArn|NodegroupName|resourceGroup|zone)$"
)
DEPTH = 8
REASONS = 2
"""Fields beside a state that are told: a code, and the sentence that explains it."""


def things(node: Node, under: str = "", depth: int = 0) -> Iterator[tuple[str, Node]]:
    """Yield (kind, map) of every map of a list that has a name and a state, outermost first."""
    if depth > DEPTH:
        return
    for key, child in node.branches():
        kind = under if node.shape == "list" else key
        found = child.shape == "map" and bool(_name(child)) and bool(_states(child))
        if found and node.shape == "list":
            yield kind, child
        yield from things(child, kind, depth + 1)
        if found and node.shape == "map":
            yield kind, child


def read(reading: Reading, roots: tuple[Node, ...]) -> int:
    """Read every thing of an account that has a name and a state; return how many there were."""
    seen = 0
    for root in roots:
        if not LISTS & {key for one in (root, *root.items[:1]) for key in one.names()}:
            continue
        if root.shape == "map" and _name(root) and _states(root):
            seen += 1
            _thing(reading, "resource", root)
        for kind, item in things(root):
            seen += 1
            _thing(reading, kind, item)
    return seen


def _name(item: Node) -> str:
    """Return the most telling name: `DBInstanceIdentifier`, `InstanceId`, `AlarmName`, `name`; else of a `Target`."""
    known = [(key, said(value)) for key, value in item.scalars() if _is_name(key)]
    if not known:
        return item.text("Target", "Id")
    plain = next((value for key, value in known if key in {"name", "Name"} and value), "")
    return plain or next((value for key, value in known if value and not key.endswith("Arn")), known[0][1])


@lru_cache(maxsize=4_096)
def _is_name(key: str) -> bool:
    return bool(NAME.match(key) and not REFERS.match(key))


@lru_cache(maxsize=4_096)
def _is_state(key: str) -> bool:
    return bool(STATE.match(key))


def _states(item: Node) -> list[tuple[str, Node]]:
    """Return (field, node) of what says a state, also where it stands one level down, as in `State: {Name: stopped}`."""
    found = []
    for key in filter(_is_state, item.names()):
        child = item.get(key)
        if child is None:
            continue
        if child.shape == "scalar" and isinstance(child.value, str):
            found.append((key, child))
        inner = (
            child.get("Name") or child.get("State") or child.get("Status") or child.get("state") if child.shape == "map" else None
        )
        if inner and inner.shape == "scalar" and isinstance(inner.value, str):
            found.append((key, inner))
    return found


def _thing(reading: Reading, kind: str, item: Node) -> None:
    states = _states(item)
    short = {
        key[:1].lower() + key[1:]: said(child.value)
        for key, child in item.fields
        if child.shape == "scalar" and child.value is not None
    }
    fields = dict(list(short.items())[:60]) | {key.lower(): said(node.value) for key, node in states}
    subject = reading.observe(singular(kind), _name(item), item.line, fields)
    for key, child in item.fields:
        if REFERS.match(key) and child.shape == "scalar" and said(child.value):
            reading.relate(
                subject, "part of", f"{key.removesuffix('Id').removesuffix('Name').lower()}/{said(child.value)}", child.line
            )
    for key, node in states:
        _judge(reading, subject, item, (key, node))


def _judge(reading: Reading, subject: str, item: Node, state: tuple[str, Node]) -> None:
    key, node = state
    value = said(node.value)
    plain = value.lower().removeprefix("powerstate/")
    severity = 1.5 if plain in PASSING else 3.5 if plain in ILL else telling.status(plain)
    if not severity:
        return
    told = [
        child for name, child in item.fields if name not in WHY and telling.is_message(name) and telling.pair(name, child.value)
    ]
    beside = [*(item.get(name) or item.get(key, name) for name in WHY), *told]
    why = [one for one in beside if one and one.shape == "scalar" and said(one.value)][:REASONS]
    message = " ".join(dict.fromkeys(said(one.value) for one in why))
    facts: dict[str, Fact] = {"reason": value, "status": value, "field": key, "message": message}
    reading.find("unhealthy_object", subject, node.line, severity, f"{subject}: {key} is {value} {message}", **facts)
    for one in why:
        text = said(one.value)
        reading.also(one.line, text[innermost(text) :][: QUOTE // 2] if len(text) > QUOTE // 2 else "")


def singular(word: str) -> str:
    """Return the kind of thing a list of this name holds, without the words of its listing."""
    kind = re.sub(r"(?:Descriptions?|List|Set|Statuses)$", "", word) or word
    kind = kind[:-3] + "y" if kind.endswith("ies") else kind if kind.endswith("ss") else kind.removesuffix("s")
    return kind.lower() or "resource"

"""`kubectl describe`: what kind of object it is, its events and conditions, and the reader of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.evidence import telling
from domain.evidence.commands.kubernetes import cluster as kubectl_cluster
from domain.evidence.commands.kubernetes import config_maps
from domain.evidence.commands.kubernetes import events as kubectl_events
from domain.evidence.commands.kubernetes import pods as kubectl_pods
from domain.evidence.commands.kubernetes.events import SHORT
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure import describe
from domain.evidence.structure.describe import Description

MARKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("cronjob", frozenset({"Schedule", "Concurrency Policy"})),
    ("job", frozenset({"Parallelism", "Completions"})),
    ("hpa", frozenset({"Min replicas", "Max replicas"})),
    ("statefulset", frozenset({"Update Strategy", "Pod Template", "Replicas"})),
    ("daemonset", frozenset({"Desired Number of Nodes Scheduled"})),
    ("deployment", frozenset({"StrategyType", "Replicas"})),
    ("replicaset", frozenset({"Replicas", "Pods Status"})),
    ("node", frozenset({"Capacity", "Allocatable"})),
    ("pvc", frozenset({"Used By", "Access Modes"})),
    ("pvc", frozenset({"Volume", "Access Modes", "StorageClass", "Status"})),
    ("pv", frozenset({"Reclaim Policy", "Claim"})),
    ("pod", frozenset({"Name", "Containers"})),
    ("service", frozenset({"Selector", "Session Affinity"})),
    ("service", frozenset({"Selector", "Type", "IP"})),
    ("serviceaccount", frozenset({"Mountable secrets"})),
    ("storageclass", frozenset({"Provisioner"})),
    ("ingress", frozenset({"Rules", "Address"})),
    ("rolebinding", frozenset({"Role", "Subjects"})),
    ("namespace", frozenset({"Name", "Status"})),
)
"""Kind → top-level fields that only its description has; the first that fits wins."""
READERS: Mapping[str, Callable[[Reading, Description, str], None]] = {
    "pod": kubectl_pods.pod,
    "deployment": kubectl_pods.workload,
    "replicaset": kubectl_pods.workload,
    "statefulset": kubectl_pods.workload,
    "daemonset": kubectl_pods.workload,
    "job": kubectl_pods.workload,
    "node": kubectl_cluster.node,
    "service": kubectl_cluster.service,
    "pvc": kubectl_cluster.claim,
    "pv": kubectl_cluster.claim,
    "quota": kubectl_cluster.quota,
    "networkpolicy": kubectl_cluster.policy,
    "hpa": kubectl_cluster.autoscaler,
    "ingress": kubectl_cluster.ingress,
    "namespace": kubectl_cluster.namespace,
    "cronjob": kubectl_cluster.schedule,
}
CONDITIONS_GOOD_WHEN_FALSE = ("Pressure", "Unavailable", "Failure", "Failed", "Suspended", "Disrupt", "Limited")
"""Conditions that are in order while they are False."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read every object described between two lines; return how many lines were understood."""
    described = describe.split(reading.lines, first, last)
    for one in described:
        kind = kind_of(one)
        name = one.text("Name").split(" ")[0]
        labels = one.text("Labels").replace(" ", ",")
        reading.observe(
            kind, name, one.first, {"namespace": one.text("Namespace"), "labels": labels, "status": one.text("Status")}
        )
        subject = f"{kind}/{name}".lower()
        if kind in READERS:
            READERS[kind](reading, one, subject)
        else:
            told(reading, one, subject)
        if kind == "configmap":
            reading.observe(kind, name, one.first, config_maps.held(config_maps.described(reading, one)))
        conditions(reading, one, subject)
        kubectl_events.described(reading, one.tables.get("Events", ()), subject)
    return sum(one.last - one.first + 1 for one in described)


def kind_of(one: Description) -> str:
    """Return the kind of a described object from its fields."""
    top = {f.path[0] for f in one.fields}
    if one.data:
        return "secret" if "Type" in top else "configmap"
    if any({"Hard", "Resource"} <= set(row.cells) for rows in one.tables.values() for row in rows[:1]):
        return "namespace" if "Status" in top and "Namespace" not in top else "quota"
    if ("Spec", "PodSelector") in {f.path for f in one.fields}:
        return "networkpolicy"
    if own := one.text("Kind"):
        return SHORT.get(own.lower(), own.lower())
    return next((kind for kind, marks in MARKS if marks <= top), "object")


def told(reading: Reading, one: Description, subject: str) -> None:
    """Find what the status of an object of a kind that nobody described to us says is wrong, field by field."""
    for field in (field for field in one.fields if field.path[0] == "Status" and len(field.path) > 1 and field.value):
        if severity := telling.pair(field.path[-1], field.value):
            facts: dict[str, Fact] = {"message": field.value, "field": field.path[-1]}
            reading.find("field", subject, field.line, severity, f"{subject}: {field.path[-1]} is {field.value}", **facts)


def conditions(reading: Reading, one: Description, subject: str) -> None:
    """Keep every condition as a field, and as a finding where it is not in order."""
    kind, _, name = subject.partition("/")
    for row in one.tables.get("Conditions", ()):
        what, status, reason = row.get("Type"), row.get("Status"), row.get("Reason")
        reading.observe(kind, name, row.line, {f"condition.{what}": status})
        inverted = any(part in what for part in CONDITIONS_GOOD_WHEN_FALSE)
        if status == ("False" if inverted else "True") or not what:
            continue
        severity = (
            1.0 if reason == "TooFewReplicas" else 3.0 if what.endswith("Limited") else 4.0 if kind == "node" or reason else 2.0
        )
        facts = {"message": row.get("Message"), "reason": reason, "condition": what, "type": what, "status": status}
        reading.find(
            "condition", subject, row.line, severity, f"{subject}: {what} is {status} {reason} {row.get('Message')}", **facts
        )

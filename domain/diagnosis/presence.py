"""What a missing thing's name says now: an object that was observed is not missing."""

from __future__ import annotations

from collections.abc import Mapping

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now
from domain.diagnosis.subjects import owner
from domain.evidence.values import ObservedObject

NAMED = {
    "account_missing": ("account", "serviceaccount"),
    "secret_missing": ("name", "secret"),
    "config_missing": ("name", "configmap"),
    "claim_class": ("class_name", "storageclass"),
}
"""Family → the piece that names the missing object, and its kind."""

LIVE = frozenset({"age", "created"})
"""Fields that only an object which was made has."""


def exists(family: str, subject: str, pieces: Mapping[str, str], graph: Graph) -> str:
    """Return the object that the family calls missing and that was observed; empty when there is none, or it lacks the key."""
    if family == "dns_failure":
        spec = graph.workloads.get(owner(subject))
        own = spec is not None and spec.fields.get(
            "nameservers", ""
        )  # what resolves for others says nothing about its own servers
        well = not own and all(ready_now(pod) for pod in graph.pods.get(owner(subject), ()))
        return _resolves(pieces.get("host", "").lower().partition(".")[0], graph) if well else ""
    piece, kind = NAMED.get(family, ("", ""))
    found = graph.objects.get(f"{kind}/{pieces.get(piece, '').lower()}")
    if found is None or _wished(found, kind, graph):
        return ""
    keys = [name for name in found.fields if name.startswith("data.")]
    lacking = pieces.get("key") and f"data.{pieces['key']}" not in keys
    return "" if lacking else found.id


def _wished(item: ObservedObject, kind: str, graph: Graph) -> bool:
    """Tell whether a manifest alone shows an object, and a list of its kind goes without it."""
    return not LIVE & item.fields.keys() and any("age" in one.fields for one in graph.of(kind))


def _resolves(host: str, graph: Graph) -> str:
    """Return the service of that name where a test reached it by name."""
    found = graph.objects.get(f"service/{host}")
    return found.id if found and found.fields.get("resolves") else ""

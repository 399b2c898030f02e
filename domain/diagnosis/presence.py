"""What a missing thing's name says now: an object that was observed is not missing."""

from __future__ import annotations

from collections.abc import Mapping

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now
from domain.diagnosis.subjects import owner

NAMED = {
    "account_missing": ("account", "serviceaccount"),
    "secret_missing": ("name", "secret"),
    "config_missing": ("name", "configmap"),
    "claim_class": ("class_name", "storageclass"),
}
"""Family → the piece that names the missing object, and its kind."""


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
    if found is None:
        return ""
    keys = [name for name in found.fields if name.startswith("data.")]
    lacking = pieces.get("key") and f"data.{pieces['key']}" not in keys
    return "" if lacking else found.id


def _resolves(host: str, graph: Graph) -> str:
    """Return the service of that name where a test reached it by name."""
    found = graph.objects.get(f"service/{host}")
    return found.id if found and found.fields.get("resolves") else ""

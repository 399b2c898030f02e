"""What the outputs of clusters, containers, stores and deliveries look like; linear patterns over one line each."""

from __future__ import annotations

from collections.abc import Mapping

MARKS: Mapping[str, tuple[str, ...]] = {
    "helm status": (r"^NAME: \S+$", r"^LAST DEPLOYED: ", r"^(?:STATUS|REVISION|NAMESPACE): \S"),
    "helm table": (
        r"^(?:NAME\s+NAMESPACE\s+)?REVISION\s+UPDATED\s",
        r"\s(?:deployed|failed|superseded|pending-\w{1,20})\s+\S+-\d",
    ),
    "docker-compose ps": (r"^\s*Name\s+Command\s+State\s+Ports", r"^-{20,}$"),
    "container stats": (
        r"^(?:CONTAINER(?: ID)?|ID)\s+NAME\s+CPU %\s+MEM",
        r"^[0-9a-f]{8,64}\s+\S+\s+[\d.]+%?\s+[\d.]+ ?[kKMGT]?i?B",
    ),
    "docker events": (
        r"^\d{4}-\d\d-\d\dT\S+ (?:container|network|volume|image|daemon|plugin|service|node|secret|config) \w+(?::\s.{0,200})? \S+(?: \(|$)",
    ),
    "argocd": (r"^Sync Status:\s", r"^Health Status:\s", r"^SyncWindow:\s"),
}
"""Format → patterns, as in `fingerprints.COMMANDS`."""
DATED = frozenset({"helm table", "docker events"})
"""Formats whose lines carry dates though they are no logs."""

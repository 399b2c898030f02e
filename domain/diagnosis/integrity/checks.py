"""All integrity checks of a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity import (
    accounts,
    addresses,
    containers,
    freshness,
    gateways,
    holders,
    images,
    limits,
    loads,
    nodes,
    patience,
    placement,
    policies,
    quotas,
    revisions,
    services,
    siblings,
    storage,
)
from domain.evidence.values import Finding

CHECKS: tuple[Callable[[Graph], Iterator[Finding]], ...] = (
    services.check,
    addresses.check,
    gateways.check,
    holders.check,
    placement.check,
    quotas.check,
    accounts.check,
    storage.check,
    containers.check,
    nodes.check,
    policies.check,
    images.check,
    limits.check,
    siblings.check,
    loads.check,
    patience.check,
    revisions.check,
    freshness.check,
)


def integrity(graph: Graph) -> tuple[Finding, ...]:
    """Return what does not fit in the graph; each finding cites the object that it was read from."""
    return tuple(finding for check in CHECKS for finding in check(graph))

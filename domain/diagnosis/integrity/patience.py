"""Time-outs of callers against those of what they call: who gives up first leaves work that nobody waits for."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding, settings_of
from domain.evidence.configs.quantities import seconds
from domain.evidence.configs.timeouts import IDLE, LIMIT
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

TRIES = re.compile(r"(?i)(?:retries|attempts|tries)$")
SEPARATORS = re.compile(r"[^a-z0-9]")
SHORTEST = 3
"""Letters of a name that is looked for in the names of settings."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield callers that give up before what they call does, alone or with all its tries."""
    for name, item in graph.workloads.items():
        for other in sorted(graph.callees.get(name, frozenset()) & graph.workloads.keys()):
            patience = _of(item, other, _times(item))
            if patience:
                yield from _gives_up(item, patience, graph.workloads[other])
                yield from _tried(graph, item, patience, graph.workloads[other])


def _gives_up(caller: ObservedObject, patience: tuple[str, float], callee: ObservedObject) -> Iterator[Finding]:
    """Yield that a callee waits longer itself than its caller waits for it."""
    setting, most = max(_times(callee).items(), key=operator.itemgetter(1), default=("", 0.0))
    if patience[1] < most:
        told = f"{caller.id} gives up after {patience[1]:g} s ({patience[0]}), and {callee.id} waits up to {most:g} s itself ({setting})"
        yield finding("patience", caller, told, severity=1.5, value=patience[0], setting=setting)


def _tried(graph: Graph, caller: ObservedObject, patience: tuple[str, float], callee: ObservedObject) -> Iterator[Finding]:
    """Yield that all tries of a call together last longer than somebody waits for the caller."""
    tries = _of(caller, _name(callee), _counts(caller))
    for name, item in graph.workloads.items() if tries else ():
        outer = _of(item, _name(caller), _times(item)) if _name(caller) in graph.callees.get(name, frozenset()) else None
        if tries and outer and tries[1] * patience[1] > outer[1]:
            told = f"{tries[1]:g} tries of {patience[1]:g} s in {caller.id} do not fit into the {outer[1]:g} s that {item.id} waits for it"
            yield finding("patience", item, told, severity=1.5, value=outer[0], setting=tries[0])


def _name(item: ObservedObject) -> str:
    return item.id.partition("/")[2]


def _times(item: ObservedObject) -> Mapping[str, float]:
    """Return time-out → seconds, of those that wait for an answer."""
    told = ((name, seconds(name, value)) for _, name, value in settings_of(item) if LIMIT.search(name) and not IDLE.search(name))
    return {name: held for name, held in told if held}


def _counts(item: ObservedObject) -> Mapping[str, float]:
    """Return setting → how often a call is tried."""
    told = ((name, amount(value)) for _, name, value in settings_of(item) if TRIES.search(name))
    return {name: count for name, count in told if count}


def _of(item: ObservedObject, callee: str, settings: Mapping[str, float]) -> tuple[str, float] | None:
    """Return the setting that names the callee."""
    wanted = SEPARATORS.sub("", callee.lower())
    named = ((name, value) for name, value in settings.items() if wanted in SEPARATORS.sub("", name.lower()))
    return next(named, None) if len(wanted) >= SHORTEST and wanted != SEPARATORS.sub("", _name(item)) else None

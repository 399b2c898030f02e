"""Faults that only metrics show: which single service, or which node, explains everything that became slow."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Citation, Curve, Finding

LATENCY = re.compile(r"(?i)lat(?:ency)?\b|latency|duration|response_?time|\brt\b|\bp\d{2,3}\b")
CPU = re.compile(r"(?i)cpu(?!.{0,3}(?:cfs|thrott))")
THROTTLED = re.compile(r"(?i)cfs|throttl")
RESENT = re.compile(r"(?i)retr?an")
"""Also as some exporters spell it: `tcp_retans`."""
START, SEPARATOR = re.compile(r"(?<![\w-])\S"), re.compile(r"[-_.:/ ]")
"""Where the name of a thing may begin in the name of a series, and before what it ends."""
LOW, HIGH = 0.15, 0.85
"""Quantiles that stand for the calm and the troubled part of a recording, whichever comes first."""
SLOW = 3.0
"""Times a latency must rise to be a symptom."""
FELT = 0.05
"""Share of the largest added latency below which a service is not what others wait for."""
ACCOUNTS = 0.2
"""Share of the largest added latency that a service must add itself to account for the others, called a few times in a row."""
BUSY = 3.0
"""Times a CPU use must rise to be the cause of a slow pod."""
COVER = 0.8
"""Share of the slow services that one service must explain (diagnosis.md, family node_network)."""
FELT_THROTTLE = 0.05
"""Seconds a second, or share of the periods, that a container must be held back before throttling is more than noise."""
LOST = 3.0
"""Times more retransmissions than on any other node that say loss, not delay."""
NOISE = 0.5
"""Retransmissions a second that a calm node may have."""
MANY = 2
"""Slow services of one node before the node may be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """How far the measures of services and nodes rose, by name."""

    latency: dict[str, float] = field(default_factory=dict)
    added: dict[str, float] = field(default_factory=dict)
    """By how much a latency rose, in its own unit."""
    cpu: dict[str, float] = field(default_factory=dict)
    throttled: dict[str, float] = field(default_factory=dict)
    resent: dict[str, float] = field(default_factory=dict)
    """Level, not rise: a calm network resends nothing."""
    lines: dict[str, Citation] = field(default_factory=dict)


def check(graph: Graph) -> Iterator[Finding]:
    """Yield the service or the node that explains the latencies."""
    moves = _moves(graph)
    most = max(moves.added.values(), default=0.0)
    slow = {
        name: rise
        for name, rise in moves.latency.items()
        if rise >= SLOW and name in graph.workloads and moves.added.get(name, 0.0) >= FELT * most
    }
    if not slow:
        return
    able = [name for name in slow if moves.added.get(name, 0.0) >= ACCOUNTS * most]
    single = _single(graph, slow, able)
    if single and not _on_lossy_node(graph, moves, single, slow):
        yield from _service(graph, moves, (single, slow))
    else:
        yield from _node(graph, moves, slow)


def _moves(graph: Graph) -> Moves:
    moves = Moves()
    names = {*graph.workloads, *(node.id.partition("/")[2] for node in graph.of("node"))}
    for curve in graph.curves:
        told = " ".join((curve.name, *curve.labels.values())).lower()
        name = _named(told, names)
        if name:
            _measure(moves, name, curve, told.replace(name, " ", 1))
    return moves


def _named(told: str, names: AbstractSet[str]) -> str:
    """Return the longest name that stands in a text between separators; the number of names costs nothing."""
    starts = [found.start() for found in START.finditer(told)]
    ends = [*(found.start() for found in SEPARATOR.finditer(told)), len(told)]
    parts = (told[start:end] for start in starts for end in ends if start < end)
    return max((part for part in parts if part in names), key=lambda part: (len(part), part), default="")


def _measure(moves: Moves, name: str, curve: Curve, what: str) -> None:
    """Keep the largest rise of one measure of one thing."""
    low, high = _levels(curve.values)
    into = next(
        (
            into
            for pattern, into in ((LATENCY, moves.latency), (THROTTLED, moves.throttled), (CPU, moves.cpu))
            if pattern.search(what)
        ),
        None,
    )
    if RESENT.search(what):
        moves.resent[name] = max(high, moves.resent.get(name, 0.0))
    elif into is not None:
        rise = high / low if low > 0 else (SLOW if high > 0 and into is moves.throttled else 1.0)
        rise = 1.0 if into is moves.throttled and high < FELT_THROTTLE else rise
        if into is moves.latency:
            moves.added[name] = max(high - low, moves.added.get(name, 0.0))
        if rise > into.get(name, 0.0):
            into[name] = rise
            if into is moves.latency:
                moves.lines[name] = curve.citation


def _levels(values: Sequence[float]) -> tuple[float, float]:
    known = sorted(value for value in values if not math.isnan(value))
    return (known[int(LOW * (len(known) - 1))], known[int(HIGH * (len(known) - 1))]) if known else (0.0, 0.0)


def _single(graph: Graph, slow: Mapping[str, float], able: Sequence[str]) -> str:
    """Return the deepest slow service that nearly all slow ones reach along calls, empty where none is."""
    reach = {name: graph.reached(name) for name in slow}
    fits = [one for one in able if sum(one in reach[name] for name in slow) >= COVER * len(slow)]
    return next((one for one in sorted(fits) if not any(other in reach[one] for other in fits if other != one)), "")


def _on_lossy_node(graph: Graph, moves: Moves, single: str, slow: Mapping[str, float]) -> bool:
    """Tell whether the one that the others wait for runs, beside another slow one, on the only node that loses packets."""
    places = {pod.fields.get("node", "") for pod in graph.pods.get(single, ())}
    node = next((place for place in places if _loses(moves, place)), "")
    return bool(node) and not _busy(moves, single) and sum(_runs(graph, name, node) for name in slow) >= MANY


def _loses(moves: Moves, node: str) -> bool:
    """Tell whether a node resends far more than any other."""
    rest = max((value for name, value in moves.resent.items() if name != node), default=0.0)
    return moves.resent.get(node, 0.0) > max(LOST * rest, NOISE)


def _busy(moves: Moves, name: str) -> bool:
    """Tell whether a service's own CPU, or what it is held back by, rose with its latency."""
    busy = moves.cpu.get(name, 1.0)
    return busy >= BUSY or (moves.throttled.get(name, 1.0) >= SLOW and busy >= BUSY / 2)


def _service(graph: Graph, moves: Moves, found: tuple[str, Mapping[str, float]]) -> Iterator[Finding]:
    """Yield that a service is slow for its own CPU, or without it for its network."""
    name, slow = found
    busy = moves.cpu.get(name, 1.0)
    others = f"; {len(slow) - 1} that call it follow" if len(slow) > 1 else ""
    check = "busy" if _busy(moves, name) else "far"
    why = f"its CPU rose {busy:.1f} times" if check == "busy" else "its CPU did not"
    told = f"{name}: latency rose {slow[name]:.1f} times, and {why}{others}"
    yield _cited(finding(check, graph.workloads[name], told, severity=3.5, value=f"{slow[name]:.1f} times slower"), moves, name)


def _node(graph: Graph, moves: Moves, slow: Mapping[str, float]) -> Iterator[Finding]:
    """Yield the node on which the slow services run that no other service explains."""
    places = {pod.fields.get("node", ""): pod for name in slow for pod in graph.pods.get(name, ())}
    shares = {place: _share(graph, place, slow, moves) for place in places if place}
    best = max(sorted(shares), key=lambda place: shares[place], default="")
    on_it = [name for name in slow if _runs(graph, name, best)]
    node = graph.objects.get(f"node/{best}")
    unplaced = [name for name in slow if not any(pod.fields.get("node") for pod in graph.pods.get(name, ()))]
    if node is None or len(on_it) < max(MANY, len(unplaced) + 1):  # those of unknown place may be as many on another node
        return
    check = "lossy" if _loses(moves, best) else "distant"
    told = f"{node.id}: {', '.join(sorted(on_it)[:6])} on it became slow together, and no single one explains the others"
    yield _cited(finding(check, node, told, severity=3.5, value=f"{len(on_it)} services"), moves, on_it[0])
    rest = {name: rise for name, rise in slow.items() if not any(_runs(graph, one, best) for one in graph.reached(name))}
    yield from _node(graph, moves, rest)  # what neither runs there nor calls who does may be another node's fault


def _share(graph: Graph, place: str, slow: Mapping[str, float], moves: Moves) -> tuple[float, int]:
    """Return the share of the measured services of a node that are slow, and how many they are."""
    on_it = [name for name in moves.latency if _runs(graph, name, place)]
    count = sum(name in slow for name in on_it)
    return (count / len(on_it) if on_it else 0.0, count)


def _runs(graph: Graph, name: str, place: str) -> bool:
    return any(pod.fields.get("node") == place for pod in graph.pods.get(name, ()))


def _cited(told: Finding, moves: Moves, name: str) -> Finding:
    return replace(told, citations=(moves.lines[name], *told.citations)) if name in moves.lines else told

"""Two revisions of one object in the evidence: what a person or a rollout changed, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.diagnosis.subjects import owner
from domain.diagnosis.versions import Version
from domain.evidence import ages
from domain.evidence.configs.secrets import masked
from domain.evidence.values import Event, Finding, ObservedObject

TEMPLATE = r"container\.[^.]{1,253}\.(?:image|command|args|limits\..+|requests\..+|env\..+)"
OF_SETS = re.compile(rf"images|{TEMPLATE}")
"""What tells the pods of one revision from those of another."""
OF_OBJECT = re.compile(
    rf"{TEMPLATE}|images|selector|node_selector|node_affinity|pod_anti_affinity|service_account|ports|target_ports|type|class|dns_policy"
    r"|nameservers|host_aliases|desired|container\.[^.]{1,253}\.(?:ports|liveness|readiness|startup|env_from)|(?:data|route)\..+|request|modes"
)
"""What a specification asks for; all else is state."""
GROUP = re.compile(r"(?:container\.[^.]{1,253}\.(?:env|limits|requests)|data|route)\.")
"""Fields of a map: one that stands on one side only was added or taken away, where the other side shows the map."""
TOLD = 3
"""Fields of one change that are told; the rest is a count."""
SHORT = 60
"""Characters of a value that are told."""
VARIABLE = re.compile(r"container\.([^.]{1,253})\.env\.(.+)")


def check(graph: Graph) -> Iterator[Finding]:
    """Yield each object of which two revisions were observed, with what differs; the newer line is cited first."""
    for seen in graph.versions.values():
        yield from _observed(seen)
    yield from _rolled_out(graph)


def events(found: Iterable[Finding]) -> tuple[Event, ...]:
    """Return the revisions of known order as changes that a cause may have been triggered by."""
    return tuple(
        Event(
            time=one.time,
            certainty="exact" if one.time else "order only",
            what=one.statement,
            subject=one.subject,
            citation=one.citations[0],
            severity=one.severity,
            change=True,
        )
        for one in found
        if one.attributes["check"] == "version" and one.attributes.get("ordered")
    )


def _observed(seen: tuple[Version, ...]) -> Iterator[Finding]:
    """Yield what differs between the last two observations of an object that name its fields alike."""
    newest = seen[-1]
    older = next((one for one in reversed(seen[:-1]) if one.format == newest.format), None)
    parts = _differences(older.item, newest.item, OF_OBJECT) if older else ()
    if older and parts:
        known = older.stale != newest.stale or _number(older.item, "generation") != _number(newest.item, "generation")
        found = _told(newest.item.id, (older.item, newest.item), parts)
        yield _ordered(found, _date(newest.item, "changed")) if known else found


def _rolled_out(graph: Graph) -> Iterator[Finding]:
    """Yield what the newest pod template of a workload does otherwise than the one before: of its replica sets, else of its pods."""
    templates: dict[str, dict[str, ObservedObject]] = {}
    for kind in ("pod", "replicaset"):
        for item in graph.of(kind):
            name = item.id.partition("/")[2]
            template = name.rpartition("-")[0] if kind == "pod" else name
            if owner(f"replicaset/{template}") != template and any(map(OF_SETS.fullmatch, item.fields)):
                templates.setdefault(owner(item.id), {})[template] = item
    for name, items in templates.items():
        home = graph.workloads[name].id if name in graph.workloads else f"deployment/{name}"
        yield from _newest(home, tuple(items.values()))


def _newest(home: str, items: Sequence[ObservedObject]) -> Iterator[Finding]:
    """Yield the difference between the newest two of several templates, where something orders them."""
    orders = ([order(item) for item in items] for order in ORDERS)
    order = next((found for found in orders if None not in found and len(set(found)) == len(items) > 1), None)
    if order is None:
        return
    places = sorted(range(len(items)), key=lambda place: order[place] or 0.0)
    older, newer = items[places[-2]], items[places[-1]]
    parts = _differences(older, newer, OF_SETS)
    made = [_date(one, "created") for one in (older, newer)]
    if parts:
        back = made[0] and made[1] and made[1] < made[0]  # a rollback takes an old template, whose birth is not its return
        yield _ordered(_told(home, (older, newer), parts), None if back else made[1])


def _ordered(found: Finding, time: datetime | None) -> Finding:
    return replace(found, time=time, attributes={**found.attributes, "ordered": "yes"})


def _told(subject: str, pair: tuple[ObservedObject, ObservedObject], parts: Sequence[str]) -> Finding:
    """Return that two revisions of an object differ, citing both."""
    older, newer = pair
    more = f" and {len(parts) - TOLD} more" if len(parts) > TOLD else ""
    told = f"{subject} has two revisions: {'; '.join(parts[:TOLD])}{more}"
    found = finding("version", newer, told, subject=subject, severity=1.5, value=parts[0][:100])
    return replace(found, citations=(newer.citation, older.citation))


def _differences(older: ObservedObject, newer: ObservedObject, wanted: re.Pattern[str]) -> tuple[str, ...]:
    """Return in words each field that differs; the values of variables may be secrets and are not told."""
    names = sorted({name for name in (*older.fields, *newer.fields) if wanted.fullmatch(name)}, key=_weight)
    groups = [{found[0] for name in one.fields if (found := GROUP.match(name))} for one in (older, newer)]
    shared = [name for name in names if name in older.fields and name in newer.fields]
    maps = groups[0] & groups[1]
    alone = [name for name in names if name not in shared and (found := GROUP.match(name)) and found[0] in maps]
    odd = [name for name in names if name in alone or (name in shared and older.fields[name] != newer.fields[name])]
    return tuple(_spoken(name, older.fields.get(name, ""), newer.fields.get(name, "")) for name in odd)


def _weight(name: str) -> tuple[bool, str]:
    """Put images first: they name the version."""
    return (not name.endswith(("image", "images")), name)


def _spoken(name: str, before: str, after: str) -> str:
    found = VARIABLE.match(name)
    if found:
        change = "is new" if not before else "is gone" if not after else "is another"
        return f"variable {found[2]} of {found[1]} {change}"
    key = name.rpartition(".")[2]
    shown = [masked(key, value)[:SHORT] or "unset" for value in (before, after)]
    return f"{name.removeprefix('container.')} {shown[0]} → {shown[1]}"


def _number(item: ObservedObject, name: str) -> float | None:
    said = item.fields.get(name, "")
    return float(said) if said.isdecimal() and len(said) < 10 else None


def _date(item: ObservedObject, name: str) -> datetime | None:
    return ages.date(item.fields.get(name, ""))


def _birth(item: ObservedObject) -> float | None:
    made = _date(item, "created")
    return made.timestamp() if made else None


def _youth(item: ObservedObject) -> float | None:
    age = ages.age(item.fields.get("age", ""))
    return -age.total_seconds() if age is not None else None


ORDERS: tuple[Callable[[ObservedObject], float | None], ...] = (lambda item: _number(item, "revision"), _birth, _youth)
"""What orders templates, the surest first: their number, their birth, their age."""

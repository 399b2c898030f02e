"""Claims that wait, against the volumes and classes: which field no volume offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import MOST_WAITING, field_of, finding
from domain.diagnosis.labels import labels
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What there is to claim."""

    volumes: tuple[ObservedObject, ...]
    by_class: Mapping[str, tuple[ObservedObject, ...]]
    classes: frozenset[str]
    """Names of the storage classes themselves."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield for every claim that is not bound the one field that keeps it from the nearest volume."""
    claims = (*graph.of("pvc"), *graph.of("persistentvolumeclaim"))
    waiting = [claim for claim in claims if claim.fields.get("status", "Pending").lower() in {"pending", "lost", ""}]
    offer = _offer(graph)
    for claim in waiting[:MOST_WAITING]:
        yield from _claim(graph, claim, offer)


def _offer(graph: Graph) -> Offer:
    by_class: dict[str, list[ObservedObject]] = {}
    for volume in graph.of("pv"):
        by_class.setdefault(_class(volume), []).append(volume)
    return Offer(
        volumes=graph.of("pv"),
        by_class={name: tuple(volumes) for name, volumes in by_class.items()},
        classes=frozenset(item.id.partition("/")[2] for item in graph.of("storageclass")),
    )


def _claim(graph: Graph, claim: ObservedObject, offer: Offer) -> Iterator[Finding]:
    wanted, subject = _class(claim), graph.home(claim.id)
    named = [item for item in offer.volumes if item.id == f"pv/{claim.fields.get('volume', '')}"]
    known = wanted in offer.classes or wanted in offer.by_class
    if wanted and not known and (offer.classes or offer.volumes) and not named:
        told = f'storageclass "{wanted}" of {claim.id} not found among the observed classes'
        yield finding("claim_class", claim, told, subject=subject, severity=3.5, value=wanted)
        return
    near = _nearest(claim, named or (offer.by_class.get(wanted, ()) if wanted else offer.volumes))
    if near and "status" in claim.fields:
        volume, (rule, told) = near
        whole = f"{claim.id} waits: {volume.id} {told}"
        yield finding(rule, claim, whole, subject=subject, severity=3.5, value=told, volume=volume.id)
    elif wanted and wanted not in offer.classes and offer.volumes and "status" in claim.fields and not near:
        told = f'storageclass "{wanted}" of {claim.id}: no such class, and no volume of it is free'
        yield finding("claim_class", claim, told, subject=subject, severity=3.5, value=wanted)


def _nearest(claim: ObservedObject, volumes: Sequence[ObservedObject]) -> tuple[ObservedObject, tuple[str, str]] | None:
    """Return the volume with the fewest misfits and its first one."""
    misfits = [(volume, tuple(_misfits(claim, volume))) for volume in volumes]
    best = min(
        (one for one in misfits if one[1]), key=lambda one: (len(one[1]), _status(one[0]) == "Released", one[0].id), default=None
    )
    return (best[0], best[1][0]) if best and all(found for _, found in misfits) else None


def _misfits(claim: ObservedObject, volume: ObservedObject) -> Iterator[tuple[str, str]]:
    """Yield (check, words) of every field in which a volume does not fit a claim."""
    selector = claim.fields.get("claim_selector", "")
    if selector and not all(_carried(part, volume) for part in selector.split(" and ")):
        yield "claim_selector", f"does not carry the labels {selector} of its selector"
    size, wanted = amount(volume.fields.get("capacity", "")), amount(claim.fields.get("request", ""))
    if size is not None and wanted is not None and size < wanted:
        yield "claim_size", f"has {volume.fields['capacity']}, less than {claim.fields['request']}"
    asked, given = _set(claim.fields.get("modes", "")), _set(volume.fields.get("modes", ""))
    if asked and given and not asked <= given:
        yield "claim_mode", f"offers {','.join(sorted(given))}, not {','.join(sorted(asked))}"
    wanted_class, its_class = _class(claim), _class(volume)
    if wanted_class != its_class:
        yield "claim_class", f"has the class {its_class or 'none'}, not {wanted_class or 'none'}"
    holder = volume.fields.get("claim", "").rpartition("/")[2]
    if holder and holder != claim.id.partition("/")[2]:
        yield "volume_taken", f"is bound to claim {holder}"
    elif holder and _status(volume) == "Released":
        yield "volume_taken", "is released and not yet free"


def _class(item: ObservedObject) -> str:
    return field_of(item, "storageclass", "class")


def _status(volume: ObservedObject) -> str:
    return volume.fields.get("status", "")


def _carried(part: str, volume: ObservedObject) -> bool:
    key, _, rest = part.partition(" ")
    pairs = dict(label.split("=", 1) for label in labels(volume.fields.get("labels", "")))
    operator, _, values = rest.partition(" ")
    return (pairs.get(key) in values.split(",")) == (operator == "In") if values else (key in pairs) == (operator == "Exists")


def _set(modes: str) -> frozenset[str]:
    long = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
    return frozenset(long.get(one.strip(), one.strip()) for one in modes.split(",") if one.strip())

"""Claims that wait, against the volumes and classes: which field no volume offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import MOST_WAITING, field_of, finding, omitted
from domain.diagnosis.labels import labels
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

NO_PROVISIONER = "kubernetes.io/no-provisioner"
"""What a storage class of volumes that are made by hand names as its provisioner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a claim asks for, or what a volume offers."""

    item: ObservedObject
    storage_class: str
    size: float | None
    modes: frozenset[str]
    holder: str = ""
    """The claim that a volume is bound to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What there is to claim."""

    volumes: tuple[Terms, ...]
    classes: frozenset[str]
    """Names of the storage classes themselves."""
    empty: frozenset[str]
    """Of these, those that make no volumes themselves."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield for every claim that is not bound the one field that keeps it from the nearest volume."""
    claims = (*graph.of("pvc"), *graph.of("persistentvolumeclaim"))
    waiting = [claim for claim in claims if claim.fields.get("status", "Pending").lower() in {"pending", "lost", ""}]
    classes = tuple(graph.of("storageclass"))
    offer = Offer(
        volumes=tuple(_terms(volume, "capacity") for volume in graph.of("pv")) if waiting else (),
        classes=frozenset(item.id.partition("/")[2] for item in classes),
        empty=frozenset(item.id.partition("/")[2] for item in classes if item.fields.get("provisioner") == NO_PROVISIONER),
    )
    for claim in waiting[:MOST_WAITING]:
        yield from _claim(_terms(claim, "request"), offer, graph.home(claim.id))
    yield from omitted("claims that wait", waiting)


def _terms(item: ObservedObject, size: str) -> Terms:
    return Terms(
        item=item,
        storage_class=field_of(item, "storageclass", "class"),
        size=amount(item.fields.get(size, "")),
        modes=_set(item.fields.get("modes", "")),
        holder=item.fields.get("claim", "").rpartition("/")[2],
    )


def _claim(asked: Terms, offer: Offer, subject: str) -> Iterator[Finding]:
    claim, wanted = asked.item, asked.storage_class
    named = [one for one in offer.volumes if one.item.id == f"pv/{claim.fields.get('volume', '')}"]
    fit = [one for one in offer.volumes if wanted in {"", one.storage_class}]
    lacking = wanted and wanted not in offer.classes
    if lacking and not fit and not named and (offer.classes or offer.volumes):
        told = f'storageclass "{wanted}" of {claim.id} not found among the observed classes'
        yield finding("claim_class", claim, told, subject=subject, severity=3.5, value=wanted)
        return
    near = _nearest(asked, named or fit)
    if near and "status" in claim.fields:
        volume, (rule, told) = near
        whole = f"{claim.id} waits: {volume.id} {told}"
        yield finding(rule, claim, whole, subject=subject, severity=3.5, value=told, volume=volume.id)
    elif wanted in offer.empty and offer.volumes and not near and not fit and "status" in claim.fields:
        told = f'storageclass "{wanted}" of {claim.id} makes no volumes, and none of the {len(offer.volumes)} volumes is of it'
        yield finding("claim_class", claim, told, subject=subject, severity=3.5, value=wanted)
    elif lacking and offer.volumes and "status" in claim.fields and not near:
        told = f'storageclass "{wanted}" of {claim.id}: no such class, and no volume of it is free'
        yield finding("claim_class", claim, told, subject=subject, severity=3.5, value=wanted)


def _nearest(claim: Terms, volumes: Sequence[Terms]) -> tuple[ObservedObject, tuple[str, str]] | None:
    """Return the volume with the fewest misfits and its first one; none where a volume fits."""
    free = (volume for volume in volumes if volume.holder in {"", claim.item.id.partition("/")[2]})
    if any(next(_misfits(claim, volume), None) is None for volume in free):
        return None
    misfits = [(volume.item, tuple(_misfits(claim, volume))) for volume in volumes]
    if not misfits:
        return None
    volume, found = min(misfits, key=lambda one: (len(one[1]), _status(one[0]) == "Released", one[0].id))
    return volume, found[0]


def _misfits(claim: Terms, volume: Terms) -> Iterator[tuple[str, str]]:
    """Yield (check, words) of every field in which a volume does not fit a claim."""
    asked, offered = claim.item.fields, volume.item.fields
    selector = asked.get("claim_selector", "")
    if selector and not all(_carried(part, volume.item) for part in selector.split(" and ")):
        yield "claim_selector", f"does not carry the labels {selector} of its selector"
    if volume.size is not None and claim.size is not None and volume.size < claim.size:
        yield "claim_size", f"has {offered['capacity']}, less than {asked['request']}"
    if claim.modes and volume.modes and not claim.modes <= volume.modes:
        yield "claim_mode", f"offers {','.join(sorted(volume.modes))}, not {','.join(sorted(claim.modes))}"
    if claim.storage_class != volume.storage_class:
        yield "claim_class", f"has the class {volume.storage_class or 'none'}, not {claim.storage_class or 'none'}"
    if volume.holder and volume.holder != claim.item.id.partition("/")[2]:
        yield "volume_taken", f"is bound to claim {volume.holder}"
    elif volume.holder and _status(volume.item) == "Released":
        yield "volume_taken", "is released and not yet free"


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

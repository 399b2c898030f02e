"""Images that cannot be pulled, against those of the siblings and of the revision before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import containers_of, finding, spec_of
from domain.diagnosis.subjects import owner
from domain.evidence.values import Finding, ObservedObject

REFERENCE = re.compile(
    r"^(?:(?P<place>[\w./:-]{1,200})/)?(?P<name>[\w.-]{1,128})(?::(?P<tag>[\w.-]{1,128}))?(?:@sha256:\w{64})?$"
)
"""`registry/path/name:tag` (OCI distribution specification)."""
FAILED = re.compile(r"(?:Init:)?(?:ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull)")
AGREE = 0.6
"""Share of siblings that must agree before one that differs is suspicious."""
FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A reference in its parts."""

    place: str
    name: str
    tag: str


def check(graph: Graph) -> Iterator[Finding]:
    """Yield for every image that is not pulled in what it differs from the others."""
    told: set[str] = set()
    failing = [pod for pod in graph.of("pod") if FAILED.fullmatch(_reason(pod))]
    others = {item.id: tuple(_images(item).values()) for item in graph.workloads.values()} if failing else {}
    for pod in failing:
        spec = spec_of(graph, pod)
        if spec.id in told:
            continue
        told.add(spec.id)
        peers = [one for name, images in others.items() if name != spec.id for one in images]
        for text in dict.fromkeys(_texts(spec)):
            yield from _odd(spec, text, peers, _before(graph, spec, text))


def _reason(pod: ObservedObject) -> str:
    reasons = (one.get("reason", "") for one in containers_of(pod).values())
    return next((one for one in (pod.fields.get("status", ""), *reasons) if FAILED.fullmatch(one)), "")


def _texts(item: ObservedObject) -> tuple[str, ...]:
    return tuple(one["image"] for one in containers_of(item).values() if one.get("image")) or tuple(
        text for text in item.fields.get("images", "").split(",") if text
    )


def _images(item: ObservedObject) -> Mapping[str, Image]:
    """Return text of an image → its parts."""
    return {text: image for text in _texts(item) if (image := _parts(text))}


def _parts(text: str) -> Image | None:
    found = REFERENCE.match(text)
    return Image(place=found["place"] or "", name=found["name"], tag=found["tag"] or "latest") if found else None


def _before(graph: Graph, spec: ObservedObject, text: str) -> str:
    """Return the image of another revision of the workload, empty where none was observed."""
    name = owner(spec.id)
    sets = (item for item in graph.of("replicaset") if owner(item.id) == name)
    return next((one for item in sets for one in item.fields.get("images", "").split(",") if _moved(one, text)), "")


def _moved(old: str, new: str) -> bool:
    """Tell whether two texts are revisions of one image: of one name or of one place."""
    one, other = _parts(old), _parts(new)
    return bool(one and other and old != new and (one.name == other.name or (one.place and one.place == other.place)))


def _odd(spec: ObservedObject, text: str, peers: list[Image], before: str) -> Iterator[Finding]:
    """Yield the first part of an image that differs, from its own past first."""
    image = _parts(text)
    usual = "" if not image else before or _usual(image, peers)
    if not image:
        told = f"{spec.id}: {text} is not the name of an image"
        yield finding("image", spec, told, severity=3.5, value=text)
    elif usual:
        told = f"{spec.id}: the image {text} cannot be pulled, and {'the revision before had' if before else 'most others have'} {usual}"
        yield finding("image", spec, told, severity=3.0, value=text, near=usual)


def _usual(image: Image, peers: list[Image]) -> str:
    """Return the place or tag that most siblings have and this image has not, empty where they do not agree."""
    beside = [one for one in peers if one.place == image.place]
    for mine, theirs in ((image.place, [one.place for one in peers]), (image.tag, [one.tag for one in beside])):
        ((most, count),) = Counter(theirs).most_common(1) or (("", 0),)
        if len(theirs) >= FEWEST and count >= AGREE * len(theirs) and most not in {"", mine}:
            return most
    return ""

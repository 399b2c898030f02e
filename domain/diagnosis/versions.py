"""What several files say of one object, and which of them is newer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.evidence.values import Analysis, ObservedObject

FRESH = timedelta(minutes=10)
"""How much older than the newest evidence an observation may be and still tell the present (diagnosis.md 4, freshness)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one file says of an object."""

    item: ObservedObject
    format: str
    """Files of one format name the fields of an object alike."""
    observed_at: datetime | None
    stale: bool
    """It was observed long before the newest evidence."""


def by_age(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Return the analyses, first those of what was observed long before the newest evidence."""
    newest = _newest(analyses)
    return tuple(sorted(analyses, key=lambda one: _age(one, newest), reverse=True))


def versions(analyses: Sequence[Analysis]) -> dict[str, tuple[Version, ...]]:
    """Return id → what each file says of the object, the older first, of objects that are told of more than once.

    Times of observation tell only what is stale: files of one collection carry any times. Where all say their generation, it decides:
    a cluster raises it with every change of a specification (Kubernetes, "ObjectMeta"). Else the order given does.
    """
    newest = _newest(analyses)
    told = Counter(item.id for one in analyses for item in one.objects)
    found: dict[str, list[Version]] = {}
    for one in by_age(analyses):
        stale = _age(one, newest) > timedelta(0)
        for item in one.objects:
            if told[item.id] > 1:
                known = found.setdefault(item.id, [])
                known.append(Version(item=item, format=one.classification.format, observed_at=one.observed_at, stale=stale))
    return {name: _ordered(seen) for name, seen in found.items()}


def _newest(analyses: Sequence[Analysis]) -> datetime | None:
    return max((one.observed_at for one in analyses if one.observed_at), default=None)


def _ordered(seen: list[Version]) -> tuple[Version, ...]:
    said = all(map(_generation, seen))
    return tuple(sorted(seen, key=_generation) if said else seen)


def _age(one: Analysis, newest: datetime | None) -> timedelta:
    """Return how much older than the newest evidence it is, nothing where it is fresh enough."""
    age = newest - one.observed_at if newest and one.observed_at else timedelta(0)
    return age if age > FRESH else timedelta(0)


def _generation(one: Version) -> int:
    """Return the generation of the object, 0 where it is not said."""
    said = one.item.fields.get("generation", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0

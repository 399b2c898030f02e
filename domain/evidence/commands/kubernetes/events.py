"""Cluster events, however they were printed: in a description, as a table, as objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.evidence import ages, telling
from domain.evidence.reading import Reading
from domain.evidence.structure import tables
from domain.evidence.structure.quantities import amount

SHORT: Mapping[str, str] = {
    "persistentvolumeclaim": "pvc",
    "persistentvolume": "pv",
    "horizontalpodautoscaler": "hpa",
    "resourcequota": "quota",
}
"""Long kind → the short word of object ids."""
SEVERITY: Mapping[str, float] = {
    "OOMKilling": 5, "SystemOOM": 5, "FailedScheduling": 4, "FailedMount": 4, "FailedAttachVolume": 4, "FailedCreate": 4, "ProvisioningFailed": 4,
    "FailedBinding": 4, "Failed": 4, "ErrImagePull": 4, "InspectFailed": 4, "Evicted": 4, "NodeNotReady": 4, "FreeDiskSpaceFailed": 4,
    "FailedCreatePodSandBox": 4, "Unhealthy": 3.5, "BackoffLimitExceeded": 3.5, "DeadlineExceeded": 3.5, "VolumeMismatch": 4, "Rebooted": 3.5,
    "BackOff": 3, "Killing": 2.5, "Preempted": 3, "NodeNotSchedulable": 3,
}  # fmt: skip
"""Reasons that name a cause stand above their consequences; every other warning is 3."""
CHANGES = frozenset({"ScalingReplicaSet", "SuccessfulRescale", "NodeNotSchedulable", "SuccessfulDelete", "Killing"})
"""Reasons that tell of a change somebody or something made."""
ROLLED = frozenset({
    "ScalingReplicaSet", "SuccessfulRescale", "NodeNotSchedulable", "NodeSchedulable", "DeploymentRollback", "ResourceUpdated", "OperationCompleted",
    "InstallSucceeded", "UpgradeSucceeded", "RollbackSucceeded", "UpgradeFailed", "ConfigurationChanged",
})  # fmt: skip
"""Those that are a rollout, a scaling or a setting: changes of the time-line. Names of Kubernetes' controllers, Argo CD and Flux."""
PULLED = re.compile(r'[Pp]ull(?:ing|ed) image "([^"\s]{1,200}):([\w.-]{1,128})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One event as read."""

    line: int
    type: str
    reason: str
    message: str
    object: str
    """`kind/name` in lower case, or empty."""
    age: str = ""
    time: datetime | None = None
    count: int = 1


def record(reading: Reading, seen: Seen) -> None:
    """Keep an event on the time-line; a warning or a failure is a finding as well."""
    severity = SEVERITY.get(seen.reason, 3.0 if seen.type.lower() == "warning" else 0.0)
    if seen.type.lower() == "normal":
        severity = min(severity, 2.5) if seen.reason in CHANGES else 0.0
    time = seen.time or ages.before(reading.document.observed_at, seen.age)
    keep = reading.changed if seen.reason in ROLLED else reading.happened
    actor = " of the autoscaler" if seen.object.startswith("hpa/") else ""
    keep(seen.line, f"{seen.reason}{actor}: {seen.message}", seen.object, time, severity)
    if severity < 2.5 and not telling.words(seen.message):
        return
    facts: dict[str, str | float | datetime] = {
        "message": seen.message, "reason": seen.reason, "type": seen.type, "object": seen.object, "count": float(max(seen.count, ages.repeats(seen.age))),
    }  # fmt: skip
    if time:
        facts["time"] = time
    kind = "change" if severity < 3 and seen.reason in CHANGES else "event"
    where = f" ({seen.object})" if seen.object else ""
    reading.find(kind, seen.object, seen.line, max(severity, 2.0), f"{seen.reason}: {seen.message}{where}", **facts)


def new_images(reading: Reading) -> None:
    """Mark the pulls of an image's newest tag as changes, where events tell of an older tag too."""
    pulls: dict[str, dict[str, list[int]]] = {}
    for place, event in enumerate(reading.events):
        if found := PULLED.search(event.what):
            pulls.setdefault(found[1], {}).setdefault(found[2], []).append(place)
    for tags in pulls.values():
        if len(tags) > 1:
            *_, newest = sorted(tags.values(), key=lambda places: max(_when(reading, place) for place in places))
            for place in newest:
                reading.events[place] = replace(reading.events[place], change=True)


def _when(reading: Reading, place: int) -> tuple[float, int]:
    time = reading.events[place].time
    return (time.timestamp() if time else 0.0, place)


def named(text: str) -> str:
    """Return `Kind/name`, or `kind.group/name`, as an object id."""
    kind, slash, name = text.lower().partition("/")
    short = kind.split(".")[0]
    return f"{SHORT.get(short, short)}/{name}" if slash else kind


def described(reading: Reading, rows: tuple[tables.Row, ...], subject: str) -> None:
    """Keep the rows below `Events:` of a description."""
    for row in rows:
        record(
            reading,
            Seen(
                line=row.line, type=row.get("Type"), reason=row.get("Reason"), message=row.get("Message"), object=subject, age=row.get("Age")
            ),
        )  # fmt: skip


def listed(reading: Reading, rows: list[tables.Row]) -> None:
    """Keep the rows of `get events`."""
    for row in rows:
        record(
            reading,
            Seen(
                line=row.line,
                type=row.get("TYPE"),
                reason=row.get("REASON"),
                message=row.get("MESSAGE"),
                object=named(row.get("OBJECT")),
                age=row.get("LAST SEEN", "AGE"),
                count=int(amount(row.get("COUNT")) or 1),
            ),
        )

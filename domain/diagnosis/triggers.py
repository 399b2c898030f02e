"""What was changed just before the first sign of trouble, where nothing else explains it (diagnosis.md 6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.diagnosis.ranking import TRIGGER_WINDOW
from domain.diagnosis.signals import Observation
from domain.diagnosis.subjects import owner
from domain.evidence.values import Event, Finding

SEVERE = 3.0
FLAG = re.compile(r"(?i)\bflags?\b|toggle|turned (?:on|off)|experiment")
DEPLOY = re.compile(r"(?i)deploy|rollout|rolled out|release|version|went from|image|upgrade")
NAME = re.compile(r"[\w.-]{1,200}:\d{2,5}\b|[A-Za-z0-9][\w.]*(?:[-_][\w.]+)+|[A-Za-z][\w]{4,}")
"""What may be a name in the words of a change: addresses, hyphened or long words."""
MARKS = frozenset("-_:")
"""One of them makes a word a name that hardly stands in a line by chance."""
COMMON = frozenset({
    "deployment", "deployed", "deploying", "rollout", "rolled", "release", "released", "version", "finished", "succeeded", "turned", "production", "flag",
    "update", "updated", "changed", "config", "configuration", "setting", "settings", "service", "upgraded", "upgrade", "enabled", "disabled", "pipeline",
})  # fmt: skip
"""Words of any change, no names."""


def changed_before(seen: Sequence[Observation], changes: Iterable[Event]) -> tuple[Observation, ...]:
    """Return the last change within an hour before the first sign that names what fails, or that what fails names."""
    signs = [one for one in seen if one.finding.severity >= SEVERE and not one.untrusted]
    first = min((one.finding.time for one in signs if one.finding.time), default=None, key=datetime.timestamp)
    if first is None:
        return ()
    near = [
        one for one in changes if one.time and 0 <= first.timestamp() - one.time.timestamp() <= TRIGGER_WINDOW.total_seconds()
    ]
    joined = [one for one in near if _joined(one, seen, signs)]
    last = max(joined, key=lambda one: one.time.timestamp() if one.time else 0.0, default=None)
    return (_observed(last, signs),) if last else ()


def _joined(change: Event, seen: Sequence[Observation], signs: Sequence[Observation]) -> bool:
    """Tell whether a change names what shows the trouble, or a line of it names what was changed."""
    told = f"{change.what} {owner(change.subject)}".lower()
    if any(len(name) >= 4 and name in told for name in (owner(one.subject).lower() for one in signs)):
        return True
    names = {word.lower() for word in NAME.findall(change.what)} - COMMON
    return any(
        name in one.finding.text.lower()
        for one in seen
        if one.finding.citations[0] != change.citation
        for name in names
        if MARKS & set(name)
    )


def _observed(change: Event, signs: Sequence[Observation]) -> Observation:
    """Return the change as signatures read it, at what shows the trouble."""
    kind = "change_flag" if FLAG.search(change.what) else "change_deploy" if DEPLOY.search(change.what) else "change_config"
    subject = change.subject or next((one.subject for one in signs if owner(one.subject)), "")
    finding = Finding(
        id=f"changed:{change.citation.evidence}:{change.citation.first}",
        kind="changed",
        subject=subject,
        statement=change.what,
        severity=SEVERE,
        citations=(change.citation,),
        time=change.time,
        text=change.what,
        attributes={"change": kind, "what": change.what},
    )
    return Observation(finding=finding, subject=subject, text=finding.text, name="")

"""Records of what somebody changed: audit trails of clouds, switched flags, finished deployments, as maps in JSON."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from domain.evidence import ages
from domain.evidence.reading import Reading
from domain.evidence.structure.trees import Node, said

WHEN = (
    "last_time", "lastTimestamp", "last_timestamp", "timestamp", "date", "time", "eventTime", "EventTime", "eventTimestamp", "date_happened",
    "Date", "createdAt", "created_at", "deployed_at", "deployedAt", "finished_at", "finishedAt", "changed_at", "changedAt",
)  # fmt: skip
"""Fields that date a record, in the spelling of AWS, Azure, Google Cloud, Datadog and of deployment tools."""
CALLS = (
    ("eventName",),
    ("EventName",),
    ("methodName",),
    ("protoPayload", "methodName"),
    ("operationName", "value"),
    ("operationName",),
)
"""Where an audit trail names the call (CloudTrail record contents; Google Cloud AuditLog; Azure activity log schema)."""
CHANGING = re.compile(
    r"(?i)^(?:[\w/.]{0,120}[./])?(?:create|delete|update|put|modify|revoke|authorize|rotate|attach|detach|stop|start|reboot|terminate|set|enable|disable"
    r"|register|deregister|replace|patch|insert|remove|rollback|deploy|scale|restart|failover)\w{0,60}$|/(?:write|delete|action)$"
)
TITLES = ("titleVerb", "title", "description", "text", "summary", "message")
CHANGED = re.compile(
    r"(?i)\b(?:deployed|deployment of|deploying|rolled (?:out|back)|rollout|released|upgraded?|downgraded?|migrated|turned (?:on|off)|toggled"
    r"|applying modification|(?:changed|updated|modified|rotated|lowered|raised|dropped|disabled) (?:the )?(?:db )?(?:parameter|setting|config|secret|password|flag|limit|quota)\w{0,12}"
    r"|(?:config\w{0,12}|settings?|parameters?|flag|secret|password|certificate|rules?|route|limit|quota|policy|schema|index)\b[^.\n]{0,40}"
    r"\b(?:changed|updated|modified|added|removed|rotated|created|deleted|dropped|applied|reduced|increased|lowered|raised|enabled|disabled))\b"
)
VERSIONS = (
    ("version", "previous"),
    ("version", "previous_version"),
    ("to", "from"),
    ("new_version", "old_version"),
    ("to_version", "from_version"),
)
NAMED = ("name", "resourceName", "ResourceName", "key", "flag", "resourceId", "resource")
APPLIED = ("service", "service_name", "app", "application", "project")
DETAILS = ("Resources", "resources", "requestParameters")
LONGEST = 160


def when(item: Node) -> datetime | None:
    """Return the time of a record, also where it is a count of seconds."""
    return next((found for key in WHEN if (found := _time(item, key))), None)


def _time(item: Node, key: str) -> datetime | None:
    text = item.text(key)
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    return ages.date(text) if text else None


def read(reading: Reading, item: Node) -> bool:
    """Keep a dated map that tells of a change; return whether it was one."""
    time = when(item)
    what = _what(item) if time else ""
    if not what:
        return False
    service = next((item.text(key) for key in APPLIED if item.text(key)), "")
    reading.changed(_line(item, what), what, f"application/{service}".lower() if service else "", time)
    return True


def _line(item: Node, what: str) -> int:
    """Return the line of the longest text that stands in the words of the change."""
    told = [child for _, child in item.fields if isinstance(child.value, str) and child.value and child.value in what]
    return max(told, key=lambda child: len(said(child.value))).line if told else item.line


def _what(item: Node) -> str:
    """Return what was changed in words: a call of an audit trail, a version after another, or a title that says so."""
    call = next((text for path in CALLS if (text := item.text(*path))), "")
    if call and CHANGING.search(call):
        return _spoken(call, item)
    for new, old in VERSIONS:
        if item.text(new) and item.text(old):
            service = next((item.text(key) for key in (*APPLIED, "name") if item.text(key)), "it")
            return f"{service} went from {item.text(old)} to {item.text(new)}"[:LONGEST]
    title = next((text for key in TITLES if CHANGED.search(text := item.text(key))), "")
    return _spoken(title, item) if title and not item.text("status") else ""


def _spoken(what: str, item: Node) -> str:
    """Return a call or title with the name of what it changed and who did it."""
    inner = next((one for key in DETAILS if (one := item.get(key))), item)
    inner = next(iter(inner.items), inner)
    name = next((text for one in (item, inner) for key in NAMED if (text := one.text(key)) and text not in what), "")
    actor = item.text("Username") or item.text("caller") or item.text("actor") or item.text("user")
    return f"{what}{f' {name}' if name else ''}{f' by {actor}' if actor else ''}"[:LONGEST]

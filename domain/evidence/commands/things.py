"""Lists of named things in the JSON of any tool: each becomes an object, and what looks like an event an event."""

from __future__ import annotations

from datetime import datetime

from domain.evidence import ages, telling
from domain.evidence.commands.deliveries import change_records
from domain.evidence.commands.json_values import GONE, is_event, singular
from domain.evidence.commands.kubernetes import events as kubectl_events
from domain.evidence.commands.kubernetes.events import Seen
from domain.evidence.logs.deeds import is_release
from domain.evidence.reading import Fact, Reading
from domain.evidence.severity import severity as severity_of
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.trees import Node, named, said, walk

THINGS = 2_000
"""Objects taken from one document."""
NAMES = ("name", "id", "node", "instance")
DESIRED, READY = ("desired", "replicas", "desired_replicas", "wanted"), ("available", "ready", "ready_replicas", "running")
TOLD = frozenset({"events", "warning_events", "logs", "alarms"})
"""Lists of what happened: an empty one says that nothing is known, which is kept."""
TOLD_LINES = frozenset({"logs", "lines", "entries"})
"""Lists of what programs wrote: their words change nothing."""
LEVELS = ("status", "level", "severity")
CALM = frozenset({"info", "debug", "notice", "trace", "ok", "informational"})
LOUD = frozenset({"error", "critical", "fatal", "alert", "emergency"})
"""Levels that make any message severe, whatever its words (RFC 5424 and what log stores call them)."""
FAULTY = 3.0
SENTENCES = (
    ("message",), ("Message",), ("textPayload",), ("jsonPayload", "message"), ("msg",), ("description",), ("text",), ("log",), ("_raw",), ("body",), ("@message",),
    ("resultDescription",),
)  # fmt: skip
"""Where log stores, clouds and databases put the words of one message."""
AROUND = ("_source", "attributes", "result", "fields", "record")
"""Maps that log stores put around the fields of one message."""
TIMES = ("@timestamp", "_time", "ts", "datetime", "TimeGenerated")
"""Where log stores put its time, besides the fields of records of changes."""


def read(reading: Reading, root: Node) -> int:
    """Read every list of maps; return how many things there were."""
    seen = 0
    for path, node in sought(root, _lists_things):
        word = named(path)
        _empty(reading, word, node)
        for _, item in node.branches() if node.shape == "list" else ():
            if item.shape != "map":
                continue
            seen += 1
            if seen > THINGS:
                reading.notes.append(f"only the first {THINGS} things of a document were taken")
                return THINGS
            _item(reading, word, item)
    return seen


def _lists_things(_: str, raw: Nest) -> bool:
    """Return whether a value is a list of maps, or an empty one."""
    return isinstance(raw, list) and (not raw or any(isinstance(part, dict) for part in raw))


def _empty(reading: Reading, word: str, node: Node) -> None:
    """Keep that a list of what happened has nothing to tell."""
    if node.shape == "list" and word.lower() in TOLD and not node.items:
        reading.observe("list", word, node.line, {"count": "0"})


def _item(reading: Reading, word: str, item: Node) -> None:
    """Keep an event, a message or a thing; what is none of them has no name."""
    inside = next((inner for name in AROUND if (inner := item.get(name)) and inner.shape == "map" and sentence(inner)), None)
    item = inside if inside and not sentence(item) else item
    said_at = sentence(item)
    if is_event(item):
        _event(reading, item)
    elif word.lower() not in TOLD_LINES and change_records.read(reading, item):
        return
    elif said_at and _when(item):
        _message(reading, item, said_at)
    elif name := next((item.text(key) for key in NAMES if item.text(key)), ""):
        _thing(reading, singular(word), name, item)


def sentence(item: Node) -> Node | None:
    """Return the field of a map that holds its message, None where it has none."""
    return next((found for path in SENTENCES if item.text(*path) and (found := item.get(*path))), None)


def _when(item: Node) -> datetime | None:
    told = (ages.date(item.text(name)) for name in TIMES if item.text(name))
    return change_records.when(item) or next((found for found in told if found), None) or ages.date(item.text("t", "$date"))


def _message(reading: Reading, item: Node, message: Node) -> None:
    """Keep what a service's journal or a log store says at a time; a bad word or level in it is a finding unless it is calm."""
    words = said(message.value)
    level = next((item.text(key).lower() for key in LEVELS if item.text(key)), "")
    loud = severity_of(words)
    severity = (
        0.0 if level in CALM else max(telling.words(words), FAULTY if level in LOUD else 0.0, loud if loud >= FAULTY else 0.0)
    )
    subject, time = _source(item), _when(item)
    (reading.changed if severity < FAULTY and is_release(words) else reading.happened)(
        message.line, words, subject, time, severity
    )
    if severity:
        facts: dict[str, Fact] = {"message": words, **({"time": time} if time else {})}
        reading.find("row", subject, message.line, severity, words, **facts)


def _source(item: Node) -> str:
    """Return what a message is about: a database of an account, the pod that its tags or host name, else the service."""
    if name := item.text("source_identifier") or item.text("SourceIdentifier"):
        kind = item.text("source_type") or item.text("SourceType")
        return f"{'database' if kind.lower().startswith('db') else 'instance'}/{name}".lower()
    tags = dict(said(tag.value).split(":", 1) for tag in (item.get("tags") or item).items if ":" in said(tag.value))
    named = (
        item.text("pod") or item.text("pod_name") or item.text("kubernetes", "pod_name") or item.text("kubernetes", "pod", "name")
    )
    if pod := tags.get("pod_name") or tags.get("kube_pod") or named:
        return f"pod/{pod}".lower()
    service = item.text("service")
    return f"application/{service}".lower() if service else ""


def _event(reading: Reading, item: Node) -> None:
    about = item.text("involved_object") or item.text("object")
    when = _when(item)
    message = item.get("message") or item
    count = int(item.number("count") or 1)
    seen = Seen(
        line=message.line, type=item.text("type"), reason=item.text("reason"), message=item.text("message"), object=kubectl_events.named(about), time=when, count=count
    )  # fmt: skip
    kubectl_events.record(reading, seen)


def _thing(reading: Reading, kind: str, name: str, item: Node) -> None:
    """Keep the scalars of a thing as fields of an object, and edges to what it names."""
    fields = {".".join(path): said(node.value) for path, node in walk(item) if node.shape == "scalar" and len(path) <= 4}
    subject = reading.observe(kind, name, item.line, dict(list(fields.items())[:80]))
    if (why := item.get("message")) and item.text("reason") and item.text("ready").lower() in {"false", "unknown"}:
        words, about = said(why.value), {"message": said(why.value), "reason": item.text("reason"), "status": item.text("ready")}
        reading.find("condition", subject, why.line, 3.5, f"{subject} is not ready: {words}", **about)
    node = item.text("node_name") or item.text("nodeName")
    if kind == "pod" and node:
        reading.relate(subject, "runs on", f"node/{node}", item.line)
    desired = next((n for key in DESIRED if (n := item.number(key)) is not None), None)
    ready = next((n for key in READY if (n := item.number(key)) is not None), None)
    if desired is not None and ready is not None and ready < desired:
        facts: dict[str, Fact] = {"reason": "replicas missing", "ready": ready, "desired": desired}
        line = next((got.line for key in READY if (got := item.get(key))), item.line)
        reading.find("unhealthy_object", subject, line, 3.0, f"{subject}: {ready:g} of {desired:g} are ready", **facts)
    if kind == "pod" and not any(item.text(key) for key in GONE):
        _containers(reading, subject, item)


def _containers(reading: Reading, subject: str, item: Node) -> None:
    """Read the states of the containers of a pod that is to stay."""
    for container in (item.get("containers") or item).items:
        state = container.get("state") or container.get("status") or container
        last = container.get("last_state") or container.get("lastState") or container
        for where in (state, last):
            reason, code = where.text("reason"), where.number("exit_code")
            if telling.status(reason) >= 3 or (code or 0) != 0:
                _failed(reading, subject, container, where)


def _failed(reading: Reading, subject: str, container: Node, where: Node) -> None:
    reason, message = where.text("reason"), where.text("message")
    line = (where.get("message") or where.get("reason") or where).line
    code = where.number("exit_code")
    facts: dict[str, Fact] = {"message": message, "reason": reason, "container": container.text("name")}
    facts["restarts"] = container.number("restart_count") or 0.0
    if code is not None:
        facts["exit_code"] = code
    kind = "unhealthy_object" if code is None else "exit"
    severity = 5.0 if reason == "OOMKilled" else 3.5 if code is None else 4.0
    reading.find(kind, subject, line, severity, f"{subject}: container {container.text('name')}, {reason} {message}", **facts)

"""MongoDB: replica set, running operations and counters, as JSON or as its shell prints them."""

from __future__ import annotations

import re

from domain.evidence import ages
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.trees import Node, said, walk

KEY = re.compile(r"([{,]\s{0,40}|^\s{0,80})([A-Za-z_$][\w$]{0,80}):(?=\s|$)")
WRAPPED = re.compile(
    r"\b(?:ISODate|NumberLong|NumberInt|NumberDecimal|Long|Int32|Double|Decimal128|ObjectId|UUID|BinData|Binary|Timestamp|Date)\(([^()]{0,200})\)"
)
SINGLE = re.compile(r"'((?:[^'\\]|\\.){0,2000})'")
SHELL = re.compile(r"(?:^\s{0,40}[A-Za-z_$][\w$]{0,80}: |: ?(?:ISODate|NumberLong|Timestamp|ObjectId|Long)\()")
PIECE = 4_096
LONG_S, LAG_S, NEAR = 60.0, 10.0, 0.9
"""Seconds of an operation, seconds a member may be behind its primary, share of the connections."""
STANDING = frozenset({"PRIMARY", "SECONDARY", "ARBITER"})


def strict(line: str) -> str:
    """Return a line of the shell as JSON: names and texts in double quotes, wrapped values bare."""
    quoted = SINGLE.sub(lambda m: '"' + m[1].replace('"', "'") + '"', line[:PIECE]) + line[PIECE:]
    bare = WRAPPED.sub(_bare, quoted)
    return KEY.sub(r'\1"\2":', bare)


def _bare(found: re.Match[str]) -> str:
    inside = found[1].strip()
    return inside if inside[:1] == '"' and inside.count('"') == 2 else f'"{inside}"'.replace('""', '"')


def spoken_by_shell(lines: tuple[str, ...]) -> bool:
    """Tell whether a document is what the shell prints rather than JSON."""
    return any(SHELL.search(line[:PIECE]) for line in lines[:60])


def documents(reading: Reading, roots: tuple[Node, ...]) -> int:
    """Read replica sets, operations and counters of a server; return how many documents were one of them."""
    seen = 0
    for root in roots:
        if root.get("members") and root.get("set"):
            seen += 1
            _members(reading, root)
        elif root.get("inprog"):
            seen += 1
            for one in (root.get("inprog") or root).items:
                _operation(reading, one)
        elif root.get("connections", "current") and root.get("process"):
            seen += 1
            _server(reading, root)
    return seen


def _members(reading: Reading, root: Node) -> None:
    members = (root.get("members") or root).items
    cluster = reading.observe("cluster", root.text("set"), (root.get("set") or root).line, {"members": str(len(members))})
    newest = max(
        (time for one in members if one.text("stateStr") == "PRIMARY" and (time := ages.date(one.text("optimeDate")))),
        default=None,
    )
    for one in members:
        state, name = one.text("stateStr"), one.text("name")
        fields = {
            "state": state,
            "health": one.text("health"),
            "optime": one.text("optimeDate"),
            "source": one.text("syncSourceHost"),
        }
        subject = reading.observe("member", name, (one.get("name") or one).line, fields)
        reading.relate(subject, "part of", cluster, one.line)
        line = (one.get("stateStr") or one).line
        if state not in STANDING or one.text("health") == "0":
            message = one.text("lastHeartbeatMessage") or one.text("infoMessage")
            facts: dict[str, Fact] = {"reason": state, "status": state, "message": message}
            reading.find("unhealthy_object", subject, line, 4.0, f"{subject} is {state} {message}", **facts)
        elif newest and (time := ages.date(one.text("optimeDate"))) and (late := (newest - time).total_seconds()) >= LAG_S:
            at = (one.get("optimeDate") or one).line
            reading.find(
                "row",
                subject,
                at,
                3.5,
                f"{subject}: replication lag of {late:g} s",
                reason="replication lag",
                behind=f"{late:g} s",
            )
    if members and not any(one.text("stateStr") == "PRIMARY" for one in members):
        reading.find(
            "unhealthy_object", cluster, (root.get("members") or root).line, 4.5, f"{cluster} has no primary", reason="no primary"
        )


def _operation(reading: Reading, one: Node) -> None:
    seconds = one.number("secs_running") or 0.0
    namespace, command = one.text("ns"), one.get("command") or one.get("query")
    what = " ".join(said(node.value) for path, node in walk(command) if node.shape == "scalar")[:300] if command else ""
    shown = " ".join(key for key, _ in command.fields[:3]) if command else ""
    subject = reading.observe(
        "operation",
        one.text("opid") or "operation",
        one.line,
        {"seconds": f"{seconds:g}", "namespace": namespace, "op": one.text("op")},
    )
    facts: dict[str, Fact] = {"statement": f"{one.text('op')} {namespace} {shown} {what}".strip(), "duration_s": seconds}
    waiting = one.get("waitingForLock")
    if waiting and waiting.value is True:
        reading.find(
            "row",
            subject,
            waiting.line,
            3.5,
            f"{subject} waits for a lock for {seconds:g} s on {namespace}",
            reason="lock wait",
            **facts,
        )
    elif seconds >= LONG_S and one.text("op") not in {"none", ""}:
        line = (one.get("secs_running") or one).line
        told = f"{subject} runs for {seconds:g} s on {namespace}"
        reading.find("slow_span", subject, line, 3.0, told, reason="long statement", duration_ms=seconds * 1000, **facts)


def _server(reading: Reading, root: Node) -> None:
    current, available = root.number("connections", "current") or 0.0, root.number("connections", "available") or 0.0
    line = (root.get("connections", "current") or root).line
    host = reading.observe(
        "database",
        root.text("host") or "mongod",
        (root.get("host") or root).line,
        {"connections": f"{current:g}", "version": root.text("version")},
    )
    if current and current >= NEAR * (current + available):
        told = f"{host}: {current:g} of at most {current + available:g} connections are taken"
        reading.find("resource", host, line, 3.5, told, resource="connections", used=current, limit=current + available)
    waiting = root.number("globalLock", "currentQueue", "total") or 0.0
    if waiting >= 10:
        at = (root.get("globalLock", "currentQueue", "total") or root).line
        reading.find(
            "row", host, at, 3.0, f"{host}: {waiting:g} operations wait for the global lock", reason="lock wait", count=waiting
        )

"""Described pods and what owns them: containers, exits, replicas, references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence import ages, telling
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.describe import Description
from domain.evidence.structure.quantities import amount

CALM = frozenset({"ContainerCreating", "PodInitializing", "Completed", ""})
"""Reasons of containers that are no fault by themselves."""
GROUPS = ("Init Containers", "Containers", "Ephemeral Containers")
REPLICAS = re.compile(r"\b(\d{1,9}) (desired|updated|total|available|unavailable|current)")
REVISION = re.compile(r"\bdeployment\.kubernetes\.io/revision: (\d{1,9})\b")
STATUSES = re.compile(r"\b(\d{1,9}) (Active|Running|Waiting|Succeeded|Failed)")


def pod(reading: Reading, one: Description, subject: str) -> None:
    """Read a pod: where it runs, who owns it, how its containers do."""
    node = one.text("Node").split("/")[0]
    owner = one.text("Controlled By")
    selector = one.text("Node-Selectors").replace(" ", ",")
    fields = {
        "node": node, "ip": one.text("IP"), "owner": owner.lower(), "service_account": one.text("Service Account"), "node_selector": selector,
        "tolerations": one.text("Tolerations"), "created": one.text("Start Time"), "reason": one.text("Reason"), "message": one.text("Message"),
    }  # fmt: skip
    reading.observe("pod", subject.partition("/")[2], one.first, fields)
    if node:
        reading.relate(subject, "runs on", f"node/{node}", one.line("Node"))
    if owner:
        reading.relate(owner, "owns", subject, one.line("Controlled By"))
    if one.text("Service Account"):
        reading.relate(subject, "uses", f"serviceaccount/{one.text('Service Account')}", one.line("Service Account"))
    _status(reading, one, subject)
    for group, name in containers(one, ()):
        container(reading, one, subject, (group, name))
    references(reading, one, subject)


def _status(reading: Reading, one: Description, subject: str) -> None:
    """Keep a pod that is pending or failed, and what it asks of nodes."""
    status = one.text("Status")
    if telling.status(status) < 2.5:
        return
    facts = {"message": one.text("Message"), "status": status, "reason": one.text("Reason")}
    reading.find(
        "unhealthy_object",
        subject,
        one.line("Message") if facts["message"] else one.line("Status"),
        3.0,
        f"{subject} is {status} {facts['reason']} {facts['message']}",
        **facts,
    )
    if one.text("Node-Selectors") and not one.text("Node").split("/")[0]:
        value = one.text("Node-Selectors")
        reading.find(
            "setting",
            subject,
            one.line("Node-Selectors"),
            2.5,
            f"{subject} requires nodes with {value}",
            value=value,
            field="node_selector",
        )


def containers(one: Description, under: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (group, name) of the containers of a pod or of a template."""
    depth = len(under)
    for group in GROUPS:
        names = (f.path[depth + 1] for f in one.fields if f.path[: depth + 1] == (*under, group) and len(f.path) == depth + 2)
        yield from ((group, name) for name in dict.fromkeys(names))


def container(reading: Reading, one: Description, subject: str, at: tuple[str, ...]) -> None:
    """Read one container into the fields of its owner, and its failed states into findings."""
    name = at[-1]
    kind, _, owner = subject.partition("/")
    prefix = f"container.{name}."
    fields = {
        "image": one.text(*at, "Image"),
        "ports": one.text(*at, "Port") or one.text(*at, "Ports"),
        "command": one.text(*at, "Command").strip(),
        "args": one.text(*at, "Args").strip(),
        "liveness": one.text(*at, "Liveness"),
        "readiness": one.text(*at, "Readiness"),
        "startup": one.text(*at, "Startup"),
        "state": one.text(*at, "State"),
        "reason": one.text(*at, "State", "Reason"),
        "last_reason": one.text(*at, "Last State", "Reason"),
        "exit_code": one.text(*at, "State", "Exit Code") or one.text(*at, "Last State", "Exit Code"),
        "ready": one.text(*at, "Ready").lower(),
        "restarts": one.text(*at, "Restart Count"),
        "env_from": one.text(*at, "Environment Variables from"),
        **_nested(one, at, "Limits", "limits"),
        **_nested(one, at, "Requests", "requests"),
        **_nested(one, at, "Environment", "env"),
    }
    reading.observe(kind, owner, one.line(*at), {prefix + key: value for key, value in fields.items()})
    _states(reading, one, subject, at)


def _nested(one: Description, at: tuple[str, ...], section: str, name: str) -> dict[str, str]:
    return {f"{name}.{f.path[-1]}": f.value for f in one.fields if f.path[:-1] == (*at, section) and f.value}


def _states(reading: Reading, one: Description, subject: str, at: tuple[str, ...]) -> None:
    waiting = one.text(*at, "State", "Reason")
    if one.text(*at, "State") == "Waiting" and waiting not in CALM:
        facts: dict[str, Fact] = {"message": one.text(*at, "State", "Message"), "reason": waiting, "status": "Waiting"}
        restarts = amount(one.text(*at, "Restart Count")) or 0.0
        statement = f"{subject}: container {at[-1]} waits, {waiting}, after {restarts:g} restarts {facts['message']}"
        facts |= _group(at)
        facts |= {"container": at[-1], "restarts": restarts, "ready": one.text(*at, "Ready"), "image": one.text(*at, "Image")}
        line = one.line(*at, "State", "Message") if facts["message"] else one.line(*at, "State", "Reason")
        reading.find("unhealthy_object", subject, line, 3.5, statement, **facts)
    for state in ("State", "Last State"):
        if one.text(*at, state) == "Terminated":
            _exit(reading, one, subject, (*at, state))


def _group(at: tuple[str, ...]) -> dict[str, Fact]:
    """Return that a container is one of those that run before the others."""
    return {"init": "yes"} if at[-2] == GROUPS[0] else {}


def _exit(reading: Reading, one: Description, subject: str, at: tuple[str, ...]) -> None:
    """Keep a container that ended with a failure; its message is the decisive line where there is one."""
    code, reason, message = one.text(*at, "Exit Code"), one.text(*at, "Reason"), one.text(*at, "Message")
    if code in {"0", ""} and reason in CALM:
        return
    of = at[:-1]
    facts: dict[str, Fact] = {"message": message, "reason": reason, "exit_code": amount(code) or 0.0, "container": of[-1]}
    facts |= {"command": f"{one.text(*of, 'Command')} {one.text(*of, 'Args')}".strip(), "image": one.text(*of, "Image")}
    facts |= {
        "memory_limit": one.text(*of, "Limits", "memory"),
        "state": at[-1],
        "restarts": amount(one.text(*of, "Restart Count")) or 0.0,
    }
    if time := ages.date(one.text(*at, "Finished")):
        facts["time"] = time
    current = at[-1] == "State" or one.text(*of, "State") == "Waiting"
    facts |= _group(of) if current else {}
    severity = (5.0 if reason == "OOMKilled" else 4.5 if message else 4.0) if current else 3.0
    line = one.line(*at, "Message") if message else one.line(*at, "Reason")
    statement = f"{subject}: container {of[-1]} ended, {reason}, exit code {code} {message}"
    reading.find("exit", subject, line, severity, statement, **facts)
    for extra in ((*at, "Exit Code"), (*of, "Limits", "memory") if reason == "OOMKilled" else (*of, "Command")):
        if one.text(*extra):
            reading.also(one.line(*extra))


def references(reading: Reading, one: Description, subject: str) -> None:
    """Keep what volumes and environments name: claims, secrets, config maps."""
    for f in one.fields:
        last = f.path[-1]
        if last == "ClaimName" and f.value:
            reading.relate(subject, "mounts", f"pvc/{f.value}", f.line)
        elif last == "SecretName" and f.value:
            reading.relate(subject, "mounts", f"secret/{f.value}", f.line)
        elif last in {"ConfigMapName", "Name"} and f.path[0] == "Volumes" and f.value and not f.value.startswith("kube-root-ca"):
            reading.relate(subject, "mounts", f"configmap/{f.value}", f.line)
        elif found := re.search(r"<set to the key '([^']{1,100})' (?:in|of) (secret|config map) '([^']{1,100})'>", f.value):
            kind = "secret" if found.group(2) == "secret" else "configmap"
            reading.relate(subject, "reads", f"{kind}/{found.group(3)}", f.line)
        elif found := re.match(r"(\S+)\s+(Secret|ConfigMap)\s+Optional: false", f.value):
            reading.relate(subject, "reads", f"{found.group(2).lower()}/{found.group(1)}", f.line)


def workload(reading: Reading, one: Description, subject: str) -> None:
    """Read a deployment, stateful set, daemon set, replica set or job."""
    kind, _, name = subject.partition("/")
    counts = {what: number for number, what in REPLICAS.findall(one.text("Replicas"))}
    counts |= {what.lower(): number for number, what in STATUSES.findall(one.text("Pods Status") or one.text("Pods Statuses"))}
    selector = one.text("Selector").replace(" ", ",")
    pod_labels = one.text("Pod Template", "Labels").replace(" ", ",")
    account = one.text("Pod Template", "Service Account")
    numbered = {"revision": _revision(one), "created": one.text("CreationTimestamp")}
    fields = {**counts, **numbered, "selector": selector, "pod_labels": pod_labels, "service_account": account}
    reading.observe(kind, name, one.first, fields)
    if owner := one.text("Controlled By"):
        reading.relate(owner, "owns", subject, one.line("Controlled By"))
    if made := one.text("NewReplicaSet").split(" ")[0]:
        reading.relate(subject, "owns", f"replicaset/{made}", one.line("NewReplicaSet"))
    for group, container_name in containers(one, ("Pod Template",)):
        container(reading, one, subject, ("Pod Template", group, container_name))
    references(reading, one, subject)
    _replicas(reading, one, subject, {key: float(value) for key, value in counts.items()})


def _revision(one: Description) -> str:
    """Return the number of a revision, which stands among the annotations."""
    said = (f"{f.path[-1]}: {f.value}" for f in one.fields if f.path[0] == "Annotations")
    return next((found[1] for text in said if (found := REVISION.search(text))), "")


def _replicas(reading: Reading, one: Description, subject: str, counts: dict[str, float]) -> None:
    line = one.line("Replicas") if one.text("Replicas") else one.line("Pods Status")
    ready = counts.get("available", counts.get("running", counts.get("current", 0.0)))
    facts: dict[str, Fact] = dict(counts)
    if counts.get("desired") == 0:
        reading.find("setting", subject, line, 3.0, f"{subject} is scaled to zero", field="replicas", value="0", **facts)
    elif counts.get("desired", 0) > ready:
        statement = f"{subject}: {ready:g} of {counts['desired']:g} replicas are there"
        reading.find("unhealthy_object", subject, line, 3.0, statement, reason="replicas missing", **facts)
    if counts.get("failed"):
        at = one.line("Pods Statuses") if one.text("Pods Statuses") else one.line("Pods Status")
        reading.find(
            "unhealthy_object", subject, at, 3.5, f"{subject}: {counts['failed']:g} pods failed", reason="pods failed", **facts
        )

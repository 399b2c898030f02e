"""Cluster objects as YAML or JSON: manifests, `get -o yaml`, lists of items; fields are named as in descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.evidence import ages
from domain.evidence.commands.kubernetes import events as kubectl_events
from domain.evidence.commands.kubernetes import specs as kubectl_specs
from domain.evidence.commands.kubernetes import states as kubectl_states
from domain.evidence.commands.kubernetes.events import SHORT, Seen
from domain.evidence.commands.kubernetes.states import items
from domain.evidence.reading import Reading
from domain.evidence.structure.trees import Node, said, walk

NAMED: Mapping[str, tuple[str, str]] = {
    "claimName": ("mounts", "pvc"),
    "secretName": ("mounts", "secret"),
    "serviceAccountName": ("uses", "serviceaccount"),
    "storageClassName": ("uses", "storageclass"),
    "nodeName": ("runs on", "node"),
    "ingressClassName": ("uses", "ingressclass"),
    "priorityClassName": ("uses", "priorityclass"),
}
"""Field → relation to the object it names."""
BLOCKS: Mapping[str, tuple[str, str]] = {
    "configMap": ("mounts", "configmap"),
    "configMapRef": ("reads", "configmap"),
    "configMapKeyRef": ("reads", "configmap"),
    "secretRef": ("reads", "secret"),
    "secretKeyRef": ("reads", "secret"),
    "scaleTargetRef": ("scales", ""),
    "roleRef": ("uses", "role"),
    "service": ("routes to", "service"),
}
"""Map with a `name` → relation to the object it names."""
REVISION = "deployment.kubernetes.io/revision"
"""Annotation that numbers the revisions of a deployment and of its replica sets (Kubernetes, "Well-Known Annotations")."""


def objects(root: Node) -> Iterator[Node]:
    """Yield every cluster object of a document, those of lists too."""
    if root.get("items") and root.text("kind").endswith("List"):
        yield from (item for item in items(root.get("items")) if item.text("kind") or item.get("metadata"))
    elif root.text("kind") and root.get("metadata"):
        yield root


def read(reading: Reading, roots: tuple[Node, ...]) -> int:
    """Read every cluster object; return how many there were."""
    found = [one for root in roots for one in objects(root)]
    for one in found:
        _object(reading, one)
    return len(found)


def _object(reading: Reading, one: Node) -> None:
    long = one.text("kind").lower() or "object"
    kind = SHORT.get(long, long)
    if kind == "event":
        _event(reading, one)
        return
    name = one.text("metadata", "name") or one.text("metadata", "generateName")
    subject = f"{kind}/{name}".lower()
    template = one.get("spec", "template") or one.get("spec", "jobTemplate", "spec", "template") or one
    fields = {
        "namespace": one.text("metadata", "namespace"),
        "labels": joined(one.get("metadata", "labels")),
        "selector": joined(
            one.get("spec", "selector", "matchLabels")
            or one.get("spec", "selector")
            or one.get("spec", "podSelector", "matchLabels")
        ),
        "pod_labels": joined(template.get("metadata", "labels")) if template is not one else "",
        "node_selector": joined(template.get("spec", "nodeSelector")),
        "status": one.text("status", "phase"),
        "desired": one.text("spec", "replicas"),
        "available": one.text("status", "availableReplicas"),
        "ready": one.text("status", "readyReplicas"),
        "service_account": template.text("spec", "serviceAccountName"),
        "class": one.text("spec", "storageClassName"),
        "type": one.text("spec", "type") or one.text("type"),
        **_ports(one),
        **_made(one),
        **kubectl_specs.fields(kind, one, template),
    }
    line = (one.get("metadata", "name") or one).line
    reading.observe(kind, name, line, fields)
    for group in ("initContainers", "containers"):
        for container in items(template.get("spec", group)):
            _container(reading, subject, container)
    _relations(reading, subject, one)
    kubectl_states.read(reading, subject, one)


def _made(one: Node) -> dict[str, str]:
    """Return what orders the revisions of an object: its generation, its number among those of a rollout, and when it was made and changed."""
    changes = [entry.text("time") for entry in items(one.get("metadata", "managedFields")) if not entry.text("subresource")]
    return {
        "generation": one.text("metadata", "generation"),
        "revision": one.text("metadata", "annotations", REVISION),
        "created": one.text("metadata", "creationTimestamp"),
        "changed": max(changes, default=""),
    }


def joined(node: Node | None) -> str:
    """Return a flat map as `a=1,b=2`."""
    return ",".join(f"{key}={said(child.value)}" for key, child in node.fields if child.shape == "scalar") if node else ""


def _ports(one: Node) -> dict[str, str]:
    ports = items(one.get("spec", "ports"))
    names = [p.text("appProtocol") or p.text("name") for p in ports]
    return {
        "ports": ",".join(f"{p.text('port')}/{p.text('protocol') or 'TCP'}" for p in ports),
        "target_ports": ",".join(p.text("targetPort") or p.text("port") for p in ports),
        "port_names": ",".join(names) if any(names) else "",
    }


def _container(reading: Reading, subject: str, one: Node) -> None:
    """Read one container of a pod or a template into the fields of its owner."""
    kind, _, owner = subject.partition("/")
    fields = {"image": one.text("image")}
    fields["ports"] = ",".join(f"{p.text('containerPort')}/{p.text('protocol') or 'TCP'}" for p in items(one.get("ports")))
    fields["port_names"] = ",".join(p.text("name") for p in items(one.get("ports")) if p.text("name"))
    for name in ("command", "args"):
        fields[name] = " ".join(said(item.value) for item in items(one.get(name)))
    for name in ("limits", "requests"):
        amounts = one.get("resources", name)
        fields |= {f"{name}.{key}": said(child.value) for key, child in (amounts.fields if amounts else ())}
    fields |= {f"env.{e.text('name')}": e.text("value") for e in items(one.get("env"))}
    fields["mounts"] = ",".join(m.text("mountPath") for m in items(one.get("volumeMounts")))
    for name in ("liveness", "readiness", "startup"):
        if probe := one.get(f"{name}Probe"):
            fields[name] = " ".join(
                f"{'.'.join(path)}={said(node.value)}" for path, node in walk(probe) if node.shape == "scalar"
            )
    reading.observe(kind, owner, one.line, {f"container.{one.text('name')}.{key}": value for key, value in fields.items()})


def _relations(reading: Reading, subject: str, one: Node) -> None:
    """Keep every name of another object that stands in the spec, and the owners."""
    for owner in items(one.get("metadata", "ownerReferences")):
        reading.relate(f"{owner.text('kind')}/{owner.text('name')}", "owns", subject, owner.line)
    for path, node in walk(one):
        name = path[-1] if path else ""
        if node.shape == "scalar" and name in NAMED and said(node.value):
            relation, kind = NAMED[name]
            reading.relate(subject, relation, f"{kind}/{said(node.value)}", node.line)
        elif node.shape == "map" and name in BLOCKS and node.text("name"):
            relation, kind = BLOCKS[name]
            reading.relate(subject, relation, f"{kind or node.text('kind')}/{node.text('name')}", (node.get("name") or node).line)
    selector = one.get("spec", "selector")
    if selector and subject.startswith("service/"):
        reading.relate(subject, "selects", f"label/{joined(selector)}", selector.line)


def _event(reading: Reading, one: Node) -> None:
    about = one.get("involvedObject") or one.get("regarding") or one
    kind = about.text("kind").lower()
    when = ages.date(one.text("lastTimestamp") or one.text("eventTime") or one.text("metadata", "creationTimestamp"))
    line = (one.get("message") or one.get("note") or one).line
    message = one.text("message") or one.text("note")
    subject = f"{SHORT.get(kind, kind)}/{about.text('name')}".lower()
    seen = Seen(
        line=line, type=one.text("type"), reason=one.text("reason"), message=message, object=subject, time=when, count=int(one.number("count") or 1)
    )  # fmt: skip
    kubectl_events.record(reading, seen)

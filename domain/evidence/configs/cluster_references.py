"""References between cluster objects of one set of documents, and inside one pod: mounts, selectors, ports, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.evidence.commands.kubernetes.objects import objects
from domain.evidence.configs.settings import Configuration
from domain.evidence.structure.trees import Node, Path, said, walk

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod", "Rollout"})
NAMED: Mapping[str, str] = {
    "configMapRef": "ConfigMap",
    "configMapKeyRef": "ConfigMap",
    "configMap": "ConfigMap",
    "secretRef": "Secret",
    "secretKeyRef": "Secret",
    "service": "Service",
    "persistentVolumeClaim": "PersistentVolumeClaim",
}
"""Map with a name → kind of what it names (Kubernetes API reference)."""
CLAIM = "claimName"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """The template of a workload, or a pod."""

    owner: str
    path: Path
    spec: Node
    labels: Mapping[str, str]


def remark(configuration: Configuration) -> None:
    """Say what cluster objects name and nothing bears."""
    if not configuration.cluster:
        return
    found = [one for root in configuration.tree.roots for one in objects(root)]
    pods = [pod for one in found for pod in _pods(one)]
    for pod in pods:
        _mounts(configuration, pod)
    for one in found:
        _own_selector(configuration, one)
        if one.text("kind") == "Service" and pods:
            _service(configuration, one, pods)
    _names(configuration, found)


def _pods(one: Node) -> Iterator[Pod]:
    path = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}.get(
        one.text("kind"), ("spec", "template", "spec")
    )
    spec = one.get(*path)
    if one.text("kind") in WORKLOADS and spec:
        around = one.get(*path[:-1]) or one
        yield Pod(
            owner=f"{one.text('kind')}/{one.text('metadata', 'name')}".lower(),
            path=path,
            spec=spec,
            labels=flat(around.get("metadata", "labels")),
        )


def flat(node: Node | None) -> dict[str, str]:
    """Return the scalars of a map as text."""
    return {key: said(child.value) for key, child in node.fields if child.shape == "scalar"} if node else {}


def _mounts(configuration: Configuration, pod: Pod) -> None:
    """Find mounts of volumes that the pod does not have; those of a stateful set may come from its claim templates."""
    names = {item.text("name") for item in listed(pod.spec, "volumes")}
    held = [one for group in ("containers", "initContainers") for one in listed(pod.spec, group)]
    for container, mount in ((one, mount) for one in held for mount in listed(one, "volumeMounts")):
        name = mount.text("name")
        if name and name not in names and not pod.owner.startswith("statefulset/"):
            line = (mount.get("name") or mount).line
            statement = f"{pod.owner}: container {container.text('name')} mounts {name}, a volume that the pod does not have"
            configuration.dangles((pod.owner, "volumeMounts", name), line, 4.0, statement, to=name)


def listed(node: Node, *path: str) -> tuple[Node, ...]:
    """Return the items of the list under a path, none where there is no list."""
    held = node.get(*path)
    return held.items if held else ()


def _own_selector(configuration: Configuration, one: Node) -> None:
    """Find a workload whose selector does not match its own pods."""
    selector = one.get("spec", "selector", "matchLabels")
    labels = flat(one.get("spec", "template", "metadata", "labels"))
    for key, child in selector.fields if selector and one.get("spec", "template") else ():
        if labels.get(key) != said(child.value):
            owner = f"{one.text('kind')}/{one.text('metadata', 'name')}".lower()
            statement = f"{owner} selects {key}={said(child.value)}; its own pods bear {key}={labels.get(key, 'nothing')}"
            configuration.dangles((owner, "selector", key), child.line, 4.0, statement, to=f"{key}={said(child.value)}")


def _service(configuration: Configuration, one: Node, pods: list[Pod]) -> None:
    """Find a service that selects none of the pods here, or sends to a port that they do not name."""
    selector = flat(one.get("spec", "selector"))
    if not selector:
        return
    name = one.text("metadata", "name")
    chosen = [pod for pod in pods if all(pod.labels.get(key) == value for key, value in selector.items())]
    node = one.get("spec", "selector") or one
    if not chosen:
        wanted = ",".join(f"{key}={value}" for key, value in selector.items())
        line = node.fields[0][1].line if node.fields else node.line
        statement = f"service/{name} selects {wanted}, which no pod template here bears"
        configuration.dangles((f"service/{name}", "selector"), line, 3.5, statement, to=wanted)
    for port in listed(one, "spec", "ports") if chosen else ():
        _target(configuration, name, port, chosen)


def _target(configuration: Configuration, name: str, port: Node, chosen: list[Pod]) -> None:
    """Find a target port that no container of the chosen pods names."""
    target = port.text("targetPort") or port.text("port")
    numbers, names = set[str](), set[str]()
    for pod in chosen:
        for _, node in walk(pod.spec):
            if node.get("containerPort"):
                numbers.add(node.text("containerPort"))
                names.add(node.text("name"))
    if target and numbers and target not in numbers | names:
        line = (port.get("targetPort") or port.get("port") or port).line
        statement = f"service/{name} sends to port {target}; the pods it selects name {', '.join(sorted(numbers | names - {''}))}"
        configuration.dangles((f"service/{name}", "ports", "targetPort"), line, 3.5, statement, to=target)


def _names(configuration: Configuration, found: list[Node]) -> None:
    """Find names of objects that are not in a set of documents which holds others of their kind."""
    known: dict[str, set[str]] = {}
    for one in found:
        known.setdefault(one.text("kind"), set()).add(one.text("metadata", "name"))
    for one in found:
        owner = f"{one.text('kind')}/{one.text('metadata', 'name')}".lower()
        for path, node in walk(one):
            name = path[-1] if path else ""
            kind, bearer = NAMED.get(name, ""), node.get("name")
            if name == "scaleTargetRef":
                kind = node.text("kind")
            elif node.shape == "scalar" and name == CLAIM:
                kind, bearer = "PersistentVolumeClaim", node
            if not kind or not bearer or node.text("optional") == "true":
                continue
            _missing(configuration, owner, known.get(kind, set()), kind, bearer)


def _missing(configuration: Configuration, owner: str, known: set[str], kind: str, bearer: Node) -> None:
    target = said(bearer.value)
    if known and target and target not in known:
        statement = f"{owner} names {kind.lower()}/{target}; these documents define only {', '.join(sorted(known)[:4])}"
        configuration.dangles((owner, kind, target), bearer.line, 3.0, statement, to=f"{kind.lower()}/{target}")

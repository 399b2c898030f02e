"""Containers in manifests, Compose files and Dockerfiles: images without a version, wide rights, probes that knock at no door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.evidence.configs.capacity import heap
from domain.evidence.configs.quantities import size
from domain.evidence.configs.settings import Configuration, Setting
from domain.evidence.structure.quantities import SCALE, amount
from domain.evidence.structure.trees import Node, Path, numeric, said, scalar

LOOPBACK = re.compile(r"(?:^|[/@=,\s])(?:localhost|127\.0\.0\.1|\[::1\])(?::\d|/|,|$)")
LISTENS = re.compile(r"(?i)listen|bind|^host$|no_?proxy|allowed|trusted|cors|origin")
QUANTITY = re.compile(r"^[-+]?\d{1,20}(?:\.\d{1,20})?([A-Za-z]{0,8})$")
UNITS = frozenset({"", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"})
"""Suffixes of a Kubernetes quantity (its API reference, "Quantity")."""
CORES = 512.0
"""More than any node has: meant as thousandths."""
LEAST_MEMORY = 4.0 * 1024**2
"""Bytes below which no container starts (the default minimum of Docker is 6 MiB, of runc 4 MiB)."""
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
GRACE = 30.0
"""Seconds that a pod has to end by default."""
RIGHTS = {
    "privileged": "runs with all rights of its host",
    "hostNetwork": "shares the network of its host",
    "hostPID": "sees the processes of its host",
    "allowPrivilegeEscalation": "may gain rights",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container, and the map that holds its pod or service."""

    path: Path
    node: Node
    pod: Node
    alone: bool


def remark(configuration: Configuration) -> None:
    """Say what is doubtful about containers."""
    stages = _stages(configuration)
    for setting in configuration.settings:
        if setting.name in {"image", "FROM"} and isinstance(setting.value, str):
            _pinned(configuration, setting, stages)
        elif setting.name in RIGHTS and setting.value is True:
            statement = f"{setting.where}: the container {RIGHTS[setting.name]}"
            configuration.doubt(setting.path, setting.line, 1.0, statement, value=setting.text, reason="wide rights")
        elif "docker.sock" in setting.text or (len(setting.path) > 1 and setting.path[-2:] == ("hostPath", "path")):
            statement = f"{setting.where}: {setting.text} of the host stands open to the container"
            configuration.doubt(setting.path, setting.line, 1.0, statement, value=setting.text, reason="path of the host")
    for container in containers(configuration):
        _environment(configuration, container)
        _resources(configuration, container)
        for probe in PROBES:
            if held := container.node.get(probe):
                _probe(configuration, container, probe, held)
        _grace(configuration, container)


def containers(configuration: Configuration) -> Iterator[Container]:
    """Yield the containers of pods and of Compose services."""
    for path, node in configuration.maps:
        for group in ("initContainers", "containers"):
            yield from _listed(path, node, group)
        if path == ("services",):
            built = [(name, one) for name, one in node.fields if one.get("image") or one.get("build")]
            yield from (Container(path=(*path, name), node=one, pod=one, alone=True) for name, one in built)


def _listed(path: Path, node: Node, group: str) -> Iterator[Container]:
    held = node.get(group)
    items = held.items if held else ()
    for index, item in enumerate(items):
        if item.shape == "map" and item.get("name"):
            yield Container(path=(*path, group, str(index)), node=item, pod=node, alone=len(items) == 1)


def _pinned(configuration: Configuration, setting: Setting, stages: frozenset[str]) -> None:
    name, path = setting.text.strip(), setting.path
    tagged = ":" in name.rpartition("/")[2] and not name.endswith(":latest")
    if tagged or name in {"", "scratch"} or any(sign in name for sign in "@${"):
        return
    if name not in stages - {path[0].removeprefix("stage ")}:
        configuration.doubt(
            path, setting.line, 1.0, f"{'.'.join(path)}: {name} is not pinned", value=name, reason="image not pinned"
        )


def _stages(configuration: Configuration) -> frozenset[str]:
    """Return the names of a Dockerfile's stages."""
    keys = (key for root in configuration.tree.roots for key in root.names() if key.startswith("stage "))
    return frozenset(key.removeprefix("stage ") for key in keys)


def _variables(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the environment of a container: a list of names and values, of `NAME=value`, or a map."""
    for group in ("env", "environment"):
        held = node.get(group)
        for name, child in held.fields if held else ():
            yield name, child
        for item in held.items if held else ():
            if item.shape == "map" and (value := item.get("value")):
                yield item.text("name"), value
            elif item.shape == "scalar":
                name, _, value_text = said(item.value).partition("=")
                yield name, scalar(item.line, value_text)


def _environment(configuration: Configuration, container: Container) -> None:
    limit = _memory(container.node)
    for name, node in _variables(container.node):
        text = said(node.value)
        where = (*container.path, "env", name)
        if LOOPBACK.search(text[:2000]) and not LISTENS.search(name):
            severity = 2.5 if container.alone else 1.0
            statement = f"{name} points to {text}: inside a container that is the container itself"
            configuration.doubt(where, node.line, severity, statement, value=text, reason="localhost in a container")
        _heap(configuration, where, node.line, f"{name}={text}", limit)
    for group in ("command", "args"):
        words = container.node.get(group)
        for item in words.items if words else ():
            _heap(configuration, (*container.path, group), item.line, said(item.value), limit)


def _memory(node: Node) -> Node | None:
    """Return the memory limit of a container."""
    return (
        node.get("resources", "limits", "memory") or node.get("deploy", "resources", "limits", "memory") or node.get("mem_limit")
    )


def _heap(configuration: Configuration, where: Path, line: int, text: str, limit: Node | None) -> None:
    """Find a heap that is larger than the memory its container may take."""
    held = heap(text)
    most = (size(limit.value) or amount(said(limit.value))) if limit else None
    if held and limit and most and held[1] >= most:
        statement = f"{held[0]} is not below the memory limit {said(limit.value)}: the kernel kills it before the heap is full"
        facts = {"value": held[0], "limit": said(limit.value), "reason": "heap above the memory limit"}
        if configuration.doubt(where, line, 3.5, statement, **facts):
            configuration.reading.also(limit.line, said(limit.value))


def _resources(configuration: Configuration, container: Container) -> None:
    """Find quantities that mean something else than was meant."""
    for group in ("limits", "requests"):
        held = container.node.get("resources", group)
        for name, child in held.fields if held else ():
            text = said(child.value)
            found = QUANTITY.match(text)
            where = (*container.path, "resources", group, name)
            told = amount(text)
            if found and found.group(1) not in UNITS:
                statement = f"{'.'.join(where)} is {text}: {found.group(1)} is no unit of a quantity"
                configuration.doubt(where, child.line, 4.0, statement, value=text, reason="unknown unit")
            elif found and told is not None and found.group(1) in SCALE:
                _absurd(configuration, where, child, told)


def _absurd(configuration: Configuration, where: Path, child: Node, told: float) -> None:
    text = said(child.value)
    if where[-1] == "memory" and 0 < told < LEAST_MEMORY:
        statement = f"{'.'.join(where)} {text} is {told:g} bytes"
        configuration.doubt(where, child.line, 4.0, statement, value=text, reason="absurd quantity")
    elif where[-1] == "cpu" and told > CORES:
        statement = f"{'.'.join(where)} {text} is {told:g} cores"
        configuration.doubt(where, child.line, 3.0, statement, value=text, reason="absurd quantity")


def _probe(configuration: Configuration, container: Container, probe: str, held: Node) -> None:
    """Find a probe of a port that the container does not name; with named ports an unknown name always fails."""
    ports = container.node.get("ports")
    numbers = {item.text("containerPort") for item in ports.items} if ports else set[str]()
    names = {item.text("name") for item in ports.items} if ports else set[str]()
    for kind in ("httpGet", "tcpSocket", "grpc"):
        port = held.get(kind, "port")
        text = said(port.value) if port else ""
        if not port or not text or text in numbers | names or (text.isdecimal() and not numbers):
            continue
        where = (*container.path, probe, kind, "port")
        said_ports = ", ".join(sorted(numbers | names - {""})) or "none"
        statement = f"{probe} asks port {text}; the container names {said_ports}"
        severity = 3.0 if text.isdecimal() else 3.5
        configuration.doubt(where, port.line, severity, statement, value=text, reason="probe without port")
    period, limit = numeric(held.text("periodSeconds") or 10), numeric(held.text("timeoutSeconds") or 1)
    failing = numeric(held.text("failureThreshold") or 3)
    if probe == "livenessProbe" and period and limit and failing and period * failing < 3:
        line = (held.get("periodSeconds") or held.get("failureThreshold") or held).line
        statement = f"{probe} restarts the container after {period * failing:g} s of silence"
        configuration.doubt((*container.path, probe), line, 2.0, statement, reason="hasty probe")


def _grace(configuration: Configuration, container: Container) -> None:
    """Find a hook that sleeps longer than the pod has to end."""
    command = container.node.get("lifecycle", "preStop", "exec", "command")
    text = " ".join(said(item.value) for item in command.items) if command else ""
    found = re.search(r"\bsleep\s{1,5}(\d{1,6})\b", text[:2000])
    held = container.pod.get("terminationGracePeriodSeconds")
    grace = numeric(held.value) if held else GRACE
    if found and command and grace is not None and float(found.group(1)) >= grace:
        statement = f"preStop sleeps {found.group(1)} s, the pod is killed after {grace:g} s"
        configuration.doubt(
            (*container.path, "lifecycle", "preStop"), command.line, 2.5, statement, reason="hook above grace period"
        )

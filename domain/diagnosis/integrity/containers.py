"""Containers against their probes, their neighbours in the pod, and what they were given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now, restarted_lately
from domain.diagnosis.integrity.services import PORT
from domain.diagnosis.integrity.telling import called, containers_of, finding, spec_of
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

PROBES = ("liveness", "readiness", "startup")
KIND = re.compile(r"^(grpc|http-get|tcp-socket|exec)\b|\b(grpc|httpGet|tcpSocket|exec)\.")
NAMES = {"httpGet": "http", "http-get": "http", "tcpSocket": "tcp", "tcp-socket": "tcp", "grpc": "grpc", "exec": "exec"}
PROBED = re.compile(
    r"(?:grpc\.port=|httpGet\.port=|tcpSocket\.port=|grpc <pod>:|tcp-socket [\w.-]{0,100}:|https?://[\w.-]{0,100}:)(\d{1,5})"
)
SECONDS = re.compile(r"\b(?:delay=|initialDelaySeconds=)(\d{1,6})")
TIMES = {
    "delay": (SECONDS, 0.0),
    "timeout": (re.compile(r"\b(?:timeout=|timeoutSeconds=)(\d{1,6})"), 1.0),
    "period": (re.compile(r"\b(?:period=|periodSeconds=)(\d{1,6})"), 10.0),
    "failures": (re.compile(r"(?:#failure=|failureThreshold=)(\d{1,6})"), 3.0),
}
"""Field → how it is written, and the default of Kubernetes."""
SPOKEN = frozenset({"http", "grpc"})
"""Kinds of probe that need a certain answer."""
NAMED_AFTER = {
    **dict.fromkeys(("http", "https", "web"), "http"),
    **dict.fromkeys(("grpc", "grpcs"), "grpc"),
    **dict.fromkeys(("tcp", "redis", "mysql", "mongo", "postgres", "postgresql", "amqp", "kafka"), "tcp"),
}
"""First word of a port's name → what is spoken there (the naming of ports in service meshes)."""
AGREE = 0.8
"""Share of the workloads that must be asked alike before one that is not is odd."""
FEWEST = 4
SHORT_S = 10.0
"""A liveness probe that kills within this time after the start leaves less than the default period of a single try."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield probes that do not fit, of pods that are not ready or are restarted."""
    yield from _zero(graph)
    asked = {spec: (pod, held) for spec, pod in _troubles(graph).items() if (held := _written(graph, pod))}
    served, usual = (_served(graph), _usual(graph)) if asked else ({}, "")
    for spec, (pod, containers) in asked.items():
        spoken = _spoken(graph, spec)
        for name, container in containers.items():
            own = [one for one in PROBES if served.get(_asked(container.get(one, "")), set()) <= {spec}]
            found = [one for probe in own for one in _probe(pod, (name, probe), container, (_declared(pod), spoken))]
            yield from found or _unlike(pod, name, container, usual)


def _written(graph: Graph, pod: ObservedObject) -> dict[str, dict[str, str]]:
    """Return the containers of a pod, asked as its template says where a sidecar answers for them on a port that none declares."""
    declared, templates = _declared(pod), containers_of(spec_of(graph, pod))
    found = {name: dict(container) for name, container in containers_of(pod).items()}
    for name, container in found.items():
        for probe in PROBES:
            if (said := templates.get(name, {}).get(probe)) and _asked(container.get(probe, "")) not in {"", *declared}:
                container[probe] = said
    return found


def _spoken(graph: Graph, spec: str) -> dict[str, str]:
    """Return port of the pods → the protocol after which the services in front of them name it."""
    found: dict[str, str] = {}
    for service in graph.of("service"):
        if spec.partition("/")[2] in graph.behind(service):
            targets, names = (service.fields.get(one, "").split(",") for one in ("target_ports", "port_names"))
            words = (NAMED_AFTER.get(re.split(r"[-_./]", name.lower())[0], "") for name in names)
            found |= {target.partition("/")[0]: word for target, word in zip(targets, words, strict=False) if word}
    return found


def _usual(graph: Graph) -> str:
    """Return how nearly all workloads are asked whether they are ready, empty where they do not agree."""
    asked = (one.get("readiness", "") for item in graph.workloads.values() for one in containers_of(item).values())
    kinds = Counter(_kind(said) for said in asked if said)
    ((most, count),) = kinds.most_common(1) or (("", 0),)
    return most if count >= max(FEWEST, AGREE * kinds.total()) else ""


def _unlike(pod: ObservedObject, name: str, container: Mapping[str, str], usual: str) -> Iterator[Finding]:
    """Yield a readiness probe that alone asks in a protocol, of a container that runs without restarts and never gets ready."""
    said = container.get("readiness", "")
    running = container.get("state", "").lower() == "running" and not amount(container.get("restarts", ""))
    if usual and running and container.get("ready") == "false" and _kind(said) in SPOKEN - {usual}:
        told = f"the readiness probe of {name} in {pod.id} speaks {_kind(said)}, and nearly all others {usual}"
        yield finding("probe_unlike", pod, told, severity=3.0, probe="readiness", container=name, port=_asked(said))


def _served(graph: Graph) -> dict[str, set[str]]:
    """Return port → workloads whose pods are ready and probed there: a sidecar answers on ports that no container declares."""
    found: dict[str, set[str]] = {}
    for pod in (pod for pod in graph.of("pod") if ready_now(pod)):
        spec, declared = spec_of(graph, pod).id, _declared(pod)
        asked = {_asked(container.get(probe, "")) for container in containers_of(pod).values() for probe in PROBES}
        for port in asked - declared - {""}:
            found.setdefault(port, set()).add(spec)
    return found


def _declared(pod: ObservedObject) -> set[str]:
    """Return the ports that the containers of a pod declare."""
    return {port for one in containers_of(pod).values() for port, _ in PORT.findall(one.get("ports", ""))}


def _asked(said: str) -> str:
    found = PROBED.search(said)
    return found[1] if found else ""


def _zero(graph: Graph) -> Iterator[Finding]:
    """Yield workloads that want no pod although a service or a caller counts on them."""
    wanted = {name for service in graph.of("service") for name in graph.behind(service)}
    wanted |= called(graph)
    for name, item in graph.workloads.items():
        ready = item.fields.get("ready", "")
        if name in wanted and (item.fields.get("desired") == "0" or ready.endswith("/0")) and not graph.pods.get(name):
            yield finding("zero", item, f"{item.id} wants no replica, and others count on it", severity=3.5, value="0")


def _troubles(graph: Graph) -> dict[str, ObservedObject]:
    """Return id of a workload, or of a pod that has none → its first pod that is not ready, or was restarted a short while ago."""
    found: dict[str, ObservedObject] = {}
    for pod in graph.of("pod"):
        if ready_now(pod) is False or restarted_lately(pod):
            found.setdefault(spec_of(graph, pod).id, pod)
    return found


def _probe(
    pod: ObservedObject, at: tuple[str, str], container: Mapping[str, str], known: tuple[set[str], Mapping[str, str]]
) -> Iterator[Finding]:
    """Yield the first thing about a probe that cannot work: its port, its protocol, its patience."""
    (name, probe), (ports, spoken) = at, known
    said = container.get(probe, "")
    port = PROBED.search(said)
    if not said or (container.get("ready") == "true" and not amount(container.get("restarts", ""))):
        return
    facts = {"probe": probe, "container": name, "port": port[1] if port else "", "value": said[:120]}
    other = next((container[one] for one in PROBES if one != probe and container.get(one)), "")
    if port and ports and port[1] not in ports:
        told = f"the {probe} probe of {name} in {pod.id} asks port {port[1]}, and the pod listens on {', '.join(sorted(ports, key=int))}"
        yield finding("probe_port", pod, told, severity=3.5, **facts)
    elif port and (rival := _rival(said, other) or _foreign(said, spoken)) and _restarted(container) == (probe == "liveness"):
        told = f"the {probe} probe of {name} in {pod.id} speaks {_kind(said)} on port {port[1]}, where {rival}"
        yield finding("probe_protocol", pod, told, severity=3.5, **facts)
    elif probe == "liveness" and _patience(said) < SHORT_S:
        told = f"the liveness probe of {name} in {pod.id} gives up {_patience(said):g} s after the start ({said[:120]})"
        yield finding("probe_timing", pod, told, severity=3.0, **facts)


def _rival(said: str, other: str) -> str:
    """Return what another probe of the same port speaks that does not go with it."""
    same = _asked(said) == _asked(other)
    return f"another probe speaks {_kind(other)}" if same and {_kind(said), _kind(other)} == SPOKEN else ""


def _foreign(said: str, spoken: Mapping[str, str]) -> str:
    """Return what the name of a service's port says is spoken there, where a probe needs another answer."""
    word = spoken.get(_asked(said), "")
    return f"the service's port is named after {word}" if word and _kind(said) in SPOKEN - {word} else ""


def _restarted(container: Mapping[str, str]) -> bool:
    return (amount(container.get("restarts", "")) or 0.0) > 0


def _kind(said: str) -> str:
    found = KIND.search(said)
    return NAMES.get(found[1] or found[2], "") if found else ""


def _patience(said: str) -> float:
    """Return the seconds from the start of a container until its probe has given up."""
    value = {name: float(found[1]) if (found := pattern.search(said)) else usual for name, (pattern, usual) in TIMES.items()}
    return value["delay"] + (value["failures"] - 1) * value["period"] + value["timeout"]

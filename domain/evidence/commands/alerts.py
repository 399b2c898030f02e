"""Alert payloads as monitors send them: the symptom a rule saw, and on what."""

from __future__ import annotations

from domain.evidence.commands.rows import apart
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.trees import Node, listing, mapping, said

LABELS = ("commonLabels", "labels", "groupLabels", "tags")
NOTES = ("commonAnnotations", "annotations")
SUBJECTS = (
    ("pod", ("kube_pod", "pod", "pod_name")),
    ("node", ("kube_node", "node", "node_name")),
    ("database", ("db_instance_identifier", "db_instance", "DBInstanceIdentifier", "dbinstance_identifier")),
    ("deployment", ("kube_deployment", "deployment", "workload_name")),
    ("service", ("service", "service_name")),
)
"""Object kind → labels that name one, the narrowest first."""
SAID = frozenset({*LABELS, *NOTES, "title"})
SEVERITY = 2.5
"""Of what an alert says: below what is severe by itself, because a rule sees a symptom and may be over (diagnosis.md 13)."""


def read(reading: Reading, roots: tuple[Node, ...]) -> tuple[Node, ...]:
    """Read webhooks' payloads and lists of alerts; return the documents without what alerts said: the rest may tell more."""
    return tuple(_payload(reading, root) for root in roots)


def _payload(reading: Reading, root: Node) -> Node:
    if root.shape == "list":
        return _listed(reading, root)
    labels, inner = _fields(root, LABELS), root.get("alerts")
    said_here = SAID if labels.get("alertname") else frozenset[str]()
    if said_here:
        _alert(reading, root, labels)
    if not said_here and inner is None:
        return root
    rest = _listed(reading, inner) if inner else root
    return mapping(root.line, [(key, rest if key == "alerts" else child) for key, child in root.fields if key not in said_here])


def _listed(reading: Reading, found: Node) -> Node:
    """Return a list without what its alerts said; one that does not begin with an alert is left as it is."""
    first = next((one for _, one in found.branches()), None)
    if first is None or not (_fields(first, LABELS).get("alertname") or first.get("alerts")):
        return found
    return listing(found.line, [_payload(reading, one) for one in found.items])


def _fields(node: Node, names: tuple[str, ...]) -> dict[str, str]:
    """Return the scalars of the maps with these names, the first map's before the others'."""
    maps = [found for name in names if (found := node.get(name)) and found.shape == "map"]
    return {key: said(child.value) for one in reversed(maps) for key, child in one.fields if child.shape == "scalar"}


def _alert(reading: Reading, node: Node, labels: dict[str, str]) -> None:
    """Keep an alert as an object, and each of its sentences as what an alert says."""
    told = {**labels, **_fields(node, NOTES)}
    subject = _subject(told)
    title = node.get("title") or node
    state = node.text("state") or node.text("status")
    about = {**told, "title": node.text("title"), "state": state, "about": subject}
    name = apart(reading, "alert", labels["alertname"], (1, title.line))
    reading.observe("alert", name, title.line, {key: value[:300] for key, value in about.items()})
    notes = [child for name in NOTES if (found := node.get(name)) for _, child in found.fields]
    for child in notes:
        text = said(child.value)
        if text.count(" ") > 1:
            facts: dict[str, Fact] = {"message": text, "alert": labels["alertname"], "state": state}
            reading.find("alert", subject, child.line, SEVERITY, text, **facts)


def _subject(told: dict[str, str]) -> str:
    return next((f"{kind}/{told[key]}".lower() for kind, keys in SUBJECTS for key in keys if told.get(key)), "")

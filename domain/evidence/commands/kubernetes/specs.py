"""What the specification of a cluster object asks for, in short words: where it may run, which volume it wants, what it holds, where it routes."""

from __future__ import annotations

import base64
import re

from domain.evidence.commands.kubernetes.config_maps import fingerprint, held
from domain.evidence.commands.kubernetes.states import items
from domain.evidence.structure.trees import Node, said

MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
PLAIN = re.compile(
    r"(?i)(?:^|[._-])(?:host|hostname|port|addr|address|endpoint|endpoints|server|servers|database|db|user|username)$"
)
"""Keys of a secret whose values say where something is, and are no secret."""
SHOWN = re.compile(r"[\w.,:-]{1,200}")
KEPT = 64
"""Keys of one secret."""


def fields(kind: str, one: Node, template: Node) -> dict[str, str]:
    """Return the fields of one object; `template` is its pod, or the object itself."""
    said_by_kind = {"pvc": _claim, "pv": _volume, "secret": _secret, "configmap": _settings, "node": _node}
    more = said_by_kind[kind](one) if kind in said_by_kind else {}
    return {**_placing(template), **_resolving(template), **more}


def modes(node: Node | None) -> str:
    """Return access modes as `kubectl get` prints them."""
    return ",".join(MODES.get(said(item.value), said(item.value)) for item in items(node))


def _resolving(template: Node) -> dict[str, str]:
    """Return how the pod resolves names, where it says so."""
    servers = items(template.get("spec", "dnsConfig", "nameservers"))
    aliases = items(template.get("spec", "hostAliases"))
    return {
        "dns_policy": template.text("spec", "dnsPolicy"),
        "nameservers": ",".join(said(item.value) for item in servers),
        "host_aliases": ",".join(said(name.value) for one in aliases for name in items(one.get("hostnames"))),
    }


def _placing(template: Node) -> dict[str, str]:
    affinity = template.get("spec", "affinity")
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    found = {"tolerations": " ".join(map(_toleration, items(template.get("spec", "tolerations"))))}
    if affinity is None:
        return found
    terms = items(affinity.get("nodeAffinity", required, "nodeSelectorTerms"))
    apart = items(affinity.get("podAntiAffinity", required))
    found["node_affinity"] = " or ".join(filter(None, map(_term, terms)))
    found["pod_anti_affinity"] = " or ".join(
        f"{_labels(one.get('labelSelector'))} per {one.text('topologyKey')}" for one in apart
    )
    return found


def _term(term: Node) -> str:
    return " and ".join(map(_expression, (*items(term.get("matchExpressions")), *items(term.get("matchFields")))))


def _expression(one: Node) -> str:
    values = ",".join(said(item.value) for item in items(one.get("values")))
    return f"{one.text('key')} {one.text('operator')} {values}".strip()


def _labels(selector: Node | None) -> str:
    if selector is None:
        return ""
    plain = selector.get("matchLabels")
    exact = [f"{key} In {said(child.value)}" for key, child in (plain.fields if plain else ())]
    return " and ".join((*exact, *map(_expression, items(selector.get("matchExpressions")))))


def _toleration(one: Node) -> str:
    """Return a toleration as a description prints it: `key=value:Effect`."""
    value = f"={one.text('value')}" if one.text("value") else ""
    effect = f":{one.text('effect')}" if one.text("effect") else ""
    exists = " op=Exists" if one.text("operator") == "Exists" else ""
    return f"{one.text('key')}{value}{effect}{exists}".strip()


def _claim(one: Node) -> dict[str, str]:
    return {
        "request": one.text("spec", "resources", "requests", "storage"),
        "modes": modes(one.get("spec", "accessModes")),
        "volume": one.text("spec", "volumeName"),
        "claim_selector": _labels(one.get("spec", "selector")),
    }


def _volume(one: Node) -> dict[str, str]:
    claim = one.get("spec", "claimRef")
    return {
        "capacity": one.text("spec", "capacity", "storage"),
        "modes": modes(one.get("spec", "accessModes")),
        "claim": f"{claim.text('namespace')}/{claim.text('name')}" if claim else "",
    }


def _node(one: Node) -> dict[str, str]:
    taints = " ".join(_toleration(taint) for taint in items(one.get("spec", "taints")))
    return {"taints": taints, "unschedulable": one.text("spec", "unschedulable")}


def _secret(one: Node) -> dict[str, str]:
    """Return where a secret points to, and of all else only a fingerprint: equal values look equal, none is shown."""
    plain, coded = one.get("stringData"), one.get("data")
    values = {key: _decoded(said(child.value)) for key, child in (coded.fields if coded else ())[:KEPT]}
    values |= {key: said(child.value) for key, child in (plain.fields if plain else ())[:KEPT]}
    return {
        f"data.{key}": value if PLAIN.search(key) and SHOWN.fullmatch(value) else fingerprint(value)
        for key, value in values.items()
    }


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text


def _settings(one: Node) -> dict[str, str]:
    """Return short settings of a config map, and the settings and routes in its files."""
    data = one.get("data")
    return held({key: said(child.value) for key, child in (data.fields if data else ())})

"""What a finding is about, and which names mean the same thing."""

from __future__ import annotations

import re
from functools import lru_cache

from domain.evidence.values import Analysis, Finding

POD_HASH = re.compile(r"-(?:[0-9a-f]{6,10}-[a-z0-9]{5}|[bcdfghjklmnpqrstvwxz2456789]{5}|[0-9a-f]{8,10})$")
"""Endings that controllers give to pods and replica sets (alphabet of Kubernetes' `rand.SafeEncodeString`)."""
CONCRETE = frozenset({
    "pod", "service", "deployment", "statefulset", "daemonset", "replicaset", "job", "cronjob", "node", "pvc", "persistentvolumeclaim",
    "container", "database", "host", "ingress", "configmap", "secret", "cluster", "namespace", "quota", "resourcequota", "instance", "table", "function", "cache", "queue", "topic", "object", "application", "user",
})  # fmt: skip
KNOWN = 1 << 16
"""Subjects whose owner is remembered: every check and every signal asks again."""
RESOURCES = (
    r"po|pods?|deploy|deployments?|jobs?|cronjobs?|svc|services?|pvc?|persistentvolume(?:claim)?s?|nodes?|statefulsets?|daemonsets?|replicasets?|configmaps?|secrets?"
    r"|namespaces?|events?|endpoints?|serviceaccounts?|resourcequotas?|storageclass(?:es)?|ingress(?:es)?|networkpolic(?:y|ies)|rolebindings?|leases?"
)
OF_COMMAND = re.compile(
    rf"\bkubectl(?:[ _])(?:(?:describe|get)\s+[a-z][\w.]*+|(?:logs|events)\b(?:\s+(?:{RESOURCES})(?![\w.-]))?)[ /]+(?!(?:{RESOURCES})(?![\w.-]))([a-z0-9][\w.-]{{3,}})",
    re.IGNORECASE,
)


def split(subject: str) -> tuple[str, str]:
    """Return kind and name of `kind/name`; the kind is empty for anything else."""
    kind, slash, name = subject.partition("/")
    return (kind.lower(), name) if slash and kind.lower() in CONCRETE else ("", subject)


@lru_cache(maxsize=KNOWN)
def owner(subject: str) -> str:
    """Return the name without kind, namespace and the controller's hash: pods of one owner are one subject."""
    kind, name = split(subject)
    if not kind:
        return ""
    name = name.rsplit("/", 1)[-1]
    return POD_HASH.sub("", name) if kind in {"pod", "replicaset", "container", "job"} else name


def subject_of(finding: Finding, about: str) -> str:
    """Return the finding's own subject, else the one thing that its file is about."""
    return finding.subject if split(finding.subject)[0] else about


def document_subject(analysis: Analysis) -> str:
    """Return what a whole file is about: the object its command names, or the only one that it describes."""
    named = OF_COMMAND.search(analysis.command)
    if named and not named[1].startswith("-"):
        name = named[1].lower()
        return next((item.id for item in analysis.objects if item.id.endswith(f"/{name}")), f"pod/{name}")
    pods = {item.id for item in analysis.objects if item.id.startswith("pod/")}
    return next(iter(pods)) if len(pods) == 1 else ""


def spoken(subject: str, fallback: str = "") -> str:
    """Return the subject as people read it: `pod x`."""
    kind, name = split(subject)
    if kind == "object":
        return name
    if kind:
        return f"{'claim' if kind in {'pvc', 'persistentvolumeclaim'} else kind} {name}"
    return fallback or "the system"


def named_in(subject: str, question: str) -> bool:
    """Tell whether the question names the subject or its owner (at least four characters)."""
    name = owner(subject)
    lowered = question.lower()
    if len(name) < 4 or not lowered:
        return False
    return name.lower() in lowered or any(
        word.strip(".,:;?!\"'()") == name.lower().split("-")[0] for word in lowered.split() if len(word) > 4
    )

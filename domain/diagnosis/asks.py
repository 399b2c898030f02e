"""What to look at next and what to do, from the families of the best candidates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.statements import fill
from domain.diagnosis.subjects import split
from domain.diagnosis.values import Action, ActionTemplate, Ask, Candidate, CheckTemplate

ASKS = 3
LEADERS = 3
ACTIONS = 5
ORDER = {"mitigation": 0, "fix": 1, "prevention": 2}
MECHANISM = 2
"""From this depth on a family explains (diagnosis.md 2)."""
LOOK = (
    CheckTemplate(
        text="Read the newest events of the cluster",
        command="kubectl get events -A --sort-by=.lastTimestamp",
        why="what was refused, killed or could not be placed is named there with its reason",
    ),
    CheckTemplate(
        text="List the pods with their state, restarts and nodes",
        command="kubectl get pods -A -o wide",
        why="what is not ready tells whose description and log to read; one node for all of them points to the node",
    ),
    CheckTemplate(
        text="Look for services without endpoints",
        command="kubectl get services,endpoints -A -o wide",
        why="a service without endpoints selects no ready pod: its selector, port or pods are wrong",
    ),
)
"""What to look at in a cluster whose fault is unknown, widest first."""
DESCRIBED = frozenset({
    "pod", "service", "deployment", "statefulset", "daemonset", "replicaset", "job", "cronjob", "node", "pvc", "persistentvolumeclaim", "ingress",
})  # fmt: skip
"""Kinds of subject that a cluster describes by these words."""
OPTION = re.compile(r"\s(?:-n|-o|-h|--namespace|--output|--host|--port)[ =]\S+|\s(?!--previous\b)--?[\w-]+(?:=\S+)?")
"""Options, of which some take the word behind them; all but one of kubectl's change the look or the way there alone."""
SEVERAL = re.compile(r";|&&|\|")
ALIASES = {
    "po": "pod",
    "svc": "service",
    "deploy": "deployment",
    "no": "node",
    "pvc": "persistentvolumeclaim",
    "pv": "persistentvolume",
}
"""Short names of kinds (`kubectl api-resources`)."""


def asks(found: Sequence[Candidate], had: Iterable[str] = (), *, cluster: bool = False) -> tuple[Ask, ...]:
    """Return at most three read-only checks, each once and none whose output is there (`had`: commands that printed the evidence).

    Where no cause is known in a `cluster`, what names causes most often is asked for behind them.
    """
    pairs = [(one, check) for one in found[:LEADERS] if one.family in BY_ID for check in BY_ID[one.family].checks]
    rows = [_ask(check, one, separates=len(found) > 1 and one.rank <= 2) for one, check in pairs]
    if cluster and all(one.depth < MECHANISM for one in found):
        rows += [Ask(text=one.text, command=one.command, why=one.why) for one in LOOK]
    seen = [printed(one) for one in had]
    once = {(row.command or row.text): row for row in reversed(rows) if not _is_had(row.command, seen)}
    ordered = dict.fromkeys(row.command or row.text for row in rows)
    return tuple(once[key] for key in ordered if key in once)[:ASKS]


def _ask(check: CheckTemplate, one: Candidate, *, separates: bool) -> Ask:
    """Return a check of a candidate with its names filled in."""
    text, asked = fill(check.text, one.attributes), command(check.command, one)
    return Ask(text=text, command=asked, why=check.why, family=one.family, separates=separates)


def _is_had(asked: str, seen: Sequence[frozenset[str]]) -> bool:
    """Tell whether the output of every part of a command is there."""
    parts = [words for part in SEVERAL.split(asked) if (words := printed(part))]
    kinds = [words - {word} | {one} for words in parts for word in words for one in word.split(",") if "," in word]
    whole = kinds or parts
    return bool(whole) and all(frozenset(map(_kind, part)) in seen for part in whole)


def printed(line: str) -> frozenset[str]:
    """Return the words that decide what a command prints: its program and what it names; of a cluster's verb, kind and name."""
    program, *words = (word.lower() for word in OPTION.sub(" ", f"{line} ").split() or [""])
    if program == "kubectl":
        return frozenset(_kind(piece) for word in words for piece in word.split("/"))
    return frozenset(map(_kind, (program.removesuffix("-cli"), *words)))


def _kind(word: str) -> str:
    """Return a kind in the singular and without abbreviation; any other word loses its last s, too, on both sides alike."""
    single = word.removesuffix("s")
    return ALIASES.get(single, single)


def actions(found: Sequence[Candidate]) -> tuple[Action, ...]:
    """Return the leader's steps: mitigations first, then fixes marked with the check that must confirm them (rule A5)."""
    if not found:
        return ()
    leader = found[0]
    family = BY_ID.get(leader.family)
    steps = sorted(family.actions, key=lambda step: ORDER[step.kind]) if family else []
    check = family.checks[0].text if family and family.checks else ""
    return tuple(_action(step, leader, fill(check, leader.attributes)) for step in steps[:ACTIONS])


def _action(step: ActionTemplate, leader: Candidate, check: str) -> Action:
    """Return a step with names filled in; text from evidence never becomes part of a command."""
    return Action(
        text=fill(step.text, leader.attributes),
        command=command(step.command, leader),
        kind=step.kind,
        state_change=step.state_change,
        reversible=step.reversible,
        blast_radius=step.blast_radius,
        verify=fill(step.verify, leader.attributes),
        family=leader.family,
        condition=f"once confirmed by: {check}" if step.kind == "fix" and check else "",
    )


def command(template: str, candidate: Candidate) -> str:
    """Return the command with `<pod>`, `<node>` or `<name>` filled in when the subject is a plain object name."""
    kind, name = split(candidate.subject)
    plain = name.rsplit("/", 1)[-1]
    if not kind or not plain.replace("-", "").replace(".", "").isalnum():
        return template
    filled = template.replace(f"<{kind}>", plain)
    if kind in DESCRIBED:
        filled = filled.replace("<object>", f"{kind} {plain}")
    if kind in {"pvc", "persistentvolumeclaim"}:
        filled = filled.replace("<claim>", plain)
    return filled.replace("<name>", plain) if kind in {"deployment", "job"} else filled

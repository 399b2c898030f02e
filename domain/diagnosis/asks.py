"""What to look at next and what to do, from the families of the best candidates."""

from __future__ import annotations

from collections.abc import Sequence

from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.statements import fill
from domain.diagnosis.subjects import split
from domain.diagnosis.values import Action, ActionTemplate, Ask, Candidate

ASKS = 3
LEADERS = 3
ACTIONS = 5
ORDER = {"mitigation": 0, "fix": 1, "prevention": 2}


def asks(found: Sequence[Candidate]) -> tuple[Ask, ...]:
    """Return at most three read-only checks; the first that separates the two leaders comes first."""
    pairs = [(one, check) for one in found[:LEADERS] if one.family in BY_ID for check in BY_ID[one.family].checks]
    rows = [
        Ask(
            text=fill(check.text, one.attributes),
            command=command(check.command, one),
            why=check.why,
            family=one.family,
            separates=len(found) > 1 and one.rank <= 2,
        )
        for one, check in pairs
    ]
    return tuple(rows[:ASKS])


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
    if kind in {"pvc", "persistentvolumeclaim"}:
        filled = filled.replace("<claim>", plain)
    return filled.replace("<name>", plain) if kind in {"deployment", "job"} else filled

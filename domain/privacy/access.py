"""Who may do what: one table that drives routes, tests and documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from domain.errors import NotAllowed, NotFound
from domain.privacy.accounts import Principal

Action = Literal["account.use", "case.read", "case.write", "case.fork", "case.delete", "document.read", "document.write"]
Role = Literal["admin", "team_admin", "user", "viewer", "service"]
Relation = Literal["owner", "team", "none"]
"""How a person stands to a thing: theirs, their team's, or neither."""

_READ: tuple[tuple[Action, Relation], ...] = (
    ("account.use", "owner"),
    ("case.read", "owner"),
    ("document.read", "owner"),
    ("document.read", "team"),
    ("document.write", "owner"),
)
_WRITE: tuple[tuple[Action, Relation], ...] = (
    *_READ,
    ("case.write", "owner"),
    ("case.fork", "owner"),
    ("case.delete", "owner"),
    ("document.write", "team"),
)
_BY_ROLE: Mapping[Role, tuple[tuple[Action, Relation], ...]] = {
    "admin": _WRITE,
    "team_admin": _WRITE,
    "user": _WRITE,
    "viewer": _READ,
    "service": _WRITE,
}

POLICY: Mapping[tuple[Action, Role, Relation], bool] = {
    (action, role, relation): True for role, rights in _BY_ROLE.items() for action, relation in rights
}
"""What is allowed; a combination that is not here is not. Cases are their owner's alone until they can be shared."""

_READING: Mapping[Action, Action] = {
    "case.write": "case.read",
    "case.fork": "case.read",
    "case.delete": "case.read",
    "document.write": "document.read",
}


def relation(caller: Principal, owner_id: str | None, team_id: str) -> Relation:
    """Return how the caller stands to a thing of that owner and team."""
    if owner_id == caller.user_id:
        return "owner"
    return "team" if team_id == caller.team_id else "none"


def allowed(action: Action, roles: Iterable[str], standing: Relation) -> bool:
    """Return whether one of the roles gives the right; unknown roles give none."""
    held = frozenset(roles)
    return any(POLICY.get((action, role, standing), False) for role in _BY_ROLE if role in held)


def require(action: Action, roles: Iterable[str], standing: Relation) -> None:
    """Return when allowed; `NotAllowed` for what may be read, else `NotFound`: absent and hidden look alike."""
    held = tuple(roles)
    if allowed(action, held, standing):
        return
    reading = _READING.get(action)
    if reading is not None and allowed(reading, held, standing):
        raise NotAllowed("your role reads this and does not change it; ask a member of the team")
    raise absent(action)


def absent(action: Action) -> NotFound:
    """Return the one answer for a thing that is missing, gone or hidden."""
    return NotFound(f"no such {action.partition('.')[0]}, or it is not yours to see")

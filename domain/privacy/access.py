"""Who may do what: one table that drives routes, tests and documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from domain.errors import NotAllowed, NotFound

Action = Literal["case.read", "case.write", "case.restore", "case.delete", "team.read", "team.write", "global.write"]
Role = Literal["admin", "team_admin", "user", "viewer", "service"]
Relation = Literal["owner", "team", "none"]
"""How a person stands to a thing: theirs, their team's, or neither."""

_OWN: tuple[tuple[Action, Relation], ...] = (
    ("case.read", "owner"),
    ("case.write", "owner"),
    ("case.restore", "owner"),
    ("case.delete", "owner"),
    ("team.read", "team"),
)
_BY_ROLE: Mapping[Role, tuple[tuple[Action, Relation], ...]] = {
    "user": (*_OWN, ("team.write", "team")),
    "service": (*_OWN, ("team.write", "team")),
    "viewer": (("case.read", "owner"), ("case.restore", "owner"), ("team.read", "team")),
    "team_admin": (*_OWN, ("team.write", "team")),
    "admin": (*_OWN, ("team.write", "team"), ("global.write", "none"), ("global.write", "team"), ("global.write", "owner")),
}

POLICY: Mapping[tuple[Action, Role, Relation], bool] = {
    (action, role, relation): True for role, rights in _BY_ROLE.items() for action, relation in rights
}
"""What is allowed; a combination that is not here is not. Cases are their owner's alone until they can be shared."""

_READING: Mapping[Action, Action] = {
    "case.write": "case.read",
    "case.restore": "case.read",
    "case.delete": "case.read",
    "team.write": "team.read",
}


def allowed(action: Action, roles: Iterable[str], relation: Relation) -> bool:
    """Return whether one of the roles gives the right; unknown roles give none."""
    return any(POLICY.get((action, role, relation), False) for role in ROLES if role in set(roles))


ROLES: tuple[Role, ...] = ("admin", "team_admin", "user", "viewer", "service")


def require(action: Action, roles: Iterable[str], relation: Relation) -> None:
    """Return when allowed; `NotAllowed` for what may be read, else `NotFound`: absent and hidden look alike."""
    held = tuple(roles)
    if allowed(action, held, relation):
        return
    reading = _READING.get(action)
    if reading is not None and allowed(reading, held, relation):
        raise NotAllowed("you may read this and not change it")
    raise NotFound("no such thing, or it is not yours to see")

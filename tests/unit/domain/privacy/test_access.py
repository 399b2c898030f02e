"""The one table of rights."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from domain.errors import NotAllowed, NotFound
from domain.privacy.access import POLICY, Action, Relation, Role, allowed, relation, require
from domain.privacy.accounts import Principal


@pytest.mark.parametrize("action", ["case.read", "case.write", "case.delete"])
@pytest.mark.parametrize("standing", ["team", "none"])
def test_a_case_is_its_owners_alone_whatever_the_role(action: Action, standing: Relation) -> None:
    assert not any(allowed(action, (role,), standing) for role in get_args(Role))


def test_a_stranger_cannot_tell_hidden_from_absent() -> None:
    with pytest.raises(NotFound):
        require("case.write", ("admin", "user"), "none")


def test_a_viewer_is_told_that_reading_is_all() -> None:
    require("case.read", ("viewer",), "owner")
    with pytest.raises(NotAllowed):
        require("case.write", ("viewer",), "owner")
    require("document.read", ("viewer",), "team")
    with pytest.raises(NotAllowed):
        require("document.write", ("viewer",), "team")


def test_unknown_roles_give_no_right() -> None:
    assert not any(
        allowed(action, ("root", "", "ADMIN"), standing) for action, standing in product(get_args(Action), get_args(Relation))
    )


def test_no_role_has_a_right_over_what_is_neither_its_own_nor_its_teams() -> None:
    assert {relation for _, _, relation in POLICY} == {"owner", "team"}


@pytest.mark.parametrize(
    ("owner_id", "team_id", "stands"),
    [("user_1", "team_1", "owner"), ("user_2", "team_1", "team"), (None, "team_1", "team"), ("user_2", "team_2", "none")],
)
def test_a_person_stands_to_a_thing_by_its_owner_then_by_its_team(owner_id: str | None, team_id: str, stands: Relation) -> None:
    caller = Principal(user_id="user_1", username="ada", team_id="team_1", roles=("user",))
    assert relation(caller, owner_id, team_id) == stands

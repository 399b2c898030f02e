"""The one table of rights."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from domain.errors import NotAllowed, NotFound
from domain.privacy.access import POLICY, ROLES, Action, Relation, allowed, require


@pytest.mark.parametrize("action", ["case.read", "case.write", "case.restore", "case.delete"])
@pytest.mark.parametrize("relation", ["team", "none"])
def test_a_case_is_its_owners_alone_whatever_the_role(action: Action, relation: Relation) -> None:
    assert not any(allowed(action, (role,), relation) for role in ROLES)


def test_a_stranger_cannot_tell_hidden_from_absent() -> None:
    with pytest.raises(NotFound):
        require("case.write", ("admin", "user"), "none")


def test_a_viewer_is_told_that_reading_is_all() -> None:
    require("case.read", ("viewer",), "owner")
    with pytest.raises(NotAllowed):
        require("case.write", ("viewer",), "owner")
    with pytest.raises(NotAllowed):
        require("team.write", ("viewer",), "team")


def test_unknown_roles_give_no_right() -> None:
    assert not any(
        allowed(action, ("root", "", "ADMIN"), relation) for action, relation in product(get_args(Action), get_args(Relation))
    )


def test_only_an_administrator_writes_for_everybody() -> None:
    assert {role for action, role, _ in POLICY if action == "global.write"} == {"admin"}

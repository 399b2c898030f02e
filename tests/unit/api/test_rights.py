"""Every route against the table of rights: what it asks for, and whom it lets in."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import get_args

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api import routes
from api.app import create_app
from domain.privacy.access import POLICY, Action, Relation, Role, absent, allowed
from tests.unit.api.house import House, ports

PUBLIC = {
    "/", "/health", "/health/live", "/readiness", "/metrics", "/v1/meta/capabilities", "/api/v1/auth/config", "/api/v1/auth/login",
    "/api/v1/auth/register", "/api/v1/auth/dev-login", "/api/v1/auth/refresh", "/api/v1/auth/oauth/token", "/api/v1/auth/oauth/revoke",
}  # fmt: skip
"""contract.md 1."""
HIDDEN = str(absent("case.read"))
DOCS = Path(__file__).parents[3] / "docs" / "security.md"


def asked(dependant: Dependant) -> Iterator[str]:
    """Yield the actions that a route and what it depends on ask for."""
    yield from dependant.own_oauth_scopes or ()
    for other in dependant.dependencies:
        yield from asked(other)


def served() -> dict[tuple[str, str], set[str]]:
    """Return the actions of each method and path."""
    modules = [importlib.import_module(f"api.routes.{module.name}") for module in pkgutil.iter_modules(routes.__path__)]
    found = [route for module in modules for route in module.router.routes if isinstance(route, APIRoute)]
    return {(method, route.path): set(asked(route.dependant)) for route in found for method in route.methods}


ROUTES = served()
OF_A_CASE = sorted(place for place in ROUTES if "{case_id}" in place[1])


def test_every_route_of_the_application_stands_in_a_module_of_routes() -> None:
    assert set(create_app(ports()).openapi()["paths"]) == {path for _, path in ROUTES}


def test_every_route_asks_for_an_action_of_the_table_or_is_public() -> None:
    assert {path for (_, path), actions in ROUTES.items() if not actions} == PUBLIC
    assert {action for actions in ROUTES.values() for action in actions} == set(get_args(Action))


def expected(method: str, action: Action, role: Role, standing: Relation) -> int | None:
    """Return the refusal of the table; none for who may. Deleting what is hidden looks done (contract.md 4)."""
    if allowed(action, (role,), standing):
        return None
    if method == "DELETE" and allowed(action, (role,), "owner"):
        return 204
    return 403 if method == "DELETE" or allowed("case.read", (role,), standing) else 404


def refusal(answer: httpx.Response) -> int | None:
    """Return the status if it refuses the person; what else may be wrong with an empty request does not count."""
    return answer.status_code if answer.status_code in {401, 403, 204} or HIDDEN in answer.text else None


@pytest.mark.parametrize(("method", "path"), OF_A_CASE)
async def test_a_route_of_a_case_lets_in_whom_the_table_lets_in(house: House, method: str, path: str) -> None:
    (action,) = ROUTES[method, path]
    for role, standing in product(get_args(Role), get_args(Relation)):
        where = re.sub(r"\{(?!case_id)\w+\}", "other", path).format(case_id=await house.case(role, standing))
        answer = await house.ask(role, method, where)
        assert refusal(answer) == expected(method, action, role, standing), (role, standing, answer.text)


async def test_a_viewer_opens_no_case(house: House) -> None:
    answer = await house.ask("viewer", "POST", "/api/v1/cases")
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


def rows() -> Iterator[str]:
    """Yield the table as the documentation prints it."""
    yield "| role | what is theirs | what is their team's |"
    yield "|---|---|---|"
    for role in get_args(Role):
        cells = [
            ", ".join(action for action in get_args(Action) if POLICY.get((action, role, held))) for held in ("owner", "team")
        ]
        yield f"| {role} | {cells[0]} | {cells[1]} |"


def test_the_documentation_prints_the_table() -> None:
    assert "\n".join(rows()) in DOCS.read_text(), "\n".join(rows())

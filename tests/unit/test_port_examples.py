"""Every port shows how it is used, and its example runs against the fake."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Protocol
from uuid import UUID

import pytest

import tests.fakes
from domain import ports
from domain.diagnosis.budgets import Cost
from domain.knowledge.documents import ScopeFilter
from domain.ports.cases import CaseQuery
from domain.ports.models import TurnEvent
from domain.ports.sealing import read
from tests import builders


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def listed(items: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in items]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


NAMES = {
    **{name: value for name, value in vars(tests.fakes).items() if inspect.isclass(value)},
    "CASE": UUID(int=1),
    "CaseQuery": CaseQuery,
    "Cost": Cost,
    "NOON": builders.NOON,
    "ScopeFilter": ScopeFilter,
    "TurnEvent": TurnEvent,
    "builders": builders,
    "listed": listed,
    "pieces": pieces,
    "read": read,
    "run": run,
    "whole": whole,
}
MODULES = [importlib.import_module(f"domain.ports.{module.name}") for module in pkgutil.iter_modules(ports.__path__)]
PORTS = [
    pytest.param(port, id=name)
    for module in MODULES
    for name, port in vars(module).items()
    if inspect.isclass(port) and Protocol in port.__bases__ and port.__module__ == module.__name__
]


@pytest.mark.parametrize("port", PORTS)
def test_a_port_has_an_example_that_runs(port: type) -> None:
    example = doctest.DocTestParser().get_doctest(port.__doc__ or "", dict(NAMES), port.__name__, None, 0)
    assert example.examples
    told: list[str] = []
    failed = doctest.DocTestRunner().run(example, out=told.append).failed
    assert failed == 0, "".join(told)

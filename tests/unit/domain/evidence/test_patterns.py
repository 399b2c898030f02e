"""Every pattern is quick on the 4 KiB it may see, whatever they hold."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

import domain.evidence
from domain.evidence.kinds.fingerprints import PIECE
from tests.pace import cpu, quickest

pytestmark = pytest.mark.unmeasured

UNITS = (
    "a",
    " ",
    "a ",
    "A-",
    "a.b",
    "0",
    "{",
    "(",
    "a:",
    "  a=",
    "/a",
    "│ ",
    "A1b2-",
    "[a",
    '"',
    "1 ",
    "a=1,",
    "<a>",
    "- ",
    "::",
    "password=",
    "public static ",
    "<a b='",
    "SELECT '",
)
WORST = [(unit * PIECE)[:PIECE] for unit in UNITS]
SECONDS = 0.05
"""evidence.md 14."""
MODULES = sorted(found.name for found in pkgutil.walk_packages(domain.evidence.__path__, "domain.evidence.") if not found.ispkg)


def inside(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns of text in a value, also those in maps, tuples and rows of a table."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict | tuple | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from inside(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from inside(getattr(value, each.name))


def patterns(module: str) -> dict[str, re.Pattern[str]]:
    """Every pattern at the level of a module, by its text."""
    return {one.pattern: one for value in vars(importlib.import_module(module)).values() for one in inside(value)}


def test_there_are_patterns_in_every_package() -> None:
    with_some = {module.split(".")[2] for module in MODULES if patterns(module)}
    assert {"commands", "code", "configs", "errors", "kinds", "logs", "metrics", "profiles", "prose", "structure"} <= with_some


@pytest.mark.parametrize("module", MODULES)
def test_no_pattern_is_slow_on_its_worst_piece(module: str) -> None:
    slow = [(text[:40], piece[:8]) for text, one in patterns(module).items() for piece in WORST if is_slow(one, piece)]
    assert slow == []


def is_slow(pattern: re.Pattern[str], text: str) -> bool:
    """True where even the best of several tries takes too long."""
    return (
        cpu(lambda: (pattern.search(text), pattern.match(text))) > SECONDS
        and quickest(lambda: (pattern.search(text), pattern.match(text))) > SECONDS
    )

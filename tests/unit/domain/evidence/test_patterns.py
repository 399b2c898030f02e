"""Every pattern is quick on the 4 KiB it may see, whatever they hold."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import domain.evidence
from domain.evidence.kinds.fingerprints import PIECE

WORST = ["a" * PIECE, " " * PIECE, "a " * (PIECE // 2), "A-" * (PIECE // 2), "a.b" * (PIECE // 3), "0" * PIECE, "{" * PIECE, "(" * PIECE, "a:" * (PIECE // 2), "  a=" * (PIECE // 4), "/a" * (PIECE // 2), "│ " * (PIECE // 2), "A1b2-" * (PIECE // 5), "[a" * (PIECE // 2), '"' * PIECE]  # fmt: skip
SECONDS = 0.05
"""evidence.md 14."""


def inside(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns of text in a value, also those in maps and tuples."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from inside(one)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern at module level."""
    for found in pkgutil.iter_modules(domain.evidence.__path__):
        module = importlib.import_module(f"domain.evidence.{found.name}")
        for name, value in vars(module).items():
            yield from ((f"{found.name}.{name}", one) for one in inside(value))


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(n, p, id=f"{n}-{i}") for i, (n, p) in enumerate(patterns())])
def test_no_pattern_is_slow_on_its_worst_piece(name: str, pattern: re.Pattern[str]) -> None:
    for text in WORST:
        assert min(cost(pattern, text) for _ in range(3)) < SECONDS, f"{name} on {text[:8]!r}"


def cost(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    pattern.search(text)
    pattern.match(text)
    return time.process_time() - started

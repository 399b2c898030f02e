"""Each domain package, each class of steps and each group of routes starts alone, with fakes, in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests import servers

ROOT = Path(__file__).parents[2]
ADAPTERS = "activities.adapters"
VENDORS = frozenset({
    "aiosqlite",
    "alembic",
    "anthropic",
    "charset_normalizer",
    "cryptography",
    "jwt",
    "minio",
    "openai",
    "psycopg",
    "pwdlib",
    "sqlalchemy",
    "structlog",
})
"""What import contracts keep inside adapters."""
FRAMEWORKS = frozenset({"fastapi", "httpx", "pydantic", "starlette", "temporalio"})


def _parts() -> list[tuple[str, str]]:
    packages = [("domain", path.parent.name) for path in sorted((ROOT / "domain").glob("*/__init__.py"))]
    steps = [
        ("activities", path.stem) for path in sorted((ROOT / "activities").glob("*.py")) if "Activities:" in path.read_text()
    ]
    routes = [("api", path.stem) for path in sorted((ROOT / "api" / "routes").glob("[a-z]*.py"))]
    return packages + steps + routes


@cache
def _started(layer: str) -> tuple[Mapping[str, set[str]], str]:
    """Return what a fresh process has loaded when each part of the layer has started, and what those say that did not."""
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(servers.CACHE.parent / "pycache")}
    command = [sys.executable, "-m", "tests.alone", layer, *(name for each, name in _parts() if each == layer)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **compiled}, check=False)
    told = (line.partition(" ") for line in done.stdout.splitlines() if line.partition(" ")[2].startswith("["))
    return {name: set(json.loads(modules)) for name, _, modules in told}, done.stderr


def test_every_layer_has_parts() -> None:
    counts = {layer: sum(each == layer for each, _ in _parts()) for layer in ("domain", "activities", "api")}
    assert all(count >= 6 for count in counts.values()), counts


@pytest.mark.parametrize(("layer", "name"), _parts(), ids=lambda part: part)
def test_a_part_starts_alone_and_needs_no_adapter_and_no_vendor(layer: str, name: str) -> None:
    started, said = _started(layer)
    assert name in started, said[-4000:]
    loaded = started[name]
    assert not {module for module in loaded if module.startswith(ADAPTERS)}
    assert not {module.partition(".")[0] for module in loaded} & VENDORS
    if layer == "domain":
        assert not {module.partition(".")[0] for module in loaded} & FRAMEWORKS
        assert not {module for module in loaded if module.startswith(("workflows", "activities", "api", "worker", "cli"))}

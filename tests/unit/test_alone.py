"""Each domain package, each class of steps and each group of routes starts alone, with fakes, in a fresh interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


def _modules(layer: str, name: str) -> set[str]:
    """Return what a fresh interpreter has loaded when the part has started."""
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(servers.CACHE.parent / "pycache")}
    command = [sys.executable, "-m", "tests.alone", layer, name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **compiled}, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_every_layer_has_parts() -> None:
    counts = {layer: sum(each == layer for each, _ in _parts()) for layer in ("domain", "activities", "api")}
    assert all(count >= 6 for count in counts.values()), counts


@pytest.mark.parametrize(("layer", "name"), _parts(), ids=lambda part: part)
def test_a_part_starts_alone_and_needs_no_adapter_and_no_vendor(layer: str, name: str) -> None:
    loaded = _modules(layer, name)
    assert not {module for module in loaded if module.startswith(ADAPTERS)}
    assert not {module.partition(".")[0] for module in loaded} & VENDORS
    if layer == "domain":
        assert not {module.partition(".")[0] for module in loaded} & FRAMEWORKS
        assert not {module for module in loaded if module.startswith(("workflows", "activities", "api", "worker", "cli"))}

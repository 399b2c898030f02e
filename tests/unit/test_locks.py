"""The locks are those of pyproject.toml: every requirement pinned and hashed, the same in both, and each extra in the lock that installs it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LOCKS = {"requirements.lock": set(EXTRAS) - {"dev"}, "requirements-dev.lock": set(EXTRAS)}
"""Extras that each lock holds: `make run` installs the first, `make test` the second."""
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==(\S+?)(?: ;.*)? \\$", re.MULTILINE)


def pins(lock: str) -> dict[str, set[str]]:
    """Name → versions; a package may have one per platform."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall((ROOT / lock).read_text("utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_within_its_bounds(lock: str) -> None:
    pinned = pins(lock)
    wanted = [*PROJECT["dependencies"], *(each for extra in LOCKS[lock] for each in EXTRAS[extra])]
    for each in map(Requirement, wanted):
        versions = pinned.get(canonicalize_name(each.name), set())
        assert versions and all(each.specifier.contains(version) for version in versions), each


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_hashed_and_no_address_stands_in_a_lock(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_both_locks_pin_the_same_versions() -> None:
    run, test = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: versions for name, versions in run.items() if test.get(name) != versions} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_make_lock_resolves_the_extras_of_each_lock(lock: str) -> None:
    [line] = [each for each in MAKEFILE.split("\n") if f"-o {lock}" in each]
    assert set(re.findall(r"--extra (\S+)", line)) == LOCKS[lock]


def test_every_extra_is_explained() -> None:
    told = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert [extra for extra in EXTRAS if f"`{extra}`" not in told] == []

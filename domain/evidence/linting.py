"""What a linter says about one source text, as values; who runs it is no matter here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark of a linter."""

    rule: str
    """Its code, such as S501."""
    line: int
    """From 1."""
    text: str
    """In plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """All remarks on a text, or why there are none."""

    remarks: tuple[Remark, ...] = ()
    note: str = ""
    """What was not done and why; "" where the whole text was looked at."""


Lint = Callable[[str], Linted]
"""Reads a Python source, never runs it."""

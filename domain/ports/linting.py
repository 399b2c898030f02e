"""Linters: what a program looks like to a tool that has read many."""

from __future__ import annotations

from typing import Protocol

from domain.evidence.linting import Linted


class Linter(Protocol):
    """Reads a Python source and never runs it; called in the process that scans, so it waits.

    >>> QuietLinter().look("import os").remarks
    ()
    """

    def look(self, source: str) -> Linted:
        """Return the remarks; a source that is too large, or a linter that is absent or too slow, gives a note instead."""

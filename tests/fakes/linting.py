"""A linter in memory."""

from __future__ import annotations

from dataclasses import dataclass

from domain.evidence.linting import Linted, Remark


@dataclass(frozen=True)
class QuietLinter:
    """Says the same of every source; by default nothing."""

    remarks: tuple[Remark, ...] = ()

    def look(self, _source: str) -> Linted:
        return Linted(remarks=self.remarks)

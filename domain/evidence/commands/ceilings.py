"""What is too much in a column of samples: one finding per subject and column, at the row where it was worst."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.columns import value
from domain.evidence.structure.tables import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """From which number on a column tells of trouble."""

    columns: tuple[str, ...]
    """Names that the column goes by."""
    high: float
    top: float
    """Worth a look, and serious."""
    resource: str
    says: str
    """Of `{name}` and `{value}`."""
    severities: tuple[float, float] = (2.5, 3.5)
    below: bool = False
    """True where low numbers tell of trouble."""

    def reached(self, number: float, mark: float) -> bool:
        """True where the number is as bad as the mark."""
        return number <= mark if self.below else number >= mark


class Sample(NamedTuple):
    """One row and what it is about."""

    subject: str
    name: str
    row: Row


@dataclass(slots=True)
class _Worst:
    sample: Sample
    number: float
    count: int = 1


def peaks(reading: Reading, samples: Iterable[Sample], ceilings: tuple[Ceiling, ...]) -> int:
    """Keep where each ceiling was reached; return how many samples there were."""
    worst: dict[tuple[str, Ceiling], _Worst] = {}
    seen = 0
    for sample in samples:
        seen += 1
        for ceiling in ceilings:
            number = value(sample.row, *ceiling.columns)
            if number is not None and ceiling.reached(number, ceiling.high):
                _keep(worst, ceiling, sample, number)
    for (_, ceiling), found in worst.items():
        _tell(reading, ceiling, found)
    return seen


def _keep(worst: dict[tuple[str, Ceiling], _Worst], ceiling: Ceiling, sample: Sample, number: float) -> None:
    known = worst.setdefault((sample.subject, ceiling), _Worst(sample=sample, number=number, count=0))
    known.count += 1
    if known.number != number and ceiling.reached(number, known.number):
        known.number, known.sample = number, sample


def _tell(reading: Reading, ceiling: Ceiling, found: _Worst) -> None:
    serious = ceiling.reached(found.number, ceiling.top)
    text = ceiling.says.format(name=found.sample.name, value=found.number)
    text += f", in {found.count} samples" if found.count > 1 else ""
    facts: dict[str, Fact] = {"resource": ceiling.resource, "used": found.number}
    if found.count > 1:
        facts["count"] = float(found.count)
    reading.find("resource", found.sample.subject, found.sample.row.line, ceiling.severities[serious], text, **facts)

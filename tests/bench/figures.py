"""A measured figure beside its row and its floor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row of a report; smaller is better unless `more_is_better`."""

    name: str
    value: float
    unit: str
    target: float | None = None
    floor: float | None = None
    more_is_better: bool = False

    @property
    def tolerable(self) -> bool:
        """Whether the figure is within twice its row."""
        if self.target is None:
            return True
        return self.value >= self.target / 2 if self.more_is_better else self.value <= 2 * self.target

    @property
    def met(self) -> bool:
        """Whether the figure meets its row."""
        if self.target is None:
            return True
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    def __str__(self) -> str:
        sign = "≥" if self.more_is_better else "≤"
        row = "no row" if self.target is None else f"{sign} {self.target:g} {'met' if self.met else 'NOT MET'}"
        ratio = "" if not self.floor else f"  ×{self.value / self.floor:.1f} of this run's floor {self.floor:.1f}"
        return f"{self.name:<48} {self.value:>9.{1 if self.value >= 10 else 2}f} {self.unit:<16} {row}{ratio}"

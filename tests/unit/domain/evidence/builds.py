"""Short logs of many tool chains, passing and failing, written after their documented output; `»` marks the lines that state the error."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MARK = "»"
FOLDER = Path(__file__).parent / "builds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A tool chain's passing and failing log."""

    name: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    """Without marks."""
    gold: frozenset[int]
    """Numbers of the marked lines of `bad`."""


def pair(path: Path) -> Pair:
    """Read a file that holds both logs."""
    good, bad = path.read_text(encoding="utf-8").removeprefix("passes ----\n").split("fails ----\n")
    marked = bad.removesuffix("\n").split("\n")
    return Pair(
        name=path.stem,
        good=tuple(good.removesuffix("\n").split("\n")),
        bad=tuple(row.removeprefix(MARK) for row in marked),
        gold=frozenset(number for number, row in enumerate(marked, 1) if row.startswith(MARK)),
    )


PAIRS = tuple(map(pair, sorted(FOLDER.glob("*.log"))))

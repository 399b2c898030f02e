"""Which command printed these lines: every format's patterns, with as few tries as can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import Pattern

from domain.evidence.kinds import command_marks, fingerprints, host_marks, network_marks

HEAD, TAIL = 80, 40
"""Lines at either end in which a command is recognised: its header and its totals stand there."""
DATED = command_marks.DATED | host_marks.DATED | network_marks.DATED
"""Formats whose lines carry dates though they are no logs."""
COMMANDS: Mapping[str, tuple[Pattern[str], ...]] = {
    **fingerprints.COMMANDS,
    **{name: tuple(re.compile(p) for p in patterns) for name, patterns in {**host_marks.HOSTS, **network_marks.NETWORKS}.items()},
}
"""Format → patterns; two of them, or half of all lines matching one, name the command."""
Mark = tuple[str, int, Pattern[str]]


@dataclass(frozen=True, slots=True)
class _Marks:
    """Patterns that begin with their line, one that tells whether any of them matches, and those that may match anywhere."""

    bound: tuple[Mark, ...]
    gate: Pattern[str]
    free: tuple[Mark, ...]

    def met(self, line: str) -> Iterable[tuple[str, int]]:
        """Yield what the line matches; most lines of other kinds fail the gate at once."""
        marks = (*self.free, *self.bound) if self.gate.match(line) else self.free
        return ((name, number) for name, number, pattern in marks if pattern.search(line))


def _marks(names: Iterable[str]) -> _Marks:
    every = [(name, number, pattern) for name in names for number, pattern in enumerate(COMMANDS[name])]
    bound = tuple(mark for mark in every if mark[2].pattern.startswith("^"))
    gate = re.compile("|".join(f"(?:{pattern.pattern})" for _, _, pattern in bound))
    return _Marks(bound, gate, tuple(mark for mark in every if not mark[2].pattern.startswith("^")))


ALL, OF_DATED = _marks(COMMANDS), _marks(sorted(DATED))


def command(lines: tuple[str, ...], *, dated: bool = False) -> tuple[str, int]:
    """Return the command that printed these lines and how many of its fingerprints were met, "" when none."""
    seen = [line[: fingerprints.PIECE] for line in (*lines[:HEAD], *lines[HEAD:][-TAIL:])]
    marks = OF_DATED if dated else ALL
    met: dict[str, dict[int, int]] = {}
    for line in seen:
        for name, number in marks.met(line):
            counts = met.setdefault(name, {})
            counts[number] = counts.get(number, 0) + 1
    scores = [(len(counts), max(counts.values()) / len(seen), name) for name, counts in met.items()]
    good = [(count, share, name) for count, share, name in scores if count >= 2 or share >= 0.5]
    count, _, name = max(good, default=(0, 0.0, ""))
    return name, count

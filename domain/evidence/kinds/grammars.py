"""Which command printed these lines: every format's patterns, with as few tries as can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from re import Pattern

from domain.evidence.kinds import command_marks, fingerprints, host_marks, network_marks
from domain.evidence.needed import holds, small

HEAD, TAIL = 80, 40
"""Lines at either end in which a command is recognised: its header and its totals stand there."""
DATED = command_marks.DATED | host_marks.DATED | network_marks.DATED
"""Formats whose lines carry dates though they are no logs."""
COMMANDS: Mapping[str, tuple[Pattern[str], ...]] = {
    **fingerprints.COMMANDS,
    **{name: tuple(re.compile(p) for p in patterns) for name, patterns in {**host_marks.HOSTS, **network_marks.NETWORKS}.items()},
}
"""Format → patterns; two of them, or half of all lines matching one, name the command."""
Mark = tuple[str, Pattern[str]]


@dataclass(frozen=True, slots=True)
class _Marks:
    """Patterns that begin with their line, one that tells whether any of them matches, and those that may match anywhere.

    The latter see all lines at once first: where they meet nothing there, no line does.
    """

    bound: tuple[Mark, ...]
    gate: Pattern[str]
    free: tuple[Mark, ...]

    def met(self, lines: list[str]) -> Iterator[tuple[str, int]]:
        """Yield how many lines match each mark that is met at all; most lines of other kinds fail the gate at once."""
        likely = list(filter(self.gate.match, lines))
        text = "\n".join(lines)
        told = small(text)
        free = [mark for mark in self.free if holds(mark[1].pattern, told) and mark[1].search(text)]
        for marks, held in ((self.bound, likely), (free, lines)):
            for name, pattern in marks if held else ():
                if count := len(list(filter(pattern.search, held))):
                    yield name, count


def _marks(names: Iterable[str]) -> _Marks:
    every = [(name, pattern) for name in names for pattern in COMMANDS[name]]
    bound = tuple(mark for mark in every if mark[1].pattern.startswith("^"))
    free = tuple(
        (name, re.compile(pattern.pattern, re.MULTILINE)) for name, pattern in every if not pattern.pattern.startswith("^")
    )
    gate = re.compile(f"^(?:{'|'.join(dict.fromkeys(f'(?:{pattern.pattern[1:]})' for _, pattern in bound))})")
    return _Marks(bound, gate, free)


ALL, OF_DATED = _marks(COMMANDS), _marks(sorted(DATED))


def command(lines: tuple[str, ...], *, dated: bool = False) -> tuple[str, int]:
    """Return the command that printed these lines and how many of its fingerprints were met, "" when none."""
    seen = [line[: fingerprints.PIECE] for line in (*lines[:HEAD], *lines[HEAD:][-TAIL:])]
    marks = OF_DATED if dated else ALL
    met: dict[str, list[int]] = {}
    for name, count in marks.met(seen):
        met.setdefault(name, []).append(count)
    scores = [(len(counts), max(counts) / len(seen), name) for name, counts in met.items()]
    good = [(count, share, name) for count, share, name in scores if count >= 2 or share >= 0.5]
    count, _, name = max(good, default=(0, 0.0, ""))
    return name, count

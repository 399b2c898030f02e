"""Which command printed these lines: every format's patterns, met by few lines and as few tries as can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern

from domain.evidence import command_marks, fingerprints, host_marks, network_marks

HEAD, TAIL = 80, 40
"""Lines at either end in which a command is recognised: its header and its totals stand there."""
DATED = command_marks.DATED | host_marks.DATED | network_marks.DATED
"""Formats whose lines carry dates though they are no logs."""
COMMANDS: Mapping[str, tuple[Pattern[str], ...]] = {
    **fingerprints.COMMANDS,
    **{name: tuple(re.compile(p) for p in patterns) for name, patterns in {**host_marks.HOSTS, **network_marks.NETWORKS}.items()},
}
"""Format → patterns; two of them, or half of all lines matching one, name the command."""


def _gate() -> Pattern[str]:
    """Return one pattern for all that begin with their line: most lines of other kinds fail it at once."""
    return re.compile(
        "|".join(f"(?:{p.pattern})" for patterns in COMMANDS.values() for p in patterns if p.pattern.startswith("^"))
    )


GATE = _gate()
FREE = tuple((name, n, p) for name, patterns in COMMANDS.items() for n, p in enumerate(patterns) if not p.pattern.startswith("^"))
"""Patterns that may match anywhere in a line."""
BOUND = tuple((name, n, p) for name, patterns in COMMANDS.items() for n, p in enumerate(patterns) if p.pattern.startswith("^"))


def command(lines: tuple[str, ...]) -> tuple[str, int]:
    """Return the command that printed these lines and how many of its fingerprints were met, "" when none."""
    seen = [line[: fingerprints.PIECE] for line in (*lines[:HEAD], *lines[HEAD:][-TAIL:])]
    met: dict[str, dict[int, int]] = {}
    for line in seen:
        marks = (*FREE, *BOUND) if GATE.match(line) else FREE
        for name, number, pattern in marks:
            if pattern.search(line):
                counts = met.setdefault(name, {})
                counts[number] = counts.get(number, 0) + 1
    scores = [(len(counts), max(counts.values()) / len(seen), name) for name, counts in met.items()]
    good = [(count, share, name) for count, share, name in scores if count >= 2 or share >= 0.5]
    count, _, name = max(good, default=(0, 0.0, ""))
    return name, count

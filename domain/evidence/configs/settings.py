"""A configuration as rules see it: its settings with their lines, its maps, and how a doubt about one is put."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from domain.evidence.needed import holds, small
from domain.evidence.reading import Reading
from domain.evidence.structure.trees import Node, Path, Scalar, Tree, said, walk

ALIKE = 50
"""Doubts of one reason that are told."""
MOST = 30_000
"""Settings that rules look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value and where it stands."""

    path: Path
    node: Node
    name: str
    """Its last name that is no index."""

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.node.line

    @property
    def value(self) -> Scalar:
        """What it is set to."""
        return self.node.value

    @property
    def where(self) -> str:
        """Its names joined by dots."""
        return ".".join(self.path)

    @property
    def text(self) -> str:
        """Its value as a document prints it."""
        return said(self.node.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What was read, and the reading that keeps what is said about it."""

    reading: Reading
    tree: Tree
    settings: tuple[Setting, ...]
    maps: tuple[tuple[Path, Node], ...]
    """Every map with its path, outer ones first."""
    observed_at: datetime | None
    cluster: bool
    """The documents are cluster objects."""
    names: str
    """Every name of a setting in small letters, one a line."""
    told: Counter[str] = field(default_factory=Counter)
    """Reason → doubts."""

    def of(self, *patterns: re.Pattern[str]) -> Iterator[Setting]:
        """Yield the settings whose name one of the patterns finds; each name is looked at once, and only for what some name holds."""
        asked = [pattern for pattern in patterns if holds(pattern.pattern, self.names)]
        known: dict[str, bool] = {}
        for one in self.settings if asked else ():
            if one.name not in known:
                known[one.name] = any(pattern.search(one.name) for pattern in asked)
            if known[one.name]:
                yield one

    def doubt(self, where: Path, line: int, severity: float, statement: str, **facts: str) -> bool:
        """Keep a doubtful setting, `facts` naming the reason in a few closed words; return whether it was kept."""
        if self._is_enough(facts.get("reason", "")):
            return False
        self.reading.find("setting", f"file:{'.'.join(where)}", line, severity, statement, field=named(where), **facts)
        return True

    def dangles(self, where: Path, line: int, severity: float, statement: str, **facts: str) -> None:
        """Keep a name that nothing in the document bears; `facts` hold `to`."""
        if self._is_enough("not defined"):
            return
        known = {"value": facts.get("to", ""), "from": ".".join(where), **facts, "reason": "not defined"}
        self.reading.find("reference", f"file:{'.'.join(where)}", line, severity, statement, **known)

    def _is_enough(self, reason: str) -> bool:
        """Count a doubt; many of one reason are one mistake, or a file that does it that way."""
        self.told[reason] += 1
        if self.told[reason] == ALIKE + 1:
            self.reading.notes.append(f"more than {ALIKE} settings with: {reason}")
        return self.told[reason] > ALIKE


def named(path: Path) -> str:
    """Return the last name of a path that is no index."""
    for part in reversed(path):
        if not part.isdecimal():
            return part
    return ""


def mention(names: Iterable[str], words: Iterable[str]) -> bool:
    """Return whether one of some names holds one of some words of small letters, whatever its own."""
    text = "\n".join(names).lower()
    return any(word in text for word in words)


def opened(reading: Reading, tree: Tree, observed_at: datetime | None) -> Configuration:
    """Return a tree with its settings and maps listed once."""
    settings: list[Setting] = []
    maps: list[tuple[Path, Node]] = []
    for path, node in _walked(tree):
        if node.shape == "scalar" and path:
            settings.append(Setting(path=path, node=node, name=named(path)))
        elif node.shape == "map":
            maps.append((path, node))
        if len(settings) >= MOST:
            reading.notes.append(f"only the first {MOST} settings were looked at")
            break
    cluster = any(root.text("kind") and root.get("metadata") for root in tree.roots)
    return Configuration(
        reading=reading,
        tree=tree,
        settings=tuple(settings),
        maps=tuple(maps),
        observed_at=observed_at,
        cluster=cluster,
        names=small("\n".join(dict.fromkeys(one.name for one in settings))),
    )


def _walked(tree: Tree) -> Iterator[tuple[Path, Node]]:
    for root in tree.roots:
        yield from walk(root)

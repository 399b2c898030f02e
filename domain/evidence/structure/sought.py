"""What is looked for in a document: decoded JSON that holds nothing of the kind is passed by before it becomes nodes."""

from __future__ import annotations

from collections.abc import Callable

from domain.evidence.structure.jsonvalues import NESTED, Raw, Value, parts
from domain.evidence.structure.trees import Node, Path, Placed, named, walked

Nest = dict[str, Raw] | list[Raw]
Wanted = Callable[[str, Nest], bool]
"""Whether a map or list is looked for, from the last name above it that is no index and from its own parts."""


def sought(root: Node, wanted: Wanted) -> Placed:
    """Yield the maps and lists that are wanted and those around them, with their paths, parents first; what is no decoded JSON whole."""
    kept: set[int] = set()

    def holds(path: Path, node: Node) -> bool:
        return not isinstance(node, Value) or _mark(named(path), node.raw, wanted, kept)

    def below(path: Path, node: Node) -> Placed:
        if isinstance(node, Value):
            return _kept(path, node, kept)
        return (pair for name, child in node.branches() if holds(*(pair := ((*path, name), child))))

    return walked(root, below) if holds((), root) else iter(())


def _mark(above: str, raw: Raw, wanted: Wanted, kept: set[int]) -> bool:
    """Return whether a value is wanted or holds what is; all that do are kept, by their identity."""
    if not isinstance(raw, NESTED):
        return False
    hit = wanted(above, raw)
    pairs = raw.items() if isinstance(raw, dict) else ((above, part) for part in raw)
    for name, part in pairs:
        if isinstance(part, NESTED) and _mark(above if name.isdecimal() else name, part, wanted, kept):
            hit = True
    if hit:
        kept.add(id(raw))
    return hit


def _kept(path: Path, node: Value, kept: set[int]) -> Placed:
    source, own = node.source, node.path
    return (((*path, str(step)), Value(part, source, (*own, step))) for step, part in parts(node.raw) if id(part) in kept)

"""Settings in stanzas between blank lines: each is a map of its own, named after its first line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from domain.evidence.structure.trees import Node, Tree, Written, mapping

FIRST = re.compile(r"^([\w.\-/]{1,80}+)(?::\s++|\s++)(\S.{0,200})$")
"""A key at the margin with its value."""
FEWEST, SHARE = 2, 0.6
"""Stanzas, and share of all blocks, that must begin with one key."""
MOST = 2_000
"""Stanzas read of one document."""
Lines = tuple[str, ...]


def read(lines: Lines, reader: Callable[[Lines], Tree], whole: Tree) -> Tree:
    """Return what was read as one map again as its stanzas, where keys come twice only because stanzas follow each other."""
    heads = _heads(lines) if whole.duplicates and not whole.broke else []
    if not heads:
        return whole
    ends = [*(first - 1 for first, _ in heads[1:]), len(lines)]
    trees = [_moved(reader(lines[first - 1 : end]), first - 1) for (first, _), end in zip(heads, ends, strict=True)]
    above = reader(lines[: heads[0][0] - 1]).roots
    fields = [(title, root) for (_, title), tree in zip(heads, trees, strict=True) for root in tree.roots]
    return replace(
        whole,
        roots=(mapping(1, [*chain.from_iterable(root.fields for root in above), *fields]),),
        duplicates=tuple(chain.from_iterable(tree.duplicates for tree in trees)),
        faults=tuple(chain.from_iterable(tree.faults for tree in trees)),
    )


def _heads(lines: Lines) -> list[tuple[int, str]]:
    """Return first line and title of each stanza: most blocks begin with one key, and another value each; else none."""
    found: list[tuple[int, str, str]] = []
    blocks, fresh = 0, True
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if bare and bare[:1] not in "#;" and fresh:
            blocks, fresh = blocks + 1, False
            if head := FIRST.match(line[:300]):
                found.append((number, head.group(1), head.group(2).strip()))
        fresh = fresh or not bare
    key, count = Counter(key for _, key, _ in found).most_common(1)[0] if found else ("", 0)
    heads = [(number, f"{key} {value}") for number, name, value in found if name == key]
    apart = count >= max(FEWEST, SHARE * blocks) and len({title for _, title in heads}) == count
    return heads[:MOST] if apart else []


def _moved(tree: Tree, lines: int) -> Tree:
    """Return the same, said of lines that stand further down."""
    return replace(
        tree,
        roots=tuple(_node(root, lines) for root in tree.roots),
        duplicates=tuple((key, line + lines) for key, line in tree.duplicates),
        faults=tuple((what, line + lines) for what, line in tree.faults),
    )


def _node(node: Node, lines: int) -> Node:
    fields = tuple((key, _node(child, lines)) for key, child in node.fields)
    return Written(node.shape, node.line + lines, (fields, tuple(_node(item, lines) for item in node.items)), node.value)

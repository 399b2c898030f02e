"""Nested data with the line of every value: what the JSON, YAML, TOML and INI readers return."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

DEPTH = 64
"""Deeper nesting is not followed (evidence.md 14)."""

FEW = 16
"""Fields of a map that are looked through one by one."""
Scalar = str | int | float | bool | None
Path = tuple[str, ...]
"""Names from the root; a list item counts by its index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A map, a list or a scalar; fields keep their order and their duplicates."""

    shape: Literal["map", "list", "scalar"]
    line: int
    """Where it begins, from 1."""
    fields: tuple[tuple[str, Node], ...] = ()
    items: tuple[Node, ...] = ()
    value: Scalar = None
    named: dict[str, Node] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The fields by name, made at first use where there are many."""

    def get(self, *path: str) -> Node | None:
        """Return the node under these names, None where one is missing; the last duplicate wins."""
        node: Node | None = self
        for name in path:
            if node is None:
                return None
            node = node.child(name)
        return node

    def child(self, name: str) -> Node | None:
        """Return the node under this name, None where there is none; the last duplicate wins."""
        if len(self.fields) <= FEW:
            return next((child for key, child in reversed(self.fields) if key == name), None)
        if not self.named:
            self.named.update(self.fields)
        return self.named.get(name)

    def text(self, *path: str) -> str:
        """Return the scalar under these names as text, empty where it is missing or null."""
        node = self.get(*path)
        return "" if node is None else said(node.value)

    def number(self, *path: str) -> float | None:
        """Return the finite number under these names, also when it is written as text."""
        node = self.get(*path)
        return None if node is None else numeric(node.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A document as read; `broke` is the line where reading stopped, 0 when all was read."""

    roots: tuple[Node, ...]
    broke: int = 0
    reason: str = ""
    duplicates: tuple[tuple[str, int], ...] = ()
    """(key, line) of keys that occur twice in one map."""
    faults: tuple[tuple[str, int], ...] = ()
    """(what is wrong, line) of mistakes in the writing that reading survived: an unclosed block, a tab, an unknown alias."""
    language: str = ""
    """What it was read as: "yaml", "ini", "nginx"…"""


def said(value: Scalar) -> str:
    """Return a scalar as a document would print it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def numeric(value: Scalar) -> float | None:
    """Return a finite number, or None."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def mapping(line: int, fields: list[tuple[str, Node]]) -> Node:
    """Return a map node."""
    return Node(shape="map", line=line, fields=tuple(fields))


def listing(line: int, items: list[Node]) -> Node:
    """Return a list node."""
    return Node(shape="list", line=line, items=tuple(items))


def scalar(line: int, value: Scalar) -> Node:
    """Return a scalar node."""
    return Node(shape="scalar", line=line, value=value)


def walk(node: Node, path: Path = (), depth: int = 0) -> Iterator[tuple[Path, Node]]:
    """Yield every node with its path, parents first; list items carry their index in the path."""
    yield path, node
    if depth >= DEPTH:
        return
    for key, child in node.fields:
        yield from walk(child, (*path, key), depth + 1)
    for index, child in enumerate(node.items):
        yield from walk(child, (*path, str(index)), depth + 1)

"""Nested data with the line of every value: what the JSON, YAML, TOML and INI readers return."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

DEPTH = 64
"""Deeper nesting is not followed (evidence.md 14)."""

FEW = 16
"""Fields of a map that are looked through one by one."""
Scalar = str | int | float | bool | None
Shape = Literal["map", "list", "scalar"]
Path = tuple[str, ...]
"""Names from the root; a list item counts by its index."""


class Node(ABC):
    """A map, a list or a scalar; fields keep their order and their duplicates."""

    __slots__ = ("shape", "value")

    def __init__(self, shape: Shape, value: Scalar = None) -> None:
        self.shape = shape
        self.value = value

    @property
    @abstractmethod
    def line(self) -> int:
        """Where it begins, from 1."""

    @property
    @abstractmethod
    def fields(self) -> tuple[tuple[str, Node], ...]:
        """Names and values of a map, in their order."""

    @property
    @abstractmethod
    def items(self) -> tuple[Node, ...]:
        """Values of a list."""

    def names(self) -> Collection[str]:
        """Return the names of a map."""
        return [name for name, _ in self.fields]

    def scalars(self) -> Iterator[tuple[str, Scalar]]:
        """Yield the scalars of a map or list with their names or indices."""
        return ((path[-1], child.value) for path, child in _below((), self) if child.shape == "scalar")

    def branches(self) -> Iterator[tuple[str, Node]]:
        """Yield the maps and lists in a map or list with their names or indices."""
        if self.shape == "map":
            return (pair for pair in self.fields if pair[1].shape != "scalar")
        return ((str(index), child) for index, child in enumerate(self.items) if child.shape != "scalar")

    @abstractmethod
    def get(self, *path: str) -> Node | None:
        """Return the node under these names, None where one is missing; the last duplicate wins."""

    def text(self, *path: str) -> str:
        """Return the scalar under these names as text, empty where it is missing or null."""
        node = self.get(*path)
        return "" if node is None else said(node.value)

    def number(self, *path: str) -> float | None:
        """Return the finite number under these names, also when it is written as text."""
        node = self.get(*path)
        return None if node is None else numeric(node.value)


class Written(Node):
    """A node with all its parts."""

    __slots__ = ("_named", "fields", "items", "line")
    line: int
    fields: tuple[tuple[str, Node], ...]
    items: tuple[Node, ...]

    def __init__(self, shape: Shape, line: int, parts: Parts, value: Scalar = None) -> None:
        super().__init__(shape, value)
        self.line = line
        self.fields, self.items = parts
        self._named: dict[str, Node] = {}

    def get(self, *path: str) -> Node | None:
        """Return the node under these names, None where one is missing; the last duplicate wins."""
        child = self._child(path[0]) if path else self
        return child.get(*path[1:]) if child and len(path) > 1 else child

    def _child(self, name: str) -> Node | None:
        if len(self.fields) <= FEW:
            return next((child for key, child in reversed(self.fields) if key == name), None)
        if not self._named:
            self._named.update(self.fields)
        return self._named.get(name)


Parts = tuple[tuple[tuple[str, Node], ...], tuple[Node, ...]]
"""Fields and items of a node."""
NONE: Parts = ((), ())


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
    return Written("map", line, (tuple(fields), ()))


def listing(line: int, items: list[Node]) -> Node:
    """Return a list node."""
    return Written("list", line, ((), tuple(items)))


def scalar(line: int, value: Scalar) -> Node:
    """Return a scalar node."""
    return Written("scalar", line, NONE, value)


Placed = Iterator[tuple[Path, Node]]


def walk(node: Node) -> Placed:
    """Yield every node with its path, parents first; list items carry their index in the path."""
    return walked(node, _below)


def branches(node: Node, depth: int = DEPTH) -> Placed:
    """Yield every map and list with its path, parents first, down to a depth; scalars are left out."""
    return walked(node, lambda path, found: (((*path, name), child) for name, child in found.branches()), depth)


def named(path: Path) -> str:
    """Return the last name of a path that is no index."""
    for part in reversed(path):
        if not part.isdecimal():
            return part
    return ""


def walked(node: Node, below: Callable[[Path, Node], Placed], depth: int = DEPTH) -> Placed:
    """Yield a node and what a function finds below it, parents first, down to a depth."""
    open_: list[Placed] = [iter((((), node),))]
    while open_:
        for path, found in open_[-1]:
            yield path, found
            if found.shape != "scalar" and len(path) < depth:
                open_.append(below(path, found))
                break
        else:
            open_.pop()


def _below(path: Path, node: Node) -> Placed:
    if node.shape == "map":
        return (((*path, key), child) for key, child in node.fields)
    return (((*path, str(index)), child) for index, child in enumerate(node.items))

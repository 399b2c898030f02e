"""Values as the standard library decodes JSON, seen as nodes: a part is made, and its line found, when it is looked at."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from domain.evidence.structure.trees import DEPTH, Node, Scalar, numeric, said

Raw = Scalar | dict[str, "Raw"] | list["Raw"]
Step = str | int
"""The name of a field or the index of an item."""
ENTRY = re.compile(
    r"""[ \t\r\n,]*+(?:(?P<name>"(?:[^"\\]++|\\.)*+")[ \t\r\n]*+:[ \t\r\n]*+)?(?P<value>"(?:[^"\\]++|\\.)*+"|[^\[\]{}",:\s]++)?""", re.DOTALL
)  # fmt: skip
"""The name of the next value in a map or list, and the value itself where it is a scalar."""
NESTED = (dict, list)
SKIPPING = json.JSONDecoder(strict=False)


class Lines:
    """Which line a character stands on; nothing is counted before the first question."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: array[int] = array("L")

    def number(self, at: int) -> int:
        """Return the line of a character, from 1."""
        if not self._starts:
            self._starts = array("L", accumulate((len(row) + 1 for row in self.text.split("\n")), initial=0))
        return bisect_right(self._starts, at)


class Source:
    """Where a decoded value and its parts stand."""

    __slots__ = ("_at", "_inside", "_line", "_lines", "depth")

    def __init__(self, lines: Lines, at: int, end: int, depth: int) -> None:
        self._lines, self._at = lines, at
        self._line = 0 if lines.text.find("\n", at, end) >= 0 else lines.number(at)
        self._inside: dict[tuple[Step, ...], Mapping[str, int] | Sequence[int]] = {}
        self.depth = depth
        """How deep it is nested."""

    def line(self, path: tuple[Step, ...]) -> int:
        """Return the line of the part at the end of a path."""
        return self._line or self._lines.number(self._place(path))

    def _place(self, path: tuple[Step, ...]) -> int:
        at = self._at
        for depth, step in enumerate(path):
            inside = self._inside.get(path[:depth])
            if inside is None:
                inside = self._inside[path[:depth]] = places(self._lines.text, at)
            at = inside[step]  # type: ignore[index]  # names lead through maps, indices through lists
        return at


def places(text: str, at: int) -> Mapping[str, int] | Sequence[int]:
    """Return where the values of the valid map or list that begins here stand."""
    named: dict[str, int] = {}
    listed = array("L")
    at += 1
    while found := ENTRY.match(text, at):
        place, at = found.start("value"), found.end()
        if place < 0 and text[at] in "]}":
            break
        if place < 0:
            place, (_, at) = at, SKIPPING.raw_decode(text, at)
        if name := found["name"]:
            named[SKIPPING.decode(name)] = place
        else:
            listed.append(place)
    return named or listed


def parts(raw: Raw) -> Iterable[tuple[Step, Raw]]:
    """Return the parts of a map or list with their names or indices."""
    if isinstance(raw, dict):
        return raw.items()
    return enumerate(raw) if isinstance(raw, list) else ()


class Value(Node):
    """A decoded value, or a part of one."""

    __slots__ = ("_items", "path", "raw", "source")

    def __init__(self, raw: Raw, source: Source, path: tuple[Step, ...] = ()) -> None:
        if not isinstance(raw, dict | list):
            super().__init__("scalar", raw)
        elif source.depth + len(path) < DEPTH:
            super().__init__("map" if isinstance(raw, dict) else "list")
        else:
            raw = None
            super().__init__("scalar")
        self.raw, self.source, self.path = raw, source, path
        self._items: tuple[Node, ...] | None = None

    @property
    def line(self) -> int:
        """Where it begins, from 1."""
        return self.source.line(self.path)

    @property
    def fields(self) -> tuple[tuple[str, Node], ...]:
        """Names and values of a map, in their order."""
        raw, source, path = self.raw, self.source, self.path
        if not isinstance(raw, dict):
            return ()
        return tuple((name, Value(part, source, (*path, name))) for name, part in raw.items())

    @property
    def items(self) -> tuple[Node, ...]:
        """Values of a list."""
        raw, source, path = self.raw, self.source, self.path
        if not isinstance(raw, list):
            return ()
        if self._items is None:
            self._items = tuple(Value(part, source, (*path, index)) for index, part in enumerate(raw))
        return self._items

    def names(self) -> Collection[str]:
        """Return the names of a map."""
        return self.raw.keys() if isinstance(self.raw, dict) else ()

    def scalars(self) -> Iterator[tuple[str, Scalar]]:
        """Yield the scalars of a map or list with their names or indices."""
        return ((str(step), part) for step, part in parts(self.raw) if not isinstance(part, dict | list))

    def branches(self) -> Iterator[tuple[str, Node]]:
        """Yield the maps and lists in a map or list with their names or indices."""
        source, path = self.source, self.path
        return (
            (str(step), Value(part, source, (*path, step))) for step, part in parts(self.raw) if isinstance(part, dict | list)
        )

    def get(self, *path: str) -> Node | None:
        """Return the node under these names, None where one is missing."""
        raw = self.raw
        for name in path:
            if not isinstance(raw, dict) or name not in raw:
                return None
            raw = raw[name]
        return Value(raw, self.source, (*self.path, *path)) if path else self

    def text(self, *path: str) -> str:
        """Return the scalar under these names as text, empty where it is missing or null."""
        raw = self._under(path)
        return "" if isinstance(raw, dict | list) else said(raw)

    def number(self, *path: str) -> float | None:
        """Return the finite number under these names, also when it is written as text."""
        raw = self._under(path)
        return None if isinstance(raw, dict | list) else numeric(raw)

    def _under(self, path: tuple[str, ...]) -> Raw:
        raw = self.raw
        for name in path:
            raw = raw.get(name) if isinstance(raw, dict) else None
        return raw


def bare(node: Node) -> Raw:
    """Return a node as the standard library would decode it."""
    if isinstance(node, Value):
        return node.raw
    if node.shape == "map":
        return {name: bare(child) for name, child in node.fields}
    return [bare(item) for item in node.items] if node.shape == "list" else node.value


def held(node: Node) -> list[Raw]:
    """Return the values of a list, decoded."""
    raw = node.raw if isinstance(node, Value) else list(map(bare, node.items))
    return raw if isinstance(raw, list) else []


def lines(node: Node, *places: tuple[Step, ...]) -> list[int]:
    """Return the lines of parts of a list in their order; they are counted only where the first and the last one differ."""
    if not places:
        return []
    if isinstance(node, Value):
        source, path = node.source, node.path
        first, last = (source.line((*path, *place)) for place in (places[0], places[-1]))
        return [first] * len(places) if first == last else [source.line((*path, *place)) for place in places]
    return [_part(node, place).line for place in places]


def _part(node: Node, place: tuple[Step, ...]) -> Node:
    for step in place:
        node = node.items[int(step)]
    return node

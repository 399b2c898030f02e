"""What changed between two configurations, by path and not by text; lists are compared by the names of their items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.evidence.configs.quantities import comparable, shape
from domain.evidence.structure.trees import DEPTH, Node, Path, Tree, listing, numeric, said, scalar, walk

CHANGES = 2_000
"""Kept of one pair."""
NAMES = (
    "name",
    "job_name",
    "alert",
    "record",
    "id",
    "key",
    "hostname",
    "host",
    "containerPort",
    "port",
    "mountPath",
    "path",
    "ip",
    "source",
    "address",
    "url",
)
"""Fields that tell the items of a list apart, likeliest first."""
ORDERED = frozenset({"command", "args", "entrypoint", "cmd", "test", "middlewares", "filters", "rules", "matchers"})
"""Lists whose order means something."""
RISKS: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            r"(?i)label|annotation|description|comment|title|maintainer|^meta|\.metadata\.(?:uid|generation|resource)|generated|checksum"
        ),
        0.5,
    ),
    (re.compile(r"(?i)(?:^|\.)(?:image|tag|from|version|digest)$"), 3.5),
    (
        re.compile(
            r"(?i)replica|scale|limits?\b|requests?\b|resources|memory|cpu|pool|max_?|min_?|workers|threads|concurrency|capacity|size|quota"
        ),
        3.0,
    ),
    (re.compile(r"(?i)time_?out|retr(?:y|ies)|interval|period|deadline|delay|grace|back_?off|attempts|probe|health"), 3.0),
    (
        re.compile(
            r"(?i)url|uri|host|endpoint|address|port|upstream|backend|server|domain|listen|proxy|dsn|broker|selector|service|dns|route|target"
        ),
        3.0,
    ),
    (
        re.compile(
            r"(?i)enabled?$|disabled?$|flag|feature|toggle|mode|debug|strict|tls|ssl|verify|auth|security|privileged|policy|role|permission"
        ),
        2.5,
    ),
    (re.compile(r"(?i)(?:^|\.)(?:env|environment|args|command|entrypoint|cmd)(?:\.|$)|secret|config|volume|mount|storage"), 2.0),
)
"""Path → how much a change there can break; the first that fits counts."""
PLAIN = 1.5
FACTOR = 2.0
"""A number that at least doubles or halves weighs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One path at which two configurations differ."""

    kind: Literal["added", "removed", "changed", "type changed", "reordered"]
    path: Path
    """Items of lists by their names."""
    before: str = ""
    after: str = ""
    old_line: int = 0
    """In the older document, 0 where it holds nothing of it."""
    new_line: int = 0
    severity: float = PLAIN
    settings: int = 1
    """How many settings came or went with it."""
    item: bool = False
    """One of the words of a list."""

    @property
    def where(self) -> str:
        """Its names joined by dots."""
        return ".".join(self.path)


def difference(old: Tree, new: Tree) -> tuple[Change, ...]:
    """Return at most 2,000 changes from the older to the newer tree, the riskiest first, then by line; the formats may differ."""
    one, other = documents(old), documents(new)
    typed = old.language == new.language and old.language in {"json", "toml"}
    found = [change for _, change in zip(range(CHANGES), _maps((), one, other, typed=typed), strict=False)]
    return tuple(sorted(found, key=lambda change: (-change.severity, change.new_line or change.old_line, change.where)))


def documents(tree: Tree) -> dict[str, Node]:
    """Return the documents by kind and name, or by their place; a single one by its fields."""
    named: dict[str, Node] = {}
    for index, root in enumerate(tree.roots):
        kind, name = root.text("kind"), root.text("metadata", "name")
        key = f"{kind}/{name}".lower() if kind and name else str(index)
        named[key if key not in named else f"{key}#{index}"] = root
    if len(tree.roots) == 1 and tree.roots[0].shape == "map" and "0" in named:
        return members(tree.roots[0]) or {}
    return named


def members(node: Node) -> dict[str, Node] | None:
    """Return the parts of a map or list by names of their own, None where they have none."""
    if node.shape == "map":
        return _fields(node)
    if node.shape != "list" or not node.items:
        return None
    if all(item.shape == "scalar" and "=" in said(item.value) for item in node.items):
        halves = [(said(item.value).partition("="), item.line) for item in node.items]
        return {name: scalar(line, value) for (name, _, value), line in halves}
    for field in NAMES:
        names = [item.text(field) for item in node.items if item.shape == "map"]
        if len(names) == len(node.items) and all(names) and len(set(names)) == len(names):
            return dict(zip(names, node.items, strict=True))
    return None


def _fields(node: Node) -> dict[str, Node]:
    """Return the fields of a map; what stands there several times becomes a list."""
    counts = Counter(key for key, _ in node.fields)
    fields: dict[str, Node] = {}
    repeated: dict[str, list[Node]] = {}
    for key, child in node.fields:
        if counts[key] > 1:
            repeated.setdefault(key, []).append(child)
            fields[key] = repeated[key][0]
        else:
            fields[key] = child
    for key, children in repeated.items():
        fields[key] = listing(children[0].line, children)
    return fields


def _maps(path: Path, old: Mapping[str, Node], new: Mapping[str, Node], *, typed: bool) -> Iterator[Change]:
    for key, child in old.items():
        if key not in new:
            yield from _alone("removed", (*path, key), child)
    for key, child in new.items():
        if key not in old:
            yield from _alone("added", (*path, key), child)
        else:
            yield from _nodes((*path, key), old[key], child, typed=typed)


def _alone(kind: Literal["added", "removed"], path: Path, node: Node) -> Iterator[Change]:
    """Yield what stands on one side only, as one change."""
    leaves = [child for _, child in walk(node) if child.shape == "scalar"]
    if not leaves and node.shape == "scalar":
        return
    text = said(node.value) if node.shape == "scalar" else ""
    severity = risk(path) + (0.0 if kind == "added" else 0.25)
    if kind == "added":
        yield Change(kind=kind, path=path, after=text, new_line=node.line, severity=severity, settings=len(leaves))
    else:
        yield Change(kind=kind, path=path, before=text, old_line=node.line, severity=severity, settings=len(leaves))


def _nodes(path: Path, old: Node, new: Node, *, typed: bool) -> Iterator[Change]:
    if len(path) > DEPTH:
        return
    one, other = members(old), members(new)
    if one is not None and other is not None:
        yield from _maps(path, one, other, typed=typed)
    elif old.shape == "scalar" and new.shape == "scalar":
        yield from _scalars(path, old, new, typed=typed)
    elif old.shape == "list" and new.shape == "list":
        yield from _lists(path, old, new, typed=typed)
    elif _said(old) != _said(new):
        yield Change(
            kind="type changed",
            path=path,
            before=_said(old),
            after=_said(new),
            old_line=old.line,
            new_line=new.line,
            severity=risk(path),
        )


def _said(node: Node) -> str:
    return said(node.value) if node.shape == "scalar" else f"a {node.shape} of {len(node.fields) or len(node.items)}"


def _scalars(path: Path, old: Node, new: Node, *, typed: bool) -> Iterator[Change]:
    before, after = said(old.value), said(new.value)
    retyped = typed and type(old.value) is not type(new.value) and not {type(old.value), type(new.value)} <= {int, float}
    if _same(before, after) and not retyped:
        return
    shapes = {shape(old.value), shape(new.value)} - {""}
    kind: Literal["changed", "type changed"] = "type changed" if retyped or len(shapes) == 2 else "changed"
    measured = comparable(path[-1], old.value, new.value)
    grown = bool(measured and min(map(abs, measured)) * FACTOR <= max(map(abs, measured)))
    severity = risk(path) + 0.5 * grown
    yield Change(kind=kind, path=path, before=before, after=after, old_line=old.line, new_line=new.line, severity=severity)


def _same(one: str, other: str) -> bool:
    if one == other or one.strip() == other.strip():
        return True
    first, second = numeric(one or None), numeric(other or None)
    return first is not None and first == second and one[:1] != "0" and other[:1] != "0"


def _lists(path: Path, old: Node, new: Node, *, typed: bool) -> Iterator[Change]:
    """Compare lists without names: words by what they are, other items by their place."""
    if any(item.shape != "scalar" for item in (*old.items, *new.items)):
        numbered = [{str(index): item for index, item in enumerate(node.items)} for node in (old, new)]
        yield from _maps(path, *numbered, typed=typed)
        return
    before, after = Counter(said(i.value) for i in old.items), Counter(said(i.value) for i in new.items)
    gone, come = before - after, after - before
    for item in old.items:
        if gone[said(item.value)] > 0:
            gone[said(item.value)] -= 1
            yield Change(
                kind="removed", path=path, before=said(item.value), old_line=item.line, severity=risk(path) + 0.25, item=True
            )
    for item in new.items:
        if come[said(item.value)] > 0:
            come[said(item.value)] -= 1
            yield Change(kind="added", path=path, after=said(item.value), new_line=item.line, severity=risk(path), item=True)
    rows = [[said(item.value) for item in node.items] for node in (old, new)]
    if before == after and rows[0] != rows[1] and path[-1].lower() in ORDERED:
        yield Change(
            kind="reordered",
            path=path,
            before=rows[0][0],
            after=rows[1][0],
            old_line=old.line,
            new_line=new.line,
            severity=risk(path),
        )


def risk(path: Path) -> float:
    """Return how much a change at this path can break, by its last names first."""
    where = ".".join(path)
    noted, *risky = RISKS
    if noted[0].search(where):
        return noted[1]
    for text in (path[-1] if path else "", ".".join(path[-2:])):
        for pattern, severity in risky:
            if pattern.search(text):
                return severity
    return 2.0 if risky[-1][0].search(where) else PLAIN

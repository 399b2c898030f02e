"""The text that `describe` prints, as a flat list of (path, value, line) and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.evidence.reading import beginning
from domain.evidence.structure import tables

KEY = re.compile(r"^(\s*)([A-Za-z_*](?:[\w./()*+\-]| (?! )){0,80}?):(?:\s+(.*))?$")
"""`  Key:   value`; a key has no quotes and no wide gaps, so that arguments of commands and rows are no keys."""
OWN = re.compile(r"^ *[A-Z*][\w./*+\- ]{0,80}:(?:\s{2}|\t|$)")
"""A key as `describe` prints it: in capitals, and at least two blanks before its value."""
NAMED = re.compile(r"^ +[a-z0-9][\w.\-]{0,252}:$")
"""The name of a container or volume, over its own keys."""
STRANGE = 40
"""Lines beside each other that may have been printed into a description."""
TEXT = 4
"""From this indent on a line without a colon may be text: a part of a command."""
FREE = frozenset({"Args", "Command"})
"""Fields whose lines are text, never keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value and where it stands."""

    path: tuple[str, ...]
    value: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One described object."""

    first: int
    last: int
    fields: tuple[Field, ...]
    tables: dict[str, tuple[tables.Row, ...]]
    """Rows by the name of their section: Conditions, Events, …"""
    data: bool = False
    """Whether values follow under a heading `Data`, as in config maps and secrets."""

    def text(self, *path: str) -> str:
        """Return the value under a path, continuation lines joined by blanks; empty when it is `<none>`."""
        said = " ".join(f.value for f in self.fields if f.path == path and f.value)
        return "" if said in {"<none>", "<unset>", "<nil>", "n/a"} else said

    def line(self, *path: str) -> int:
        """Return the line of a path, the first line of the object without it."""
        return next((f.line for f in self.fields if f.path == path), self.first)

    def names(self, section: str) -> list[str]:
        """Return the keys directly under a section, in order."""
        return list(dict.fromkeys(f.path[1] for f in self.fields if f.path[0] == section and len(f.path) > 1))


def split(lines: tuple[str, ...], first: int, last: int) -> list[Description]:
    """Return every object described between two lines; each begins with `Name:` at the margin."""
    starts = [n for n in range(first, last + 1) if lines[n - 1].startswith("Name:")]
    return [_one(lines, start, below - 1) for start, below in pairwise([*starts, last + 1])]


def _one(lines: tuple[str, ...], first: int, last: int) -> Description:
    """Return one object; lines at the margin that something else printed into a section are left out."""
    strange = _strange(lines, first, last)
    if not strange:
        return _read(lines, first, last)
    numbers = [n for n in range(first, last + 1) if n not in strange]
    found = _read(tuple(lines[n - 1] for n in numbers), 1, len(numbers))
    placed = {name: tuple(replace(row, line=numbers[row.line - 1]) for row in rows) for name, rows in found.tables.items()}
    fields = tuple(replace(one, line=numbers[one.line - 1]) for one in found.fields)
    return replace(found, first=first, last=last, fields=fields, tables=placed)


def _strange(lines: tuple[str, ...], first: int, last: int) -> set[int]:
    """Return the lines at the margin, and what hangs on them, after which the section above goes on."""
    found: set[int] = set()
    waiting: list[int] = []
    above, indents = "", {0}
    for number in _sections(lines, first, last):
        line, below = lines[number - 1], lines[number] if number < last else ""
        if not waiting and _is_within(above) and line[0] != " " and not OWN.match(line):
            waiting = [number]
            continue
        if waiting and _goes_on(line, below, above, indents):
            found.update(waiting)
        elif waiting and not (line[0] != " " and OWN.match(line)) and len(waiting) < STRANGE:
            waiting.append(number)
            continue
        waiting, above = [], line
        indents = {*indents, _indent(line)} if line[0] == " " else {0}
    return found


def _sections(lines: tuple[str, ...], first: int, last: int) -> Iterator[int]:
    """Yield the numbers of the lines with words, as far as sections go: data of a config map may be anything."""
    for number in range(first, last + 1):
        if lines[number - 1] == "Data" and number < last and lines[number].startswith("===="):
            return
        if lines[number - 1].strip():
            yield number


def _is_within(above: str) -> bool:
    """Tell whether a line leaves a section open: it is indented, or heads one."""
    return above.startswith(" ") or above.rstrip().endswith(":")


def _goes_on(line: str, below: str, above: str, indents: set[int]) -> bool:
    """Tell whether a line belongs to the section that was interrupted: a key, a name, a row or text at an indent of it."""
    indent = _indent(line)
    first = above.rstrip().endswith(":") and indent > _indent(above)
    if OWN.match(line):
        return first or (indent > 0 and indent in indents)
    if NAMED.match(line):
        return (first or indent in indents) and _indent(below) > indent and OWN.match(below) is not None
    if (first or indent == _indent(above)) and "  " in line.strip():
        return True
    return indent >= max(_indent(above), TEXT) and ":" not in line


def _read(lines: tuple[str, ...], first: int, last: int) -> Description:
    fields: list[Field] = []
    found: dict[str, tuple[tables.Row, ...]] = {}
    stack: list[tuple[int, str]] = []
    number = first
    while number <= last:
        line = lines[number - 1]
        if number < last and _is_table(line, lines[number], stack):
            rows = _rows(lines, number, last)
            found[stack[0][1] if stack else "Table"] = tuple(rows)
            number = max([number + 1, *(row.line for row in rows)]) + 1
            continue
        _take(line, number, stack, fields)
        number += 1
    data = any(lines[n - 1] == "Data" and lines[n] == "====" for n in range(first, last))
    return Description(first=first, last=last, fields=tuple(fields), tables=found, data=data)


def _is_table(line: str, below: str, stack: list[tuple[int, str]]) -> bool:
    """Return whether a line names columns: a rule of dashes follows, or it is the head of pod conditions."""
    if len(tables.columns(line)) < 2:
        return False
    return bool(tables.RULE.match(below)) or (bool(stack) and stack[-1][1] == "Conditions" and line.split() == ["Type", "Status"])


def _rows(lines: tuple[str, ...], header: int, last: int) -> list[tables.Row]:
    """Return the rows of a table that ends where the indent falls back."""
    indent = _indent(lines[header - 1])
    end = header + 1
    while end < last and lines[end].strip() and _indent(lines[end]) >= indent:
        end += 1
    return tables.under(lines, header, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _take(line: str, number: int, stack: list[tuple[int, str]], fields: list[Field]) -> None:
    """Read one line as a key under its shallower neighbours, or as more of the value above."""
    if not line.strip():
        return
    indent = _indent(line)
    while stack and stack[-1][0] >= indent:
        stack.pop()
    path = tuple(name for _, name in stack)
    found = KEY.match(beginning(line))
    if found and not (FREE & set(path)) and not _continues(fields, indent):
        name, value = found.group(2).strip(), (found.group(3) or "").strip()
        stack.append((indent, name))
        fields.append(Field(path=(*path, name), value=value, line=number))
    elif above := path or (fields[-1].path if fields else ()):
        fields.append(Field(path=above, value=line.strip(), line=number))


def _continues(fields: list[Field], indent: int) -> bool:
    """Return whether a deep indent continues labels or annotations, whose values hold colons."""
    return (
        bool(fields) and indent >= 12 and fields[-1].path[-1:] in {("Labels",), ("Annotations",), ("Selector",), ("Tolerations",)}
    )

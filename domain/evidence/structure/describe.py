"""The text that `describe` prints, as a flat list of (path, value, line) and its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from domain.evidence.reading import beginning
from domain.evidence.structure import tables

KEY = re.compile(r"^(\s*)([A-Za-z_*](?:[\w./()*+\-]| (?! )){0,80}?):(?:\s+(.*))?$")
"""`  Key:   value`; a key has no quotes and no wide gaps, so that arguments of commands and rows are no keys."""
LOGGED = re.compile(r"[IWEF]\d{4} \d\d:\d\d|\[?\d{4}-\d\d-\d\d[T ]\d\d:|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:")
"""How a line of a log begins that was printed into a description: it ends no section."""
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
    if not line.strip() or (stack and LOGGED.match(line)):
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

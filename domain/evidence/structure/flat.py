"""Settings in lines: INI, properties, env files, systemd units, as trees with line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.evidence.reading import beginning
from domain.evidence.structure.trees import Node, Scalar, Tree, mapping, scalar

SECTION = re.compile(r"^\s*\[{1,2}([^\[\]{}]{1,200})\]{1,2}\s*(?:[#;].*)?$")
PAIR = re.compile(r"^\s*+(?:export\s++)?([\w.\-/\"][\w.\-/\"\[\]$@ ]{0,199}?)\s{0,40}[=:]\s*+(.*)$")
FLAG = re.compile(r"^\s*+([\w\-]{2,80}+)\s*+$")
REPEATED = frozenset({
    "ExecStartPre", "ExecStartPost", "ExecStart", "ExecStop", "Environment", "EnvironmentFile", "After", "Wants", "Requires", "Before", "OnCalendar",
    "ListenStream", "Documentation", "PartOf", "BindsTo", "WantedBy", "ReadWritePaths", "ReadOnlyPaths", "DeviceAllow", "Address", "DNS", "AllowedIPs",
    "ConditionPathExists", "Alias", "ExecReload", "SystemCallFilter", "InaccessiblePaths", "Conflicts",
})  # fmt: skip
"""Settings that may stand several times (systemd.syntax, systemd.unit)."""

MANY = ("Condition", "Assert", "Exec")
"""Beginnings of others that may."""


@dataclass(slots=True)
class _Section:
    name: str
    line: int
    fields: list[tuple[str, Node]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def ini(lines: tuple[str, ...]) -> Tree:
    """Read `[section]` and `key = value`; a value goes on below after a backslash, or indented under an empty one."""
    sections = [_Section("", 1)]
    duplicates: list[tuple[str, int]] = []
    faults: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start=1):
        text = beginning(line)
        if not text.strip() or text.lstrip()[:1] in {"#", ";", "!"}:
            continue
        _nest(sections[-1], text)
        if _goes_on(sections[-1], lines, number):
            _append(sections[-1], text)
        elif found := SECTION.match(text):
            sections.append(_Section(found.group(1).strip().strip('"'), number))
        elif found := PAIR.match(text):
            _keep(sections[-1], found.group(1).strip().strip('"'), _value(found.group(2)), number, duplicates)
        elif len(sections) > 1 and (found := FLAG.match(text)):
            _keep(sections[-1], found.group(1), True, number, duplicates)
        elif text.lstrip().startswith("["):
            faults.append(("a section's bracket is not closed", number))
    top = [pair for s in sections if not s.name for pair in s.fields]
    named = [(s.name, mapping(s.line, s.fields)) for s in sections if s.name]
    return Tree(roots=(mapping(1, [*top, *named]),), duplicates=tuple(duplicates), faults=tuple(faults))


def _nest(section: _Section, text: str) -> None:
    """Forget which keys were set where a block in braces begins or ends."""
    if text.rstrip().endswith("{") or text.strip() == "}":
        section.seen.clear()


def _goes_on(section: _Section, lines: tuple[str, ...], number: int) -> bool:
    """Return whether a line continues the value above it."""
    if not section.fields or number == 1:
        return False
    above = beginning(lines[number - 2]).rstrip()
    if above.endswith("\\") and not above.lstrip().startswith("#"):
        return True
    _, node = section.fields[-1]
    open_ = isinstance(node.value, str) and (not node.value or "\n" in node.value)
    return open_ and lines[number - 1][:1] in {" ", "\t"} and not lines[node.line - 1][:1].isspace()


def _append(section: _Section, text: str) -> None:
    key, node = section.fields[-1]
    held = str(node.value or "")
    joined = f"{held.removesuffix(chr(92))}{' ' if held.endswith(chr(92)) else chr(10)}{text.strip()}"
    section.fields[-1] = (key, scalar(node.line, joined[:10_000]))


def _keep(section: _Section, key: str, value: Scalar, number: int, duplicates: list[tuple[str, int]]) -> None:
    if key in section.seen and key not in REPEATED and not key.startswith(MANY):
        duplicates.append((key, number))
    section.seen.add(key)
    section.fields.append((key, scalar(number, value)))


def _value(text: str) -> Scalar:
    bare = text.strip()
    if bare[:1] in {'"', "'"} and bare.endswith(bare[:1]) and len(bare) > 1:
        return bare[1:-1]
    return bare.split(" #")[0].split(" ;")[0].strip()

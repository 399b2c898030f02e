"""Settings in lines: INI, TOML, properties, env, systemd units, nginx and haproxy, as trees with line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.evidence.reading import beginning
from domain.evidence.structure.trees import Node, Scalar, Tree, mapping, scalar

SECTION = re.compile(r"^\s*\[{1,2}([^\[\]{}]{1,200})\]{1,2}\s*(?:[#;].*)?$")
PAIR = re.compile(r"^\s*+(?:export\s++)?([\w.\-/\"][\w.\-/\" ]{0,119}?)\s{0,40}[=:]\s*+(.*)$")
BLOCK = re.compile(r"^\s*+([\w\-]++)\s?([^{};]{0,300}?)\s?(?:=\s?)?\{\s*$")
DIRECTIVE = re.compile(r"^\s*([\w\-]+)\s+([^{}]{1,1000}?);\s*(?:#.*)?$")
BARE = re.compile(r"^(\s*)([\w\-]+)(?:\s+(.*?))?\s*$")
REPEATED = frozenset({
    "server", "listen", "location", "upstream", "include", "allow", "deny", "add_header", "proxy_set_header", "bind", "acl", "option", "use_backend",
    "timeout", "ExecStartPre", "ExecStartPost", "Environment", "EnvironmentFile", "After", "Wants", "Requires", "set", "rewrite", "map", "log_format", "access_log",
})  # fmt: skip
"""Directives that may stand several times."""


@dataclass(slots=True)
class _Section:
    name: str
    line: int
    fields: list[tuple[str, Node]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def ini(lines: tuple[str, ...]) -> Tree:
    """Read `[section]` and `key = value`; a value may go on below, indented."""
    sections = [_Section("", 1)]
    duplicates: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start=1):
        text = beginning(line)
        if not text.strip() or text.lstrip()[:1] in {"#", ";", "!"}:
            continue
        if found := SECTION.match(text):
            sections.append(_Section(found.group(1).strip().strip('"'), number))
        elif found := PAIR.match(text):
            _keep(sections[-1], found.group(1).strip().strip('"'), _value(found.group(2)), number, duplicates)
    top = [pair for s in sections if not s.name for pair in s.fields]
    named = [(s.name, mapping(s.line, s.fields)) for s in sections if s.name]
    return Tree(roots=(mapping(1, [*top, *named]),), duplicates=tuple(duplicates))


def _keep(section: _Section, key: str, value: Scalar, number: int, duplicates: list[tuple[str, int]]) -> None:
    if key in section.seen and key not in REPEATED:
        duplicates.append((key, number))
    section.seen.add(key)
    section.fields.append((key, scalar(number, value)))


def _value(text: str) -> Scalar:
    bare = text.strip()
    if bare[:1] in {'"', "'"} and bare.endswith(bare[:1]) and len(bare) > 1:
        return bare[1:-1]
    return bare.split(" #")[0].split(" ;")[0].strip()


def blocks(lines: tuple[str, ...]) -> Tree:
    """Read `name args { … }` with `directive value;` inside, or indented directives under a bare section name."""
    curly = any(line.rstrip().endswith("{") for line in lines)
    root = _Section("", 1)
    stack = [root]
    duplicates: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start=1):
        text = beginning(line)
        if text.strip() and not text.lstrip().startswith("#"):
            (_curly if curly else _indented)(stack, text, number, duplicates)
    while len(stack) > 1:
        _close(stack)
    return Tree(roots=(mapping(1, root.fields),), duplicates=tuple(duplicates))


def _curly(stack: list[_Section], text: str, number: int, duplicates: list[tuple[str, int]]) -> None:
    if found := BLOCK.match(text):
        stack.append(_Section(" ".join(part for part in found.groups() if part), number))
    elif text.strip().startswith("}"):
        if len(stack) > 1:
            _close(stack)
    elif found := DIRECTIVE.match(text) or PAIR.match(text):
        _keep(stack[-1], found.group(1), _value(found.group(2)), number, duplicates)


def _indented(stack: list[_Section], text: str, number: int, duplicates: list[tuple[str, int]]) -> None:
    found = BARE.match(text)
    if not found:
        return
    indent, name, rest = found.groups()
    if not indent:
        while len(stack) > 1:
            _close(stack)
        stack.append(_Section(f"{name} {rest or ''}".strip(), number))
    else:
        _keep(stack[-1], name, rest or "", number, duplicates)


def _close(stack: list[_Section]) -> None:
    done = stack.pop()
    stack[-1].fields.append((done.name, mapping(done.line, done.fields)))

"""What an analyser read out, one line of text per statement: whole outputs are compared with lines that a person can judge."""

from __future__ import annotations

from domain.evidence.structure.trees import Node, Tree
from domain.evidence.values import Citation, Finding, Parsed


def findings(parsed: Parsed) -> list[str]:
    """`severity kind subject @lines: statement | attribute=text attribute:number | times`, in the order of the output."""
    return [_finding(one) for one in parsed.findings]


def events(parsed: Parsed) -> list[str]:
    """`severity subject @line: what | time`, a change marked."""
    return [
        f"{one.severity:g} {one.subject or '-'} @{_lines(one.citation)}: {one.what} | {one.time or one.certainty}{' change' * one.change}"
        for one in parsed.events
    ]


def objects(parsed: Parsed) -> list[str]:
    """`id @line field=value …`."""
    return [
        " ".join([one.id, f"@{_lines(one.citation)}", *(f"{k}={v}" for k, v in one.fields.items())]) for one in parsed.objects
    ]


def edges(parsed: Parsed) -> list[str]:
    """`source relation target @line`."""
    return [f"{one.source} {one.relation} {one.target} @{_lines(one.citation)}" for one in parsed.edges]


def tree(one: Tree) -> list[str]:
    """`name @line = value` for every node, children indented; then what is there twice and where reading stopped."""
    rows = [row for root in one.roots for row in _node(root.shape, root, 0)]
    broke = [f"line {one.broke}: {one.reason}"] if one.broke else []
    return [*rows, *(f"twice {key} @{line}" for key, line in one.duplicates), *broke]


def _node(name: str, node: Node, depth: int) -> list[str]:
    value = f" = {node.value!r}" if node.shape == "scalar" else ""
    below = [*node.fields, *((f"[{n}]", item) for n, item in enumerate(node.items))]
    return [f"{' ' * depth}{name} @{node.line}{value}", *(row for key, child in below for row in _node(key, child, depth + 1))]


def _finding(one: Finding) -> str:
    facts = [f"{key}{':' if key in one.numbers else '='}{value}" for key, value in one.attributes.items()]
    times = [str(time) for time in (one.time, one.last_time) if time]
    head = f"{one.severity:g} {one.kind} {one.subject or '-'} @{','.join(map(_lines, one.citations))}: {one.statement}"
    return " | ".join([head, *([" ".join(facts)] if facts else []), *times])


def _lines(cited: Citation) -> str:
    return str(cited.first) if cited.last == cited.first else f"{cited.first}-{cited.last}"

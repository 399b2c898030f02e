"""What an analyser read out, one line of text per statement: whole outputs are compared with lines that a person can judge."""

from __future__ import annotations

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


def _finding(one: Finding) -> str:
    facts = [f"{key}{':' if key in one.numbers else '='}{value}" for key, value in one.attributes.items()]
    times = [str(time) for time in (one.time, one.last_time) if time]
    head = f"{one.severity:g} {one.kind} {one.subject or '-'} @{','.join(map(_lines, one.citations))}: {one.statement}"
    return " | ".join([head, *([" ".join(facts)] if facts else []), *times])


def _lines(cited: Citation) -> str:
    return str(cited.first) if cited.last == cited.first else f"{cited.first}-{cited.last}"

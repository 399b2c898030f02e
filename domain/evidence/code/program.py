"""Source code: its language and functions, weak places near the fault, the rest a count; a diff by what it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from domain.evidence.code import diffs, outline, smells
from domain.evidence.code.faults import AROUND, frames, near
from domain.evidence.code.outline import Function
from domain.evidence.code.smells import Place
from domain.evidence.configs.secrets import Secret, concealed
from domain.evidence.configs.settings import Setting
from domain.evidence.reading import Reading
from domain.evidence.structure.trees import scalar
from domain.evidence.values import Context, Document, Parsed, Text

PLACES = 50
"""Weak places that are told where no fault is known."""
LINES = 20_000
"""Lines of a program whose weak places are looked for."""
WEAK, NEAR = 1.0, 3.0
"""Severity of a weak place anywhere, and of one where the fault is."""
DEFECTS = re.compile(r"^(?:F(?:821|822|823|632|702|706)|E9|B(?:006|008|012|017|023|031|904)|S\d|BLE|ASYNC|PLE|SIM115|TRY203)")
"""Rules of the linter that tell of behaviour, not of looks: undefined names, mutable defaults, bandit's S, blocking calls."""


def analyse(text: Text, document: Document, context: Context) -> Parsed:
    """Return the functions and the weak places; only what touches the fault weighs."""
    reading = Reading(document=document, lines=text.lines)
    name = outline.language(text.lines)
    if diffs.is_diff(text.lines):
        return reading.parsed(f"diff: {diffs.read(reading, 1, len(text.lines))}")
    functions = outline.functions(text.lines, name)
    for one in functions:
        facts = {"language": name, "first": str(one.first), "last": str(one.last)}
        reading.observe("function", one.name, one.first, facts)
    fault = near(frames(context.question), functions, document.name, len(text.lines))
    for one in fault:
        _show(reading, one)
    found = [*_places(text.lines), *_linted(reading, text.lines, name, context)]
    known = list(dict.fromkeys(found))
    rest = _tell(reading, known, fault)
    if len(text.lines) > LINES:
        reading.notes.append(f"weak places were looked for in the first {LINES} lines")
    elsewhere = "" if not fault else f", {sum(rest.values())} elsewhere"
    marked = sum(1 for one in reading.findings if one.kind == "setting")
    parsed = reading.parsed(f"{name} code, {len(text.lines)} lines, {marked} marked places{elsewhere}")
    return concealed(parsed, _secrets(known))


def _show(reading: Reading, stretch: Function) -> None:
    """Keep the failing function with its lines as a finding: what a reader opens first."""
    line = min(
        len(reading.lines), (stretch.first + stretch.last) // 2 if stretch.last - stretch.first == 2 * AROUND else stretch.first
    )
    statement = f"the fault points to {stretch.name or 'this place'}, lines {stretch.first} to {stretch.last}"
    reading.find("frame", f"function/{stretch.name}".lower(), line, 2.0, statement, function=stretch.name)


def _places(lines: tuple[str, ...]) -> Iterator[Place]:
    """Yield weak places function by function, what stands outside of them in stretches."""
    functions = outline.functions(lines[:LINES], outline.language(lines))
    starts = sorted({1, *(one.first for one in functions), *range(1, min(len(lines), LINES) + 1, smells.SPAN)})
    for first, last in zip(starts, [*(start - 1 for start in starts[1:]), min(len(lines), LINES)], strict=True):
        yield from smells.places(lines, first, last)
    yield from smells.races(lines[:LINES])


def _linted(reading: Reading, lines: tuple[str, ...], name: str, context: Context) -> Iterator[Place]:
    """Yield what the linter says about behaviour; what it says about looks is left out."""
    if name != "python" or context.lint is None:
        return
    linted = context.lint("\n".join(lines) + "\n")
    if linted.note:
        reading.notes.append(linted.note)
    told = [remark for remark in linted.remarks if DEFECTS.match(remark.rule) and 0 < remark.line <= len(lines)]
    other = len(linted.remarks) - len(told)
    if other:
        reading.notes.append(f"{other} remarks of the linter on style left out")
    yield from (Place(reason=f"{remark.text} ({remark.rule})", line=remark.line) for remark in told)


def _tell(reading: Reading, known: list[Place], fault: tuple[Function, ...]) -> Counter[str]:
    """Keep places near the fault as findings and count the others; without a known fault all are weak findings."""
    rest: Counter[str] = Counter()
    told = 0
    for place in sorted(known, key=lambda one: (one.line, one.reason)):
        close = any(one.first <= place.line <= one.last for one in fault)
        if (fault and not close) or told >= PLACES:
            rest[place.reason] += 1
            continue
        told += 1
        severity = NEAR if close else WEAK
        statement = f"{place.reason}, line {place.line}"
        reading.find("setting", "file:code", place.line, severity, statement, reason=place.reason, field="code")
    if rest:
        most = ", ".join(f"{count} × {reason}" for reason, count in rest.most_common(5))
        reading.notes.append(f"weak places away from the fault: {most}")
    return rest


def _secrets(known: list[Place]) -> list[Secret]:
    """Return the values that must not be repeated."""
    return [
        Secret(kind=place.reason, setting=Setting(path=("code",), node=scalar(place.line, ""), name="code"), value=place.secret)
        for place in known
        if place.secret
    ]

"""A paste of several things: commands, logs, stacks, settings, each read as its own kind, each with its own lines (evidence.md 15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from domain.evidence.code import diffs, program
from domain.evidence.commands import output
from domain.evidence.configs import configuration
from domain.evidence.errors import analyser as errors
from domain.evidence.kinds import grammars, mixtures, prompts
from domain.evidence.kinds.classify import classify
from domain.evidence.kinds.mixtures import Portion
from domain.evidence.kinds.prompts import Part
from domain.evidence.logs import analyser as logs
from domain.evidence.logs.survey import survey
from domain.evidence.metrics import analyser as metrics
from domain.evidence.profiles import analyser as profiles
from domain.evidence.prose import analyser as prose
from domain.evidence.traces import analyser as traces
from domain.evidence.values import Citation, Context, Document, Finding, Hint, KeyStat, Kind, Parsed, Text

LEAST = 3
"""Filled lines that a part of another kind must have to be known."""
SURE = 0.6
"""Confidence below which a part is read as what a command printed."""


def _log(text: Text, document: Document, context: Context) -> Parsed:
    """Read the lines of a part as a log of their own."""
    data = "\n".join(text.lines).encode()
    part = replace(document, chunks=(data,), size=len(data))
    return logs.analyse(
        part, replace(context, baseline=None), survey(part.chunks, document.observed_at or context.observed_at)
    ).parsed


OTHERS: Mapping[Kind, Callable[[Text, Document, Context], Parsed]] = {
    Kind.LOGS: _log,
    Kind.ERROR_REPORT: errors.analyse,
    Kind.CONFIG: configuration.analyse,
    Kind.METRICS: metrics.analyse,
    Kind.TRACE: traces.analyse,
    Kind.PROFILE: profiles.analyse,
    Kind.SOURCE_CODE: program.analyse,
    Kind.TEXT: prose.analyse,
}
"""Kinds that a part may have beside what commands print."""


def analyse(text: Text, document: Document, context: Context) -> Parsed:
    """Return what all parts say together; one command's output is read at once."""
    kinds = _cut(text.lines, document.command)
    told = output.read(text, document, [part for part, kind in kinds if kind not in OTHERS])
    others = []
    for part, kind in kinds:
        if kind in OTHERS:
            alone = replace(text, lines=text.lines[part.first - 1 : part.last])
            others.append(moved(OTHERS[kind](alone, replace(document, command=part.command), context), part.first - 1))
    return joined(told, others) if others else told


def is_mixed(lines: tuple[str, ...]) -> bool:
    """Tell whether a text that shows no prompts holds several kinds of evidence all the same."""
    return bool(mixtures.portions(lines))


def _cut(lines: tuple[str, ...], command: str) -> Sequence[Portion]:
    """Return the parts of a paste with their kinds: cut at its prompts, else at blank lines."""
    cut = prompts.parts(lines, command)
    if len(cut) == 1 and (mixed := mixtures.portions(lines)):
        printed = [piece for part, kind in mixed if kind not in OTHERS for piece in prompts.blocks(lines, part, output.PLAIN)]
        return [*((part, Kind.COMMAND_OUTPUT) for part in printed), *(one for one in mixed if one[1] in OTHERS)]
    if len(cut) == 1:
        cut = prompts.blocks(lines, cut[0], output.PLAIN)
    return [(part, kind_of(lines, part, alone=len(cut) == 1)) for part in cut]


def kind_of(lines: tuple[str, ...], part: Part, *, alone: bool = False) -> Kind:
    """Return the kind of a part: a command's output where a grammar knows it, else what its content is."""
    body = tuple(line for line in lines[part.first - 1 : part.last] if line.strip())
    if diffs.is_diff(body):
        return Kind.SOURCE_CODE
    if alone or len(body) < LEAST or grammars.command(body)[0] or output.tree_of(lines, part, body):
        return Kind.COMMAND_OUTPUT
    found = classify("\n".join(body).encode()[: 1 << 16], b"", b"", Hint(origin="paste"))
    printed = found.kind not in OTHERS or found.kind is Kind.TEXT or found.confidence < SURE
    return Kind.COMMAND_OUTPUT if printed else found.kind


def moved(parsed: Parsed, lines: int) -> Parsed:
    """Return the same, said of lines that stand further down."""
    here = partial(_moved, lines=lines)
    return replace(
        parsed,
        findings=tuple(_finding(one, lines) for one in parsed.findings),
        events=tuple(replace(one, citation=here(one.citation)) for one in parsed.events),
        objects=tuple(replace(one, citation=here(one.citation)) for one in parsed.objects),
        edges=tuple(replace(one, citation=here(one.citation)) for one in parsed.edges),
        curves=tuple(replace(one, citation=here(one.citation)) for one in parsed.curves),
        keys=tuple(_key(one, lines) for one in parsed.keys),
        volume=None,
        notes=tuple(f"from line {lines + 1}: {note}" for note in parsed.notes),
    )


def _moved(cited: Citation, lines: int) -> Citation:
    return replace(cited, first=cited.first + lines, last=cited.last + lines)


def _finding(one: Finding, lines: int) -> Finding:
    return replace(one, id=f"{one.id}+{lines}", citations=tuple(_moved(cited, lines) for cited in one.citations))


def _key(one: KeyStat, lines: int) -> KeyStat:
    slots = tuple(replace(slot, line_of_maximum=slot.line_of_maximum + lines) for slot in one.slots)
    samples = tuple((number + lines, row) for number, row in one.samples)
    return replace(one, first=one.first + lines, last=one.last + lines, samples=samples, slots=slots)


def joined(told: Parsed, others: Iterable[Parsed]) -> Parsed:
    """Return several readings as one; of an object that two name, the first is kept."""
    every = [told, *others]
    objects = {one.id: one for parsed in reversed(every) for one in reversed(parsed.objects)}
    edges = {(one.source, one.relation, one.target): one for parsed in every for one in parsed.edges}
    times = [time for parsed in every for time in (parsed.first_time, parsed.last_time) if time]
    return replace(
        told,
        findings=tuple(one for parsed in every for one in parsed.findings),
        events=tuple(sorted((one for parsed in every for one in parsed.events), key=lambda one: one.citation.first)),
        objects=tuple(sorted(objects.values(), key=lambda one: one.citation.first)),
        edges=tuple(edges.values()),
        keys=tuple(one for parsed in every for one in parsed.keys),
        curves=tuple(one for parsed in every for one in parsed.curves),
        levels=tuple(one for parsed in every for one in parsed.levels),
        summary="; ".join(dict.fromkeys(parsed.summary for parsed in every if parsed.summary))[:500],
        notes=tuple(dict.fromkeys(note for parsed in every for note in parsed.notes)),
        share_parsed=max(parsed.share_parsed for parsed in every),
        times_certain=next((one.times_certain for one in every if one.assumed_zone), told.times_certain),
        assumed_zone=next((one.assumed_zone for one in every if one.assumed_zone), None),
        first_time=min(times, default=None),
        last_time=max(times, default=None),
    )

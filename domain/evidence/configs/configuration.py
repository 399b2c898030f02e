"""Configuration: what is set where, what names nothing, what cannot work; secrets by kind and line only."""

from __future__ import annotations

from domain.evidence import telling
from domain.evidence.commands import output
from domain.evidence.configs import (
    capacity,
    changes,
    containers,
    names,
    references,
    restraints,
    secrets,
    settings,
    timeouts,
    values,
)
from domain.evidence.configs.settings import Configuration
from domain.evidence.reading import Reading
from domain.evidence.structure import languages
from domain.evidence.structure.trees import Tree
from domain.evidence.values import Context, Document, Parsed, Text

DOUBLES = 50
"""Doubled keys and mistakes of writing that are told."""
RULES = (references.remark, capacity.remark, timeouts.remark, values.remark, containers.remark)


def analyse(text: Text, document: Document, context: Context) -> Parsed:
    """Return the settings of a configuration and what is doubtful in them."""
    reading = Reading(document=document, lines=text.lines)
    tree = languages.read(text.lines)
    configuration = settings.opened(reading, tree, document.observed_at or context.observed_at)
    if tree.language in {"json", "yaml"}:
        _told_by_fields(reading, tree, len(text.lines))
    names.observe(configuration, document.name or document.evidence)
    _writing(configuration, len(text.lines))
    for remark in RULES:
        remark(configuration)
    _states(configuration)
    changed = "" if context.baseline is None else f", {changes.remark(reading, tree, context.baseline)} changes"
    found = list(secrets.secrets(configuration.settings))
    secrets.remark(configuration, found)
    share = 1.0 if not tree.broke else tree.broke / max(1, len(text.lines))
    summary = f"{len(configuration.settings)} settings, {len(reading.findings)} findings{changed}"
    restraints.remark(configuration)
    return secrets.concealed(reading.parsed(summary, share), found)


def _told_by_fields(reading: Reading, tree: Tree, lines: int) -> None:
    """Read cluster objects and telling fields; the words of a command line or of a list tell nothing."""
    output.structured(reading, tree, lines)
    reading.findings[:] = [
        one
        for one in reading.findings
        if one.kind != "field" or not one.attributes.get("path", "").rpartition(".")[2].isdecimal()
    ]


def _writing(configuration: Configuration, lines: int) -> None:
    """Say what is written wrong: keys set twice, blocks that do not close, the line where reading broke off."""
    tree: Tree = configuration.tree
    for key, line in tree.duplicates[:DOUBLES]:
        configuration.doubt((key,), line, 2.5, f"{key} is set twice", reason="duplicate key")
    for what, line in tree.faults[:DOUBLES]:
        configuration.doubt(("syntax",), line, 3.5, f"line {line}: {what}", reason="syntax")
    if tree.broke and "longer than" not in tree.reason:
        line = min(tree.broke, lines)
        configuration.doubt(("syntax",), line, 3.0, f"line {line}: the document {tree.reason}", reason="syntax")


def _states(configuration: Configuration) -> None:
    """Keep states that say something does not work, where nothing else is doubtful."""
    for one in configuration.settings:
        if isinstance(one.value, str) and telling.pair(one.name, one.value) >= 3.5 and not configuration.reading.findings:
            facts = {"value": one.text, "field": one.name}
            configuration.reading.find("field", f"file:{one.where}", one.line, 2.0, f"{one.where} is {one.text}", **facts)

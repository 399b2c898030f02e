"""A document of any tracing format to its spans."""

from __future__ import annotations

from domain.evidence.traces import documents, printed
from domain.evidence.traces.spans import Span, bounded, is_json, tree_of


def read(lines: tuple[str, ...]) -> tuple[list[Span], list[str]]:
    """Return the spans in the order of the file, and notes on what could not be read."""
    if is_json(lines):
        found, notes = tree_of(lines)
        return bounded(span for root in found.roots for span in documents.read(root)), notes

    first = lines[0] if lines else ""
    if any(mark in first for mark in ",\t;") and "span" in first.lower():
        return bounded(printed.table(lines)), []
    return bounded(printed.tree(lines)), []

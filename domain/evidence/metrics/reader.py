"""Numeric series of any metrics format: tables, exposition and line protocols, JSON."""

from __future__ import annotations

from collections.abc import Iterable

from domain.evidence.metrics import points, samples, tables
from domain.evidence.metrics.series import SERIES, Series, in_order
from domain.evidence.reading import beginning
from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import Tree

NONE = Tree(roots=())


def read(lines: tuple[str, ...]) -> tuple[list[Series], Tree, list[str]]:
    """Return the series of a document, its tree where it is JSON, and notes on what was not read."""
    body = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if not body:
        return [], NONE, []
    first = body[0][1].lstrip()
    if first[:1] in {"{", "["}:
        tree = jsontree.read("\n".join(lines))
        notes = [f"line {tree.broke}: {tree.reason}; the part above it was read"] if tree.broke else []
        return _bounded(points.read(tree.roots)), tree, notes
    if samples.fits(beginning(first)):
        found, notes = samples.read(body)
        return _bounded(found), NONE, notes
    found, notes = tables.read(body)
    return _bounded(found), NONE, notes


def _bounded(found: Iterable[Series]) -> list[Series]:
    return [in_order(series) for series, _ in zip(found, range(SERIES), strict=False)]

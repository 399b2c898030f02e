"""Rows of one output that name the same thing."""

from __future__ import annotations

from domain.evidence.reading import Reading


def apart(reading: Reading, kind: str, name: str, rows: tuple[int, int]) -> str:
    """Return the name of the object of a row (`rows` are the first line of its output and its own).

    A second row of one output that repeats a name is told apart by its line; what another output has named is the same thing.
    """
    first, number = rows
    known = reading.objects.get(f"{kind}/{name}".lower())
    return f"{name}#{number}" if known and first <= known.citation.first != number else name

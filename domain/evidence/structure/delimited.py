"""Cells of delimited tables, and the numbers in them as dashboards and spreadsheets write them."""

from __future__ import annotations

import csv
import re

from domain.evidence.structure.trees import numeric

TIMES = frozenset({"time", "timestamp", "ts", "date", "datetime", "_time", "@timestamp", "epoch"})
"""Names of columns and fields that hold a time."""
ANNOTATION = re.compile(r"^#(?:group|datatype|default)\b|^sep=.$")
"""Rows above a header that are none of its table: InfluxDB's annotations, a spreadsheet's separator."""
NUMBER = re.compile(
    r"^(?P<number>[-+]?(?:\d[\d, ]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s?"
    r"(?P<unit>%|[µumn]?s|[kKMGTP]i?[Bb]?(?:/s|ps)?|B(?:/s)?|rps|[a-z]{1,4}/s|reqps|mins?|hours?)?$"
)
"""A number as dashboards export it: thousands marked, a unit behind."""
DECIMAL_COMMA = re.compile(r"^-?\d+,\d+$")
FACTORS = {
    "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50,
}  # fmt: skip
LONGEST = 100_000
"""Characters of a line with quotes that are parsed."""


def cells(line: str, mark: str) -> list[str]:
    """Return the cells of one line; quotes may hold the mark."""
    if '"' not in line:
        return line.split(mark)
    return next(csv.reader([line.replace("\r", " ").replace("\n", " ")[:LONGEST]], delimiter=mark), [])


def number(text: str, mark: str = ",") -> float | None:
    """Return the number of one cell; a unit scales it, `-`, `n/a` and the like are missing; between `;` a comma parts the fraction."""
    plain = numeric(text)
    if plain is not None or not text.strip():
        return plain
    piece = text.strip()[:64]
    if mark == ";" and DECIMAL_COMMA.match(piece):
        return numeric(piece.replace(",", "."))
    found = NUMBER.match(piece)
    if not found:
        return None
    value = numeric(found["number"].replace(",", "").replace(" ", ""))
    unit = found["unit"] or ""
    factor = FACTORS.get(unit[:2] if unit[1:2] == "i" else unit[:1], 1.0) if not unit.startswith("min") else 1.0
    return None if value is None else value * factor

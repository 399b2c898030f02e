"""What clients of databases print: boxed, aligned, expanded and delimited results; every row becomes an object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from domain.evidence.checks import QuoteCheck
from domain.evidence.commands.listings import Listing, keep
from domain.evidence.commands.stores import query_plans, quorums, sessions, sql_tables
from domain.evidence.reading import FOLDED, TEXT, Reading, fold
from domain.evidence.structure.tables import Row

RECORD = re.compile(r"^(?:-\[ RECORD \d+ \][-+]*|\*{5,} \d+\. row \*{5,})\s*$")
"""`-[ RECORD 1 ]---+----` of psql, `**** 1. row ****` of mysql."""
FIELD = re.compile(r"^\s{0,60}([\w?.() ]{1,64}?)\s{0,60}(?:\| ?|: )(.*)$")
BAR = frozenset("|+-= ")
FOOT = re.compile(r"^(?:\(\d+ rows?\)|\d+ rows? in set.*|Empty set.*|Time: [\d.]+ ms.*)$")


def read(reading: Reading, first: int, last: int) -> int:
    """Read every result between two lines; return how many lines were understood."""
    records = list(_expanded(reading, first, last))
    known = len(reading.findings)
    rows = records or _barred(reading, first, last) or _tabbed(reading, first, last)
    if not rows:
        return 0
    sessions.aged(reading, rows)
    listing = _known({name for row in rows for name in row.cells})
    keep(reading, listing, rows)
    if listing is PLAIN:
        sql_tables.odd(reading, rows)
    else:
        sessions.together(reading, rows)
    for place in range(known, len(reading.findings) if records else known):
        _settle(reading, place, last)
    return last - first + 1


def _settle(reading: Reading, place: int, last: int) -> None:
    """Let a finding about a record cite the line of the field that it tells, not the rule above the record."""
    one = reading.findings[place]
    start = one.citations[0].first
    told = [one.attributes[name][:FOLDED] for name in ("message", "value") if one.attributes.get(name)]
    lines = takewhile(lambda n: n == start or not RECORD.match(reading.head(n)), range(start, last + 1))
    here = [n for n in lines if FIELD.match(reading.head(n))]
    number = next((n for words in told for n in here if fold(reading.line(n).partition(":")[2]).startswith(words)), 0)
    if number:
        cited = reading.cite(number, told[0])
        check = QuoteCheck(text=cited.quote.strip("…"))
        reading.findings[place] = replace(
            one, citations=(cited, *one.citations[1:]), text=fold(reading.line(number))[:TEXT], check=check
        )


LISTINGS = (*query_plans.LISTINGS, *quorums.BOXED, *sessions.LISTINGS)
PLAIN = Listing(kind="row", marks=frozenset())
"""A result whose columns are not known."""


def _known(names: set[str]) -> Listing:
    lowered = {name.lower() for name in names}
    return next((one for one in LISTINGS if one.marks <= lowered), PLAIN)


def _barred(reading: Reading, first: int, last: int) -> list[Row]:
    """Return rows between bars; the header is the first line with bars, a line of dashes lies below it."""
    heads: list[str] = []
    rows: list[Row] = []
    ruled = any(set(reading.head(n).strip()) <= BAR for n in range(first, last + 1) if reading.head(n).strip())
    for number in range(first, last + 1):
        line = reading.head(number).strip()
        cells = [cell.strip() for cell in (line[1:-1] if line[:1] == "|" == line[-1:] else line).split("|")]
        if len(cells) < 2 or set(line) <= BAR:
            continue
        if not heads:
            heads = cells if ruled else [f"column_{n}" for n in range(1, len(cells) + 1)]
            if ruled:
                continue
        if len(cells) == len(heads):
            rows.append(Row(line=number, cells=lowered(heads, cells)))
    return rows


def lowered(heads: list[str], cells: list[str]) -> dict[str, str]:
    """Return cells by the lower-case names of their columns."""
    return dict(zip((head.lower() for head in heads), cells, strict=False))


def _expanded(reading: Reading, first: int, last: int) -> Iterator[Row]:
    """Yield one row per record that is printed as a block of `name | value` lines."""
    start, cells = 0, dict[str, str]()
    for number in range(first, last + 1):
        line = reading.head(number)
        if RECORD.match(line):
            if start:
                yield Row(line=start, cells=cells)
            start, cells = number, {}
        elif start and (found := FIELD.match(line)) and not FOOT.match(line):
            cells[found[1].lower()] = found[2].strip()
    if start:
        yield Row(line=start, cells=cells)


def _tabbed(reading: Reading, first: int, last: int) -> list[Row]:
    """Return rows between tabs, as `mysql -B` prints them; the first line names the columns."""
    heads: list[str] = []
    rows: list[Row] = []
    for number in range(first, last + 1):
        cells = reading.head(number).split("\t")
        if len(cells) < 2:
            continue
        if not heads:
            heads = cells
        elif len(cells) == len(heads):
            rows.append(Row(line=number, cells=lowered(heads, cells)))
    return rows

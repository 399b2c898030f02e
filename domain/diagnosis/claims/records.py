"""Cited lines as records: the objects of a JSON document, or one record per line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.diagnosis.claims.units import Figure

UNTRUE = frozenset({"false", "unknown", "no", "none", "null", "", "0"})
NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?(%|(?:[num]?s|sec|seconds?|milliseconds?|percent|[KMGTk]i?B|[KMGT]i|bytes)(?![A-Za-z0-9])))?"
)
UNIT = re.compile(r"[num]s|s|sec|seconds?|milliseconds?|microseconds?|percent|pct|bytes?|[kmg]i?b")
PAIR = re.compile(r"([A-Za-z_][\w.]*)\s*[=:]\s*([\w.%-]+)")
STAMP = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|(?<![\d:.])\d\d:\d\d(?::\d\d)?(?![\d:])"
)
WORDS = re.compile(r"[A-Za-z0-9][\w.-]*\w|\w|[=<>]")
TURNS = re.compile(r"no|not|never|without|cannot|un\w+|\w+n't|nothing|none", re.IGNORECASE)
SHORT = 4
"""A shorter quotation must be verbatim."""
SERIES = 3
"""Numbers in a row that make a series."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar under its key."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """An object or line: its scalars, series of numbers, the list that it stands in, and the objects inside it."""

    leaves: tuple[Leaf, ...]
    series: tuple[float, ...] = ()
    listed: str = ""
    inner: tuple[Record, ...] = ()

    @property
    def unit(self) -> str:
        """The unit that the record writes beside its series."""
        return next((leaf.value for leaf in self.leaves if leaf.key.lower() in {"unit", "units"}), "")

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The values of the series with their unit."""
        return tuple(Figure(one, self.unit, measured=True) for one in self.series)

    def all_leaves(self) -> Iterator[Leaf]:
        """Yield the scalars of the record and of what lies inside."""
        yield from self.leaves
        for one in self.inner:
            yield from one.all_leaves()

    def within(self) -> Iterator[Record]:
        """Yield the record and everything inside."""
        yield self
        for one in self.inner:
            yield from one.within()

    def text(self) -> str:
        """Return keys and values as words; the values of a series are told by their trend only."""
        return "\n".join(f"{leaf.key} {leaf.value}" for leaf in self.all_leaves())


@dataclass(frozen=True, slots=True)
class Document:
    """One source of a claim; `whole` when the cited lines are all of it, so that what is absent is absent."""

    name: str
    root: Record
    whole: bool

    def records(self) -> Iterator[Record]:
        """Yield every record, outermost first."""
        yield from self.root.within()


def documents(lines: Mapping[str, Iterable[str]]) -> tuple[Document, ...]:
    """Return the sources of a claim by name."""
    return tuple(_document(name, tuple(text)) for name, text in lines.items())


def _document(name: str, lines: tuple[str, ...]) -> Document:
    """Read a JSON document, else lines."""
    try:
        node = json.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return Document(name, Record((), inner=tuple(_line(line) for line in lines)), whole=False)
    return Document(name, _record(node, ""), whole=isinstance(node, dict | list))


def _line(line: str) -> Record:
    """Return a line with the pairs that stand in it."""
    return Record((Leaf("", line), *(Leaf(found[1], found[2]) for found in PAIR.finditer(STAMP.sub(" ", line)))), listed="line")


def _record(node: object, listed: str) -> Record:
    """Return an object; a condition (type and status) is read as a field of that name."""
    leaves: list[Leaf] = []
    inner: list[Record] = []
    series: tuple[float, ...] = ()
    fields = node if isinstance(node, dict) else {listed: node}
    stated = "type" in fields and "status" in fields
    for key, value in fields.items():
        if isinstance(value, list) and len(value) >= SERIES and all(isinstance(one, int | float) for one in value):
            series = tuple(float(one) for one in value)
        elif isinstance(value, list):
            inner += [_record(one, key) for one in value if isinstance(one, dict)]
            leaves += [Leaf(key, _scalar(one)) for one in value if not isinstance(one, dict | list)]
        elif isinstance(value, dict):
            inner.append(_record(value, ""))
            leaves.append(Leaf(key, "{}"))
        elif isinstance(value, str) and "\n" in value:
            inner += [_line(one) for one in value.splitlines()]
        elif not (stated and key in {"type", "status"}):
            leaves.append(Leaf(key, _scalar(value)))
    if stated:
        leaves.append(Leaf(str(fields["type"]), _scalar(fields["status"])))
    return Record(tuple(leaves), series, listed, tuple(inner))


def _scalar(value: object) -> str:
    """Return a scalar as evidence writes it."""
    return json.dumps(value) if isinstance(value, bool) or value is None else str(value)


def folded(key: str) -> str:
    """Return a field's name without its way of writing."""
    return key.replace("_", "").replace("-", "").lower()


def holds_name(record: Record, name: str) -> bool:
    """Tell whether a record says a name: as a whole word of a value, as a field that is not false, or as the words of it."""
    end = r"(?![a-z0-9])" if name.isupper() else r"(?![A-Za-z0-9])"
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name.removesuffix('*').rstrip('-'))}{'' if name.endswith('*') else end}")
    leaves = list(record.all_leaves())
    fields = [leaf for leaf in leaves if folded(leaf.key) == folded(name)]
    if fields:
        return all(leaf.value.lower() not in UNTRUE for leaf in fields)
    return any(word.search(leaf.value) for leaf in leaves) or _in_keys(leaves, name)


def _in_keys(leaves: Iterable[Leaf], name: str) -> bool:
    """Tell whether the keys write an abbreviation, or text and keys all words of a field's name such as `lastState`."""
    if name.isupper():
        return any(name.lower() in leaf.key.lower().split("_") for leaf in leaves)
    parts = re.findall(r"[A-Z]?[a-z]+", name) if re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)+", name) else []
    said = " ".join(f"{leaf.key} {leaf.value}" for leaf in leaves).lower()
    return bool(parts) and all(re.search(rf"\b{part.lower()}\b", said.replace("_", " ")) for part in parts)


def holds_quote(record: Record, quote: str) -> bool:
    """Tell whether one value says the quoted words in their order; words may be left out, none that turns the sense."""
    told = WORDS.findall(quote)
    return any(
        " ".join(quote.split()) in " ".join(leaf.value.split()) or _elided(told, leaf.value) for leaf in record.all_leaves()
    )


def _elided(told: list[str], value: str) -> bool:
    """Tell whether the words stand in a value in order, at most as many left out between them as are told."""
    words = WORDS.findall(value)
    for start in (place for place, word in enumerate(words) if told and _same(told[0], word)):
        at, left = start, 0
        for word in told:
            place = next((place for place in range(at, len(words)) if _same(word, words[place])), -1)
            if place < 0 or any(TURNS.fullmatch(one) for one in words[at:place]):
                break
            left += place - at
            at = place + 1
        else:
            return (
                len(told) >= SHORT
                and left <= len(told)
                and not any(TURNS.fullmatch(one) for one in words[max(0, start - 2) : start])
            )
    return False


def _same(told: str, written: str) -> bool:
    """Tell whether a word is the one written; a host may be said without its domain."""
    return told == written or written.startswith(f"{told}.")


def holds_pair(record: Record, key: str, value: str) -> bool:
    """Tell whether a field has a value; of a way only the last step counts."""
    last = folded(key.rsplit(".", 1)[-1])
    return any(folded(leaf.key) == last and leaf.value.lower() == value.lower() for leaf in record.all_leaves())


def figures(record: Record) -> set[Figure]:
    """Return the numbers of a record with their units, its series included; clock times and dates count nothing."""
    found: set[Figure] = set()
    for leaf in record.all_leaves():
        unit = next((part for part in reversed(leaf.key.lower().split("_")) if UNIT.fullmatch(part)), "")
        found.update(
            Figure(float((one[1] + (one[2] or "")).replace(",", "")), one[3] or unit)
            for one in NUMBER.finditer(STAMP.sub(" ", leaf.value))
        )
    return found.union(*(one.figures for one in record.within()))

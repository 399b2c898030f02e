"""Samples one a line: Prometheus and OpenMetrics exposition, InfluxDB's line protocol, Graphite and StatsD lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.evidence.metrics.series import SERIES, Series, moment
from domain.evidence.reading import beginning
from domain.evidence.structure.trees import numeric

SAMPLE = re.compile(
    r"^(?P<name>[a-zA-Z_:][\w:.]*)(?:\{(?P<labels>(?:[^\"}]|\"(?:[^\"\\]|\\.)*\"){0,2000})\})?\s+"
    r"(?P<value>[-+]?(?:[\d.]+(?:[eE][-+]?\d+)?|NaN|Inf))(?: (?P<time>-?[\d.]+(?:[eE][-+]?\d+)?))?(?:\s+\#\s\{.{0,2000})?$"
)
"""Exposition format 0.0.4 and OpenMetrics 1.0: name, labels, value, time in ms (s in OpenMetrics), exemplar."""
ABOUT = re.compile(r"^# (?P<what>HELP|TYPE|UNIT|EOF)\b\s*(?P<name>\S*)\s*(?P<text>.*)$")
INFLUX = re.compile(
    r"^(?P<name>(?:\\.|[^\s,\\\"]){1,200})(?P<labels>(?:,(?:\\.|[^\s,=\\])+=(?:\\.|[^\s,\\])+){0,40}) "
    r"(?P<fields>[^\s=\"]+=.{1,3000}?)(?: (?P<time>\d{10,19}))?$"
)
"""`measurement,tag=a field=1i,other=2.5 1777888800000000000`."""
FIELD = re.compile(r"([^\s,=]{1,120})=(\"(?:[^\"\\]|\\.){0,400}\"|[^,]{1,60})")
TAG = re.compile(r",((?:\\.|[^\s,=\\]){1,80})=((?:\\.|[^\s,\\]){1,300})")
LABEL = re.compile(r"([\w.\-]{1,80})=\"((?:[^\"\\]|\\.){0,300})\"")
MARKS = ("TYPE", "UNIT")
COUNTERS = ("_total", "_count", "_sum", "_bucket", "")
"""Ends of sample names that a counter or histogram of a declared name may have."""


@dataclass(slots=True)
class _Told:
    """What comment lines say of a metric, and the scrapes so far."""

    kinds: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], Series] = field(default_factory=dict)
    lost: int = 0


def fits(first: str) -> bool:
    """Return whether a document that begins with this line holds samples."""
    return bool((first.startswith("# ") and ABOUT.match(first)) or SAMPLE.match(first) or INFLUX.match(first))


def read(body: list[tuple[int, str]]) -> tuple[Iterable[Series], list[str]]:
    """Return the series, equal names and labels joined (several scrapes are several points), and notes."""
    told = _Told()
    for line, text in body:
        piece = beginning(text).rstrip()
        if piece.startswith("#"):
            _about(told, piece)
        elif sample := SAMPLE.match(piece):
            _sample(told, line, sample.groupdict())
        elif influx := INFLUX.match(piece):
            _fields(told, line, influx.groupdict())
        else:
            told.lost += 1
    for series in told.found.values():
        base = _base(told.kinds, series.name)
        series.counter = told.kinds.get(base) in {"counter", "histogram", "summary"} and _grows(series, told.kinds.get(base, ""))
        series.unit = series.unit or told.units.get(base, "")
    notes = [f"{told.lost} lines are no samples"] if told.lost else []
    return told.found.values(), notes


def _about(told: _Told, piece: str) -> None:
    about = ABOUT.match(piece)
    if about and about["what"] in MARKS and len(told.kinds) < SERIES:
        (told.kinds if about["what"] == "TYPE" else told.units)[about["name"]] = about["text"].strip()


def _base(kinds: Mapping[str, str], name: str) -> str:
    """Return the declared name that a sample belongs to."""
    return next((base for end in COUNTERS if name.endswith(end) and (base := name.removesuffix(end)) in kinds), name)


def _grows(series: Series, kind: str) -> bool:
    """Return whether a sample of a declared kind only grows: a summary's quantiles do not."""
    return kind == "counter" or series.name.endswith(("_count", "_sum", "_bucket"))


def _sample(told: _Told, line: int, said: Mapping[str, str | None]) -> None:
    labels = said["labels"] or ""
    series = _series(told, str(said["name"]), labels, LABEL)
    if series:
        series.add(line, moment(said["time"] or ""), numeric(said["value"]))


def _fields(told: _Told, line: int, said: Mapping[str, str | None]) -> None:
    time = moment(said["time"] or "")
    for name, raw in FIELD.findall(said["fields"] or ""):
        value = numeric(raw.rstrip("iu")) if not raw.startswith('"') else None
        series = _series(told, f"{said['name']}.{name}", said["labels"] or "", TAG) if value is not None else None
        if series:
            series.add(line, time, value)


def _series(told: _Told, name: str, labels: str, pattern: re.Pattern[str]) -> Series | None:
    """Return the series of this name and these labels, None beyond the bound."""
    known = told.found.get((name, labels))
    if known is None and len(told.found) < SERIES:
        known = told.found[name, labels] = Series(name, dict(pattern.findall(labels)))
    return known

"""Evidence and its answer as one HTML file: no script, no network, text of the evidence escaped wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from cli.page import charts, histogram, lanes
from cli.show import moment, plain, sections
from domain.diagnosis.answer import to_json
from domain.diagnosis.values import Answer
from domain.evidence.values import Analysis, Event, KeyStat

TEMPLATES = 100
"""Rows of the template table: the most severe ones, then the most frequent."""


def render(answer: Answer, analyses: Sequence[Analysis], timeline: Sequence[Event]) -> str:
    """Return the page; `timeline` holds the events behind the answer's time-line."""
    onset = answer.onset.time.timestamp() if answer.onset and answer.onset.time else _assumed(answer, timeline)
    drawn, left_out = charts.charts(analyses, onset)
    rows = [(one.name, key) for one in analyses for key in one.keys]
    rows.sort(key=lambda row: (-row[1].severity, -row[1].count, row[0], row[1].first))
    told = to_json(answer)
    return (
        _environment()
        .get_template("page.html")
        .render(
            answer=told,
            sections=sections(told),
            histograms=[drawing for one in analyses if (drawing := histogram.histogram(one, onset))],
            size=histogram,
            lanes=lanes.lanes(timeline, analyses, onset),
            charts=drawn,
            charts_left_out=left_out,
            templates=list(starmap(_template, rows[:TEMPLATES])),
            templates_left_out=max(0, len(rows) - TEMPLATES),
        )
    )


def _assumed(answer: Answer, timeline: Sequence[Event]) -> float | None:
    """Return the onset where its zone was assumed: drawings count in the same assumed zone."""
    if answer.onset is None:
        return None
    place = (answer.onset.line, answer.onset.time_local)
    times = [one.time for one in timeline if one.time and one.citation.first == place[0]]
    return next((t.timestamp() for t in times if t.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds") == place[1]), None)


def _template(name: str, key: KeyStat) -> dict[str, Any]:
    return {
        "file": name,
        "level": lanes.level(key.severity),
        "severity": f"{key.severity:g}",
        "count": key.count,
        "first": key.first,
        "last": key.last,
        "template": key.template,
        "sample": key.samples[0][1] if key.samples else "",
        "burst": bool(key.burst),
    }


def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("cli.page", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["plain"] = plain
    found.filters["moment"] = moment
    return found

"""Volume, curves and kinds of lines on a terminal, in blocks of an eighth of a line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.page.charts import titled
from cli.page.histogram import LEVELS
from cli.page.lanes import level
from cli.page.scales import clock, number
from cli.show import plain
from domain.evidence.values import Analysis, Curve, KeyStat, Volume

BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH = 60
"""Columns of a histogram; stretches beside each other join where there are more."""
CURVE = 40
MOST_VOLUMES, MOST_CURVES, MOST_KINDS = 12, 12, 15
STYLES = {"info": "blue", "warn": "yellow", "error": "red", "fatal": "magenta"}


def draw(console: Console, analyses: Sequence[Analysis]) -> None:
    """Print what there is to see: volumes of logs, curves of metrics, kinds of lines."""
    logs = [(one, one.volume) for one in analyses if one.volume is not None and one.volume.counts]
    severest = sorted(range(len(logs)), key=lambda place: (-_severity(logs[place][0]), place))[:MOST_VOLUMES]
    for place in sorted(severest):
        console.print(_volume(*logs[place]))
    if len(logs) > MOST_VOLUMES:
        console.print(f"{len(logs) - MOST_VOLUMES} further logs, less severe", style="dim")
    moved = [(one, curve) for one in analyses for curve in one.curves if len(curve.values) > 1]
    if moved:
        console.print(_curves(moved))
    kinds = [(one.name, key) for one in analyses for key in one.keys]
    if kinds:
        console.print(_kinds(kinds))


def _severity(one: Analysis) -> float:
    return max((finding.severity for finding in one.findings), default=0.0)


def sparkline(values: Sequence[float], width: int, *, from_zero: bool = True) -> str:
    """Return the values as at most `width` blocks, neighbours joined by their largest; an empty stretch is blank."""
    columns = _joined(values, width)
    low = 0.0 if from_zero else min(columns, default=0.0)
    span = max(columns, default=0.0) - low
    if from_zero:
        return "".join(BLOCKS[0 if not one else max(1, round(8 * one / span))] for one in columns)
    return "".join(BLOCKS[1 + round(7 * (one - low) / span) if span else 4] for one in columns)


def _joined(values: Sequence[float], width: int) -> list[float]:
    count = min(width, len(values))
    edges = [place * len(values) // count for place in range(count + 1)] if count else []
    return [max(values[first:last]) for first, last in pairwise(edges)]


def _volume(one: Analysis, volume: Volume) -> RenderableType:
    rows: list[RenderableType] = [Text(f"\n{plain(one.name)}: {sum(map(sum, volume.counts)):,} lines", style="bold")]
    for name, severities in reversed(LEVELS):
        lines = [float(sum(counts[place] for place in severities)) for counts in volume.counts]
        if any(lines):
            rows.append(Text(f"{name:>6} {sparkline(lines, WIDTH)} {sum(lines):,.0f}", style=STYLES[name]))
    if marks := _bursts(one.keys, volume):
        rows.append(Text(f" burst {marks}", style="bold"))
    rows.append(Text(f"       {_span(volume)}", style="dim"))
    return Group(*rows)


def _bursts(keys: Sequence[KeyStat], volume: Volume) -> str:
    """Return a row with a mark under every column that lies in a burst."""
    if volume.start is None:
        return ""
    start, columns = volume.start.timestamp(), min(WIDTH, len(volume.counts))
    marked = [False] * columns
    for first, last in ((key.burst[0], key.burst[1]) for key in keys if key.burst):
        begin, end = ((moment.timestamp() - start) / volume.width / len(volume.counts) * columns for moment in (first, last))
        for place in range(max(0, int(begin)), min(columns, int(end) + 1)):
            marked[place] = True
    return "".join("▲" if one else " " for one in marked).rstrip()


def _span(volume: Volume) -> str:
    length = volume.width * len(volume.counts)
    if volume.start is None:
        return f"line 1 to {length:,.0f}"
    start = volume.start.timestamp()
    return f"{volume.start:%Y-%m-%d} {clock(start)} to {clock(start + length)} UTC"


def _curves(moved: Sequence[tuple[Analysis, Curve]]) -> Table:
    table = Table(title="Metrics, most moved first", title_justify="left")
    for heading in ("series", "", "from", "to"):
        table.add_column(heading, no_wrap=not heading, overflow="fold")
    for _, curve in moved[:MOST_CURVES]:
        line = Text(sparkline(curve.values, CURVE, from_zero=False), style="cyan")
        table.add_row(Text(plain(titled(curve))), line, number(min(curve.values)), number(max(curve.values)))
    return table


def _kinds(kinds: Sequence[tuple[str, KeyStat]]) -> Table:
    ranked = sorted(kinds, key=lambda row: (-row[1].severity, -row[1].count, row[0], row[1].first))
    table = Table(title=f"Kinds of lines, {min(MOST_KINDS, len(ranked))} of {len(ranked)}", title_justify="left")
    table.add_column("lines", justify="right")
    table.add_column("kind", overflow="fold")
    table.add_column("first", overflow="fold")
    for name, key in ranked[:MOST_KINDS]:
        text = Text(plain(key.template)[:160], style=STYLES[level(key.severity)] if key.severity >= 2 else "")
        table.add_row(f"{key.count:,}", text, Text(f"{plain(name)}:{key.first}"))
    return table

"""Databases and queues: sessions, plans, replication, memory."""

from __future__ import annotations

import re
from collections import Counter

from domain.evidence.commands import sql_tables
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure import tables
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

NODE = re.compile(
    r"^\s*(?:->\s+)?([A-Z][\w ]+?)(?: (?:on|using) (.+?))?\s+\(cost=[\d.]+\.\.([\d.]+)(?:.*?actual time=[\d.]+\.\.([\d.]+) rows=[\d.]+ loops=(\d+))?"
)
REDIS = re.compile(r"^(\w+):(.*)$")
LAG = 1_000.0
"""Messages behind from which on a consumer group is a finding."""
LONG_S = 60.0
"""Seconds a statement or a lock wait may last before it is a finding."""


def sessions(reading: Reading, first: int, last: int) -> int:
    """Read a table of a database client; sessions are counted by state, waits and long statements found."""
    rows = list(_rows(reading, first, last))
    sql_tables.odd(reading, rows)
    states = Counter(row.get("state", "State", "Command", "COMMAND") for row in rows)
    for row in rows:
        _session(reading, row)
    crowd = next(((s, n) for s, n in states.most_common(1) if s and n >= 20), None)
    if crowd:
        line = next(row.line for row in rows if row.get("state", "State", "Command", "COMMAND") == crowd[0])
        reading.find("connection", "", line, 2.5, f"{crowd[1]} sessions are {crowd[0]}", reason=crowd[0], count=float(crowd[1]))
    return last - first + 1


def _rows(reading: Reading, first: int, last: int) -> list[Row]:
    """Return rows between bars; the header is the first line with bars."""
    heads: list[str] = []
    rows: list[Row] = []
    for number in range(first, last + 1):
        line = reading.head(number).strip()
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 2 or set(line) <= set("|+- "):
            continue
        if heads and len(cells) == len(heads):
            rows.append(Row(line=number, cells=dict(zip(heads, cells, strict=True))))
        elif not heads:
            heads = cells
    return rows


def _session(reading: Reading, row: Row) -> None:
    """Find sessions that wait for a lock or run for long."""
    seconds = amount(row.get("Time", "TIME", "duration", "query_seconds")) or 0.0
    state, statement = row.get("State", "state", "wait_event_type", "wait_event"), row.get("Info", "INFO", "query")
    facts: dict[str, Fact] = {"statement": statement, "state": state, "duration_s": seconds}
    if re.search(r"(?i)\block", state + row.get("wait_event_type")):
        reading.find(
            "row", "", row.line, 3.5, f"a session waits for a lock {seconds:g} s: {statement}", reason="lock wait", **facts
        )
    elif (
        seconds >= LONG_S
        and statement
        and statement != "NULL"
        and row.get("Command", "state") not in {"Sleep", "Daemon", "idle", "Binlog Dump"}
    ):
        reading.find(
            "slow_span", "", row.line, 3.0, f"a statement runs for {seconds:g} s: {statement}", reason="long statement", **facts
        )


def explain(reading: Reading, first: int, last: int) -> int:
    """Read a plan: the step that takes most, scans of whole tables first."""
    steps: list[tuple[float, int, str, str]] = []
    for number in range(first, last + 1):
        if found := NODE.match(reading.head(number)):
            what, target, cost, took, loops = found.groups()
            weight = float(took) * float(loops) if took else float(cost)
            steps.append((weight * (2.0 if what.startswith("Seq Scan") else 1.0), number, what, target or ""))
    for weight, number, what, target in sorted(steps, key=lambda s: -s[0])[:2]:
        severity = 3.0 if what.startswith("Seq Scan") else 1.5
        reading.find(
            "slow_span",
            "",
            number,
            severity,
            f"{what} {target} takes most of the plan",
            operation=what,
            value=target,
            weight=weight,
        )
    return last - first + 1


def redis(reading: Reading, first: int, last: int) -> int:
    """Read the counters of a cache: memory against its limit, refusals, role and link."""
    found = {m.group(1): (m.group(2).strip(), n) for n in range(first, last + 1) if (m := REDIS.match(reading.head(n)))}
    used, limit = (amount(found.get(name, ("", 0))[0]) or 0.0 for name in ("used_memory", "maxmemory"))
    reading.observe(
        "cache", reading.document.name or "cache", first, {name: value for name, (value, _) in list(found.items())[:200]}
    )
    if limit and used >= 0.95 * limit:
        facts: dict[str, Fact] = {"resource": "memory", "used": used, "limit": limit}
        reading.find("resource", "", found["used_memory"][1], 3.5, f"the cache uses {used / limit:.0%} of its memory", **facts)
    for name, bad in (
        ("rejected_connections", "0"),
        ("evicted_keys", "0"),
        ("master_link_status", "up"),
        ("rdb_last_bgsave_status", "ok"),
        ("loading", "0"),
    ):
        value, line = found.get(name, (bad, 0))
        if value != bad:
            reading.find("field", "", line, 3.0, f"{name} is {value}", field=name, value=value)
    return last - first + 1


def groups(reading: Reading, first: int, last: int) -> int:
    """Read how far consumers are behind."""
    header = next((n for n in range(first, last + 1) if "LAG" in reading.line(n) and "TOPIC" in reading.line(n)), 0)
    for row in tables.under(reading.lines, header, last) if header else ():
        lag = amount(row.get("LAG")) or 0.0
        if lag >= LAG or row.get("CONSUMER-ID") == "-":
            name = f"{row.get('GROUP')}:{row.get('TOPIC')}"
            facts: dict[str, Fact] = {"lag": lag, "consumer": row.get("CONSUMER-ID")}
            reading.find(
                "row", f"queue/{name}", row.line, 3.5 if lag >= LAG else 2.0, f"{name} is {lag:g} messages behind", **facts
            )
    return last - first + 1

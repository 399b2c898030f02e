"""Sessions, locks, replicas and counters of databases, as rows with lower-case column names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from domain.evidence import ages
from domain.evidence.commands.listings import BLANK, Listing, unhealthy
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

LONG_S = 60.0
"""Seconds a statement, a transaction or a lock wait may last before it is a finding."""
CROWD = 20
"""Sessions in one state that are worth saying."""
LAG_S, LAG_BYTES = 10.0, 100e6
"""How far a replica may be behind."""
NEAR = 0.9
"""Share of a limit from which on it is named."""
SPAN = re.compile(r"^(-?)(?:(\d{1,6}) days? ?)?(?:(\d{1,6}):(\d\d):(\d\d)(?:\.\d{1,9})?)?$")
"""An interval of PostgreSQL: `1 day 02:03:04.5`."""
SPANS = (
    "duration",
    "runtime",
    "query_seconds",
    "age",
    "elapsed",
    "running_for",
    "?column?",
    "query_age",
    "wait_age",
    "wait_age_secs",
    "time",
    "trx_age",
)
STARTS = ("query_start", "trx_started", "state_change")
STATEMENTS = ("info", "query", "trx_query", "blocked_statement", "blocked_query", "waiting_query", "statement")
QUIET = frozenset({"sleep", "daemon", "idle", "binlog dump", "binlog dump gtid", "idle in transaction"})
WAITED = (
    ("blocked_pid", "blocking_pid"),
    ("waiting_pid", "blocking_pid"),
    ("pid", "blocked_by"),
    ("pid", "blocking_pids"),
    ("pid", "pg_blocking_pids"),
)
"""Columns: who waits, for whom; several holders stand in braces."""


def lasting(text: str) -> float | None:
    """Return an interval or a number of seconds, None when it is neither."""
    found = SPAN.match(text.strip()[:40])
    if found and (found[2] or found[3]):
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
        return days * 86_400 + hours * 3_600 + minutes * 60 + seconds
    return amount(text) if text[:1].isdecimal() else None


def aged(reading: Reading, rows: Sequence[Row]) -> None:
    """Say in seconds how long ago statements and transactions began, before the newest time of the rows."""
    told = [ages.date(row.get(name)) for row in rows for name in (*STARTS, "xact_start") if row.get(name)]
    times = [time for time in told if time]
    if not times:
        return
    now = max([*times, *([reading.document.observed_at] if reading.document.observed_at else [])])
    for row in rows:
        for column, names in (("query_age", STARTS), ("xact_age", ("xact_start", "trx_started"))):
            began = ages.date(row.get(*names))
            if began and isinstance(row.cells, dict):
                row.cells.setdefault(column, f"{(now - began).total_seconds():.0f}")


def _session(reading: Reading, row: Row, subject: str) -> None:
    """Find a session that waits for a lock, holds a transaction open or runs for long."""
    open_s = lasting(row.get("xact_age"))
    seconds = next((s for name in SPANS if (s := lasting(row.get(name))) is not None), open_s or 0.0)
    state = row.get("state", "trx_state", "wait_event_type", "wait_event")
    statement, command = row.get(*STATEMENTS), row.get("command", "state").lower()
    statement = "" if statement in BLANK else statement
    facts: dict[str, Fact] = {"statement": statement, "state": state, "duration_s": seconds}
    holders = blocked(reading, row, subject)
    if holders or re.search(r"(?i)\block|\bwaiting for .{0,40}lock", f"{state} {row.get('wait_event_type')}"):
        by = f" held by {', '.join(holders)}" if holders else ""
        facts["blocked_by"] = ", ".join(holders)
        told = f"{subject.replace('/', ' ')} waits for a lock{by} {seconds:g} s: {statement}"
        reading.find("row", subject, row.line, 3.5, told, reason="lock wait", **facts)
    elif command.startswith("idle in transaction") and (open_s or seconds) >= LONG_S:
        facts["duration_s"] = open_s or seconds
        told = f"{subject.replace('/', ' ')}: a transaction is open and idle for {open_s or seconds:g} s: {statement}"
        reading.find("connection", subject, row.line, 3.0, told, reason="idle in transaction", **facts)
    elif seconds >= LONG_S and statement and command not in QUIET and not command.startswith("idle"):
        told = f"a statement runs for {seconds:g} s: {statement}"
        reading.find("slow_span", subject, row.line, 3.0, told, reason="long statement", duration_ms=seconds * 1000, **facts)


def blocked(reading: Reading, row: Row, subject: str) -> list[str]:
    """Keep who a session waits for; return them."""
    for _, holder in WAITED:
        names = [name for name in re.findall(r"\d{1,20}", row.get(holder)) if name != "0"]
        for name in names:
            reading.relate(subject, "waits for", f"session/{name}", row.line)
        if names:
            return names
    return []


def _lock(reading: Reading, row: Row, subject: str) -> None:
    """Find a lock that was not granted."""
    if row.get("granted").lower() in {"f", "false", "no", "0"}:
        what = row.get("relation", "relname", "transactionid", "locktype")
        told = f"session {row.get('pid')} waits for {row.get('mode')} on {what}"
        reading.find("row", subject, row.line, 3.5, told, reason="lock wait", mode=row.get("mode"), value=what)


def _replica(reading: Reading, row: Row, subject: str) -> None:
    """Find a replica that is late or does not stream."""
    state = row.get("state")
    if state and state != "streaming":
        unhealthy(reading, row, subject, 3.5, state, status=state)
    late = max((lasting(row.get(name)) or 0.0 for name in ("replay_lag", "flush_lag", "write_lag")), default=0.0)
    behind = max((amount(row.get(name)) or 0.0 for name in ("lag_bytes", "replay_lag_bytes", "pg_wal_lsn_diff")), default=0.0)
    if late >= LAG_S or behind >= LAG_BYTES:
        facts: dict[str, Fact] = {"reason": "replication lag", "behind": f"{late:g} s, {behind:g} bytes"}
        reading.find("row", subject, row.line, 3.5, f"{subject}: replication lag of {late:g} s, {behind:g} bytes", **facts)


def _slot(reading: Reading, row: Row, subject: str) -> None:
    """Find a replication slot that nobody reads: the server keeps its log for it (postgresql.org, pg_replication_slots)."""
    if row.get("active").lower() in {"f", "false"}:
        told = f"{subject} is not active, and the log is kept for it: {row.get('retained_wal', 'wal_status', 'restart_lsn')}"
        reading.find("row", subject, row.line, 3.5, told, reason="inactive slot", status="inactive")


def _follower(reading: Reading, row: Row, subject: str) -> None:
    """Find what stops or slows the replication of MySQL."""
    for thread in ("slave_io_running", "slave_sql_running", "replica_io_running", "replica_sql_running"):
        if row.get(thread).lower() in {"no", "connecting"}:
            message = row.get("last_error", "last_io_error", "last_sql_error")
            facts: dict[str, Fact] = {"field": thread, "value": row.get(thread), "message": message}
            reading.find(
                "field", subject, row.line, 4.0, f"{thread} is {row.get(thread)} {message}", reason="replication stopped", **facts
            )
    late = amount(row.get("seconds_behind_master", "seconds_behind_source"))
    if late is not None and late >= LAG_S:
        told = f"replication lag: {late:g} s behind"
        reading.find("row", subject, row.line, 3.5, told, reason="replication lag", behind=f"{late:g} s")


TROUBLED = frozenset({
    "connection_errors_max_connections",
    "innodb_deadlocks",
    "aborted_connects",
    "innodb_row_lock_current_waits",
    "table_locks_waited",
})
"""Counters of MySQL that stand at zero while all is well (dev.mysql.com, server status variables)."""


def _counter(reading: Reading, row: Row, subject: str) -> None:
    name, value = row.get("variable_name").lower(), amount(row.get("value")) or 0.0
    if name in TROUBLED and value > 0:
        severity = 3.0 if name.startswith(("connection_errors", "innodb_deadlocks", "innodb_row_lock_current")) else 1.5
        reading.find("field", subject, row.line, severity, f"{name} is {value:g}", field=name, value=value)


def together(reading: Reading, rows: Sequence[Row]) -> None:
    """Find what only all rows tell: a crowd in one state, who holds what others wait for, a limit that is near."""
    _crowd(reading, rows)
    _holders(reading, rows)
    _limits(reading, rows)


def _crowd(reading: Reading, rows: Iterable[Row]) -> None:
    stated = [(row.get("command") if "command" in row.cells else row.get("state"), row.line) for row in rows]
    counts = Counter(state for state, _ in stated if state not in BLANK)
    state, count = next(iter(counts.most_common(1)), ("", 0))
    if count >= CROWD:
        line = next(line for said, line in stated if said == state)
        reading.find("connection", "", line, 2.5, f"{count} sessions are {state}", reason=state, count=float(count))


def _holders(reading: Reading, rows: Iterable[Row]) -> None:
    """Relate each session whose lock was not granted to those that hold a lock on the same thing."""
    held: defaultdict[str, list[str]] = defaultdict(list)
    waiting: list[tuple[str, Row]] = []
    for row in rows:
        if "granted" in row.cells and "pid" in row.cells:
            thing = row.get("relation", "relname", "transactionid")
            if row.get("granted").lower() in {"t", "true", "yes", "1"}:
                held[thing].append(row.get("pid"))
            elif thing:
                waiting.append((thing, row))
    for thing, row in waiting[: CROWD * 10]:
        for holder in dict.fromkeys(held[thing][:CROWD]):
            if holder != row.get("pid"):
                reading.relate(f"session/{row.get('pid')}", "waits for", f"session/{holder}", row.line)


LIMITS = (
    ("threads_connected", "max_connections"),
    ("max_used_connections", "max_connections"),
    ("open_files", "open_files_limit"),
)
"""Counter and the variable that limits it."""


def _limits(reading: Reading, rows: Iterable[Row]) -> None:
    known = {row.get("variable_name", "name").lower(): (amount(row.get("value", "setting")), row.line) for row in rows}
    for name, limit in LIMITS:
        used, line = known.get(name, (None, 0))
        most, at = known.get(limit, (None, 0))
        if used is not None and most and used >= NEAR * most:
            told = (
                f"{name} is {used:g} of at most {most:g} connections"
                if "conn" in name
                else f"{name} is {used:g} of at most {most:g}"
            )
            reading.find("resource", "", line, 3.5 if used >= most else 3.0, told, resource=limit, used=used, limit=most)
            reading.also(at)


LISTINGS: tuple[Listing, ...] = (
    Listing(kind="lock", marks=frozenset({"granted", "mode"}), names=("pid", "relation", "relname", "locktype", "transactionid", "mode"), judge=_lock),
    Listing(kind="replica", marks=frozenset({"application_name", "sync_state"}), names=("application_name", "client_addr"), judge=_replica),
    Listing(kind="replica", marks=frozenset({"slave_io_running"}), names=("master_host",), judge=_follower),
    Listing(kind="replica", marks=frozenset({"replica_io_running"}), names=("source_host",), judge=_follower),
    *(
        Listing(kind="session", marks=frozenset(marks), names=(marks[0],), judge=_session)
        for marks in (
            ("blocked_pid", "blocking_pid"), ("waiting_pid", "blocking_pid"), ("pid", "blocked_by"), ("pid", "blocking_pids"), ("pid", "pg_blocking_pids"), ("pid", "state"), ("pid", "query"), ("pid", "wait_event"),
            ("id", "command", "time"), ("id", "time", "state", "info"), ("trx_id", "trx_state"),
        )
    ),
    Listing(kind="slot", marks=frozenset({"slot_name", "active"}), names=("slot_name",), judge=_slot),
    Listing(kind="variable", marks=frozenset({"variable_name", "value"}), names=("variable_name",), judge=_counter),
    Listing(kind="setting", marks=frozenset({"name", "setting"}), names=("name",)),
)  # fmt: skip
"""Results whose columns are known; the first that fits wins."""

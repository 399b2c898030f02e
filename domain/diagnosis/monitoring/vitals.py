"""Faults of a database that its gauges and its load show together; each says what moved, who drives it and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from domain.diagnosis.monitoring.gauges import Board, Gauge
from domain.diagnosis.monitoring.loads import Row
from domain.diagnosis.monitoring.values import DOMINANT, Note, Picture, Vital
from domain.diagnosis.subjects import spoken
from domain.evidence.values import Citation

SATURATED, BUSY = 85.0, 80.0
"""Percent of CPU that a saturated server has reached, and still has at the end."""
LAGS_S, LAGS = 60.0, 5.0
"""Seconds and times its first value from which on a replica lags."""
NEAR = 0.9
"""Share of the limit at which connections run out."""
PILED = 3.0
"""Times their first number that connections must reach where no limit is known."""
LOW, FALLING = 0.1, 0.5
"""Share of the first free space at which storage runs out, and at which a steady fall counts."""
FULL_PERCENT = 97.0
"""Percent of a disk in use from which on writes fail soon."""
SLOW_MS, SLOWER = 10.0, 3.0
"""Milliseconds, and times its first value, from which on a latency of the disk is high."""
DEEP = 10.0
"""Requests that wait for a disk at once."""
WAITS_WAL, WAITS_CPU, WAITS_IO = r"wal|redo|log.?(?:file|sync|write)", r"^cpu", r"^io:|data ?file|disk|wal"
WAITS_LOCK, LOCKED, SESSIONS = r"^(?:lock|lwlock:lock|synch/|enq)", 0.5, 4.0
"""Waits for locks, the share of the load from which on they are a fault, and the sessions that make a load."""
WAITS_IDLE = r"client:?client|idle|client ?read"
UPKEEP = re.compile(r"(?i)checkpoint|(?:auto)?vacuum|backup|snapshot|reindex|maintenance")
FULL = re.compile(
    r"(?i)too many (?:clients|connections)|connection slots are reserved|max_?connections.{0,30}(?:reached|exceeded|exhausted)"
)
REPLAY_WAITS = re.compile(
    r"(?i)conflict with recovery|recovery (?:is )?(?:waiting|conflict|paused)|(?:block|hold|pause|delay)\w* .{0,40}replay|replay .{0,20}(?:blocked|paused|waits)"
)
"""How PostgreSQL and its clouds say that queries on a standby hold up its replay (Hot Standby, "Handling Query Conflicts")."""
TOLD = 120
"""Characters of a line in a step."""
EXCLUSIVE = re.compile(
    r"(?i)^\W*(?:alter|drop|truncate|lock|reindex|cluster|vacuum full|create (?:unique )?index|refresh materialized)\b"
)
"""Statements that lock a whole table (PostgreSQL, "Explicit Locking")."""
HOLDS = re.compile(
    r"(?i)idle in transaction|\bholds? .{0,40}lock|blocking|accessexclusivelock|metadata lock|long[- ]running transaction"
)
BEHIND = re.compile(r"(?i)replica\w*.{0,40}(?:lag|behind|delay)")
NO_ROOM = re.compile(
    r"(?i)(?:ran|running|run|is) out of (?:disk |free )?(?:space|storage)|storage.{0,20}(?:full|exhausted|critically low)|no space left|(?:free )?(?:storage|disk) space.{0,40}(?:low|exhausted|depleted)"
)
ROOM_AGAIN = re.compile(
    r"(?i)storage.{0,60}(?:increased|extended|scaled|completed|resized)|(?:finished|completed).{0,40}(?:storage|modification)|space (?:was )?(?:freed|reclaimed)|caught up|recovered"
)


def vitals(seen: Picture) -> tuple[Vital, ...]:
    """Return the faults that are there now, none without gauges; what merely follows another is not among them."""
    if not seen.measured:
        return ()
    found = [one for one in (_lag(seen), _storage(seen), _upkeep(seen)) if one]
    known = {one.id for one in found}
    if {"lag", "storage"} <= known:  # what fills the disk makes the WAL, too
        found = [one for one in found if one.id != "lag"]
    if not found and (locks := _locks(seen)):
        found = [locks]
    cpu = () if _follows(known, seen) else _cpu(seen)
    connections = _connections(seen, alone=not found and not cpu)
    return (*found, *cpu, *([connections] if connections else []))


def _follows(known: set[str], seen: Picture) -> bool:
    """Tell whether busy CPUs follow from writes or upkeep: then the statement that drives the load does not wait for them."""
    driver = seen.driver
    written = "lag" in known and (driver is None or driver.writes)
    return written or ("upkeep" in known and seen.loads.waiting(WAITS_IO) >= seen.loads.waiting(WAITS_CPU))


def _lag(seen: Picture) -> Vital | None:
    """A replica that falls behind, with the side that makes it."""
    gauge, note = seen.board.one("lag"), seen.said(BEHIND)
    if gauge and (gauge.last < max(LAGS_S, LAGS * gauge.first) or gauge.high > 2 * gauge.last):
        return None
    if gauge is None and (note is None or seen.said(ROOM_AGAIN)):
        return None
    replica = gauge.owner if gauge else ""
    others = tuple(one for one in seen.board.gauges if one.owner != replica and one.role == "wal" and one.points)
    primary = spoken(others[0].owner) if others and others[0].owner else "the primary"
    shown: list[Gauge | Row | Note] = [one for one in (gauge, note if gauge is None else None) if one]
    measured = gauge.spoken if gauge else "ReplicaLag is not reported; events tell of the lag"
    where = spoken(replica, "the read replica").removeprefix("database ")
    driver = seen.driver
    rising = [one for role in ("wal", "write_iops") if (one := seen.board.one(role)) and one.rose]
    if rising or (driver and driver.writes) or seen.loads.waiting(WAITS_WAL) >= DOMINANT:
        why = f"a write-heavy workload on {primary} generates WAL faster than the replica can replay it"
        chain = (
            *drives(seen, "Bulk writes drive it"),
            *([f"WAL generation outruns replay: {', '.join(one.spoken for one in rising)}"] if rising else []),
            f"The lag grows ({measured}) and reads from the replica are stale; the primary stays available",
        )
        shown += rising
    elif (link := _cut(seen, replica)) is not None:
        why = f"the network between {primary} and the replica carries too little: {link.spoken} while WAL is flat"
        chain = (f"The link slows down ({link.spoken})", f"WAL waits to be sent and the lag grows ({measured})")
        shown.append(link)
    elif (cpu := seen.board.one("cpu", replica)) and replica and cpu.last >= BUSY:
        why = f"the replica itself is short of CPU ({cpu.spoken}) and replays too slowly"
        chain = (f"Load on the replica takes its CPU ({cpu.spoken})", f"Replay slows down and the lag grows ({measured})")
        shown.append(cpu)
    elif (blocked := seen.said(REPLAY_WAITS)) is not None:
        why = "a long-running query on the replica holds up the replay of WAL"
        chain = (
            f"Replay waits for that query: {blocked.said[:TOLD]}",
            f"The lag grows ({measured}) while the primary is as ever",
        )
        shown.append(blocked)
    else:
        why, chain = "the evidence does not show which side slows it down", (f"The lag grows ({measured})",)
    rows = tuple(one for one in (driver,) if one and one.writes)
    return Vital(
        id="lag",
        subject=replica or (others[0].owner if others else ""),
        statement=f"Replication lag on {where}: {why} ({measured})",
        chain=chain,
        shown_by=(*shown, *rows),
        drivers=rows,
        time=gauge.departed if gauge else note.time if note else None,
    )


def _cut(seen: Picture, replica: str) -> Gauge | None:
    """Return the gauge of a link that carries less than half of what it did."""
    links = (*seen.board.of("received", replica), *seen.board.of("sent"))
    return next((one for one in links if one.last < 0.5 * one.first), None)


def drives(seen: Picture, how: str) -> Iterator[str]:
    """Yield the sentence about the statement that drives the load."""
    if one := seen.driver:
        user = next((f", user {row.text}" for row in seen.loads.users[:1] if row.share >= DOMINANT), "")
        yield f"{_driven(one, how)}{user}"


def _driven(one: Row, how: str) -> str:
    """Return how much of the load a statement is, how often it runs and what it waits for."""
    rate = f", {one.rate} calls/s" if one.rate else ""
    waits = f", waiting for {one.waits}" if one.waits else ""
    return f"{how}: query `{one.short}` makes {one.share:.0%} of the load{rate}{waits}"


def _cpu(seen: Picture) -> tuple[Vital, ...]:
    """A server whose CPU is at its limit, with the query that drives it."""
    busy = [one for one in seen.board.of("cpu") if one.high >= SATURATED and one.last >= BUSY]
    driver = seen.driver
    found = []
    for gauge in busy:
        query = f": query `{driver.short}` makes {driver.share:.0%} of the load" if driver else ""
        reads = seen.board.one("read_iops", gauge.owner)
        heavy = reads is not None and (reads.rose or (driver is not None and re.search(WAITS_IO, driver.waits, re.IGNORECASE)))
        reads = reads if heavy else None
        scan = f"It reads much data ({reads.spoken}), as a full table scan without a fitting index does" if reads else ""
        chain = (*drives(seen, "One query dominates"), scan, f"Sessions queue for CPU ({gauge.spoken}) and response times rise")
        rows = (driver,) if driver else ()
        found.append(
            Vital(
                id="cpu",
                subject=gauge.owner,
                statement=f"CPU saturation of {spoken(gauge.owner, 'the server')} ({gauge.spoken}){query}",
                chain=tuple(filter(None, chain)),
                shown_by=(gauge, *rows, *([reads] if reads else [])),
                drivers=rows,
                time=gauge.departed,
            )
        )
    return tuple(found)


def _connections(seen: Picture, *, alone: bool) -> Vital | None:
    """A server that runs out of connections, and what holds them; sessions that merely queue behind another fault are none."""
    gauge, note, limit = seen.board.one("connections"), seen.said(FULL), seen.limit
    near = bool(gauge and limit and gauge.last >= NEAR * limit)
    idle = seen.loads.waiting(WAITS_IDLE)
    own = alone or idle >= DOMINANT
    piled = bool(gauge and own and not limit and gauge.high >= PILED * max(gauge.first, 1.0) and gauge.last >= NEAR * gauge.high)
    over = gauge is not None and gauge.last < 0.7 * gauge.high
    if not (near or piled or note) or over:
        return None
    subject = gauge.owner if gauge else ""
    measured = gauge.spoken if gauge else "DatabaseConnections is not reported"
    bound = f" of max_connections {limit:.0f}" if limit else ""
    holders = f"idle sessions hold them, as a connection leak or an oversized pool does (client waits {idle:.0%} of the load)"
    user = next((f"; user {row.text} has most" for row in seen.loads.users[:1] if row.share >= DOMINANT), "")
    why = f": {holders}{user}" if idle >= DOMINANT else user.replace("; ", ": ")
    chain = (
        f"Sessions pile up ({measured}{bound}){user}",
        *([f"Most wait for their client: {holders}"] if idle >= DOMINANT else []),
        "New connections are refused and callers wait or fail",
    )
    return Vital(
        id="connections",
        subject=subject,
        statement=f"Connection exhaustion of {spoken(subject, 'the database')}: {measured}{bound}{why}",
        chain=chain,
        shown_by=tuple(one for one in (gauge, note) if one),
        time=gauge.departed if gauge else note.time if note else None,
    )


def _storage(seen: Picture) -> Vital | None:
    """A disk that runs full, and what fills it."""
    gauge, note = seen.board.one("free_storage") or seen.board.one("used_storage"), seen.said(NO_ROOM)
    again = seen.said(ROOM_AGAIN)
    if gauge and gauge.role == "used_storage":
        if gauge.last < FULL_PERCENT:
            return None
    elif gauge:
        low = gauge.last <= LOW * gauge.first or (gauge.last <= FALLING * gauge.first and gauge.last <= 1.05 * gauge.low)
        if not low:
            return None
    elif note is None or (again and again.time and note.time and again.time >= note.time):
        return None
    subject = gauge.owner if gauge else ""
    measured = gauge.spoken if gauge else "FreeStorageSpace is not reported; events tell of it"
    kept = seen.board.one("wal_kept")
    rows = tuple(one for one in (seen.writer,) if one)
    retained = [f"WAL is retained ({kept.spoken}), as by an inactive replication slot"] if kept and kept.rose else []
    shadow = [
        one
        for role in ("write_latency", "write_iops", "queue")
        if (one := seen.board.one(role)) and (one.rose or one.last < 0.5 * one.first)
    ]
    chain = (
        *(_driven(row, "Writes are blocked" if row.stands else "Writes fill the disk") for row in rows),
        *retained,
        f"Free storage space is used up ({measured})",
        f"Writes stall or fail{': ' + ', '.join(one.spoken for one in shadow) if shadow else ''}",
    )
    return Vital(
        id="storage",
        subject=subject,
        statement=f"Storage exhaustion of {spoken(subject, 'the database')}: free disk space runs out ({measured})",
        chain=chain,
        shown_by=(*(one for one in (gauge, note) if one), *rows, *([kept] if retained and kept else [])),
        drivers=rows,
        time=gauge.departed if gauge else note.time if note else None,
    )


def _upkeep(seen: Picture) -> Vital | None:
    """A checkpoint, vacuum or backup that takes the disk from everybody else."""
    late = tuple(slow(seen.board))
    named = next(
        (
            one
            for one in (*seen.loads.statements[:2], *seen.loads.waits[:2])
            if one.share >= DOMINANT and (UPKEEP.search(one.text))
        ),
        None,
    )
    note = seen.said(UPKEEP)
    if not late or not (named or note):
        return None
    what = UPKEEP.search(named.text if named else note.text if note else "")
    job = what[0].lower() if what else "maintenance"
    share = f" ({named.short}, {named.share:.0%} of the load)" if named else ""
    told = ", ".join(one.spoken for one in late)
    return Vital(
        id="upkeep",
        subject=late[0].owner,
        statement=f"I/O saturation of {spoken(late[0].owner, 'the database')} by a {job} storm{share}: {told}",
        chain=(
            f"The {job} writes more than the disk takes{share}",
            f"Requests wait for the disk ({told}) and statements slow down",
        ),
        shown_by=(*late, *(one for one in (named, note if named is None else None) if one)),
        drivers=(named,) if named and named in seen.loads.statements else (),
        time=late[0].departed,
    )


def _locks(seen: Picture) -> Vital | None:
    """Sessions that wait for each other's locks, and the statement that most of them wait in."""
    waits = [one for one in seen.loads.waits if re.search(WAITS_LOCK, one.text, re.IGNORECASE)]
    load = seen.board.one("load")
    if seen.loads.waiting(WAITS_LOCK) < LOCKED or (load and load.high < SESSIONS):
        return None
    top, driver = waits[0], seen.driver
    holder = next((one for one in seen.loads.statements if EXCLUSIVE.match(one.text)), None)
    note = seen.said(HOLDS)
    held = (
        f"`{holder.short}` asks for the whole table, and every session behind it waits"
        if holder
        else "A transaction holds the lock that they need; they hold their connections while they wait"
    )
    query = f" in query `{driver.short}`" if driver else ""
    return Vital(
        id="locks",
        subject=next((one.owner for one in seen.board.of("connections") if one.owner), ""),
        statement=f"Lock contention: sessions wait for {top.text} ({top.share:.0%} of the load){query}",
        chain=(
            *drives(seen, "Sessions queue behind one another"),
            held,
            *([f"Who holds it: {note.said[:TOLD]}"] if note else []),
        ),
        shown_by=(top, *(one for one in (driver, holder, note) if one)),
        drivers=(driver,) if driver else (),
    )


def slow(board: Board) -> Iterable[Gauge]:
    """Yield the gauges of the disk that are high now."""
    for role in ("write_latency", "read_latency", "commit_latency", "queue"):
        bound = DEEP if role == "queue" else SLOW_MS
        for one in board.of(role):
            unit = 1_000.0 if one.unit.lower().startswith("second") else 1.0
            if one.last * unit >= bound and one.last >= SLOWER * max(one.first, 1e-9):
                yield one


def explained(found: Sequence[Vital]) -> frozenset[Citation]:
    """Return the rows of the load that a fault already accounts for."""
    return frozenset(row.citation for one in found for row in one.drivers)

"""What a server was granted and has used up: burst credits, a warm cache, its concurrency; everything else then follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.diagnosis.monitoring.gauges import Gauge
from domain.diagnosis.monitoring.pressures import host, loaded
from domain.diagnosis.monitoring.values import Note, Picture, Vital
from domain.diagnosis.monitoring.vitals import BUSY, NEAR, PILED, drives, slow, vitals
from domain.diagnosis.subjects import spoken

SPENT = 0.1
"""Share of its highest value below which a balance of credits is used up."""
COLD, MISSED = 0.5, 2.0
"""Share of its first value to which hits must fall, and times their first value to which misses must rise."""
NOTHING, SILENT = 0.02, 2
"""Share of its first value to which the work of a server that is down falls, and gauges besides connections that show it."""
CROWDED = 95.0
"""Percent of its memory from which on a cache must throw something out to take more."""
DRAINED, PAGED = 0.1, 2.0
"""Share of the first free memory that is as good as none, and times its first value to which swap must grow beside it."""
LOWERED = re.compile(r"(?i)max_?connections\b[^\n]{0,60}?\bfrom (\d{2,6})[^\d\n]{1,12}to (\d{2,6})")
PARAMETER = re.compile(r"(?i)parameter:? [`'\"]?(\w{3,60})[`'\"]?\b[^\n]{0,40}?\b(?:from (\S{1,40}) )?to (\S{0,39}\w)")
"""How clouds say that a parameter was set; the value before may be missing."""
RESIZED = re.compile(
    r"(?i)(?:(?:instance|machine|server|node|service|compute|pricing)[ _-]?(?:class|type|size|tier|sku)|\btier|vcpus?|vcores?)\b[^\n]{0,80}?\bfrom (\S{1,40}) to (\S{1,40}[\w)])"
)
"""How clouds say that a server was moved to another class."""
BEFORE, AFTER = timedelta(minutes=-2), timedelta(minutes=10)
"""Around a change, when the shortage that it makes begins; a cloud tells of it when it is done."""
IDS_OUT = 2.1e9
"""Transaction ids in use from which on PostgreSQL warns with every command (Routine Vacuuming: 40 million before 2^31)."""
FOLLOWS = {
    "host": frozenset({"cpu", "upkeep", "locks", "connections", "lag"}),
    "credits": frozenset({"cpu", "upkeep", "locks", "connections"}),
    "cache": frozenset({"cpu", "upkeep", "connections"}),
    "evicting": frozenset({"cpu", "upkeep", "connections"}),
    "memory": frozenset({"upkeep", "locks", "connections"}),
    "limit": frozenset({"connections", "locks"}),
    "class": frozenset({"cpu", "connections", "upkeep", "memory"}),
    "setting": frozenset({"cpu", "connections", "upkeep", "memory", "locks"}),
}
"""Shortage → faults of gauges that follow from it, also on other servers."""
FELT = ("read_latency", "write_latency", "queue", "read_iops", "cpu", "connections")
"""Gauges in which a shortage is felt."""
WORK = ("connections", "cpu", "write_iops", "read_iops")
"""Gauges of the work that a server does for its clients."""


def faults(seen: Picture) -> tuple[Vital, ...]:
    """Return the shortages, then the faults of gauges that do not follow from one of them."""
    every = (
        host(seen),
        _credits(seen),
        _cache(seen),
        _throttled(seen),
        _memory(seen),
        _lowered(seen),
        _changed(seen),
        _ids(seen),
    )
    short = tuple(one for one in every if one)
    followers = frozenset[str]().union(*(FOLLOWS.get(one.id, frozenset()) for one in short))
    found = tuple(one for one in (*short, *vitals(seen)) if one.id not in followers)
    return found or tuple(one for one in (_down(seen) or _disk(seen) or _backlog(seen) or loaded(seen),) if one)


def _memory(seen: Picture) -> Vital | None:
    """A server whose free memory is gone, so that it swaps; free memory alone is what caches leave."""
    free, swap = seen.board.one("free_memory"), seen.board.one("swap")
    if free is None or swap is None or free.last > DRAINED * free.first or swap.last < PAGED * max(swap.first, 1.0):
        return None
    felt = tuple(one for one in _felt(seen, free) if one.rose)
    return Vital(
        id="memory",
        subject=free.owner,
        statement=f"Memory exhaustion of {spoken(free.owner, 'the server')}: free memory is gone and it swaps ({free.spoken}; {swap.spoken})",
        chain=(
            f"Memory is used up ({free.spoken})",
            f"Pages go to swap ({swap.spoken}) and come back from the disk{_list(felt)}",
        ),
        shown_by=(free, swap, *felt[:2]),
        drivers=tuple(one for one in (seen.driver,) if one),
        time=free.departed,
    )


def _lowered(seen: Picture) -> Vital | None:
    """A limit of connections that was cut below what was in use, and is reached now."""
    gauge, note = seen.board.one("connections"), seen.said(LOWERED)
    told = LOWERED.search(note.text) if note else None
    if gauge is None or note is None or told is None:
        return None
    before, after = float(told[1]), float(told[2])
    if after >= before or gauge.first <= after or not NEAR * after <= gauge.last <= after / NEAR:
        return None
    return Vital(
        id="limit",
        subject=gauge.owner,
        statement=f"A parameter was changed: max_connections of {spoken(gauge.owner, 'the database')} was lowered from {before:.0f} to {after:.0f}, below its {gauge.first:.0f} connections",
        chain=(
            f"The change sets max_connections to {after:.0f} ({gauge.spoken})",
            "Connections that fitted before are refused; the load itself has not grown",
        ),
        shown_by=(note, gauge),
        time=note.time,
    )


def _changed(seen: Picture) -> Vital | None:
    """A server that was moved to another class, or set otherwise, and has been short of CPU, memory or disk just since."""
    felt = tuple(_short(seen))
    for pattern, id_ in ((RESIZED, "class"), (PARAMETER, "setting")):
        note = seen.said(pattern)
        told = pattern.search(note.text) if note else None
        if note and note.time and told and _soon(note.time, felt):
            return _made(note, id_, told, felt)
    return None


def _short(seen: Picture) -> Iterator[Gauge]:
    """Yield the gauges that show that a server has too little for what it does."""
    cpu, free = seen.board.one("cpu"), seen.board.one("free_memory")
    if cpu and cpu.rose and cpu.last >= BUSY:
        yield cpu
    if free and free.last <= COLD * free.first:
        yield free
    yield from slow(seen.board)


def _made(note: Note, id_: str, told: re.Match[str], felt: tuple[Gauge, ...]) -> Vital:
    """Return the shortage that a change of class or of a parameter made."""
    name, said = spoken(felt[0].owner, "the server"), ", ".join(one.spoken for one in felt[:3])
    if id_ == "class":
        what, means = f"instance class of {name} was changed from {told[1]} to {told[2]}", "which is too small for its load"
    else:
        before = f"from {told[2]} " if told[2] else ""
        what, means = f"parameter {told[1]} of {name} was changed {before}to {told[3]}", "and it has been short since"
    return Vital(
        id=id_,
        subject=felt[0].owner,
        statement=f"The {what}, {means} ({said})",
        chain=(
            f"The change comes just before the shortage ({said})",
            "The same load as before is now too much for the server; no single query is the cause",
        ),
        shown_by=(note, *felt),
        time=note.time,
    )


def _soon(changed: datetime, felt: Iterable[Gauge]) -> bool:
    """Tell whether gauges moved just when something was changed."""
    times = [one.departed.timestamp() for one in felt if one.departed]
    return any(BEFORE.total_seconds() <= time - changed.timestamp() <= AFTER.total_seconds() for time in times)


def _ids(seen: Picture) -> Vital | None:
    """A server that has nearly no transaction ids left."""
    gauge = seen.board.one("ids")
    if gauge is None or gauge.last < IDS_OUT:
        return None
    return Vital(
        id="ids",
        subject=gauge.owner,
        statement=f"The transaction IDs of {spoken(gauge.owner, 'the server')} are used up ({gauge.spoken} of 2147483648): it refuses writes near the wraparound until it is vacuumed",
        chain=(
            f"Vacuum has not frozen old rows for long, so transaction ids run out ({gauge.spoken})",
            "Near the wraparound the server refuses every write until it is vacuumed",
        ),
        shown_by=(gauge,),
        time=gauge.departed,
    )


def _backlog(seen: Picture) -> Vital | None:
    """A queue before which more piles up than is taken."""
    grown = [one for one in seen.board.of("backlog") if one.high >= PILED * max(one.first, 1.0) and one.last >= NEAR * one.high]
    if not grown:
        return None
    gauge, said = grown[0], ", ".join(one.spoken for one in grown[:2])
    return Vital(
        id="backlog",
        subject=gauge.owner,
        statement=f"A backlog piles up before {spoken(gauge.owner, 'the consumers')}: more messages arrive than are taken ({said})",
        chain=(f"More messages arrive than the consumers take ({said})", "The backlog grows, and everything behind it is late"),
        shown_by=tuple(grown[:2]),
        time=gauge.departed,
    )


def _disk(seen: Picture) -> Vital | None:
    """A disk that does no more operations than it was granted, so that requests queue for it."""
    felt = tuple(slow(seen.board))
    if not seen.measured or not felt:
        return None
    busy = tuple(one for role in ("read_iops", "write_iops") if (one := seen.board.one(role)) and one.rose)
    driver, said = seen.driver, ", ".join(one.spoken for one in (*busy, *felt))
    query = f": query `{driver.short}` makes {driver.share:.0%} of the load" if driver else ""
    return Vital(
        id="disk",
        subject=felt[0].owner,
        statement=f"I/O saturation of {spoken(felt[0].owner, 'the server')}: its disk gives no more IOPS ({said}){query}",
        chain=(
            *drives(seen, "One query dominates"),
            f"More is read or written than the disk was granted ({said})",
            "Requests queue for the disk and statements slow down",
        ),
        shown_by=(*busy, *felt, *((driver,) if driver else ())),
        drivers=(driver,) if driver else (),
        time=felt[0].departed,
    )


def _down(seen: Picture) -> Vital | None:
    """A server without any connection and without work, where both were there before; nothing else explains it."""
    ended = [one for role in WORK for one in seen.board.of(role) if one.first > 0 and one.last <= NOTHING * one.first]
    if not seen.measured or not any(one.role == "connections" for one in ended) or len(ended) < SILENT:
        return None
    gauge = ended[0]
    told = ", ".join(one.spoken for one in ended[:3])
    return Vital(
        id="down",
        subject=gauge.owner,
        statement=f"{spoken(gauge.owner, 'the database')} is down, it serves nobody any more ({told})",
        chain=(f"The server stops answering ({told})", "Every caller loses its connections and fails"),
        shown_by=tuple(ended[:3]),
        time=gauge.departed,
    )


def _credits(seen: Picture) -> Vital | None:
    """A server that has spent the credits of its class or disk and is held at its baseline."""
    spent = [one for one in seen.board.of("credits") if one.high > 0 and one.last <= SPENT * one.high and one.first > one.last]
    if not spent:
        return None
    gauge = spent[0]
    of_disk = "burst" in gauge.name.lower()
    what = "The I/O burst balance" if of_disk else "The CPU credits"
    held = "its disk is throttled to the baseline IOPS" if of_disk else "its CPU is throttled to the baseline of its class"
    felt = tuple(_felt(seen, gauge))
    chain = (
        f"Use above the baseline spends what was saved ({gauge.spoken})",
        f"Without credits {held}{_list(felt)}",
    )
    return Vital(
        id="credits",
        subject=gauge.owner,
        statement=f"{what} of {spoken(gauge.owner, 'the server')} {'is' if of_disk else 'are'} exhausted ({gauge.spoken}): {held}",
        chain=chain,
        shown_by=(gauge, *felt[:2]),
        drivers=tuple(one for one in (seen.driver,) if one),
        time=gauge.departed,
    )


def _cache(seen: Picture) -> Vital | None:
    """A cache that no longer answers, so that its readers ask the database."""
    hits, misses, rate = seen.board.one("cache_hits"), seen.board.one("cache_misses"), seen.board.one("cache_rate")
    fell = hits is not None and hits.last <= COLD * hits.first and misses is not None and misses.last >= MISSED * misses.first
    cold = rate is not None and rate.last <= COLD * rate.first
    gauge = hits if fell else rate if cold else None
    if pushed := _evicting(seen, gauge):
        return pushed
    if gauge is None:
        return None
    shown = tuple(one for one in (gauge, misses if fell else None) if one)
    felt = tuple(one for one in _felt(seen, gauge) if one.rose)
    told = ", ".join(one.spoken for one in shown)
    return Vital(
        id="cache",
        subject=gauge.owner,
        statement=f"Cache loss: {spoken(gauge.owner, 'the cache')} no longer answers from memory ({told}), and its readers load the database",
        chain=(f"The hit rate of the cache falls ({told})", f"Every miss becomes a query of the database{_list(felt)}"),
        shown_by=(*shown, *felt[:2]),
        drivers=tuple(one for one in (seen.driver,) if one and not one.writes),
        time=gauge.departed,
    )


def _evicting(seen: Picture, hits: Gauge | None) -> Vital | None:
    """A cache that throws out what is still read, for its memory is full."""
    out = seen.board.one("evictions", hits.owner if hits else "")
    used = seen.board.one("used_memory", out.owner) if out else None
    if out is None or not out.rose or out.last < 1 or (used and used.last < CROWDED):
        return None
    shown = tuple(one for one in (used, out, hits) if one)
    full = f"its memory is full ({used.spoken}) and it" if used else "its memory is full: it"
    felt = tuple(_felt(seen, out)) if hits else ()
    misses = f"Evictions throw out what is read next{f', and the hit rate falls ({hits.spoken})' if hits else ''}"
    return Vital(
        id="evicting",
        subject=out.owner,
        statement=f"Cache memory exhaustion of {spoken(out.owner, 'the cache')}: {full} evicts what is still read ({'; '.join(one.spoken for one in (out, hits) if one)})",
        chain=(
            f"More is written than the memory of the cache holds ({', '.join(one.spoken for one in (used, out) if one)})",
            misses,
            f"Every miss becomes a query of what lies behind{_list(tuple(one for one in felt if one.rose))}",
        ),
        shown_by=(*shown, *felt[:1]),
        time=out.departed or (hits.departed if hits else None),
    )


def _throttled(seen: Picture) -> Vital | None:
    """A function or service that is refused more work than its concurrency allows."""
    refused = [one for one in seen.board.of("throttles") if one.rose and one.last >= 1]
    if not refused:
        return None
    gauge = refused[0]
    used = seen.board.one("concurrency", gauge.owner)
    work = [one for role in ("consumed", "granted") if (one := seen.board.one(role, gauge.owner))]
    more = [one for one in refused[1:2] if one.spoken not in gauge.spoken]
    beside = ", ".join(one.spoken for one in ([used] if used else [*more, *work]))
    bound = f" at {beside}" if beside else ""
    return Vital(
        id="throttle",
        subject=gauge.owner,
        statement=f"{spoken(gauge.owner, 'The service')} is throttled: {gauge.spoken}{bound}, so it has reached its {'provisioned capacity' if work else 'concurrency or rate limit'}",
        chain=(f"Calls beyond the limit are refused ({gauge.spoken}{bound})", "What is refused waits and the backlog grows"),
        shown_by=tuple(one for one in (gauge, used, *work) if one),
        time=gauge.departed,
    )


def _felt(seen: Picture, cause: Gauge) -> Iterator[Gauge]:
    """Yield the gauges that moved with a shortage."""
    for role in FELT:
        one = seen.board.one(role)
        if one and one is not cause and (one.rose or one.last < COLD * one.first):
            yield one


def _list(felt: tuple[Gauge, ...]) -> str:
    return f" ({', '.join(one.spoken for one in felt[:3])})" if felt else ""

"""What a server was granted and has used up: burst credits, a warm cache, its concurrency; everything else then follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.diagnosis.monitoring.gauges import Gauge
from domain.diagnosis.monitoring.vitals import NEAR, Picture, Vital, vitals
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
FOLLOWS = {
    "credits": frozenset({"cpu", "upkeep", "locks", "connections"}),
    "cache": frozenset({"cpu", "upkeep", "connections"}),
    "evicting": frozenset({"cpu", "upkeep", "connections"}),
    "memory": frozenset({"upkeep", "locks", "connections"}),
    "limit": frozenset({"connections", "locks"}),
}
"""Shortage → faults of gauges that follow from it, also on other servers."""
FELT = ("read_latency", "write_latency", "queue", "read_iops", "cpu", "connections")
"""Gauges in which a shortage is felt."""
WORK = ("connections", "cpu", "write_iops", "read_iops")
"""Gauges of the work that a server does for its clients."""


def faults(seen: Picture) -> tuple[Vital, ...]:
    """Return the shortages, then the faults of gauges that do not follow from one of them."""
    short = tuple(one for one in (_credits(seen), _cache(seen), _throttled(seen), _memory(seen), _lowered(seen)) if one)
    followers = frozenset[str]().union(*(FOLLOWS.get(one.id, frozenset()) for one in short))
    found = (*short, *(one for one in vitals(seen) if one.id not in followers))
    down = None if found else _down(seen)
    return (down,) if down else found


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
    if gauge is None:
        return None
    if pushed := _evicting(seen, gauge):
        return pushed
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


def _evicting(seen: Picture, hits: Gauge) -> Vital | None:
    """A cache that throws out what is still read, for its memory is full."""
    out, used = seen.board.one("evictions", hits.owner), seen.board.one("used_memory", hits.owner)
    if out is None or not out.rose or (used and used.last < CROWDED):
        return None
    shown = tuple(one for one in (used, out, hits) if one)
    full = f"its memory is full ({used.spoken}) and it" if used else "it"
    felt = tuple(one for one in _felt(seen, hits) if one.rose)
    return Vital(
        id="evicting",
        subject=hits.owner,
        statement=f"Cache memory exhaustion of {spoken(hits.owner, 'the cache')}: {full} evicts what is still read ({out.spoken}; {hits.spoken})",
        chain=(
            f"More is written than the memory of the cache holds ({', '.join(one.spoken for one in shown[:-1])})",
            f"Evictions throw out what is read next, and the hit rate falls ({hits.spoken})",
            f"Every miss becomes a query of the database{_list(felt)}",
        ),
        shown_by=(*shown, *felt[:1]),
        time=out.departed or hits.departed,
    )


def _throttled(seen: Picture) -> Vital | None:
    """A function or service that is refused more work than its concurrency allows."""
    refused = [one for one in seen.board.of("throttles") if one.rose and one.last >= 1]
    if not refused:
        return None
    gauge = refused[0]
    used = seen.board.one("concurrency", gauge.owner)
    bound = f" at {used.spoken}" if used else ""
    return Vital(
        id="throttle",
        subject=gauge.owner,
        statement=f"{spoken(gauge.owner, 'The service')} is throttled: {gauge.spoken}{bound}, so it has reached its concurrency or rate limit",
        chain=(f"Calls beyond the limit are refused ({gauge.spoken}{bound})", "What is refused waits and the backlog grows"),
        shown_by=tuple(one for one in (gauge, used) if one),
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

"""Redis: counters of INFO, slow commands, connected clients."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount

COUNTER = re.compile(r"^(\w{1,80}):(.{0,2000})$")
FULL, NEAR = 0.95, 0.9
"""Share of the memory, and of the clients that may connect, from which on a limit is named."""
FRAGMENTED, SMALL = 1.5, 100e6
"""Ratio of resident to used memory that is worth saying (redis.io, INFO), and the bytes below which it means nothing."""
GOOD = (
    ("rejected_connections", "0"), ("evicted_keys", "0"), ("master_link_status", "up"), ("rdb_last_bgsave_status", "ok"), ("loading", "0"),
    ("aof_last_write_status", "ok"), ("aof_last_bgrewrite_status", "ok"), ("cluster_state", "ok"), ("async_loading", "0"), ("sync_full_failed", "0"),
)  # fmt: skip
"""Counters and what they say while all is well."""
REPLICA = re.compile(r"^slave\d{1,4}:.{0,200}\bip=([^,]{1,100}),port=(\d{1,5}),state=(\w{1,40}).{0,80}?lag=(\d{1,12})")


def info(reading: Reading, first: int, last: int) -> int:
    """Read the counters of a cache: memory against its limit, refusals, role, link and replicas."""
    found = {m[1]: (m[2].strip(), n) for n in range(first, last + 1) if (m := COUNTER.match(reading.head(n)))}
    subject = reading.observe(
        "cache", reading.document.name or "cache", first, {name: value for name, (value, _) in list(found.items())[:300]}
    )
    _memory(reading, found)
    used, most = (amount(found.get(name, ("", 0))[0]) or 0.0 for name in ("connected_clients", "maxclients"))
    if most and used >= NEAR * most:
        facts: dict[str, Fact] = {"resource": "connections", "used": used, "limit": most}
        reading.find(
            "resource", "", found["connected_clients"][1], 3.5, f"{used:g} of at most {most:g} clients are connected", **facts
        )
    for name, bad in GOOD:
        value, line = found.get(name, (bad, 0))
        if value != bad:
            reading.find("field", "", line, 3.0, f"{name} is {value}", field=name, value=value)
    for number in range(first, last + 1):
        if told := REPLICA.match(reading.head(number)):
            _replica(reading, number, subject, told)
    return last - first + 1


def _memory(reading: Reading, found: dict[str, tuple[str, int]]) -> None:
    used, limit = (amount(found.get(name, ("", 0))[0]) or 0.0 for name in ("used_memory", "maxmemory"))
    if limit and used >= FULL * limit:
        facts: dict[str, Fact] = {"resource": "memory", "used": used, "limit": limit}
        reading.find("resource", "", found["used_memory"][1], 3.5, f"the cache uses {used / limit:.0%} of its memory", **facts)
    ratio, line = found.get("mem_fragmentation_ratio", ("", 0))
    if used >= SMALL and (amount(ratio) or 0.0) >= FRAGMENTED:
        reading.find(
            "field", "", line, 1.5, f"resident memory is {ratio} times the used one", field="mem_fragmentation_ratio", value=ratio
        )


def _replica(reading: Reading, number: int, subject: str, told: re.Match[str]) -> None:
    host, port, state, lag = told.groups()
    replica = reading.observe("replica", f"{host}:{port}", number, {"state": state, "lag": lag})
    reading.relate(replica, "replicates", subject, number)
    if state != "online":
        reading.find("unhealthy_object", replica, number, 3.0, f"{replica} is {state}", reason=state, status=state)
    elif float(lag) >= 10:
        reading.find(
            "row", replica, number, 3.0, f"{replica}: replication lag of {lag} s", reason="replication lag", behind=f"{lag} s"
        )


ENTRY = re.compile(r"^\s{0,4}(?:\d{1,6}\) )?1\) \(integer\) (\d{1,18})$")
NUMBER = re.compile(r"^\s{1,12}([23])\) \(integer\) (\d{1,18})$")
WORD = re.compile(r"^\s{1,12}(?:4\) )?\s{0,12}(\d{1,4})\) \"(.{0,400})\"$")
SLOW_US = 100_000.0
"""Microseconds a command may keep a server of one thread before it is a finding."""


def slow(reading: Reading, first: int, last: int) -> int:
    """Read the slow log: number, time, microseconds, command and client of each entry."""
    starts = [(n, found[1]) for n in range(first, last + 1) if (found := ENTRY.match(reading.head(n)))]
    for place, (line, number) in enumerate(starts):
        end = starts[place + 1][0] - 1 if place + 1 < len(starts) else last
        _entry(reading, line, end, number)
    return last - first + 1 if starts else 0


def _entry(reading: Reading, line: int, end: int, number: str) -> None:
    told: dict[str, float] = {}
    words: list[str] = []
    cost = line
    for at in range(line + 1, end + 1):
        if (found := NUMBER.match(reading.head(at))) and found[1] not in told:
            told[found[1]] = float(found[2])
            cost = at if found[1] == "3" else cost
        elif found := WORD.match(reading.head(at)):
            words.append(found[2])
    micros, command = told.get("3", 0.0), " ".join(words[:8])
    subject = reading.observe("command", f"{number}", line, {"microseconds": f"{micros:.0f}", "statement": command})
    if micros >= SLOW_US:
        facts: dict[str, Fact] = {"statement": command, "duration_ms": micros / 1000, "duration_s": micros / 1e6}
        if 0 < told.get("2", 0.0) < 4e9:
            facts["time"] = datetime.fromtimestamp(told["2"], UTC)
        reading.find("slow_span", subject, cost, 3.0, f"a command took {micros / 1000:g} ms: {command}", **facts)


PAIR = re.compile(r"\b([a-z][\w-]{0,30})=(\S{0,300})")
WAITING = 64e6
"""Bytes of replies a client has not read, from which on it presses the server's memory."""


def clients(reading: Reading, first: int, last: int) -> int:
    """Read the connected clients: who is blocked, who does not read its replies."""
    blocked: list[int] = []
    for number in range(first, last + 1):
        cells = dict(PAIR.findall(reading.head(number)))
        if "addr" not in cells:
            continue
        subject = reading.observe("client", cells.get("id") or cells["addr"], number, cells)
        waiting = amount(cells.get("omem", "")) or 0.0
        if waiting >= WAITING:
            told = f"client {cells['addr']} has {waiting:g} bytes of replies unread"
            reading.find("row", subject, number, 3.0, told, reason="unread replies", value=cells.get("cmd", ""), bytes=waiting)
        if "b" in cells.get("flags", ""):
            blocked.append(number)
    if len(blocked) >= 20:
        reading.find(
            "connection", "", blocked[0], 2.0, f"{len(blocked)} clients are blocked", reason="blocked", count=float(len(blocked))
        )
    return last - first + 1

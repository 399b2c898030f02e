"""Thread dumps of a JVM (`jstack`, `jcmd Thread.print`): deadlocks, locks that many wait for, pools by state."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from domain.evidence.commands.rows import apart
from domain.evidence.reading import Fact, Reading

HEAD = re.compile(r'^"(?P<name>[^"]{1,300})"(?: #\d{1,9})?(?P<rest>.{0,600})$')
STATE = re.compile(r"^\s+java\.lang\.Thread\.State: (?P<state>[A-Z_]{3,20})(?: \((?P<how>[^)]{1,60})\))?")
FRAME = re.compile(r"^\s+at (?P<frame>[\w.$<>/@]{1,300})\(")
LOCK = re.compile(
    r"^\s+- (?P<verb>waiting to lock|waiting on|parking to wait for|locked|eliminated)\s+<(?P<lock>0x[0-9a-f]{1,16})>(?: \(a (?P<type>[\w.$\[\]]{1,200})\))?"
)
DEADLOCK = re.compile(
    r"^Found (?P<count>one|\d{1,6}) Java-level deadlock|^Found a total of \d{1,6} deadlocks?|^Found \d{1,6} deadlocks?"
)
MEMBER = re.compile(r'^"(?P<name>[^"]{1,300})":\s*$')
POOL = re.compile(r"[-_ #\[(]{0,5}\d{1,9}[\])]{0,3}$")
"""The number that tells the threads of a pool apart."""
WAITERS, CROWD = 3, 20
"""Threads at one lock that are worth a look, and serious."""
IDLE = re.compile(
    r"^(?:sun\.nio|jdk\.internal|java\.(?:lang\.Object\.wait|util\.concurrent|net)|sun\.misc\.Unsafe\.park|java\.lang\.Thread\.sleep)"
)
"""Frames in which an idle thread stands."""


@dataclass(slots=True)
class Thread:
    """One thread of a dump."""

    name: str
    line: int
    state: str = ""
    top: str = ""
    waits: str = ""
    holds: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Dump:
    """What is read of a dump so far."""

    threads: list[Thread] = field(default_factory=list)
    deadlocks: list[tuple[int, list[str]]] = field(default_factory=list)


def read(reading: Reading, first: int, last: int) -> int:
    """Read every thread, then judge locks, deadlocks and pools."""
    dump = Dump()
    for number in range(first, last + 1):
        _line(dump, number, reading.head(number))
    for thread in dump.threads:
        fields = {"state": thread.state, "top": thread.top, "waits_for": thread.waits, "pool": pool(thread.name)}
        reading.observe("thread", apart(reading, "thread", thread.name, (first, thread.line)), thread.line, fields)
    _deadlocks(reading, dump)
    _locks(reading, dump.threads)
    _pools(reading, dump.threads)
    return last - first + 1


def _line(dump: Dump, number: int, line: str) -> None:
    thread = dump.threads[-1] if dump.threads else None
    if DEADLOCK.match(line):
        dump.deadlocks.append((number, []))
    elif dump.deadlocks and (member := MEMBER.match(line)):
        dump.deadlocks[-1][1].append(member["name"])
    elif dump.deadlocks:
        return
    elif head := HEAD.match(line):
        dump.threads.append(Thread(name=head["name"], line=number, state="" if "prio=" in head["rest"] else "unknown"))
    elif thread and (state := STATE.match(line)):
        thread.state = state["state"]
    elif thread and (lock := LOCK.match(line)):
        _lock(thread, lock["verb"], lock["lock"])
    elif thread and not thread.top and (frame := FRAME.match(line)):
        thread.top = frame["frame"]


def _lock(thread: Thread, verb: str, lock: str) -> None:
    if verb == "locked":
        thread.holds.append(lock)
    elif not thread.waits and verb != "eliminated":
        thread.waits = lock


def pool(name: str) -> str:
    """Return a thread's name without what numbers it within its pool."""
    return POOL.sub("", name) or name


def _deadlocks(reading: Reading, dump: Dump) -> None:
    for line, names in dump.deadlocks:
        members = ", ".join(dict.fromkeys(names))
        if members:
            facts: dict[str, Fact] = {"threads": members, "reason": "deadlock", "count": float(len(set(names)))}
            reading.find("row", f"thread/{names[0]}".lower(), line, 5.0, f"deadlock of {members}", **facts)


def _locks(reading: Reading, threads: list[Thread]) -> None:
    """Find locks that several blocked threads wait for, and who holds them."""
    held = {lock: one for one in threads for lock in one.holds}
    waiting: dict[str, list[Thread]] = {}
    for one in threads:
        if one.state == "BLOCKED" and one.waits:
            waiting.setdefault(one.waits, []).append(one)
    for lock, group in sorted(waiting.items(), key=lambda item: (-len(item[1]), item[1][0].line)):
        owner = held.get(lock)
        if owner:
            reading.relate(f"thread/{group[0].name}", "waits for", f"thread/{owner.name}", group[0].line)
        severity = 4.0 if len(group) >= CROWD else 3.5 if len(group) >= WAITERS else 1.5
        text = f"{len(group)} {'thread waits' if len(group) == 1 else 'threads wait'} for {lock}" + (
            f", held by {owner.name} in {owner.top}" if owner else ""
        )
        facts: dict[str, Fact] = {
            "lock": lock,
            "holder": owner.name if owner else "",
            "function": owner.top if owner else "",
            "count": float(len(group)),
        }
        reading.find("row", f"thread/{owner.name}".lower() if owner else "", group[0].line, severity, text, **facts)
        if owner:
            reading.also(owner.line)


def _pools(reading: Reading, threads: list[Thread]) -> None:
    """Tell how many threads each pool has in each state; a pool that stands whole in one place is told louder."""
    grouped: dict[str, list[Thread]] = {}
    for one in threads:
        grouped.setdefault(pool(one.name), []).append(one)
    for name, group in grouped.items():
        if len(group) < WAITERS:
            continue
        place, count = Counter(one.top for one in group).most_common(1)[0]
        states = ", ".join(f"{n} {state or 'unknown'}" for state, n in Counter(one.state for one in group).most_common())
        stuck = count == len(group) and place and not IDLE.match(place)
        text = f"pool {name}: {states}" + (f"; all in {place}" if stuck else "")
        facts: dict[str, Fact] = {"pool": name, "function": place, "count": float(len(group))}
        reading.find("row", f"pool/{name}".lower(), group[0].line, 2.5 if stuck else 0.5, text, **facts)

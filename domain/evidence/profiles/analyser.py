"""Profiles: what takes most itself and with what it calls, how much is collection, locks, the system or idling, and what grew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.evidence.profiles.entries import Entry, read
from domain.evidence.reading import Fact, Reading
from domain.evidence.values import Context, Document, Parsed, Text

TOP, ABOVE = 5, 3
"""Entries that become findings by their own share, and by their share with what they call."""
HIGH = 40.0
"""Percent of one entry from which on it stands out."""
MUCH = 15.0
"""Percent of collection, locks, system calls or idling from which on they are told."""
COLLECTOR = re.compile(
    r"(?i)\b(?:gc|scanobject|mallocgc|garbage|G1|ParNew|mark_?sweep|collect)\b|gcBgMarkWorker|gc_collect|Scavenge|MarkCompact"
)
SORTS: Mapping[str, re.Pattern[str]] = {
    "garbage collection": COLLECTOR,
    "idling": re.compile(
        r"(?i)idle|sleep|swapper|mwait|cpu_startup|epoll_?wait|\bpark\b|Unsafe_Park|notesleep|'(?:poll|select)' of|kqueue"
    ),
    "locks": re.compile(
        r"(?i)lock(?!ed_?list|s?\.py)|mutex|futex|semaphore|semacquire|synchroni[sz]|contend|cond_?wait|\bacquire\b"
    ),
    "system calls": re.compile(
        r"(?i)syscall|\b_*sys_|entry_SYSCALL|\[kernel|\b(?:read|write|recv|send|fsync|openat|accept|ioctl)(?:v|to|msg|from|64)?\b"
    ),
}
"""What a function does for others, by its name; the first that fits counts."""
LIBRARY = re.compile(
    r"site-packages|dist-packages|/lib/python|python3\.\d+/|node_modules|node:internal|^(?:\{|<(?:built-in|frozen)|~:)|\[kernel|^lib[\w+-]+\.so|\.so\b|/usr/lib|vdso"
    r"|^(?:java|javax|jdk|sun|com\.sun|scala|kotlin|akka|runtime|net/http|reflect|syscall|encoding/|std|core|alloc|tokio|__|_int_|malloc|free\b|mem(?:cpy|set|move)|\[[BCIJSZ]\b)"
)
"""Functions and classes that came with a runtime or a package."""
GROWN, AT_LEAST = 1.5, 5.0
"""Times and percent of the later profile from which on an entry that grew is told."""
COLLECTED = 2_000
"""Rows that become objects."""


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return the entries with the largest share."""
    reading = Reading(document=document, lines=text.lines)
    every = read(text.lines)
    last = max((one.table for one in every), default=0)
    entries = sorted((one for one in every if one.table == last), key=lambda e: (-e.share, e.line))
    for one in every[:COLLECTED]:
        _observe(reading, one)
    for one in entries[:TOP]:
        _top(reading, one)
    _above(reading, entries)
    told = _sorts(reading, entries)
    _growth(reading, [one for one in every if one.table == 0], entries if last else [])
    top = ", ".join(f"{one.name} {one.share:.0f} %" for one in entries[:3])
    extra = "; " + ", ".join(told) if told and entries else ""
    return reading.parsed(f"profile: {top or 'nothing read'}{extra}", 1.0 if entries else 0.0)


def _observe(reading: Reading, one: Entry) -> None:
    fields = {
        "share": f"{one.share:.4g}", "total": f"{one.total:.4g}" if one.total else "", "amount": f"{one.amount:.15g}" if one.amount else "",
        "calls": f"{one.calls:.15g}" if one.calls else "", "module": one.module,
    }  # fmt: skip
    reading.observe(one.sort, one.name, one.line, fields)


def _top(reading: Reading, one: Entry) -> None:
    severity = 3.0 if one.share >= HIGH else 2.0 if COLLECTOR.search(one.name) and one.share >= MUCH else 1.0
    facts: dict[str, Fact] = {one.sort: one.name, "used": one.share, "limit": 100.0, "resource": "profile share"}
    held = f" ({one.calls:.15g} instances, {one.amount:.15g} bytes)" if one.sort == "class" else ""
    reading.find("resource", "", one.line, severity, f"{one.name} takes {one.share:.1f} %{held}", **facts)


def _above(reading: Reading, entries: Sequence[Entry]) -> None:
    """Tell own functions that take little themselves and much with what they call."""
    own = [one for one in entries if one.total >= MUCH and one.share < one.total / 2 and not _library(one)]
    for one in sorted(own, key=lambda e: (-e.total, e.line))[:ABOVE]:
        facts: dict[str, Fact] = {"function": one.name, "used": one.total, "limit": 100.0, "resource": "profile share with calls"}
        reading.find("resource", "", one.line, 1.5, f"{one.name} takes {one.total:.1f} % with what it calls", **facts)


def _library(one: Entry) -> bool:
    return bool(LIBRARY.search(one.name) or LIBRARY.search(one.module))


def _sorts(reading: Reading, entries: Sequence[Entry]) -> list[str]:
    """Tell shares of collection, idling, locks and the system, and return them with that of own code in words."""
    sums: dict[str, list[Entry]] = {}
    for one in entries:
        sort = next((name for name, pattern in SORTS.items() if pattern.search(one.name) or pattern.search(one.module)), "")
        sums.setdefault(sort, []).append(one)
    shares = {sort: sum(one.share for one in members) for sort, members in sums.items() if sort}
    for sort, share in shares.items():
        if share >= MUCH and len(sums[sort]) > 1:
            members = sums[sort]
            facts: dict[str, Fact] = {"used": round(share, 2), "limit": 100.0, "resource": sort}
            severity = 1.0 if sort == "idling" else 2.0
            reading.find(
                "resource", "", members[0].line, severity, f"{sort} takes {share:.1f} % in {len(members)} functions", **facts
            )
            for one in members[1:4]:
                reading.also(one.line, one.name)
    own = sum(one.share for one in entries if not _library(one))
    whole = sum(one.share for one in entries)
    told = [f"own code {100 * own / whole:.0f} %"] if whole and own < whole else []
    return told + [f"{sort} {share:.0f} %" for sort, share in sorted(shares.items(), key=lambda pair: -pair[1]) if share >= 1]


def _growth(reading: Reading, first: Sequence[Entry], last: Sequence[Entry]) -> None:
    """Tell what grew from the first profile of a document to its last."""
    before = {one.name: one for one in first}
    grown = [(one, before[one.name]) for one in last if one.name in before and _grew(before[one.name], one)]
    for after, base in sorted(grown, key=lambda pair: (pair[1].amount - pair[0].amount, pair[0].line))[:ABOVE]:
        facts: dict[str, Fact] = {after.sort: after.name, "before": base.amount, "after": after.amount}
        facts["resource"] = "memory" if after.sort in {"class", "place"} else "profile share"
        statement = f"{after.name} grew from {base.amount:.15g} to {after.amount:.15g} between the first and the last profile"
        reading.find("trend", "", after.line, 3.0, statement, **facts)
        reading.also(base.line, base.name)


def _grew(before: Entry, after: Entry) -> bool:
    return after.share >= AT_LEAST and after.amount >= GROWN * max(before.amount, 1e-9)

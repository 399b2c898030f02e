"""`SHOW ENGINE INNODB STATUS`: the latest deadlock, who waits, how long the history is (dev.mysql.com, InnoDB standard monitor)."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

TITLE = re.compile(r"^[A-Z][A-Z /]{5,60}$")
TRANSACTION = re.compile(r"^---TRANSACTION (\d{1,20}), (ACTIVE|not started)(?:.{0,40}?(\d{1,12}) sec)?(.{0,120})$")
THREAD = re.compile(r"^MySQL thread id (\d{1,12})")
PART = re.compile(
    r"^\*\*\* (?:\((\d{1,3})\) (TRANSACTION|HOLDS THE LOCK|WAITING FOR THIS LOCK)|WE ROLL BACK TRANSACTION \((\d{1,3})\))"
)
LOCK = re.compile(r"^(?:RECORD|TABLE) LOCKS?.{0,200}?(?:index (\S{1,120}) of )?table (\S{1,200}) trx")
WAITING = re.compile(r"(\d{1,9}) lock struct|TRX HAS BEEN WAITING (\d{1,12}) SEC")
HISTORY = re.compile(r"^History list length (\d{1,18})")
LONG_S, UNPURGED = 60, 1_000_000
"""Seconds a transaction may be open; undo records that purge has left behind from which on reads slow down."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read transactions and the latest deadlock; return how many lines were understood."""
    section, start = "", 0
    for number in range(first, last + 1):
        line = reading.head(number).strip()
        if TITLE.match(line) and set(reading.line(number - 1).strip()) == {"-"}:
            if section == "LATEST DETECTED DEADLOCK":
                _deadlock(reading, start, number - 2)
            section, start = line, number
            reading.observe("section", line, number, {})
        elif found := TRANSACTION.match(line):
            _transaction(reading, number, found)
        elif (told := HISTORY.match(line)) and float(told[1]) >= UNPURGED:
            reading.find(
                "field",
                "",
                number,
                3.0,
                f"{told[1]} undo records are not purged",
                field="History list length",
                value=float(told[1]),
            )
    if section == "LATEST DETECTED DEADLOCK":
        _deadlock(reading, start, last)
    return last - first + 1


def _transaction(reading: Reading, number: int, found: re.Match[str]) -> None:
    name, state, seconds, rest = found.groups()
    subject = reading.observe("transaction", name, number, {"state": state, "seconds": seconds or "", "doing": rest.strip()})
    below = [reading.head(n) for n in range(number + 1, min(number + 12, len(reading.lines)) + 1)]
    waits = next((int(told[2]) for line in below if (told := WAITING.search(line)) and told[2]), None)
    duration = float(seconds or 0)
    if waits is not None or "LOCK WAIT" in " ".join(below[:1]):
        facts: dict[str, Fact] = {"reason": "lock wait", "duration_s": float(waits or duration)}
        reading.find("row", subject, number, 3.5, f"{subject} waits for a lock {waits or duration:g} s", **facts)
    elif state == "ACTIVE" and duration >= LONG_S:
        reading.find(
            "row", subject, number, 3.0, f"{subject} is open for {duration:g} s", reason="long transaction", duration_s=duration
        )


def _deadlock(reading: Reading, first: int, last: int) -> None:
    """Keep the deadlock with both sides: what each holds and waits for, and who was rolled back."""
    parts = [(n, found) for n in range(first, last + 1) if (found := PART.match(reading.head(n).strip()))]
    if not parts:
        return
    sides = [(n, found[1]) for n, found in parts if found[2] == "TRANSACTION"]
    tables = {m[2].replace("`", "") for n in range(first, last + 1) if (m := LOCK.match(reading.head(n).strip()))}
    victim = next((found[3] for _, found in parts if found[3]), "")
    threads = [m[1] for n in range(first, last + 1) if (m := THREAD.match(reading.head(n).strip()))]
    told = f"deadlock detected between {len(sides)} transactions on {', '.join(sorted(tables))}; ({victim}) was rolled back"
    line = first
    reading.find("row", "", line, 3.5, told, reason="deadlock", value=", ".join(sorted(tables)), count=float(max(1, len(sides))))
    for number, _ in parts[:3]:
        reading.also(number)
    for left, right in ((threads[:1], threads[1:2]), (threads[1:2], threads[:1])):
        if left and right:
            reading.relate(f"session/{left[0]}", "waits for", f"session/{right[0]}", line)

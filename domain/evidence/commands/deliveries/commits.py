"""Git: commits as changes of the time-line, the files they touch, and what a working tree holds."""

from __future__ import annotations

import re
from datetime import datetime

from domain.evidence import ages
from domain.evidence.reading import Reading

COMMIT = re.compile(r"^(?:[*|/\\ ]{0,20})commit ([0-9a-f]{7,64})(?: \((.{1,300})\))?\s*$")
FIELD = re.compile(r"^(?:[|/\\ ]{0,20})(Author|AuthorDate|Date|Commit|CommitDate|Merge):\s+(.{1,300})$")
STAT = re.compile(r"^[| ]{1,20}(\S.{0,400}?)\s+\|\s+(?:(\d{1,9}) ?([+-]*)|Bin .{1,60})$")
DIFF = re.compile(r"^diff --git a/(.{1,400}) b/(.{1,400})$")
ONE = re.compile(r"^(?:[*|/\\ ]{0,20})([0-9a-f]{7,40}) (?:\((.{1,200}?)\) )?(\S.{0,300})$")
ZONED = re.compile(r"^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) ([+-]\d{4})$")


def moment(text: str) -> datetime | None:
    """Return git's own date, `Mon May 4 11:42:07 2026 +0200`, or an ISO 8601 or RFC 2822 one."""
    found = ZONED.match(text.strip())
    if found:
        month, day, clock, year, zone = found.groups()
        return ages.date(f"{int(day):02} {month} {year} {clock} {zone}")
    return ages.date(text.strip().replace(" +", "+", 1) if text[:4].isdecimal() else text)


def log(reading: Reading, first: int, last: int) -> int:
    """Read `git log` and `git show`, with file statistics or patches where they were asked for."""
    starts = [n for n in range(first, last + 1) if COMMIT.match(reading.head(n))]
    for place, start in enumerate(starts):
        end = starts[place + 1] - 1 if place + 1 < len(starts) else last
        _commit(reading, start, end)
    return last - starts[0] + 1 if starts else lines(reading, first, last)


def _commit(reading: Reading, first: int, last: int) -> None:
    found = COMMIT.match(reading.head(first))
    if not found:
        return
    fields: dict[str, str] = {"refs": found[2] or ""}
    subject_line = 0
    for number in range(first + 1, min(last, first + 12) + 1):
        line = reading.head(number)
        if told := FIELD.match(line):
            fields[told[1].lower()] = told[2].strip()
        elif line.strip(" |") and not subject_line and line.lstrip("| ") != line:
            subject_line = number
    what = reading.head(subject_line).strip(" |") if subject_line else ""
    time = moment(fields.get("date") or fields.get("commitdate") or "")
    commit = reading.observe("commit", found[1][:12], first, {**fields, "subject": what})
    reading.changed(subject_line or first, f"commit {found[1][:12]}: {what}", commit, time)
    files(reading, (first, last), commit)


def files(reading: Reading, span: tuple[int, int], owner: str) -> int:
    """Keep the files of statistics or patches, with how many lines came and went."""
    counts: dict[str, list[int]] = {}
    current: list[int] | None = None
    for number in range(span[0], span[1] + 1):
        line = reading.head(number)
        if found := DIFF.match(line):
            current = counts.setdefault(found[2], [number, 0, 0])
        elif current is not None and line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}:
            current[1 if line[0] == "+" else 2] += 1
        elif current is None and (stat := STAT.match(line)):
            counts[stat[1].strip()] = [number, (stat[3] or "").count("+"), (stat[3] or "").count("-")]
    for name, (number, added, removed) in counts.items():
        subject = reading.observe("file", name, number, {"added": str(added), "removed": str(removed)})
        if owner:
            reading.relate(owner, "changes", subject, number)
    return len(counts)


def stats(reading: Reading, first: int, last: int) -> int:
    """Read `git diff --stat`; return how many files there were."""
    return files(reading, (first, last), "")


def lines(reading: Reading, first: int, last: int) -> int:
    """Read `git log --oneline`: number and subject of each commit, without times."""
    understood = 0
    for number in range(first, last + 1):
        if found := ONE.match(reading.head(number)):
            understood += 1
            commit = reading.observe("commit", found[1][:12], number, {"subject": found[3], "refs": found[2] or ""})
            reading.changed(number, f"commit {found[1][:12]}: {found[3]}", commit, None)
    return understood


STATE = re.compile(
    r"^\s+(modified|deleted|new file|renamed|both modified|both added|both deleted|deleted by us|deleted by them|added by us|added by them|typechange):\s+(\S.{0,400})$"
)
BRANCH = re.compile(r"^(?:On branch (\S{1,250})|(HEAD detached) (?:at|from) (\S{1,250}))$")
TRACK = re.compile(r"^Your branch (?:is (?:ahead of|behind) '(.{1,250})' by (\d{1,9}) commits?|and '(.{1,250})' have diverged)")
DOING = re.compile(
    r"^(?:You have unmerged paths|You are (?:currently )?(?:rebasing|bisecting|cherry-picking|reverting|in the middle of)|interactive rebase in progress|rebase in progress)"
)


def status(reading: Reading, first: int, last: int) -> int:
    """Read `git status`: branch, how far it is from its remote, files that changed or are in conflict."""
    understood = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        understood += bool(line.strip())
        if found := BRANCH.match(line):
            reading.observe("branch", found[1] or found[3], number, {"detached": found[2] or ""})
        elif told := STATE.match(line):
            _file(reading, number, told)
        elif found := TRACK.match(line):
            diverged = bool(found[3])
            reading.find("field", "", number, 1.5 if diverged else 1.0, line, field="branch", value=found[1] or found[3])
        elif DOING.match(line):
            reading.find("field", "", number, 2.0, line, field="state", message=line.strip())
    return understood


def _file(reading: Reading, number: int, told: re.Match[str]) -> None:
    how, name = told.groups()
    subject = reading.observe("file", name.rpartition(" -> ")[2], number, {"state": how})
    if how.startswith(("both", "deleted by", "added by")):
        reading.find("unhealthy_object", subject, number, 3.0, f"{subject} is in conflict: {how}", reason="conflict", status=how)

"""Unified diffs: files, hunks, and what changed in words: values, versions, addresses, statements, checks that are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from domain.evidence import ages
from domain.evidence.code import smells
from domain.evidence.configs.difference import risk
from domain.evidence.configs.secrets import HIDDEN
from domain.evidence.reading import Reading, beginning
from domain.evidence.secret_names import is_secret

GIT = re.compile(r'^diff --git "?a/(.{1,1000}?)"? "?b/(.{1,1000})$')
OLD, NEW = re.compile(r"^--- (?:a/)?([^\t\n]{1,1000})"), re.compile(r"^\+\+\+ (?:b/)?([^\t\n]{1,1000})")
HUNK = re.compile(r"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.{0,200})")
NOTE = re.compile(r"^(new file mode|deleted file mode|rename from|rename to|old mode|new mode|Binary files)\b ?(.{0,300})")
VALUE = re.compile(r"""^\s*+(?:-\s+)?["']?([\w.\-/@$\[\]]{1,120}+)["']?\s*+(?::=|[:=])\s*+(.{1,300}?)[,;]?\s*$""")
LITERAL = re.compile(r"""\"[^\"]{0,200}\"|'[^']{0,200}'|\b\d[\w.]{0,40}\b|\bhttps?://\S{1,300}""")
VERSION = re.compile(
    r"""^\s*+["']?([@\w.\-/\[\]]{1,120}+)["']?\s*(?:==|~=|>=|[:=]\s*["'][\^~]?|\sv)\s*v?(\d[\w.\-+]{0,60})["']?,?\s*$"""
)
CHECK = re.compile(r"""(?x)^\s*+(?:\}?\s*(?:if|unless|elif|else\sif)\b.*(?:null|None|nil|undefined|empty|len\(|isinstance|==\s*0|<=?\s*0|>\s*0|!\w|not\s)
    | assert\b | (?:if\s\()?.*\b(?:validate|verify|check|ensure|require|authorize|authenticate|sanitize|escape)\w*\s*\(
    | raise\b | throw\b | .*\b(?:timeout|deadline)\s*[=:] | (?:async\s)?with\s.*lock | .*\.(?:lock|acquire|unlock|close|rollback)\(|\s*defer\b|\s*finally\b|\s*(?:except|catch|rescue)\b)""")
"""A line that guards: a question, an assertion, a handler, a lock, a time-out."""
STATEMENT = re.compile(r"(?i)\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|ALTER TABLE|DROP|CREATE (?:TABLE|INDEX))\b\s")
ADDRESS = re.compile(r"\bhttps?://|\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w\-])[\w\-]{1,63}+\.(?:com|org|net|io|internal|local|svc)\b")
COMMIT = re.compile(r"^commit ([0-9a-f]{7,64})\b")
DATE = re.compile(r"^(?:Author)?Date:\s{1,8}(?:[A-Z][a-z]{2} )?(.{8,40})$")
TOLD = 200


def is_diff(lines: tuple[str, ...]) -> bool:
    """Return whether the lines hold a unified diff."""
    heads = (line for line in lines if line.startswith(("@@ -", "diff --git ")))
    return any(HUNK.match(line[:400]) or GIT.match(line[:2100]) for line in heads)


@dataclass(slots=True)
class File:
    """What a diff does to one file."""

    path: str
    line: int
    added: int = 0
    removed: int = 0
    hunks: int = 0
    note: str = ""


@dataclass(slots=True)
class _Walk:
    """The state of reading a diff line by line."""

    files: list[File] = field(default_factory=list)
    left: tuple[int, int] = (0, 0)
    """Lines of the hunk still to come: old, new."""
    function: str = ""
    minus: list[tuple[int, str]] = field(default_factory=list)
    plus: list[tuple[int, str]] = field(default_factory=list)
    told: int = 0


def read(reading: Reading, first: int, last: int) -> str:
    """Read the diff between two lines of a document; return it in one line of words."""
    walk = _Walk()
    for number in range(first, last + 1):
        _line(reading, walk, number, beginning(reading.line(number)))
    _block(reading, walk)
    for one in walk.files:
        facts = {"added": str(one.added), "removed": str(one.removed), "hunks": str(one.hunks), "note": one.note}
        reading.observe("file", one.path, one.line, facts)
    cut = sum(walk.left)
    if cut > 0:
        reading.notes.append(f"the diff ends {cut} lines before its last hunk does")
    added, removed = sum(one.added for one in walk.files), sum(one.removed for one in walk.files)
    return f"{len(walk.files)} files, {added} lines added, {removed} removed"


def _line(reading: Reading, walk: _Walk, number: int, line: str) -> None:
    if sum(walk.left) > 0 and line[:1] in {"+", "-", " ", "\\", ""}:
        _body(reading, walk, number, line)
        return
    _block(reading, walk)
    walk.left = (0, 0)
    if found := GIT.match(line):
        walk.files.append(File(path=found.group(2).rstrip('"'), line=number))
    elif ((found := NEW.match(line)) and found.group(1) != "/dev/null") or (
        (found := OLD.match(line)) and reading.line(number + 1).startswith("+++ /dev/null")
    ):
        _named(walk, found.group(1), number)
    elif found := HUNK.match(line):
        _hunk(reading, walk, number, found)
    elif walk.files and (found := NOTE.match(line)):
        _noted(reading, walk.files[-1], number, found)
    elif found := COMMIT.match(line):
        _commit(reading, number, found.group(1)[:12])


def _commit(reading: Reading, number: int, name: str) -> None:
    """Keep a commit as an object and as an event: its subject is the first indented line."""
    rows = [(line, reading.head(line)) for line in range(number + 1, min(number + 9, len(reading.lines)) + 1)]
    subject = next((row.strip() for _, row in rows if row.startswith("    ") and row.strip()), "")
    date = next((found.group(1).strip() for _, row in rows if (found := DATE.match(row))), "")
    reading.observe("commit", name, number, {"date": date, "subject": subject})
    reading.happened(number, f"commit {name}: {subject}", f"commit/{name}", moment(date), 1.0)


def moment(text: str) -> datetime | None:
    """Return a date as git prints it: `Mon May 4 12:00:00 2026 +0200` without its weekday, or ISO 8601."""
    try:
        return datetime.strptime(text, "%b %d %H:%M:%S %Y %z")
    except ValueError:
        return ages.date(text)


def _named(walk: _Walk, path: str, number: int) -> None:
    """Name the file of the hunks that follow; a diff without git has no other head."""
    if not walk.files or (walk.files[-1].path != path and walk.files[-1].hunks):
        walk.files.append(File(path=path, line=number))


def _noted(reading: Reading, file: File, number: int, found: re.Match[str]) -> None:
    what, rest = found.groups()
    words = {
        "deleted file mode": "is deleted",
        "new file mode": "is new",
        "rename to": f"was renamed to {rest}",
        "new mode": f"has another mode, {rest}",
    }
    if what in words:
        file.note = words[what]
        severity = 2.5 if what == "deleted file mode" else 1.0
        reading.find(
            "change",
            f"file/{file.path}".lower(),
            number,
            severity,
            f"{file.path} {words[what]}",
            reason=words[what].split(" ", 2)[1],
        )


def _hunk(reading: Reading, walk: _Walk, number: int, found: re.Match[str]) -> None:
    old, new = (int(found.group(group) or 1) for group in (2, 4))
    walk.left, walk.function = (old, new), found.group(5).strip()
    if walk.files:
        walk.files[-1].hunks += 1
        facts = {"file": walk.files[-1].path, "first": found.group(3), "function": walk.function}
        reading.observe("hunk", f"{walk.files[-1].path}:{found.group(3)}", number, facts)


def _body(reading: Reading, walk: _Walk, number: int, line: str) -> None:
    """Take a line of a hunk; context ends a block of changes."""
    old, new = walk.left
    sign = line[:1]
    if sign == "+":
        walk.plus.append((number, line[1:]))
        walk.left = (old, new - 1)
    elif sign == "-":
        if walk.plus:
            _block(reading, walk)
        walk.minus.append((number, line[1:]))
        walk.left = (old - 1, new)
    elif sign != "\\":
        _block(reading, walk)
        walk.left = (old - 1, new - 1)
    if walk.files:
        walk.files[-1].added += sign == "+"
        walk.files[-1].removed += sign == "-"


def _block(reading: Reading, walk: _Walk) -> None:
    """Say in words what one block of changed lines does."""
    minus, plus = walk.minus, walk.plus
    walk.minus, walk.plus = [], []
    if not walk.files or not (minus or plus) or walk.told >= TOLD:
        return
    path = walk.files[-1].path
    before = len(reading.findings)
    paired = set[int]()
    for number, line in plus:
        pair = next(((old, text) for old, text in minus if old not in paired and _alike(text, line)), None)
        if pair:
            paired.add(pair[0])
            _changed(reading, path, pair, (number, line))
    texts = {" ".join(line.split()) for _, line in plus}
    for number, line in minus:
        if number not in paired and CHECK.match(line) and " ".join(line.split()) not in texts:
            facts = {"reason": "check removed", "function": walk.function, "file": path}
            reading.find("change", f"file/{path}".lower(), number, 3.0, f"{path}: a check is gone: {line.strip()}", **facts)
    _weak(reading, path, plus)
    walk.told += len(reading.findings) - before


def _alike(old: str, new: str) -> bool:
    """Return whether two lines say the same about other values."""
    one, other = VALUE.match(old), VALUE.match(new)
    if one and other and one.group(1) == other.group(1):
        return True
    return LITERAL.sub("?", old).split() == LITERAL.sub("?", new).split()


def _changed(reading: Reading, path: str, old: tuple[int, str], new: tuple[int, str]) -> None:
    """Tell two values of one setting, version, address or statement."""
    name, before, after = _values(old[1], new[1])
    if before == after:
        return
    secret = is_secret(name)
    before, after = (HIDDEN, HIDDEN) if secret else (before, after)
    severity = 3.0 if ADDRESS.search(after) or STATEMENT.search(new[1]) else risk((name,)) if name else 2.0
    reason = (
        "version"
        if VERSION.match(new[1])
        else "address"
        if ADDRESS.search(after)
        else "statement"
        if STATEMENT.search(new[1])
        else "value"
    )
    facts = {"field": name, "before": before, "value": after, "reason": f"{reason} changed", "file": path}
    statement = f"{path}: {name or 'a value'}: {before} → {after}"
    reading.find("change", f"file/{path}".lower(), new[0], severity, statement, **{k: v for k, v in facts.items() if v})
    reading.also(old[0])


def _values(old: str, new: str) -> tuple[str, str, str]:
    """Return name, old and new value: of a setting, else the literals that differ."""
    one, other = VALUE.match(old), VALUE.match(new)
    if one and other and one.group(1) == other.group(1):
        return one.group(1), one.group(2)[:120], other.group(2)[:120]
    pairs = [(a, b) for a, b in zip(LITERAL.findall(old), LITERAL.findall(new), strict=False) if a != b]
    words = re.findall(r"([A-Za-z_]\w*)\W{0,3}$", LITERAL.split(new)[0]) if pairs else []
    named = next(iter(_names(new, pairs[0][1])), "") if pairs else ""
    return named or (words[0] if words else ""), ", ".join(a for a, _ in pairs), ", ".join(b for _, b in pairs)


def _names(line: str, value: str) -> Iterator[str]:
    """Yield the word before a value."""
    head = line[: line.find(value)]
    if found := re.search(r"([A-Za-z_][\w.\-]{0,80})\s{0,3}[=:(]{1,2}\s{0,3}$", head[-120:]):
        yield found.group(1)


def _weak(reading: Reading, path: str, plus: list[tuple[int, str]]) -> None:
    """Mark weak places among the added lines."""
    if not plus:
        return
    for place in smells.places(tuple(line for _, line in plus), 1, len(plus)):
        number = plus[place.line - 1][0]
        if not place.secret:
            facts = {"reason": place.reason, "field": "code", "file": path}
            reading.find("setting", f"file/{path}".lower(), number, 2.5, f"{path}: {place.reason} in an added line", **facts)
        else:
            reading.find(
                "setting",
                f"file/{path}".lower(),
                number,
                1.0,
                f"{path}: an added line holds a secret",
                reason="secret in code",
                field="code",
            )

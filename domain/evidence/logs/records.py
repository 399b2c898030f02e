"""A log record of several lines as one text, and the typed pieces that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.evidence.clocks import Clock, time_span
from domain.evidence.decoding.decode import plain
from domain.evidence.dumps import is_reading
from domain.evidence.logs.messages import continues, read_message, thrown
from domain.evidence.severity import exit_code_of, status_of

LENGTH = 1_000
TIMED = 200
"""Characters of a line in which its time stands."""
_ADDRESS = re.compile(
    r"(?<![\w.])(?P<host>(?:\d{1,3}\.){3}\d{1,3}|(?:[A-Za-z][\w-]{0,62}\.){0,8}[A-Za-z][\w-]{0,62})[:/](?P<port>\d{2,5})(?![\w.:])"
)
_HOST = re.compile(r"\b(?:host|hostname|server|address|addr)[\"']?\s?[=: ]\s?[\"'](?P<host>[\w.-]{1,100})[\"']")
_PORT = re.compile(r"\bport[\"']?\s?[=: ]\s?[\"']?(?P<port>\d{2,5})\b")


def members(rows: Sequence[str], clock: Clock | None) -> tuple[str, ...]:
    """Return the rows below a head that continue its record: by shape, as parts of a dump, or without the clock that heads carry."""
    found: list[str] = []
    for row in rows:
        if not row.strip() or not (continues(row) or _untimed(row, clock) or is_reading(read_message(row, clock).text)):
            break
        found.append(row)
    return tuple(found)


def _untimed(row: str, clock: Clock | None) -> bool:
    return clock is not None and clock.read(plain(row)) is None and time_span(plain(row[:TIMED])) is None


def record_text(head: str, below: Sequence[str]) -> str:
    """The head line folded, joined with the exceptions of its stack: the outermost and each `Caused by`."""
    parts = [" ".join(plain(head).split())]
    parts += [" ".join(plain(row).split()) for row in below if thrown(plain(row)) or "Caused by" in row]
    return " | ".join(parts)[:LENGTH]


def attributes(head: str, below: Sequence[str]) -> Mapping[str, str]:
    """Host, port, status, exit code, exception and root cause, where they are named."""
    text = read_message(head).text
    found: dict[str, str] = {}
    chain = [named for row in (text, *below) if (named := thrown(plain(row)))]
    if chain:
        found |= {"exception": chain[0][0], "root_exception": chain[-1][0]}
    if place := _ADDRESS.search(text):
        found |= {"host": place["host"], "port": place["port"]}
    for pattern, name in ((_HOST, "host"), (_PORT, "port")):
        if name not in found and (match := pattern.search(text)):
            found[name] = match[name]
    status, code = status_of(text), exit_code_of(text)
    told = {} if status is None or status == code else {"status": str(status)}
    return found | told | ({} if code is None else {"exit_code": str(code)})

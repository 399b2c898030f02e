"""Events of Windows as text: what the Event Viewer copies, `wevtutil qe /f:text`, and `Get-WinEvent | Format-List`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.evidence import telling
from domain.evidence.clocks import parse_time
from domain.evidence.reading import Fact, Reading

HEAD = re.compile(r"^\s{0,4}(?:Event\[\d+\]:?\s*$|(?:Log Name|TimeCreated)\s*:)")
"""Where an event begins."""
FIELD = re.compile(
    r"^\s{0,4}(Log Name|Source|ProviderName|Provider|Date|TimeCreated|Event ID|Id|Level|LevelDisplayName|Computer|MachineName|Description|Message)\s*:\s*(.*)$"
)
SAME = {
    "ProviderName": "Source",
    "Provider": "Source",
    "TimeCreated": "Date",
    "Id": "Event ID",
    "LevelDisplayName": "Level",
    "MachineName": "Computer",
    "Message": "Description",
}
"""Names of PowerShell and what the Event Viewer calls them."""
THROWN = re.compile(r"\b\w+(?:Exception|Error): \S")
"""An exception with what it says."""
SEVERITY = {"critical": 4.5, "error": 3.5, "warning": 2.0}
DATES = ("%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S")
"""Dates of locales, tried in order (learn.microsoft.com, standard date formats)."""


@dataclass(slots=True)
class _Event:
    """One event: its fields, and the lines of its description."""

    fields: dict[str, str] = field(default_factory=dict)
    body: list[int] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.fields.get(name, "")


def events(reading: Reading, first: int, last: int) -> int:
    """Keep what events of a level from warning on say, each by the line that tells most; return the lines read."""
    for one in _events(reading, first, last):
        severity = SEVERITY.get(one.text("Level").lower(), 0.0)
        if severity and one.body:
            _told(reading, one, severity)
    return last - first + 1


def _events(reading: Reading, first: int, last: int) -> Iterator[_Event]:
    event, described = _Event(), False
    for number in range(first, last + 1):
        line = reading.head(number)
        if HEAD.match(line) and event.fields:
            yield event
            event, described = _Event(), False
        if described:
            event.body += [number] if line.strip() else []
        elif found := FIELD.match(line):
            name = SAME.get(found[1], found[1])
            event.fields.setdefault(name, found[2].strip())
            described = name == "Description"
            event.body += [number] if described and found[2].strip() else []
    if event.fields:
        yield event


def _told(reading: Reading, one: _Event, severity: float) -> None:
    """Keep the gravest line of an event's description, the first of equals."""
    number = max(
        one.body, key=lambda line: (THROWN.search(reading.head(line)) is not None, telling.words(reading.head(line)), -line)
    )
    said = reading.head(number).strip()
    message = FIELD.sub(r"\2", said)
    source, event_id, computer = one.text("Source"), one.text("Event ID"), one.text("Computer")
    facts: dict[str, Fact] = {"message": message, "unit": source, "reason": f"event {event_id}"}
    if time := _time(one.text("Date")):
        facts["time"] = time
    subject = f"node/{computer}" if computer else ""
    reading.find("row", subject, number, severity, f"{source} {event_id}: {message}", **facts)


def _time(text: str) -> datetime | None:
    """Return the time of an event; a zone that is not written is assumed."""
    moment = parse_time(text)
    if moment and moment.time:
        return moment.time
    for form in DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None

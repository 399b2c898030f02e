"""Neighbours on a link and whether they answer: `ip neigh`, `arp -n`, `arp -a`."""

from __future__ import annotations

import re

from domain.evidence.reading import Reading

NEIGHBOUR = re.compile(
    r"^(?P<address>[0-9a-fA-F:.]{3,45}) dev (?P<link>\S{1,40})(?: lladdr (?P<mac>[0-9a-f:]{11,40}))?.{0,60} (?P<state>REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE|PERMANENT|NOARP)\s*$"
)
ARP = re.compile(
    r"^(?P<address>\S{1,253})\s+(?:[a-z]\S{1,20}\s+(?P<mac>[\da-fA-F:]{11,59})\s+[CMP!]{1,4}(?:\s+[\d.*]{1,15})?|(?P<state>\(incomplete\)))\s+(?P<link>\S{1,40})\s*$"
)
"""A row of `arp -n`."""
ASKED = re.compile(
    r"^\S{1,253} \((?P<address>[\da-fA-F:.]{3,45})\) at (?:(?P<mac>[\da-fA-F:]{11,17})|(?P<state>[<(]incomplete[>)]))(?: .{1,60}?)? on (?P<link>\S{1,40})(?: .{0,100})?$"
)
"""A row of `arp -a`, of Linux and BSD."""
SILENT = frozenset({"FAILED", "INCOMPLETE"})


def neighbours(reading: Reading, first: int, last: int) -> int:
    """Read neighbours; those that do not answer are told."""
    seen = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        found = NEIGHBOUR.match(line) or ARP.match(line) or ASKED.match(line)
        if found:
            seen += 1
            _neighbour(reading, number, {name: text or "" for name, text in found.groupdict().items()})
        elif line.startswith("Address "):
            seen += 1
    return seen


def _neighbour(reading: Reading, number: int, said: dict[str, str]) -> None:
    address, link, state = said["address"], said["link"], said["state"].strip("<()>").upper()
    subject = reading.observe("neighbour", address, number, {"link": link, "mac": said["mac"], "state": state})
    if state in SILENT:
        statement = f"{address} does not answer on {link}"
        reading.find("connection", subject, number, 2.0, statement, host=address, reason="no neighbour")

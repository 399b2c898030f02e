"""Reports of who calls whom: bracketed lists and drawn trees."""

from __future__ import annotations

import re

from domain.evidence.reading import Reading

LISTED = re.compile(r"^\[(Service|Upstream|Downstream)[^\]]{0,60}\]:\s*(.*)$")
NAME = re.compile(r"[A-Za-z][\w.\-]*")
BRANCH = re.compile(r"^([\s│|]*)[├└]─+ ([A-Za-z][\w.\-]*)")


def read(reading: Reading, first: int, last: int) -> int:
    """Read the service, its callers and the tree of what it calls; return how many lines were understood."""
    service, understood = "", 0
    above: list[tuple[int, str]] = []
    for number in range(first, last + 1):
        line = reading.head(number)
        understood += bool(line.strip())
        if found := LISTED.match(line):
            what, rest = found.groups()
            names = [] if rest.startswith("(") else NAME.findall(rest.split("(", maxsplit=1)[0])
            service = reading.observe("service", names[0], number, {}) if what == "Service" and names else service
            for name in names if what != "Service" else ():
                _call(reading, number, (service, name), upstream=what == "Upstream")
            above = [(-1, service)]
        elif branch := BRANCH.match(line):
            depth, name = len(branch.group(1)), branch.group(2)
            while len(above) > 1 and above[-1][0] >= depth:
                above.pop()
            if above:
                reading.relate(above[-1][1], "calls", f"service/{name}", number)
            above.append((depth, f"service/{name}"))
    return understood


def _call(reading: Reading, number: int, pair: tuple[str, str], *, upstream: bool) -> None:
    service, name = pair
    other = f"service/{name}"
    reading.relate(other if upstream else service, "calls", service if upstream else other, number)

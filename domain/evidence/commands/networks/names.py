"""What resolvers answer: `dig`, `nslookup`, `host`."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

STATUS = re.compile(r"status: (\w{1,20})")
ASKED = re.compile(
    r"^(?:; <<>> DiG \S{1,60} <<>> (?P<dig>.{1,300})|;(?P<question>[\w.\-*]{1,253})\s+IN\s+(?P<type>[A-Z]{1,10})\d*)$"
)
RECORD = re.compile(
    r"^(?P<name>[\w.\-*\\]{1,253})\s+(?P<ttl>\d{1,10})\s+(?:IN|CH|HS)\s+(?P<type>[A-Z][A-Z0-9]{0,9})\s+(?P<value>\S.{0,1000})$"
)
NAME = re.compile(r"^Name:\s+(?P<name>\S{1,253})")
ADDRESS = re.compile(r"^Address(?:es)?(?: \d{1,3})?:\s+(?P<address>[0-9a-fA-F:.]{2,45})(?P<port>#\d{1,5})?")
SAYS = re.compile(
    r"^(?P<name>[\w.\-*]{1,253}) (?P<what>has (?:IPv6 )?address|is an alias for|mail is handled by|name server|domain name pointer) (?P<value>\S.{0,300})$"
)
"""A line of `host`."""
TOOK = re.compile(r"^;; Query time: (\d{1,9}) msec")
FAILED = re.compile(
    r"can't find|connection timed out|no servers could be reached|NXDOMAIN|SERVFAIL|communications error|not found: \d|timed out$|No answer$"
)
SLOW = 1_000.0
"""Milliseconds of one query: resolvers ask again after one to five seconds."""
FINE = frozenset({"NOERROR"})


def names(reading: Reading, first: int, last: int) -> int:
    """Read questions, records and what went wrong."""
    asked = name = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if question := ASKED.match(line):
            asked = question["question"] or asked
        elif record := RECORD.match(line):
            fields = {"value": record["value"].strip(), "ttl": record["ttl"]}
            reading.observe("record", f"{record['name']}:{record['type']}:{record['value'].strip()}"[:300], number, fields)
        elif said := SAYS.match(line):
            reading.observe(
                "record",
                f"{said['name']}:{said['value'].strip()}",
                number,
                {"value": said["value"].strip(), "type": said["what"]},
            )
        elif named := NAME.match(line):
            name = named["name"]
        elif name and (address := ADDRESS.match(line)) and not address["port"]:
            reading.observe("record", f"{name}:{address['address']}", number, {"value": address["address"]})
        else:
            _answer(reading, number, asked)
    return last - first + 1


def _answer(reading: Reading, number: int, asked: str) -> None:
    """Read the status of an answer, its duration, or why there is none."""
    line = reading.head(number)
    status = STATUS.search(line) if line.startswith(";;") else None
    if status and status.group(1) not in FINE:
        reading.find("dns", "", number, 4.0, f"the resolver answers {status.group(1)}", reason=status.group(1), host=asked)
    elif (took := TOOK.match(line)) and float(took.group(1)) >= SLOW:
        reading.find("dns", "", number, 2.5, f"the resolver took {took.group(1)} ms", used=float(took.group(1)), reason="slow")
    elif not status and not line.startswith("; <<>>") and FAILED.search(line):
        facts: dict[str, Fact] = {"message": line.strip(), "reason": "not resolved", "host": asked}
        reading.find("dns", "", number, 4.0, line, **facts)

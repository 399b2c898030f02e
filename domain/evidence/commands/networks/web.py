"""What HTTP clients were answered, or why they got no answer: `curl`, `wget`."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

CURL = re.compile(r"^curl: \((\d{1,3})\) (.*)$")
STATUS = re.compile(r"^(?:< |  )?HTTP/[\d.]{1,4} (\d{3})(?: (.*))?$")
AWAITED = re.compile(r"^HTTP request sent, awaiting response\.\.\. (?:(\d{3}) (.*)|(\S.{0,200}))$")
TRYING = re.compile(r"^\*\s+(?:Trying|Connected to|Could not resolve host:|connect to|Host) (\S{1,253})")
WGET = re.compile(
    r"^(?:--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--\s+(?P<url>\S{1,2000})|Connecting to (?P<to>\S{1,253}).{0,100}\.\.\. (?P<how>.{1,200})|Resolving (?P<name>\S{1,253}).{0,100}\.\.\. (?P<found>.{1,300}))$"
)
HEADER = re.compile(r"^(?:< |  )?(?P<name>[A-Za-z][\w\-]{1,60}): (?P<value>.{0,1000})$")
KEPT = frozenset({"server", "content-type", "content-length", "location", "via", "retry-after", "x-request-id", "date", "connection", "cache-control", "x-cache", "age", "transfer-encoding"})  # fmt: skip
TIMING = re.compile(r"^\s{0,6}(?P<name>time_\w{4,20})\s?[:=]\s{0,6}(?P<value>[\d.]{1,15})s?\s*$")
"""Of `curl -w`."""
TLS = re.compile(
    r"(?i)certificate (?:problem|expired|has)|\balert\b(?!.{0,40}close notify)|self.signed certificate|unable to (?:get|verify)|SSL routines|handshake fail"
)
ANSWERING = {
    "refused": "connection",
    "timed out": "connection",
    "unreachable": "connection",
    "failed: Name": "dns",
    "Temporary failure": "dns",
}
SLOW = 5.0
"""Seconds of one request from which on people leave."""


def http(reading: Reading, first: int, last: int) -> int:
    """Read answers and refusals, and what the client was told on the way."""
    host, answer = "", ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := TRYING.match(line):
            host = found.group(1).rstrip(".:")
        if found := STATUS.match(line) or AWAITED.match(line):
            said = [group or "" for group in found.groups()]
            answer = _answered(reading, number, host, (said[0], said[1] or said[-1] * (not said[0])))
        elif wget := WGET.match(line):
            host = _wget(reading, number, wget.groupdict()) or host
        elif answer and (header := HEADER.match(line)) and header["name"].lower() in KEPT:
            kind, _, name = answer.partition("/")
            reading.observe(kind, name, number, {header["name"].lower(): header["value"].strip()})
        else:
            _told(reading, number, host)
    return last - first + 1


def _answered(reading: Reading, number: int, host: str, said: tuple[str, str]) -> str:
    """Keep an answer by its line; one that says no is told."""
    status, reason = said[0], said[1].strip()
    if not status:
        kind = next((kind for word, kind in ANSWERING.items() if word in reason), "connection")
        reading.find(kind, "", number, 3.5, f"{host or 'the server'} gives no answer: {reason}", message=reason, host=host)
        return ""
    answer = reading.observe("answer", f"{host or 'server'}:{number}", number, {"status": status, "reason": reason, "host": host})
    code = float(status)
    if code >= 400:
        facts: dict[str, Fact] = {"status_code": code, "reason": reason, "host": host}
        severity = 3.5 if code >= 500 else 2.5
        reading.find("connection", "", number, severity, f"{host or 'the server'} answers {code:g} {reason}", **facts)
    return answer


def _wget(reading: Reading, number: int, said: dict[str, str | None]) -> str:
    """Read a step of `wget`; return the host it speaks to."""
    if url := said["url"]:
        return url.partition("://")[2].partition("/")[0].partition(":")[0]
    result = said["how"] or said["found"] or ""
    for word, kind in ANSWERING.items():
        if word in result:
            reading.find(kind, "", number, 4.0, reading.head(number), message=result, host=said["to"] or said["name"] or "")
            break
    return ""


def _told(reading: Reading, number: int, host: str) -> None:
    """Read an error of the client, a refused certificate or a long time."""
    line = reading.head(number)
    if found := CURL.match(line):
        secure = re.search(r"(?i)ssl|tls|certificate", line)
        kind = "tls" if secure else "dns" if "resolve" in line else "connection"
        reading.find(kind, "", number, 4.0, line, message=found.group(2), code=found.group(1), host=host)
    elif line.startswith(("*", "ERROR: ")) and TLS.search(line):
        reading.find("tls", "", number, 3.5, line, message=line.lstrip("* ").strip(), host=host)
    elif (timing := TIMING.match(line)) and timing["value"].count(".") <= 1:
        taken = float(timing["value"].strip(".") or 0)
        reading.observe("timing", timing["name"], number, {"seconds": timing["value"]})
        if timing["name"] == "time_total" and taken >= SLOW:
            reading.find(
                "connection", "", number, 2.5, f"the request took {taken:g} s", used=taken, resource="duration", host=host
            )

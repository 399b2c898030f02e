"""Networks: sockets, reachability, names, HTTP and certificates."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from domain.evidence.reading import Fact, Reading

SOCKET = re.compile(
    r"^(?:\S+\s+)?(LISTEN|ESTAB\w*|SYN-SENT|SYN_SENT|TIME[-_]WAIT|CLOSE[-_]WAIT|FIN[-_]WAIT\S*)\s+(\d+)\s+(\d+)\s+(\S+)"
)
LOSS = re.compile(r"\b(\d{1,3}(?:\.\d{1,9})?)% packet loss")
ROUND_TRIP = re.compile(r"= [\d.]+/([\d.]+)/([\d.]+)")
CURL = re.compile(r"^curl: \((\d+)\) (.*)$")
STATUS = re.compile(r"^< HTTP/[\d.]+ (\d{3})(?: (.*))?$")
TRYING = re.compile(r"^\*\s+(?:Trying|Connected to|Could not resolve host:|connect to) (\S+)")
DIG = re.compile(r"status: (\w+)")
VERIFY = re.compile(r"(?i)verify (?:error|return code):? ?(?:num=)?(\d+)[: (]*([^)]*)")
NOT_AFTER = re.compile(r"(?i)not\s?after\s?[:=]\s?(.+)$")
TEST = re.compile(r"^=+ .*?(?:Service )?([\w.\-]+):(\d+)\b.* =+$")
FAILED = re.compile(
    r"(?i)connection (?:failed|refused|timed out)|no route to host|unreachable|timed out$|refused$|could not resolve|closed$"
)
FROM = re.compile(r"(?: on | from )([\w.\-]+)[: ]")
TLS_CODES = {
    "10": "certificate expired",
    "9": "certificate not yet valid",
    "18": "self-signed certificate",
    "19": "self-signed chain",
    "20": "issuer unknown",
    "21": "chain incomplete",
    "62": "name mismatch",
}
"""Verification codes of OpenSSL."""


def sockets(reading: Reading, first: int, last: int) -> int:
    """Read listening ports, full accept queues and sockets left half closed."""
    waiting = 0
    for number in range(first, last + 1):
        found = SOCKET.match(reading.head(number))
        if not found:
            continue
        state, received, limit, local = found.group(1), float(found.group(2)), float(found.group(3)), found.group(4)
        port = local.rpartition(":")[2]
        if state == "LISTEN":
            reading.observe("listener", port, number, {"address": local, "queue": found.group(2), "limit": found.group(3)})
            if limit and received >= limit:
                facts: dict[str, Fact] = {"port": port, "resource": "accept queue", "used": received, "limit": limit}
                reading.find(
                    "connection",
                    f"listener/{port}",
                    number,
                    3.5,
                    f"accept queue of port {port} is full: {received:g} of {limit:g}",
                    **facts,
                )
        elif state.startswith("CLOSE"):
            waiting += 1
            if waiting == 1:
                reading.find(
                    "connection",
                    f"listener/{port}",
                    number,
                    2.0,
                    f"sockets of port {port} wait to be closed by the program",
                    port=port,
                )
    return last - first + 1


def ping(reading: Reading, first: int, last: int) -> int:
    """Read loss and round trip."""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := LOSS.search(line):
            lost = float(found.group(1))
            severity = 4.0 if lost >= 50 else 3.0 if lost > 0 else 0.5
            reading.find(
                "connection", "", number, severity, f"{lost:g} % of packets are lost", resource="packets", used=lost, limit=100.0
            )
        elif found := ROUND_TRIP.search(line):
            mean, most = float(found.group(1)), float(found.group(2))
            reading.find(
                "connection", "", number, 2.5 if most > 200 else 0.5, f"round trip {mean:g} ms, at most {most:g} ms", used=most
            )
        elif FAILED.search(line):
            reading.find("connection", "", number, 3.5, line, message=line.strip())
    return last - first + 1


def names(reading: Reading, first: int, last: int) -> int:
    """Read what a resolver answered."""
    for number in range(first, last + 1):
        line = reading.head(number)
        found = DIG.search(line) if line.startswith(";;") else None
        if found and found.group(1) != "NOERROR":
            reading.find("dns", "", number, 4.0, f"the resolver answers {found.group(1)}", reason=found.group(1))
        elif re.search(r"can't find|connection timed out|no servers could be reached|NXDOMAIN|SERVFAIL", line):
            reading.find("dns", "", number, 4.0, line, message=line.strip(), reason="not resolved")
    return last - first + 1


def http(reading: Reading, first: int, last: int) -> int:
    """Read what a client was answered, or why it got no answer."""
    host = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := TRYING.match(line):
            host = found.group(1).rstrip(".")
        if (found := STATUS.match(line)) and int(found.group(1)) >= 400:
            code = float(found.group(1))
            facts: dict[str, Fact] = {"status_code": code, "reason": found.group(2) or "", "host": host}
            reading.find(
                "connection",
                "",
                number,
                3.5 if code >= 500 else 2.5,
                f"{host or 'the server'} answers {code:g} {found.group(2) or ''}",
                **facts,
            )
        elif found := CURL.match(line):
            secure = re.search(r"(?i)ssl|tls|certificate", line)
            kind = "tls" if secure else "dns" if "resolve" in line else "connection"
            reading.find(kind, "", number, 4.0, line, message=found.group(2), code=found.group(1), host=host)
        elif line.startswith("*") and re.search(r"(?i)certificate (?:problem|expired|has)|alert", line):
            reading.find("tls", "", number, 3.5, line, message=line.lstrip("* ").strip(), host=host)
    return last - first + 1


def certificates(reading: Reading, first: int, last: int) -> int:
    """Read why a chain was not accepted, and until when a certificate is valid."""
    for number in range(first, last + 1):
        line = reading.head(number)
        found = VERIFY.search(line)
        if found and found.group(1) != "0":
            reason = TLS_CODES.get(found.group(1), found.group(2).strip())
            reading.find(
                "tls",
                "",
                number,
                4.0,
                f"certificate refused: {reason}",
                code=found.group(1),
                reason=reason,
                message=found.group(2).strip(),
            )
        elif until := NOT_AFTER.search(line):
            _until(reading, number, until.group(1).strip())
    return last - first + 1


def _until(reading: Reading, number: int, text: str) -> None:
    """Keep the end of a certificate; it has expired when evidence was taken after it."""
    try:
        end = datetime.strptime(" ".join(text.split()).removesuffix(" GMT"), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return
    observed = reading.document.observed_at
    expired = bool(observed and observed > end)
    facts: dict[str, Fact] = {"time": end, "not_after": end.isoformat(), "reason": "certificate expired" if expired else ""}
    reading.find("tls", "", number, 4.0 if expired else 0.5, f"certificate is valid until {end.date()}", **facts)


def tests(reading: Reading, first: int, last: int) -> int:
    """Read a report of connection tests: which target, from where, whether it answered."""
    host, port = "", ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := TEST.match(line):
            host, port = found.groups()
            reading.observe("service", host, number, {"tested_port": port})
        elif FAILED.search(line):
            source = FROM.search(line)
            origin = source.group(1) if source else ""
            facts: dict[str, Fact] = {"host": host, "port": port, "source": origin, "message": line.strip()}
            statement = f"{host}:{port} does not answer {origin}" if host else line
            reading.find("connection", f"service/{host}" if host else "", number, 3.5, statement, **facts)
    return last - first + 1

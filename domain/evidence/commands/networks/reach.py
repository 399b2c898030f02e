"""Reachability: `ping`, `mtr`, `traceroute`, `tracepath`, `nc` and reports of connection tests."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

LOSS = re.compile(r"\b(\d{1,3}(?:\.\d{1,9})?)% (?:packet )?loss")
ROUND_TRIP = re.compile(r"= ([\d.]{1,15})/([\d.]{1,15})/([\d.]{1,15})")
WINDOWS = re.compile(r"Minimum = (\d{1,9})ms, Maximum = (\d{1,9})ms, Average = (\d{1,9})ms")
TARGET = re.compile(r"^(?:PING|Pinging) (?P<host>[^\s(\[]{1,253})")
ANSWER = re.compile(
    r"^(?:\[[\d.]{1,30}\] )?(?:\d{1,6} bytes from (?P<host>[^\s:]{1,253}).{0,80}?(?:icmp_)?seq[= ](?P<seq>\d{1,9}).{0,80}?time[=<](?P<time>[\d.]{1,12})"
    r"|Reply from (?P<host2>[^\s:]{1,253}): bytes=\d{1,6} time[=<](?P<time2>\d{1,9})ms)"
)
SILENT = re.compile(
    r"^(?:Request timeout for icmp_seq (?P<seq>\d{1,9})|Request timed out\.|no answer yet for icmp_seq=(?P<seq2>\d{1,9}))"
)
HOP = re.compile(r"^\s{0,6}(?P<hop>\d{1,3})(?P<pmtu>[?:]{0,2}:?)\s+(?P<rest>\S.{0,1000})$")
REPORT = re.compile(
    r"^\s{0,6}(?P<hop>\d{1,3})\.(?:\|--|)\s{0,4}(?:AS\S{1,12}\s+)?(?P<host>\S{1,253})\s+(?P<loss>\d{1,3}(?:\.\d{1,3})?)%\s+(?P<sent>\d{1,9})\s+(?P<times>[\d.\s]{1,200})$"
)
"""A hop of `mtr --report`."""
TIMES = re.compile(r"([\d.]{1,12})\s?ms\b")
AHEAD = re.compile(r"<?\d{1,6} ms\s")
"""Windows prints the times before the name."""
MARKS = re.compile(r"![HNPXFSTAUC]\b|!\d{1,3}\b")
"""`traceroute`'s marks of an answer that says no."""
MEANINGS = {
    "!H": "host unreachable",
    "!N": "network unreachable",
    "!P": "protocol unreachable",
    "!X": "administratively prohibited",
    "!F": "packet too large",
}
TEST = re.compile(r"^=+ .*?(?:Service )?([\w.\-]+):(\d+)\b.* =+$")
FAILED = re.compile(
    r"(?i)connection (?:failed|refused|timed out)|no route to host|unreachable|timed out$|refused$|could not resolve|closed$"
    r"|name or service not known|temporary failure in name resolution|unknown host|could not find host|general failure|network is down"
)
TOO_LARGE = re.compile(r"(?i)\bfrag needed\b|message too long|needs to be fragmented")
"""What `ping` of Linux, BSD and Windows says of a packet that the path does not take."""
TRIED = re.compile(
    r"(?i)(?:connect to|connection to) (?P<host>[\w.\-]{1,253})(?: \([\d.:a-f]{2,45}\))?,? port (?P<port>\d{1,5})|(?:connection to|connect to) (?P<host2>[\w.\-]{1,253})(?: \([\d.:a-f]{2,45}\))? (?P<port2>\d{1,5}) port"
)
OPENED = re.compile(r"^(?:.{0,100}: )?(?P<host>[A-Za-z][\w.\-]{0,252}) \((?P<ip>[\d.]{7,15}):(?P<port>\d{1,5})\) open$")
"""A port that `nc -v` of busybox found open."""
ASKED = re.compile(r"^(?:sudo )?(?:nc|ncat|netcat|telnet)(?: -\w{1,20}(?: \d{1,4})?){0,6} ([A-Za-z][\w.\-]{0,252}) (\d{1,5})$")
"""The command that tests one port."""
OPEN = re.compile(r"(?i)\bsucceeded!?$|\bopen$|\[tcp/[\w*\-]{1,30}\] succeeded")
FROM = re.compile(r"(?: on | from )([\w.\-]+)[: ]")
SLOW = 200.0
"""Milliseconds of a round trip that people notice, also around the world."""
SPREAD = 10.0
"""Longest round trip over the mean one, from which on the path is uneven."""

WELL, FINE = "reached", 0.5
"""Kind and severity of what says that a way is in order: it is told, and is nobody's fault."""


def ping(reading: Reading, first: int, last: int) -> int:
    """Read answers, loss and round trips."""
    host = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if target := TARGET.match(line):
            host = target["host"]
            reading.observe("host", host, number, {})
        elif answer := ANSWER.match(line):
            name = f"{answer['host'] or answer['host2']}:{answer['seq'] or number - first}"
            reading.observe("answer", name, number, {"milliseconds": answer["time"] or answer["time2"]})
        elif silent := SILENT.match(line):
            reading.observe(
                "answer", f"{host}:{silent['seq'] or silent['seq2'] or number - first}", number, {"milliseconds": "none"}
            )
        else:
            _sum(reading, number, host)
    return last - first + 1


def _sum(reading: Reading, number: int, host: str) -> None:
    """Read loss, round trips over all, or why nothing was sent."""
    line = reading.head(number)
    if found := LOSS.search(line):
        _lost(reading, number, host, float(found.group(1)))
    elif trip := ROUND_TRIP.search(line):
        _slow(reading, number, host, tuple(map(_number, trip.groups())))
    elif trip := WINDOWS.search(line):
        least, most, mean = map(_number, trip.groups())
        _slow(reading, number, host, (least, mean, most))
    elif TOO_LARGE.search(line):
        reading.find("row", f"host/{host}".lower() if host else "", number, 3.5, line, message=line.strip(), host=host)
    elif FAILED.search(line):
        reading.find("connection", f"host/{host}".lower() if host else "", number, 3.5, line, message=line.strip(), host=host)


def _number(text: str) -> float:
    return float(text) if text.count(".") <= 1 and text.strip(".") else 0.0


def _lost(reading: Reading, number: int, host: str, lost: float) -> None:
    severity = 4.0 if lost >= 50 else 3.0 if lost > 0 else FINE
    facts: dict[str, Fact] = {"resource": "packets", "used": lost, "limit": 100.0, "host": host}
    subject = f"host/{host}".lower() if host else ""
    reading.find("connection" if lost else WELL, subject, number, severity, f"{lost:g} % of packets are lost", **facts)


def _slow(reading: Reading, number: int, host: str, trip: tuple[float, ...]) -> None:
    _, mean, most = trip
    severity = 2.5 if most > SLOW else 1.5 if mean and most / mean >= SPREAD and most > SLOW / SPREAD else FINE
    subject = f"host/{host}".lower() if host else ""
    kind = "connection" if severity > FINE else WELL
    reading.find(kind, subject, number, severity, f"round trip {mean:g} ms, at most {most:g} ms", used=most, host=host)


def path(reading: Reading, first: int, last: int) -> int:
    """Read hops: where loss begins and stays, where the way ends, where it slows down."""
    hops: list[tuple[int, str, float]] = []
    for number in range(first, last + 1):
        line = reading.head(number)
        if report := REPORT.match(line):
            times = [_number(one) for one in report["times"].split()]
            fields = {
                "host": report["host"],
                "loss": report["loss"],
                "sent": report["sent"],
                "mean_ms": f"{times[1]:g}" if len(times) > 1 else "",
            }
            reading.observe("hop", report["hop"], number, fields)
            hops.append((number, report["host"], float(report["loss"])))
        elif (hop := HOP.match(line)) and _is_hop(hop["rest"]):
            hops.append((number, *_hop(reading, number, hop["hop"], hop["rest"])))
        elif FAILED.search(line):
            reading.find("connection", "", number, 3.5, line, message=line.strip())
    _ends(reading, hops)
    return last - first + 1


def _is_hop(rest: str) -> bool:
    return bool(TIMES.search(rest)) or rest.startswith(("*", "no reply", "no answer"))


def _hop(reading: Reading, number: int, hop: str, rest: str) -> tuple[str, float]:
    """Keep one hop of `traceroute` or `tracepath`; return who answered and what share did not."""
    times, silent = TIMES.findall(rest), rest.count("*")
    host = "" if rest.startswith(("*", "no ")) else rest.split()[-1 if AHEAD.match(rest) else 0]
    lost = 100.0 * silent / (silent + len(times)) if silent + len(times) else 100.0
    reading.observe("hop", hop, number, {"host": host, "milliseconds": " ".join(times[:3]), "loss": f"{lost:.0f}"})
    if mark := MARKS.search(rest):
        meaning = MEANINGS.get(mark.group(), "refused")
        reading.find("connection", f"hop/{hop}", number, 3.5, f"hop {hop}, {host}: {meaning}", reason=meaning, host=host)
    return host, lost


def _ends(reading: Reading, hops: list[tuple[int, str, float]]) -> None:
    """Find loss that reaches the end of the way: loss at one router alone is how it treats probes."""
    if not hops or hops[-1][2] <= 0:
        return
    lost = hops[-1][2]
    begin = len(hops) - 1
    while begin > 0 and hops[begin - 1][2] >= (lost if lost >= 100 else 1e-9):
        begin -= 1
    line, host, _ = hops[begin]
    if lost >= 100:
        before = hops[begin - 1][1] if begin else "the start"
        severity = 3.0 if len(hops) - begin > 2 else 2.0
        reading.find(
            "connection",
            "",
            line,
            severity,
            f"no answer behind {before}",
            reason="path ends",
            host=before,
            used=lost,
            limit=100.0,
        )
        return
    severity = 3.5 if lost >= 20 else 3.0
    text = f"{lost:g} % of packets are lost from {host or 'here'} to the end"
    reading.find("connection", "", line, severity, text, resource="packets", used=lost, limit=100.0, host=host)


def tests(reading: Reading, first: int, last: int) -> int:
    """Read a report of connection tests: which target, from where, whether it answered."""
    asked = ASKED.match(reading.document.command)
    host, port = asked.groups() if asked else ("", "")
    origin = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        tried = TRIED.search(line)
        if tried:
            host, port = tried["host"] or tried["host2"], tried["port"] or tried["port2"]
            reading.observe(
                "service", f"{host}:{port}", number, {"tested_port": port, "state": "open" if OPEN.search(line) else "failed"}
            )
        origin = source[1] if (source := FROM.search(line)) else origin
        if opened := OPENED.match(line):
            reading.observe(
                "service", opened["host"], number, {"resolves": opened["ip"], "state": "open", "tested_port": opened["port"]}
            )
        if found := TEST.match(line):
            host, port = found.groups()
            reading.observe("service", host, number, {"tested_port": port})
        elif FAILED.search(line):
            facts: dict[str, Fact] = {"host": host, "port": port, "source": origin, "message": line.strip()}
            statement = f"{host}:{port} does not answer {origin}" if host else line
            reading.find("connection", f"service/{host}" if host else "", number, 3.5, statement, **facts)
    return last - first + 1

"""Load tests: `ab`, `wrk`, `hey`, `k6`: answers that failed, and how long the slow ones took."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

MEASURE = re.compile(r"^\s{0,6}(?P<name>[A-Za-z][\w %/\-(){}:.]{1,60}?)(?::|\.{2,60}:)\s+(?P<value>\S.{0,300})$")
"""A figure by its name; k6 fills the gap with dots."""
LATENCY = re.compile(
    r"^\s{1,6}(?P<share>\d{1,3}(?:\.\d{1,3})?)%(?:\s+in)?\s+(?P<value>[\d.]{1,15})\s?(?P<unit>us|ms|s|secs|m)?(?:\s.{0,80})?$"
)
THREADS = re.compile(
    r"^\s{1,6}(?P<name>Latency|Req/Sec)\s+(?P<mean>[\d.]{1,12}\w{0,2})\s+(?P<spread>[\d.]{1,12}\w{0,2})\s+(?P<most>[\d.]{1,12}\w{0,2})\s"
)
ERRORS = re.compile(r"^\s+Socket errors: connect (\d{1,12}), read (\d{1,12}), write (\d{1,12}), timeout (\d{1,12})")
REFUSED = re.compile(r"^\s{0,6}Non-2xx(?: or 3xx)? responses: (\d{1,15})")
CODES = re.compile(r"^\s{1,6}\[(?P<code>\d{3})\]\s+(?P<count>\d{1,15}) responses")
DISTRIBUTION = re.compile(r"^\s{1,6}\[(?P<count>\d{1,15})\]\s+(?P<text>\S.{0,500})$")
CHECKED = re.compile(r"^\s{1,10}[✗×]\s(?P<name>\S.{0,300})$")
FAILED = frozenset({"Failed requests", "Write errors", "Non-2xx responses"})
RATE = re.compile(r"^(?P<share>\d{1,3}(?:\.\d{1,3})?)%")
SHARE = 0.01
"""Share of failed answers from which on a test has failed."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read figures, percentiles and codes; what failed is told."""
    seen = 0
    total = _total(reading, first, last)
    for number in range(first, last + 1):
        line = reading.head(number)
        seen += bool(line.strip()) and (_answers(reading, number, line, total) or _figure(reading, number, line, total))
    return seen


def _total(reading: Reading, first: int, last: int) -> float:
    """Return how many requests were sent, 0 where it is not said."""
    for number in range(first, last + 1):
        line = reading.head(number)
        found = re.match(r"^Complete requests:\s+(\d{1,15})|^\s{0,6}(\d{1,15}) requests in ", line)
        if found:
            return float(found.group(1) or found.group(2))
    return 0.0


def _answers(reading: Reading, number: int, line: str, total: float) -> bool:
    """Read a line about failed answers."""
    if errors := ERRORS.match(line):
        count = sum(map(int, errors.groups()))
        _failed(reading, number, "socket errors", (float(count), total))
    elif refused := REFUSED.match(line):
        _failed(reading, number, "answers that are no success", (float(refused.group(1)), total))
    elif code := CODES.match(line):
        reading.observe("answer", code["code"], number, {"count": code["count"]})
        if code["code"] >= "400":
            _failed(reading, number, f"answers {code['code']}", (float(code["count"]), total))
    elif spread := DISTRIBUTION.match(line):
        _failed(reading, number, spread["text"], (float(spread["count"]), total))
    elif checked := CHECKED.match(line):
        reading.find("row", "", number, 3.0, f"check failed: {checked['name']}", message=checked["name"])
    else:
        return False
    return True


def _failed(reading: Reading, number: int, what: str, counts: tuple[float, float]) -> None:
    count, total = counts
    if count:
        severity = 3.5 if not total or count / total >= SHARE else 2.0
        text = f"{count:g}" + (f" of {total:g}" if total else "") + f" requests: {what}"
        facts: dict[str, Fact] = {"message": what, "resource": "requests", "used": count, "limit": total}
        reading.find("connection", "", number, severity, text, **facts)


def _figure(reading: Reading, number: int, line: str, total: float) -> bool:
    """Keep a figure or a percentile."""
    if latency := LATENCY.match(line):
        unit = latency["unit"] or ""
        reading.observe("percentile", latency["share"], number, {"value": latency["value"] + unit})
        return True
    if threads := THREADS.match(line):
        reading.observe(
            "figure", threads["name"], number, {"mean": threads["mean"], "spread": threads["spread"], "maximum": threads["most"]}
        )
        return True
    found = MEASURE.match(line)
    if not found:
        return False
    name, value = found["name"].strip().rstrip(".").strip(), found["value"].strip()
    reading.observe("figure", name, number, {"value": value})
    count = value.split(" ")[0]
    if name in FAILED and count.isascii() and count.isdecimal():
        _failed(reading, number, name.lower(), (float(count[:15]), total))
    elif name == "http_req_failed" and (rate := RATE.match(value)) and float(rate["share"]) > 0:
        _failed(reading, number, "http_req_failed", (float(rate["share"]), 100.0))
    return True

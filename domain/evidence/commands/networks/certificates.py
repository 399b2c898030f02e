"""Certificates: `openssl s_client`, `openssl x509`, `openssl verify`: who they name, how long they are valid, why a chain is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from domain.evidence.reading import Fact, Reading

VERIFY = re.compile(r"(?i)verify (?:error|return code):? ?(?:num=)?(\d{1,4})[: (]*([^)]{0,300})")
ERROR = re.compile(r"^error (\d{1,4}) at (\d{1,3}) depth lookup: ?(.{0,300})$")
NOT_AFTER = re.compile(r"(?i)not\s?after\s?[:=]\s?([^;]{5,60})")
NOT_BEFORE = re.compile(r"(?i)not\s?before\s?[:=]\s?([^;]{5,60})")
NAMES = re.compile(r"^\s{0,8}(?:(?P<depth>\d{1,2}) s:|(?P<role>i|subject|issuer|Subject|Issuer)[:=]\s?)(?P<name>.{1,500})$")
ALTERNATIVES = re.compile(r"\bDNS:([\w.*\-]{1,253})")
ASKED = re.compile(r"-(?:servername|connect|verify_hostname) (?P<host>[\w.\-]{1,253})")
ALERT = re.compile(
    r"(?i)alert (?P<alert>[a-z ]{5,60})(?: *:|$)|:error:|no peer certificate available|wrong version number|connect:errno=(?P<errno>\d{1,4})|^connect: (?P<why>.{3,80})"
)
COMMON = re.compile(r"(?i)\bCN\s?=\s?([\w.*\-]{1,253})")
SOON = timedelta(days=14)
"""Before the end of a certificate: what renews itself does so a month before."""
TLS_CODES = {
    "10": "certificate expired",
    "9": "certificate not yet valid",
    "18": "self-signed certificate",
    "19": "self-signed chain",
    "20": "issuer unknown",
    "21": "chain incomplete",
    "23": "certificate revoked",
    "62": "name mismatch",
}
"""Verification codes of OpenSSL."""


def certificates(reading: Reading, first: int, last: int) -> int:
    """Read names, validity and refusals."""
    subject = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if names := NAMES.match(line):
            subject = _named(reading, number, subject, {key: value or "" for key, value in names.groupdict().items()})
        _validity(reading, number, subject)
        _refused(reading, number)
    _asked(reading, first, last)
    return last - first + 1


def _named(reading: Reading, number: int, subject: str, said: dict[str, str]) -> str:
    """Keep a certificate by its subject, its issuer by the line below; return the one that is read."""
    name = said["name"].strip()
    if said["depth"] or said["role"].lower() == "subject":
        return reading.observe("certificate", name[:200], number, {"depth": said["depth"]})
    if subject:
        kind, _, known = subject.partition("/")
        reading.observe(kind, known, number, {"issuer": name[:300]})
    return subject


def _validity(reading: Reading, number: int, subject: str) -> None:
    line = reading.head(number)
    if begin := NOT_BEFORE.search(line):
        _since(reading, number, subject, begin.group(1).strip())
    if until := NOT_AFTER.search(line):
        _until(reading, number, subject, until.group(1).strip())
    if "DNS:" in line and subject:
        kind, _, name = subject.partition("/")
        reading.observe(kind, name, number, {"names": " ".join(ALTERNATIVES.findall(line))[:1_000]})


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(" ".join(text.split()).removesuffix(" GMT"), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _since(reading: Reading, number: int, subject: str, text: str) -> None:
    """Find a certificate that is not valid yet."""
    begin, observed = _date(text), reading.document.observed_at
    if begin and observed and observed < begin:
        facts: dict[str, Fact] = {"time": begin, "not_before": begin.isoformat(), "reason": "certificate not yet valid"}
        reading.find("tls", subject, number, 4.0, f"certificate is not valid before {begin.date()}", **facts)


def _until(reading: Reading, number: int, subject: str, text: str) -> None:
    """Keep the end of a certificate; it has expired when evidence was taken after it."""
    end, observed = _date(text), reading.document.observed_at
    if end is None:
        return
    expired = bool(observed and observed > end)
    soon = bool(observed and not expired and end - observed < SOON)
    reason = "certificate expired" if expired else "certificate expires soon" if soon else ""
    facts: dict[str, Fact] = {"time": end, "not_after": end.isoformat(), "reason": reason}
    severity = 4.0 if expired else 3.0 if soon else 0.5
    reading.find("tls", subject, number, severity, f"certificate is valid until {end.date()}", **facts)


def _refused(reading: Reading, number: int) -> None:
    line = reading.head(number)
    found, error = VERIFY.search(line), ERROR.match(line)
    if (found and found.group(1) != "0") or error:
        code, said = (error.group(1), error.group(3)) if error else (found.group(1), found.group(2)) if found else ("", "")
        reason = TLS_CODES.get(code, said.strip())
        reading.find("tls", "", number, 4.0, f"certificate refused: {reason}", code=code, reason=reason, message=said.strip())
    elif alert := ALERT.search(line):
        why = alert["alert"] or alert["why"] or ""
        kind = "connection" if alert["errno"] or alert["why"] else "tls"
        reading.find(kind, "", number, 4.0, line, message=line.strip(), reason=why.strip())


def _asked(reading: Reading, first: int, last: int) -> None:
    """Compare the name that was asked for, where the command is known, with the names of the first certificate."""
    above = reading.head(first - 1) if first > 1 else ""
    asked = ASKED.search(reading.document.command) or ASKED.search(above)
    shown = next(
        (one for one in reading.objects.values() if one.id.startswith("certificate/") and first <= one.citation.first <= last),
        None,
    )
    if not asked or shown is None or not re.search(r"[a-zA-Z]", asked["host"]):
        return
    names = shown.fields.get("names", "").split() or COMMON.findall(shown.id)
    if names and not any(covers(name.lower(), asked["host"].lower()) for name in names):
        text = f"the certificate names {', '.join(names[:5])}, not {asked['host']}"
        reading.find("tls", shown.id, shown.citation.first, 4.0, text, reason="name mismatch", host=asked["host"])


def covers(name: str, host: str) -> bool:
    """Return whether a name of a certificate covers a host; a star stands for one label."""
    if name.startswith("*."):
        return host.partition(".")[2] == name.partition("*.")[2]
    return name == host

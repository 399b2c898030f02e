"""Disks that fail and arrays that lost some: `/proc/mdstat`, `smartctl -a`, `zpool status`."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

ARRAY = re.compile(
    r"^(?P<name>md[\w/-]{1,40}) : (?P<state>active|inactive)(?: \((?:auto-)?read-only\))?(?: (?P<level>raid\d{1,2}|linear))? (?P<members>\S.*)$"
)
MEMBER = re.compile(r"(?P<name>[\w/!-]{2,60})\[\d{1,4}\](?P<marks>(?:\([A-Z]\)){0,4})")
LOST = re.compile(r"\[(?P<all>\d{1,4})/(?P<up>\d{1,4})\] \[(?P<places>[U_]{1,400})\]")
WORK = re.compile(r"\b(?P<work>recovery|resync|reshape|check) ?= ?(?P<share>\d{1,3}(?:\.\d{1,2})?)%")
MODEL = re.compile(r"^(?:Device Model|Model Number|Product):\s+(?P<name>\S.{0,80})$")
VERDICT = re.compile(r"^(?:SMART overall-health self-assessment test result|SMART Health Status): (?P<word>.{1,80})$")
WELL = frozenset({"PASSED", "OK"})
ATTRIBUTE = re.compile(
    r"^ *(?P<id>\d{1,3}) (?P<name>[\w-]{2,60})\s+0x[0-9a-f]{4}\s+(?P<value>\d{1,3})\s+(?P<worst>\d{1,3})\s+(?P<least>\d{1,3}|-+)\s+\S+\s+\S+\s+(?P<failed>\S+)\s+(?P<raw>\d{1,20})"
)
COUNTED = {"5": "sectors were moved", "187": "errors could not be corrected", "197": "sectors wait to be moved", "198": "sectors cannot be read"}  # fmt: skip
"""Attributes whose raw value foretells a failure (Backblaze, "Hard Drive SMART Stats", 2016: 5, 187, 197, 198)."""
METER = re.compile(r"^(?P<name>[A-Z][A-Za-z ]{2,40}):\s+(?P<value>0x[0-9a-fA-F]{1,4}|[\d,]{1,20})%?(?: .{0,60})?$")
METERS: dict[str, tuple[float, str]] = {
    "Critical Warning": (0.0, "warns of itself"),
    "Media and Data Integrity Errors": (0.0, "could not keep its data"),
    "Percentage Used": (99.0, "is worn out"),
}
"""What an NVMe device counts → the most that is well (NVM Express Base Specification, SMART / Health Information)."""
POOL = re.compile(r"^ {0,8}(?P<key>pool|state|scan): +(?P<value>\S.{0,300})$")
VDEV = re.compile(
    r"^\t(?P<deep> {0,12})(?P<name>\S{1,200}) +(?P<state>ONLINE|DEGRADED|FAULTED|OFFLINE|UNAVAIL|REMOVED|AVAIL|INUSE)(?: +(?P<read>[\d.]+[KMG]?) +(?P<write>[\d.]+[KMG]?) +(?P<sums>[\d.]+[KMG]?))?(?: +(?P<why>\S.{0,200}))?$"
)
ERRORS = re.compile(r"^errors: (?P<text>.{1,300})$")
SOUND = frozenset({"ONLINE", "AVAIL", "INUSE"})


def arrays(reading: Reading, first: int, last: int) -> int:
    """Read `/proc/mdstat`: one object per array; members that are lost, and work that is under way, are told."""
    seen, subject = 0, ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := ARRAY.match(line):
            subject = _array(reading, number, found)
        elif subject and (lost := LOST.search(line)):
            _lost(reading, number, subject, lost)
        elif subject and (work := WORK.search(line)):
            text = f"{subject} is in {work['work']}, {work['share']} % are done"
            reading.find("row", subject, number, 2.0, text, resource="device", value=work["work"])
        elif not line.startswith(("Personalities", "unused devices", "      ")):
            continue
        seen += 1
    return seen


def _array(reading: Reading, number: int, found: re.Match[str]) -> str:
    """Keep an array with its members; one that does not run is told."""
    members = {each["name"]: each["marks"] for each in MEMBER.finditer(found["members"])}
    fields = {"state": found["state"], "level": found["level"] or "", "members": ",".join(members)}
    subject = reading.observe("device", found["name"], number, fields)
    for name, marks in members.items():
        reading.relate(subject, "holds", f"device/{name}", number)
        if "(F)" in marks:
            _unwell(reading, (f"device/{name}", number), f"{found['name']} gave {name} up as failed", "failed")
    if found["state"] == "inactive":
        _unwell(reading, (subject, number), f"{found['name']} does not run", "inactive")
    return subject


def _lost(reading: Reading, number: int, subject: str, lost: re.Match[str]) -> None:
    if "_" in lost["places"]:
        text = f"{subject} has {lost['up']} of {lost['all']} members [{lost['places']}]"
        _unwell(reading, (subject, number), text, "degraded")


def smart(reading: Reading, first: int, last: int) -> int:
    """Read what a disk says of itself: its verdict, its attributes, the counters of NVMe."""
    subject, seen = "device/disk", 0
    for number in range(first, last + 1):
        line = reading.head(number)
        seen += bool(line.strip())
        if model := MODEL.match(line):
            subject = reading.observe("device", model["name"].strip(), number, {})
        elif (verdict := VERDICT.match(line)) and verdict["word"].strip() not in WELL:
            _unwell(reading, (subject, number), f"{subject} fails its own test: {verdict['word'].strip()}", "failed", 4.0)
        elif one := ATTRIBUTE.match(line):
            _attribute(reading, number, subject, one)
        elif meter := METER.match(line):
            _meter(reading, number, subject, meter)
    return seen


def _attribute(reading: Reading, number: int, subject: str, one: re.Match[str]) -> None:
    reading.observe("attribute", one["name"], number, {key: one[key] for key in ("value", "worst", "least", "raw")})
    facts: dict[str, Fact] = {"resource": "disk health", "used": float(one["raw"]), "metric": one["name"]}
    if one["failed"] == "FAILING_NOW":
        text = f"{one['name']} of {subject} is at {one['value']}, and {one['least']} is the least"
        reading.find("resource", subject, number, 3.5, text, **facts)
    elif one["id"] in COUNTED and float(one["raw"]):
        reading.find("resource", subject, number, 3.0, f"{subject}: {one['raw']} {COUNTED[one['id']]}", **facts)


def _meter(reading: Reading, number: int, subject: str, meter: re.Match[str]) -> None:
    if meter["name"] not in METERS:
        return
    most, words = METERS[meter["name"]]
    value = float(int(meter["value"].replace(",", ""), 16 if meter["value"].startswith("0x") else 10))
    reading.observe("attribute", meter["name"], number, {"raw": meter["value"]})
    if value > most:
        text = f"{subject} {words}: {meter['name']} {meter['value']}"
        reading.find("resource", subject, number, 3.5, text, resource="disk health", used=value, metric=meter["name"])


def pools(reading: Reading, first: int, last: int) -> int:
    """Read `zpool status`: pools, their devices with states and errors, and whether data was lost."""
    subject, seen = "", 0
    for number in range(first, last + 1):
        line = reading.head(number)
        seen += bool(line.strip())
        if (key := POOL.match(line)) and key["key"] == "pool":
            subject = reading.observe("pool", key["value"].strip(), number, {})
        elif subject and key:
            reading.observe("pool", subject.removeprefix("pool/"), number, {key["key"]: key["value"].strip()})
        elif device := VDEV.match(line):
            _vdev(reading, number, subject, device)
        elif (errors := ERRORS.match(line)) and not errors["text"].startswith("No known"):
            _unwell(reading, (subject, number), f"{subject} lost data: {errors['text']}", "damaged", 4.0)
    return seen


def _vdev(reading: Reading, number: int, pool: str, device: re.Match[str]) -> None:
    """Keep a device of a pool; the first row is the pool itself, whose state its devices explain."""
    kind, name = ("device", device["name"]) if device["deep"] else ("pool", pool.removeprefix("pool/"))
    fields = {key: device[key] or "" for key in ("state", "read", "write", "sums")}
    subject = reading.observe(kind, name, number, fields)
    if device["deep"]:
        reading.relate(pool, "holds", subject, number)
    errors = [f"{fields[key]} {key}" for key in ("read", "write", "sums") if fields[key] not in {"", "0"}]
    if device["state"] not in SOUND:
        text = f"{subject} is {device['state']} {device['why'] or ''}".strip()
        _unwell(reading, (subject, number), text, device["state"].lower())
    elif errors:
        _unwell(reading, (subject, number), f"{subject} made errors: {', '.join(errors)}", "errors", 3.0)


def _unwell(reading: Reading, at: tuple[str, int], text: str, status: str, severity: float = 3.5) -> None:
    """Find that a disk, an array or a pool is not what it should be; `at` are object and line."""
    reading.find("unhealthy_object", at[0], at[1], severity, text, status=status, resource="device")

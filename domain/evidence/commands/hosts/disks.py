"""How full file systems are, and which folders fill them: `df`, `du`."""

from __future__ import annotations

import re

from domain.evidence.commands.rows import apart
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount

FULL, TIGHT = 95.0, 90.0
"""Percent of a disk at which it is full, and nearly so."""
PERCENT = re.compile(r"^\d{1,3}%$")
IMAGES = re.compile(r"^/dev/loop|^/snap/|^/(?:media|mnt)/cdrom|squashfs|iso9660|^/System/Volumes/(?:Preboot|VM)$|^devfs$")
"""Read-only images, which are always full."""
ENTRY = re.compile(r"^(\d[\d.,]{0,20}[KMGTPE]?i?B?)\s(.*)$")
REFUSED = re.compile(r"^du: (?:cannot (?:access|read directory) )?['\"‘]?([^'\"’]{1,300})['\"’]?: (.{1,200})$")
LISTED = re.compile(
    r"^(?P<mode>[-dlcbpsD][rwxsStT-]{9})[.+@]?\s+(?P<links>\d{1,9})\s+(?P<user>\S{1,64})\s+(?P<group>\S{1,64})\s+(?P<size>[\d.,]{1,20}[KMGT]?)(?:,\s+\d+)?"
    r"\s+(?P<time>[A-Z][a-z]{2}\s+\d{1,2}\s+[\d:]{4,5}|\d{4}-\d\d-\d\d \d\d:\d\d\S*(?: [-+]\d{4})?)\s(?P<name>.{1,1000})$"
)
"""A row of `ls -l`."""
LARGEST = 3
"""Folders of `du` that are told."""


def df(reading: Reading, first: int, last: int) -> int:
    """Read how full the file systems are, by bytes or by inodes."""
    seen, device, header = 0, "", ""
    for number in range(first, last + 1):
        line = reading.head(number)
        words = [*([device] if line[:1].isspace() else []), *line.split()]
        device = words[0] if len(words) == 1 else ""
        if line.startswith(("Filesystem", "SOURCE")):
            header, seen = line, seen + 1
        elif device:
            seen += 1
        else:
            seen += _row(reading, (first, number), words, header)
    return seen


def _row(reading: Reading, rows: tuple[int, int], words: list[str], header: str) -> bool:
    """Keep one file system; one that counts no inodes has `-` for a share."""
    shares = [n for n, word in enumerate(words) if n > 1 and (PERCENT.match(word) or word == "-") and n + 1 < len(words)]
    if not shares or not words[shares[-1] + 1].startswith("/"):
        return False
    number, mount = rows[1], " ".join(words[shares[-1] + 1 :])
    end = shares[0] - 3 - (" Type " in header)
    device = " ".join(words[:end]) or words[0]
    used = words[shares[0]].removesuffix("%")
    subject = reading.observe(
        "filesystem",
        apart(reading, "filesystem", mount, rows),
        number,
        {"device": device, "used_percent": used.removeprefix("-")},
    )
    image = IMAGES.search(device) or IMAGES.search(mount) or "squashfs" in words
    if used != "-" and not image:
        full(reading, (subject, number), mount, float(used), "inodes" if "IUse%" in header else "disk")
    return True


def full(reading: Reading, row: tuple[str, int], mount: str, used: float, what: str = "disk") -> None:
    """Find that a file system has little room; `row` are its object and its line, `used` a percentage."""
    if used >= TIGHT:
        facts: dict[str, Fact] = {"resource": what, "used": used, "limit": 100.0, "mount": mount}
        severity = 4.0 if used >= FULL else 3.0
        reading.find("resource", row[0], row[1], severity, f"{mount} is {used:g} % full of {what}", **facts)


def du(reading: Reading, first: int, last: int) -> int:
    """Read what folders hold; the largest that are no sum of all are told."""
    sizes: list[tuple[float, int, str]] = []
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := ENTRY.match(line):
            path = found.group(2).strip()
            reading.observe("path", path, number, {"size": found.group(1)})
            sizes.append((amount(found.group(1).replace(",", ".")) or 0.0, number, path))
        elif refused := REFUSED.match(line):
            facts: dict[str, Fact] = {"message": refused.group(2), "path": refused.group(1)}
            reading.find("row", f"path/{refused.group(1)}", number, 2.0, line, **facts)
    top = max((size for size, _, _ in sizes), default=0.0)
    inner = [one for one in sizes if one[2] not in {".", "total", "/"} and one[0] < top]
    for size, number, path in sorted(inner, key=lambda one: (-one[0], one[1]))[:LARGEST]:
        share: dict[str, Fact] = {"resource": "folder", "used": size, "limit": top}
        reading.find("resource", f"path/{path}", number, 1.0, f"{path} holds {size / top:.0%} of what is listed", **share)
    return len(sizes)


def ls(reading: Reading, first: int, last: int) -> int:
    """Read a long listing: one object per file."""
    seen, folder = 0, ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := LISTED.match(line):
            path = f"{folder}{found['name'].strip().partition(' -> ')[0]}"
            fields = {key: found[key] for key in ("mode", "user", "group", "size", "time")}
            reading.observe("path", apart(reading, "path", path, (first, number)), number, fields)
        elif line.endswith(":"):
            folder = line.removesuffix(":").rstrip("/") + "/"
        elif not line.startswith("total "):
            continue
        seen += 1
    return seen

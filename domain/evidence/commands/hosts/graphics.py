"""Graphics processors: `nvidia-smi`."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

NAME = re.compile(
    r"^\|\s+(?P<id>\d{1,3})\s+(?P<name>\S.{0,60}?)\s+(?:On|Off)\s*\|\s*(?P<bus>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f:.]{4,10})\s+\S+\s*\|\s*(?P<ecc>\S+)\s*\|$"
)
USE = re.compile(
    r"^\|\s*(?P<fan>\S{1,6})\s+(?P<heat>\d{1,3})C\s+\S+\s+(?P<power>\S{1,8})\s*/\s*(?P<cap>\S{1,8})\s*\|\s*(?P<used>\d{1,8})MiB\s*/\s*(?P<total>\d{1,8})MiB\s*\|\s*(?P<busy>\d{1,3})%"
)
PROCESS = re.compile(
    r"^\|\s+(?P<gpu>\d{1,3})\s+(?:\S+\s+\S+\s+)?(?P<pid>\d{1,8})\s+(?P<type>[CG+M]{1,4})\s+(?P<name>\S.{0,200}?)\s+(?P<used>\d{1,8})MiB\s*\|$"
)
FAILED = re.compile(
    r"(?i)has failed because|no devices were found|failed to initialize|unable to determine|fallen off the bus|ERR!"
)
TIGHT = 0.95
"""Share of a device's memory from which on the next allocation fails."""
HOT = 87.0
"""Degrees Celsius at which most devices begin to slow down."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read every device with the line below its name, and the processes on them."""
    seen, device = 0, ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if name := NAME.match(line):
            device = reading.observe("gpu", name["id"], number, {"name": name["name"], "bus": name["bus"], "ecc": name["ecc"]})
            _broken(reading, number, device, name["ecc"])
        elif use := USE.match(line):
            _used(reading, number, device, {k: v or "" for k, v in use.groupdict().items()})
        elif process := PROCESS.match(line):
            name_, pid = process["name"].split(" ")[0].rpartition("/")[2], process["pid"]
            subject = reading.observe(
                "process", f"{name_}[{pid}]", number, {"gpu": process["gpu"], "memory_mib": process["used"]}
            )
            reading.relate(subject, "runs on", f"gpu/{process['gpu']}", number)
        elif FAILED.search(line):
            reading.find("row", device, number, 4.0, line, message=line.strip("| "), resource="gpu")
        seen += line.startswith(("|", "+"))
    return seen


def _broken(reading: Reading, number: int, device: str, errors: str) -> None:
    if errors.isascii() and errors.isdecimal() and int(errors):
        text = f"{device} has {errors} errors that memory could not correct"
        reading.find("resource", device, number, 3.5, text, resource="gpu memory errors", used=float(errors))


def _used(reading: Reading, number: int, device: str, said: dict[str, str]) -> None:
    kind, _, name = device.partition("/")
    if name:
        reading.observe(kind, name, number, {k: said[k] for k in ("heat", "used", "total", "busy")})
    used, total, heat = float(said["used"]), float(said["total"]), float(said["heat"])
    if total and used / total >= TIGHT:
        facts: dict[str, Fact] = {"resource": "gpu memory", "used": used, "limit": total}
        reading.find("resource", device, number, 3.0, f"{used / total:.0%} of the memory of {device} is used", **facts)
    if heat >= HOT:
        reading.find("resource", device, number, 3.0, f"{device} is {heat:g} degrees hot", resource="gpu heat", used=heat)

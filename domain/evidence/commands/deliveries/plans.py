"""Terraform and OpenTofu: what a plan destroys or replaces, what changed outside, what an apply did and where it failed."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

ACTION = re.compile(
    r"^\s*# (\S.{0,250}?) (will be|must be|has been|has|is tainted, so must be) ?(created|destroyed|replaced|updated in-place|read during apply|imported|deleted|changed|moved to .{1,200})?(?:, .{0,200})?\s*$"
)
"""`  # aws_instance.web must be replaced`."""
BECAUSE = re.compile(r"^\s*# \((.{1,300})\)\s*$")
FORCES = re.compile(r"^\s*[-+~/]{1,3}\s+(\S{1,200})\s.{0,2000}?# forces replacement")
TOTAL = re.compile(
    r"^(?:Plan|Apply complete! Resources|Destroy complete! Resources): (?:(\d{1,6}) to import, )?(?:(\d{1,6}) (?:to add|added), (\d{1,6}) (?:to change|changed), )?(\d{1,6}) (?:to destroy|destroyed)"
)
DONE = re.compile(
    r"^([\w.\[\]\"/-]{1,250}): (Destroying|Modifying|Creating|Destruction complete|Modifications complete|Creation complete|Still \w+)\b.{0,300}$"
)
ERROR = re.compile(r"^(?:│ |╷)?\s{0,2}(Error|Warning): (.{1,500})$")
WITH = re.compile(r"^(?:│ )?\s{0,4}with (\S{1,250}?),?$")
GONE = re.compile(r"^(?:Destroying|Destruction)")
SEVERE = {"destroyed": 3.0, "deleted": 3.5, "replaced": 3.0, "updated in-place": 1.0}
"""What a plan does to a thing that is there; `deleted` was done by somebody else."""
ERRORS = 20


def read(reading: Reading, first: int, last: int) -> int:
    """Read the actions of a plan, or the steps and errors of an apply."""
    address, errors = "", 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := ACTION.match(line):
            address = _action(reading, number, found)
        elif address and (told := BECAUSE.match(line) or FORCES.match(line)):
            reading.observe("resource", address, number, {"because": told[1]})
            if reading.findings and reading.findings[-1].subject == f"resource/{address}".lower():
                reading.also(number)
        elif found := DONE.match(line):
            _done(reading, number, found)
        elif found := TOTAL.match(line):
            _total(reading, number, found)
        elif (found := ERROR.match(line)) and errors < ERRORS:
            errors += 1
            _error(reading, number, last, found)
    return last - first + 1


def _action(reading: Reading, number: int, found: re.Match[str]) -> str:
    address, _, action = found.groups()
    subject = reading.observe("resource", address, number, {"action": action or "changed"})
    severity = SEVERE.get(action or "", 0.0)
    outside = found[2].startswith("has")
    if severity or outside:
        told = f"{address} {'was ' + (action or 'changed') + ' outside of the plan' if outside else 'is to be ' + str(action)}"
        reading.find(
            "change",
            subject,
            number,
            max(severity, 2.0 if outside else 0.0),
            told,
            reason=action or "changed",
            action=action or "changed",
        )
    return address


def _done(reading: Reading, number: int, found: re.Match[str]) -> None:
    """Keep a step of an apply; what ended there changed something."""
    subject = reading.observe("resource", found[1], number, {"step": found[2]})
    if "complete" in found[2]:
        reading.changed(number, f"{found[1]}: {found[2]}", subject, None, 2.0 if GONE.match(found[2]) else 0.0)


def _total(reading: Reading, number: int, found: re.Match[str]) -> None:
    _, added, changed, destroyed = (float(part or 0) for part in found.groups())
    facts: dict[str, Fact] = {"added": added, "changed": changed, "destroyed": destroyed}
    done = "to destroy" not in found[0]
    if done:
        reading.changed(number, found[0], "", None)
    if destroyed:
        told = f"{destroyed:g} resources {'were' if done else 'are to be'} destroyed"
        reading.find("change", "", number, 2.5, told, reason="destroyed", **facts)


def _error(reading: Reading, number: int, last: int, found: re.Match[str]) -> None:
    level, message = found.groups()
    below = [(n, told) for n in range(number + 1, min(number + 6, last) + 1) if (told := WITH.match(reading.head(n)))]
    subject = f"resource/{below[0][1][1]}".lower() if below else ""
    reading.find(
        "field", subject, number, 4.0 if level == "Error" else 1.5, f"{level}: {message}", reason=level.lower(), message=message
    )
    if below:
        reading.also(below[0][0])
    detail = next(
        (
            n
            for n in range(number + 1, min(number + 12, last) + 1)
            if len(reading.head(n).strip(" │")) > 30 and not ERROR.match(reading.head(n))
        ),
        0,
    )
    if detail:
        reading.also(detail)

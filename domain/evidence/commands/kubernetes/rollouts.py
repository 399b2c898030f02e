"""`kubectl rollout` and `kubectl auth`: how far a rollout is, what its revisions changed, who may do what."""

from __future__ import annotations

import re

from domain.evidence.commands.listings import Listing
from domain.evidence.reading import Reading
from domain.evidence.structure.tables import Row, under

WAITS = re.compile(
    r"^Waiting for (?:(deployment|daemon set|statefulset|stateful set) (?:\"([^\"]{1,253})\" )?|(\d{1,6}) pods)(.{0,300})$"
)
ENDED = re.compile(
    r"^(error: )?(deployment|daemon set|statefulset|stateful set) \"([^\"]{1,253})\" (successfully rolled out|exceeded its progress deadline)(.{0,200})$"
)
FAILED = re.compile(r"^error: (timed out waiting for the condition|.{0,200}rollout.{0,200})$")
OF = re.compile(r"^(deployment|daemonset|statefulset)\.apps/(\S{1,253})\s*$")
AS = re.compile(r"--as[= ](?:system:serviceaccount:([\w.-]{1,253}):)?([\w.:@-]{1,253})")
ASKED = re.compile(r"can-i (.{1,200}?)(?: -|$)")


def status(reading: Reading, first: int, last: int) -> int:
    """Read `rollout status` or `rollout history`."""
    understood, subject, waiting = 0, "", 0
    for number in range(first, last + 1):
        line = reading.head(number)
        understood += bool(line.strip())
        if found := OF.match(line):
            subject = reading.observe(found[1], found[2], number, {})
        elif line.startswith("REVISION") and "CHANGE-CAUSE" in line:
            _history(reading, (number, last), subject)
        elif found := WAITS.match(line):
            kind, name = (found[1] or "deployment").replace(" ", ""), found[2] or ""
            subject = reading.observe(kind, name, number, {"rollout": found[4].strip(" :")}) if name else subject
            waiting = number
        elif (ended := _ended(reading, number, subject)) is not None:
            subject, waiting = ended, 0
    if waiting:
        told = f"{subject}: {reading.head(waiting)}"
        reading.find("unhealthy_object", subject, waiting, 2.5, told, reason="rollout not complete")
    return understood


def _ended(reading: Reading, number: int, subject: str) -> str | None:
    """Keep how a rollout ended; return what was rolled out, None where the line says nothing of an end."""
    line = reading.head(number)
    if found := ENDED.match(line):
        subject = reading.observe(found[2].replace(" ", ""), found[3], number, {"rollout": found[4]})
        if "exceeded" in found[4]:
            told = f"the rollout of {subject} {found[4]}"
            reading.find("unhealthy_object", subject, number, 3.5, told, reason="ProgressDeadlineExceeded")
        return subject
    if found := FAILED.match(line):
        told = f"the rollout of {subject} did not finish: {found[1]}"
        reading.find("unhealthy_object", subject, number, 3.0, told, reason="rollout stuck", message=found[1])
        return subject
    return None


def _history(reading: Reading, span: tuple[int, int], owner: str) -> None:
    """Keep every revision as a change whose time is not told."""
    for row in under(reading.lines, *span):
        cause, number = row.get("CHANGE-CAUSE").replace("<none>", ""), row.get("REVISION")
        subject = reading.observe("revision", f"{owner.partition('/')[2]}:{number}".strip(":"), row.line, {"cause": cause})
        if owner:
            reading.relate(owner, "owns", subject, row.line)
        reading.changed(row.line, f"revision {number} of {owner} {cause}", owner or subject, None)


def allowed(reading: Reading, first: int, last: int) -> int:
    """Read the `yes` or `no` of `auth can-i`, with what was asked and for whom from the command typed."""
    line = next((n for n in range(first, last + 1) if reading.head(n).strip()), first)
    answer, command = reading.head(line).strip(), reading.document.command or reading.head(first - 1)
    if answer.split(" ")[0] not in {"yes", "no"}:
        return 0
    who = AS.search(command)
    subject = reading.observe(
        "serviceaccount" if who and who[1] else "user", who[2] if who else "current", line, {"allowed": answer}
    )
    asked = ASKED.search(command)
    if answer.startswith("no"):
        what = asked[1] if asked else "what was asked"
        reading.find(
            "field", subject, line, 3.0, f"{subject} is forbidden to {what}", reason="Forbidden", value=what, message=answer
        )
    return last - first + 1


def _permission(reading: Reading, row: Row, subject: str) -> None:
    if row.get("Verbs") == "[*]" and row.get("Resources") == "*.*":
        reading.find("setting", subject, row.line, 1.0, f"{subject}: everything is allowed", field="verbs", value="*")


LISTINGS: tuple[Listing, ...] = (
    Listing(
        kind="permission",
        marks=frozenset({"Resources", "Non-Resource URLs", "Verbs"}),
        names=("Resources", "Non-Resource URLs", "Resource Names"),
        judge=_permission,
    ),
)

"""Ansible: tasks that failed, hosts that could not be reached, and the recap of each host."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

HEAD = re.compile(r"^(PLAY|TASK|RUNNING HANDLER|HANDLER)(?: RECAP)? ?\[?([^\]*]{0,300})\]? ?\*{3,}\s*$")
RESULT = re.compile(
    r"^(ok|changed|skipping|rescued|included|fatal|failed|unreachable): \[([^\]]{1,253})\](?:: (FAILED|UNREACHABLE)!)?(.{0,4000})$"
)
MESSAGE = re.compile(r'"(?:msg|stderr|module_stderr)": ?"((?:[^"\\]|\\.){1,600})')
COUNTED = re.compile(r"\b(ok|changed|unreachable|failed|skipped|rescued|ignored)=(\d{1,9})")
RECAP = re.compile(r"^(\S{1,253})\s+:\s+ok=\d")


def read(reading: Reading, first: int, last: int) -> int:
    """Read every result with its task, then the recap."""
    task = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := HEAD.match(line):
            task = found[2].strip() if found[1] != "PLAY" else ""
            if task:
                reading.observe("task", task, number, {})
        elif found := RESULT.match(line):
            _result(reading, number, task, found)
        elif RECAP.match(line):
            _recap(reading, number, line)
    return last - first + 1


def _result(reading: Reading, number: int, task: str, found: re.Match[str]) -> None:
    word, host, how, rest = found.groups()
    host = host.split(" -> ")[0]
    subject = reading.observe("host", host, number, {"last_task": task, "last_result": how or word})
    if word == "changed":
        reading.changed(number, f"{task} changed {host}", subject, None)
    if word not in {"fatal", "failed", "unreachable"}:
        return
    said = MESSAGE.search(rest)
    message = said[1].replace("\\n", " ") if said else rest.strip(" =>")[:300]
    ignored = reading.line(number + 1).strip() == "...ignoring"
    unreachable = how == "UNREACHABLE" or word == "unreachable"
    severity = 1.5 if ignored else 4.0
    facts: dict[str, Fact] = {"message": message, "reason": "unreachable" if unreachable else "task failed", "task": task}
    what = "could not be reached" if unreachable else f"task {task} failed"
    reading.find("connection" if unreachable else "exit", subject, number, severity, f"{subject}: {what}: {message}", **facts)


def _recap(reading: Reading, number: int, line: str) -> None:
    host = line.split(" ", maxsplit=1)[0]
    counts = {name: float(count) for name, count in COUNTED.findall(line)}
    subject = reading.observe("host", host, number, {name: f"{count:.0f}" for name, count in counts.items()})
    for name in ("unreachable", "failed"):
        if counts.get(name):
            facts: dict[str, Fact] = {"reason": name, **counts}
            reading.find("unhealthy_object", subject, number, 3.5, f"{subject}: {counts[name]:g} {name}", **facts)
